"""Evidence is loaded by the thousand: each row has its line of history, by whatever statement."""

import pytest
from django.db import connection

from promises.accounts.models import User
from promises.common.history import events_of
from promises.common.writes import write
from promises.evidence.models import Evidence, EvidenceLink
from tests import record

pytestmark = pytest.mark.django_db

OTHERS = """version, state, created_at, created_by_id, retraction_reason, title, is_title_exact,
    kind, provenance, publisher, url, published_on, date_precision, summary, checked"""
LIKE = f"SELECT slug || %s, {OTHERS} FROM evidence_evidence"


def told() -> list[tuple[str, str, str]]:
    """Return what the history says: what happened, to which slug, with which title."""
    events = events_of(Evidence).objects.order_by("pgh_id")
    return list(events.values_list("pgh_label", "slug", "title"))


def run(statement: str, *parameters: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


@pytest.fixture
def drafts(author: User) -> list[Evidence]:
    """Two drafts, and no history of theirs that the test has to think of."""
    return [record.draft_evidence(by=author) for _ in range(2)]


def test_many_rows_of_one_statement_are_told_one_by_one(drafts: list[Evidence]) -> None:
    before, first, second = len(told()), drafts[0].slug, drafts[1].slug
    run(f"INSERT INTO evidence_evidence (slug, {OTHERS}) {LIKE} ORDER BY id", "-copy")
    assert told()[before:] == [
        ("insert", f"{first}-copy", drafts[0].title),
        ("insert", f"{second}-copy", drafts[1].title),
    ]


def test_a_copy_is_told_row_by_row(drafts: list[Evidence]) -> None:
    before = len(told())
    with connection.cursor() as cursor:
        asked = cursor.mogrify(f"COPY ({LIKE} ORDER BY id) TO STDOUT", ["-copy"])
        with cursor.copy(asked) as out:
            rows = b"".join(map(bytes, out))
        with cursor.copy(f"COPY evidence_evidence (slug, {OTHERS}) FROM STDIN") as into:
            into.write(rows)
    assert [what[:2] for what in told()[before:]] == [
        ("insert", f"{draft.slug}-copy") for draft in drafts
    ]


def test_an_insert_that_becomes_an_update_is_told_as_one(drafts: list[Evidence]) -> None:
    before, first = len(told()), drafts[0].slug
    run(
        f"INSERT INTO evidence_evidence (slug, {OTHERS}) {LIKE} WHERE id = {drafts[0].pk}"
        " ON CONFLICT (slug) DO UPDATE SET title = 'Again'",
        "",
    )
    run(
        f"INSERT INTO evidence_evidence (slug, {OTHERS}) {LIKE} ON CONFLICT DO NOTHING",
        "",
    )
    assert told()[before:] == [("update", first, "Again")]


def test_a_removal_is_told_too(drafts: list[Evidence]) -> None:
    before, first = len(told()), drafts[0]
    run("DELETE FROM evidence_evidence WHERE slug = %s", first.slug)
    assert [what[:2] for what in told()[before:]] == [("delete", first.slug)]


def test_the_action_is_named_for_each_of_many_rows(author: User, drafts: list[Evidence]) -> None:
    pledge = record.pledge(by=author)

    @write
    def link_both(*, by: User, now: object) -> None:
        EvidenceLink.objects.bulk_create(
            EvidenceLink(pledge=pledge, evidence=draft, stance="context") for draft in drafts
        )

    link_both(by=author, now=record.NOW)
    events = events_of(EvidenceLink).objects.order_by("pgh_id").select_related("pgh_context")
    assert [
        (event.pgh_label, event.evidence_id, event.pgh_context.metadata["action"])
        for event in events.filter(evidence_id__in=[draft.pk for draft in drafts])
    ] == [("insert", draft.pk, "link_both") for draft in drafts]
