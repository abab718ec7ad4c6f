"""Evidence: what it says of a pledge, and dates that are never made up."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from promises.accounts.models import User
from promises.common.dates import in_words
from promises.common.links import public_web_address
from promises.editorial.actions import NoReason
from promises.evidence import actions
from promises.evidence.models import Evidence, EvidenceLink
from promises.ledger.models import Entry
from promises.pledges.actions import publish_pledge
from promises.pledges.models import Pledge
from tests import record


def counts(pledge: Pledge) -> tuple[int, int, int]:
    """Return how much evidence supports, contradicts and surrounds the pledge."""
    pledge.refresh_from_db()
    return pledge.supports_count, pledge.contradicts_count, pledge.context_count


@pytest.mark.django_db
def test_a_pledge_counts_its_published_evidence_by_stance(author: User) -> None:
    pledge, other = record.pledge(by=author), record.pledge(by=author)
    first = record.evidence(by=author, about=pledge, stance="supports")
    record.evidence(by=author, about=pledge, stance="contradicts")
    draft = record.draft_evidence(by=author)
    link = EvidenceLink(pledge=pledge, evidence=draft, stance="context")
    actions.save_evidence_link(link=link, by=author, now=record.NOW)
    assert counts(pledge) == (1, 1, 0)
    actions.publish_evidence(evidence=draft, by=author, now=record.NOW)
    assert counts(pledge) == (1, 1, 1)
    actions.delete_evidence_link(link=link, reason="Wrong pledge.", by=author, now=record.NOW)
    link = EvidenceLink(pledge=other, evidence=draft, stance="context")
    actions.save_evidence_link(link=link, by=author, now=record.NOW)
    assert (counts(pledge), counts(other)) == ((1, 1, 0), (0, 0, 1))
    actions.retract_evidence(evidence=first, reason="Forged.", by=author, now=record.NOW)
    assert counts(pledge) == (0, 1, 0)
    link = EvidenceLink.objects.get(pledge=pledge, stance="contradicts")
    actions.delete_evidence_link(link=link, reason="Wrong pledge.", by=author, now=record.NOW)
    assert counts(pledge) == (0, 0, 0)
    assert Entry.objects.latest("edition").event == "evidence_link:retracted"


@pytest.mark.django_db
def test_evidence_leaves_a_pledge_for_a_reason(author: User) -> None:
    pledge = record.pledge(by=author)
    link = record.evidence(by=author, about=pledge).links.get()
    edition = Entry.objects.count()
    with pytest.raises(NoReason) as error:
        actions.delete_evidence_link(link=link, reason=" ", by=author, now=record.NOW)
    assert str(error.value) == "Say why this evidence is taken off the pledge."
    assert (counts(pledge), Entry.objects.count()) == ((1, 0, 0), edition)


@pytest.mark.django_db
def test_evidence_has_been_published_when_it_is_written_down(
    author: User, database_refuses: Callable
) -> None:
    words = (
        "The day of publication is still to come. Correct it; if it is not known, leave it empty"
        " and say “unknown”."
    )
    with pytest.raises(actions.NotYetPublished) as error:
        record.draft_evidence(by=author, published_on=date(2026, 3, 3))
    assert str(error.value) == words
    assert Evidence.objects.count() == 0
    piece = record.draft_evidence(by=author, published_on=date(2026, 3, 2))
    piece.published_on = date(2999, 1, 1)
    with pytest.raises(actions.NotYetPublished):
        actions.save_evidence(evidence=piece, by=author, now=record.NOW)
    Evidence.objects.update(published_on=date(2999, 1, 1))
    with pytest.raises(actions.NotYetPublished):
        actions.publish_evidence(evidence=piece, by=author, now=record.NOW)
    with database_refuses("evidence_evidence_published_before_it_is_cited"):
        Evidence.objects.update(state="published", published_at=record.NOW, published_by=author)
    assert (Evidence.objects.get().state, Entry.objects.count()) == ("draft", 0)


@pytest.mark.django_db
def test_a_draft_link_writes_nothing_public(author: User) -> None:
    pledge = record.pledge(by=author)
    edition = Entry.objects.count()
    link = EvidenceLink(pledge=pledge, evidence=record.draft_evidence(by=author), stance="context")
    actions.save_evidence_link(link=link, by=author, now=record.NOW)
    assert Entry.objects.count() == edition
    assert list(EvidenceLink.objects.published()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "precision"),
    [
        (date(2018, 7, 2), "month"),
        (date(2018, 7, 1), "year"),
        (date(2018, 1, 2), "year"),
        (None, "day"),
        (None, "month"),
        (None, "year"),
        (date(2018, 7, 1), "unknown"),
    ],
)
def test_a_date_is_stored_only_as_far_as_it_is_known(
    author: User, database_refuses: Callable, day: date | None, precision: str
) -> None:
    piece = record.draft_evidence(by=author)
    with database_refuses("as_precise_as_known"):
        Evidence.objects.filter(pk=piece.pk).update(published_on=day, date_precision=precision)


@pytest.mark.parametrize(
    ("day", "precision", "words"),
    [
        (date(2018, 7, 8), "day", "8 July 2018"),
        (date(2018, 7, 1), "month", "July 2018"),
        (date(2018, 1, 1), "year", "2018"),
        (None, "unknown", ""),
    ],
)
def test_a_date_is_printed_only_as_far_as_it_is_known(
    day: date | None, precision: str, words: str
) -> None:
    assert in_words(day, precision) == words


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "ftp://example.org/file",
        "https://user:secret@example.org/",
        "https://localhost/",
        "https://",
        "//example.org",
        "https://[::1",
        "https://example.org:99999/",
        "example.org",
    ],
)
def test_only_public_web_addresses_are_kept(address: str) -> None:
    with pytest.raises(ValidationError):
        public_web_address(address)


@given(st.text())
def test_no_text_breaks_the_address_check(address: str) -> None:
    try:
        public_web_address(address)
    except ValidationError:
        return
    assert address.lower().startswith(("http://", "https://"))


@pytest.mark.django_db
def test_the_database_refuses_a_script_as_address(author: User, database_refuses: Callable) -> None:
    piece = record.draft_evidence(by=author)
    with database_refuses("url_is_web"):
        Evidence.objects.filter(pk=piece.pk).update(url="javascript:alert(1)")
    assert Evidence.objects.get().url.startswith("https://news.example.org/")


@pytest.mark.django_db
def test_what_hung_on_a_draft_pledge_enters_the_ledger_with_it(author: User) -> None:
    pledge = record.draft_pledge(by=author, slug="late")
    piece = record.evidence(by=author, about=pledge, slug="early")
    edition = Entry.objects.count()
    assert not Entry.objects.filter(event__startswith="evidence_link").exists()
    publish_pledge(pledge=pledge, by=author, now=record.NOW)
    events = Entry.objects.filter(edition__gt=edition).values_list("event", "subject")
    assert list(events) == [
        ("pledge:published", "pledges/late"),
        ("criterion:published", "criteria/late/1"),
        ("evidence_link:published", f"evidence_links/late/{piece.slug}"),
    ]


@pytest.mark.django_db
def test_a_link_never_moves_to_another_pledge(author: User) -> None:
    pledge, other = record.pledge(by=author), record.pledge(by=author)
    record.evidence(by=author, about=pledge)
    link = EvidenceLink.objects.get()
    link.pledge = other
    with pytest.raises(actions.LinkIsFixed):
        actions.save_evidence_link(link=link, by=author, now=record.NOW)
    assert EvidenceLink.objects.get().pledge == pledge
    assert (counts(pledge), counts(other)) == ((1, 0, 0), (0, 0, 0))
