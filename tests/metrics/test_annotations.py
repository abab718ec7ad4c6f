"""Stretches of time that are marked on charts: who sees them, and what the ledger tells."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from promises.accounts.models import User
from promises.ledger.models import Entry
from promises.metrics.actions import publish_metric, save_metric, save_metric_annotation
from promises.metrics.models import Metric, MetricAnnotation
from tests import record
from tests.record import NOW
from tests.site import whole
from tests.site.reading import words

pytestmark = pytest.mark.django_db


def annotation(*, by: User, of: Metric | None = None, **more: object) -> MetricAnnotation:
    """Mark two months of 2024."""
    content: dict[str, object] = {
        "slug": "closed-courts",
        "metric": of,
        "from_on": date(2024, 2, 1),
        "to_on": date(2024, 3, 31),
        "text": "the courts of Example County were closed",
        "source": "Example County",
        **more,
    }
    return save_metric_annotation(annotation=MetricAnnotation(**content), by=by, now=NOW)


def told() -> list[str]:
    entries = Entry.objects.filter(subject="metric_annotations/closed-courts")
    return list(entries.order_by("edition").values_list("event", flat=True))


def test_it_is_public_with_its_metric(author: User) -> None:
    draft = Metric(
        slug="bail",
        jurisdiction=record.term(by=author).office.jurisdiction,
        key="bail",
        name="Bail",
        unit="cases",
    )
    draft = save_metric(metric=draft, by=author, now=NOW)
    annotation(by=author, of=draft)
    assert told() == []
    assert MetricAnnotation.objects.published().count() == 0
    publish_metric(metric=draft, by=author, now=NOW)
    assert told() == ["metric_annotation:published"]
    assert MetricAnnotation.objects.published().count() == 1


def test_what_is_no_longer_shown_leaves_a_tombstone(author: User) -> None:
    mark = annotation(by=author)
    mark.is_shown = False
    save_metric_annotation(annotation=mark, by=author, now=NOW)
    save_metric_annotation(annotation=mark, by=author, now=NOW)
    assert told() == ["metric_annotation:saved", "metric_annotation:retracted"]


def test_it_ends_after_it_starts_and_names_its_source(author: User) -> None:
    for wrong in ({"to_on": date(2024, 1, 31)}, {"source": ""}, {"text": ""}):
        with pytest.raises(ValidationError):
            annotation(by=author, **wrong)
    annotation(by=author)
    for wrong in ({"to_on": date(2024, 1, 31)}, {"source": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            MetricAnnotation.objects.update(**wrong)
    assert told() == ["metric_annotation:saved"]


def test_charts_show_what_is_marked_of_all_metrics_and_of_their_own(
    client: Client, author: User
) -> None:
    pledge = whole.pledge(by=author)
    metric = pledge.metrics.get()
    other = whole.metric(by=author, about=record.pledge(by=author))
    annotation(by=author, slug="of-all")
    annotation(by=author, of=metric, slug="own", text="cases were counted anew")
    annotation(by=author, of=other, slug="of-another", text="something else")
    annotation(by=author, slug="hidden", text="nobody sees this", is_shown=False)
    annotation(
        by=author,
        slug="long-ago",
        from_on=date(1990, 1, 1),
        to_on=date(1991, 1, 1),
        text="long ago",
    )
    expected = (
        "Hatched: 1 February 2024–31 March 2024, the courts of Example County were closed "
        "(Example County); 1 February 2024–31 March 2024, cases were counted anew (Example County)."
    )
    for address in (f"/metrics/{metric.slug}/", f"/pledges/{pledge.slug}/"):
        response = client.get(address)
        assert expected in words(response), address
        assert response.content.count(b'<rect class="marked"') == 1, address
