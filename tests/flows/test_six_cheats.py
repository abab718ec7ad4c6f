"""Six ways to cheat, three rules: each way is refused, and afterwards nothing has changed.

The rules: nobody approves their own rating; kept and broken need two approvals; who has a conflict
of interest neither approves nor reviews. The ways: the desk (as a superuser of Django), the API,
a save of the ORM, its bulk writes, raw SQL as the role of the application, raw SQL as the
superuser of the database. What each way says on its own is tested in tests/updates.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client

from promises.accounts.models import User
from promises.ledger.models import Entry
from promises.officials.actions import declare_conflict
from promises.pledges.models import Pledge
from promises.updates.actions import approve_status_update, submit_status_update
from promises.updates.models import Approval, Citation, Review, StatusUpdate
from tests import record
from tests.desk import sent
from tests.plain_role import EVENTS, as_the_application, ask_to_ignore_triggers, refused, run

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Cheat:
    """One rule about to be broken: by whom, on which rating, and what the database answers."""

    rule: str
    by: User
    update: StatusUpdate
    refusal: str

    @property
    def publishes(self) -> bool:
        """Whether the cheat is to publish; else it is to approve."""
        return self.rule == "two approvals"


def _cheat(rule: str) -> Cheat:
    """Prepare a rating in review, and the superuser who is about to break the rule."""
    cheater = record.user("cheater", is_staff=True, is_superuser=True)
    author = cheater if rule == "own rating" else record.user("author")
    pledge = record.pledge(by=author)
    status = "kept" if rule == "two approvals" else "in_the_works"
    update = record.draft_update(by=author, of=pledge, status=status)
    update = submit_status_update(update=update, by=author, now=record.NOW)
    if rule == "two approvals":
        approve_status_update(update=update, by=cheater, now=record.NOW)
    if rule == "conflict":
        assert pledge.term is not None
        place = pledge.term.office.jurisdiction
        declare_conflict(
            person=cheater, jurisdiction=place, nature="Kin.", by=cheater, now=record.NOW
        )
    refusals = {
        "own rating": "Who wrote an update cannot approve it",
        "two approvals": "Too few people other than the author have approved it",
        "conflict": "Who has declared a conflict of interest does not",
    }
    return Cheat(rule, cheater, update, refusals[rule])


@pytest.fixture(params=["own rating", "two approvals", "conflict"])
def cheat(request: pytest.FixtureRequest, db: None) -> Cheat:
    """Each of the three rules in turn."""
    return _cheat(request.param)


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Compare every row that a cheat could want to change, before and after."""

    def rows() -> list[Any]:
        tables = (StatusUpdate, Approval, Review, Citation, Pledge, Entry)
        kept = [list(table.objects.order_by("pk").values()) for table in tables]
        return [*kept, [model._default_manager.count() for model in EVENTS]]

    before = rows()
    yield
    assert rows() == before


def approval(cheat: Cheat) -> Approval:
    return Approval(
        status_update=cheat.update,
        wording=cheat.update.wording,
        approved_by=cheat.by,
        approved_at=record.NOW,
    )


def published(cheat: Cheat) -> StatusUpdate:
    """Return the rating as it would be if it were public."""
    update = StatusUpdate.objects.get(pk=cheat.update.pk)
    update.state, update.published_at, update.published_by = "published", record.NOW, cheat.by
    return update


def review(cheat: Cheat) -> Review:
    return Review(
        pledge=cheat.update.pledge, reviewed_by=cheat.by, reviewed_at=record.NOW, note="Fine."
    )


def test_the_desk(cheat: Cheat) -> None:
    browser = Client()
    browser.force_login(cheat.by)
    there = f"/admin/updates/statusupdate/{cheat.update.pk}"
    name = "publish" if cheat.publishes else "approve"
    said = {
        "own rating": "You wrote or edited this update; someone else has to approve it.",
        "two approvals": "1 more person must approve this first.",
        "conflict": "You have declared a conflict of interest in",
    }
    with nothing_changes():
        one = sent.step(browser, f"{there}/step/{name}/", note="")
        assert one.status_code == 200
        (words,) = one.context["form"].non_field_errors()
        assert words.startswith(said[cheat.rule])
        batch = sent.previewed(browser, "/admin/updates/statusupdate/", name, [cheat.update])
        (line,) = batch.context["lines"]
        assert line.refused.startswith(said[cheat.rule])
        told = get_messages(sent.confirmed(browser, batch).wsgi_request)
        assert [str(one) for one in told] == [
            "This preview can no longer be confirmed. Nothing has changed."
        ]
        # The page itself has no field for what only steps change.
        forged = {"state": "published", "published_by": cheat.by.pk, "is_imported": "on"}
        assert browser.post(f"{there}/change/", forged).status_code == 403
    if cheat.rule == "conflict":
        address = f"/admin/pledges/pledge/{cheat.update.pledge_id}/step/review/"
        with nothing_changes():
            answer = sent.step(browser, address, note="Fine.")
            assert answer.context["form"].non_field_errors()[0].startswith(said["conflict"])


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_api(cheat: Cheat, method: str) -> None:
    browser = Client()
    browser.force_login(cheat.by)
    places = [
        "status-updates/",
        f"status-updates/{cheat.update.slug}/",
        "pledges/",
        f"pledges/{cheat.update.pledge.slug}/",
        "reviews/",
    ]
    body = {"state": "published", "status": "kept", "approved_by": [cheat.by.pk]}
    with nothing_changes():
        for place in places:
            for authorization in ("Bearer anything", "Basic YTpi", "Session 1"):
                answer = getattr(browser, method)(
                    f"/api/v1/{place}",
                    body,
                    content_type="application/json",
                    headers={"Authorization": authorization},
                )
                assert answer.status_code in {401, 403, 405}, place
                assert answer["Content-Type"] == "application/problem+json"


