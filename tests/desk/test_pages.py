"""Every page of the desk opens: lists, searches, forms, records, steps."""

import re

import pytest
from django.contrib.admin import site
from django.db.models import Model
from django.test import Client

from promises.accounts.models import User
from promises.desk.site import ORDER
from tests import record
from tests.desk.conftest import registered
from tests.desk.rows import address
from tests.record_requests.filed import draft_request

TABLES = [pytest.param(model, id=model._meta.label) for model in registered()]
# Nobody adds a row here by hand: other acts leave it behind.
NOT_ADDED = {
    "updates.Review",
    "updates.Correction",
    "sources.Source",
    "newsroom.Assignment",
    "newsroom.Comment",
    "newsroom.Embargo",
    "newsroom.PlannedPublication",
    "captures.Capture",
    "captures.CaptureWaiver",
    "captures.StoredFile",
    "discovery.Candidate",
    "suggestions.Challenge",
    "suggestions.Suggestion",
    "staleness.StaleFlag",
    "staleness.Watched",
    "staleness.Lapse",
    "staleness.Sweep",
    "ledger.Entry",
    "outbox.Delivery",
    "alerts.Subscriber",
    "webhooks.Endpoint",
    "accounts.ApiKey",
    "accounts.SecurityEvent",
}


def test_every_table_of_the_desk_has_its_place_in_the_order() -> None:
    assert {model._meta.label for model in registered()} == set(ORDER)


@pytest.mark.parametrize("model", TABLES)
def test_the_list_opens_and_can_be_searched(
    model: type[Model], whole_record: None, desk: Client
) -> None:
    page = desk.get(address(model, "changelist"))
    assert page.status_code == 200
    assert "Slug" not in page.content.decode()
    found = desk.get(address(model, "changelist"), {"q": "example"})
    assert found.status_code == 200
    is_searchable = bool(site.get_model_admin(model).search_fields)
    assert ('id="searchbar"' in found.content.decode()) is is_searchable


@pytest.mark.parametrize("model", TABLES)
def test_the_page_of_a_new_row_opens(model: type[Model], desk: Client) -> None:
    expected = 403 if model._meta.label in NOT_ADDED else 200
    assert desk.get(address(model, "add")).status_code == expected


@pytest.mark.parametrize("model", TABLES)
def test_the_page_of_a_row_opens_with_its_history_and_its_steps(
    model: type[Model], whole_record: None, desk: Client
) -> None:
    row = model._default_manager.order_by("pk").first()
    assert row is not None
    for name in ("change", "history"):
        page = desk.get(address(model, name, row.pk))
        assert page.status_code == 200
        # Its label is "Public name".
        assert "Slug" not in page.content.decode()
    for step in getattr(site.get_model_admin(model), "steps", ()):
        assert desk.get(address(model, "step", row.pk, step.name)).status_code == 200


@pytest.mark.parametrize("model", TABLES)
def test_the_name_of_a_row_tells_days_as_pages_do(
    model: type[Model], whole_record: None, db: None
) -> None:
    # An entry of the ledger names its record as addresses do, after a slash.
    names = [str(row) for row in model._default_manager.all()]
    assert names
    assert [name for name in names if re.search(r"(?<!/)\b\d{4}-\d\d-\d\d", name)] == []


def test_nobody_comes_in_without_logging_in(client: Client, db: None) -> None:
    for model in registered():
        there = address(model, "changelist")
        answer = client.get(there)
        assert answer.status_code == 302
        assert answer["Location"] == f"/admin/login/?next={there}"


def test_whoever_may_only_look_gets_no_form_and_no_step(
    whole_record: None, client: Client, db: None
) -> None:
    from django.contrib.auth.models import Permission
    from django.contrib.contenttypes.models import ContentType

    from promises.officials.models import Jurisdiction
    from promises.pledges.models import Pledge

    reader = record.user("reader", is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    kind = ContentType.objects.get_for_model(Jurisdiction)
    # Roles of an earlier test may have made it: rights stay when tables are emptied.
    everywhere, _ = Permission.objects.get_or_create(
        codename="work_in_every_jurisdiction", content_type=kind
    )
    reader.user_permissions.add(everywhere)
    client.force_login(reader)
    pledge = Pledge.objects.first()
    assert pledge is not None
    page = client.get(address(Pledge, "change", pledge.pk)).content.decode()
    assert 'name="_save"' not in page
    assert "desk-step" not in page
    step = address(Pledge, "step", pledge.pk, "review")
    assert client.get(step).status_code == 403
    assert client.post(step, {"note": "Looked."}).status_code == 403
    assert pledge.reviews.count() == 1


def test_a_request_about_no_pledge_says_that_it_needs_one(desk: Client, other: User) -> None:
    draft = draft_request(by=other, about=record.pledge(by=other))
    missing = "Say below which pledge it is about: it is published with that."
    for rows, is_missing in (([*draft.request_pledges.all()], False), ([], True)):
        draft.request_pledges.exclude(pk__in=[row.pk for row in rows]).delete()
        facts = desk.get(address(type(draft), "change", draft.pk)).context["facts"]
        assert (missing in [fact.text for fact in facts]) is is_missing