def test_a_save_of_the_orm(cheat: Cheat) -> None:
    row = published(cheat) if cheat.publishes else approval(cheat)
    with nothing_changes(), refused(cheat.refusal):
        row.save()
    if cheat.rule == "conflict":
        with nothing_changes(), refused(cheat.refusal):
            review(cheat).save()


def test_bulk_writes_of_the_orm(cheat: Cheat) -> None:
    with nothing_changes(), refused(cheat.refusal):
        if cheat.publishes:
            fields = ["state", "published_at", "published_by"]
            StatusUpdate.objects.bulk_update([published(cheat)], fields)
        else:
            Approval.objects.bulk_create([approval(cheat)])
    if cheat.publishes:
        with nothing_changes(), refused(cheat.refusal):
            StatusUpdate.objects.update(
                state="published", published_at=record.NOW, published_by=cheat.by
            )
    else:
        # An approval of someone else does not become one's own.
        rows = [approval(cheat)]
        other = record.user()
        given = approve_status_update(update=cheat.update, by=other, now=record.NOW)
        rows[0].pk = given.pk
        with nothing_changes(), refused("Cannot update or delete rows"):
            Approval.objects.bulk_update(rows, ["approved_by"])
    if cheat.rule == "conflict":
        with nothing_changes(), refused(cheat.refusal):
            Review.objects.bulk_create([review(cheat)])


def raw(cheat: Cheat) -> None:
    """Try the cheat by plain statements, and the ways around it that SQL has."""
    ask_to_ignore_triggers()
    approve = (
        "INSERT INTO updates_approval (status_update_id, wording, approved_by_id, approved_at,"
        " note) SELECT id, wording, %s, now(), '' FROM updates_statusupdate"
    )
    publish = (
        "UPDATE updates_statusupdate SET state = 'published', published_at = now(),"
        " published_by_id = %s"
    )
    with refused(cheat.refusal):
        run(publish if cheat.publishes else approve, cheat.by.pk)
    for statement, reason in (
        (
            "UPDATE updates_statusupdate SET created_by_id = created_by_id + %s",
            "never changes|send it back",
        ),
        ("UPDATE updates_statusupdate SET is_imported = (%s > 0)", "never changes"),
        ("UPDATE pledges_pledge SET status = 'kept' WHERE %s > 0", "follows from its published"),
        ("DELETE FROM updates_approval WHERE %s > 0", "Cannot update or delete rows"),
    ):
        if "updates_approval" in statement and not cheat.publishes:
            continue
        with refused(reason):
            run(statement, cheat.by.pk)
    with refused("Cannot truncate"):
        # Else PostgreSQL refuses already because foreign keys are still to be checked.
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run("TRUNCATE updates_approval")
    if cheat.rule == "conflict":
        with refused(cheat.refusal):
            run(
                "INSERT INTO updates_review (pledge_id, reviewed_by_id, reviewed_at, note)"
                " SELECT id, %s, now(), 'Fine.' FROM pledges_pledge",
                cheat.by.pk,
            )
        with refused("Cannot delete rows"):
            run("DELETE FROM officials_conflictofinterest")


def test_raw_sql_as_the_role_of_the_application(cheat: Cheat) -> None:
    with nothing_changes(), as_the_application():
        raw(cheat)
        for statement, reason in (
            ("SET session_replication_role = replica", "permission denied"),
            ("ALTER TABLE updates_approval DISABLE TRIGGER ALL", "must be owner"),
            ("DROP TABLE updates_approval CASCADE", "must be owner"),
        ):
            with refused(reason):
                run(statement)


def test_raw_sql_as_the_superuser_of_the_database(cheat: Cheat) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (True,)
    with nothing_changes():
        raw(cheat)
