"""On the desk, what readers have seen is changed by a correction that says why."""

from typing import Any

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.evidence.models import EvidenceLink
from promises.ledger.models import Entry
from promises.pledges.models import Criterion
from promises.updates.models import Correction
from tests import record
from tests.desk import sent
from tests.desk.rows import change


def test_published_words_change_by_an_explained_correction_only(
    desk: Client, person: User, author: User
) -> None:
    pledge = record.pledge(by=author)
    there = f"/admin/pledges/pledge/{pledge.pk}/change/"
    old, editions = pledge.title, Entry.objects.count()
    answer = desk.post(there, sent.page(desk, there, title="Do it sooner"))
    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert set(errors) == {"__all__", "correction_kind", "correction_note"}
    assert "Do it sooner" in answer.content.decode()
    pledge.refresh_from_db()
    assert pledge.title == old
    assert Entry.objects.count() == editions

    why = {"correction_kind": "correction", "correction_note": "The speech says sooner."}
    answer = desk.post(there, sent.page(desk, there, title="Do it sooner", **why))
    assert answer.status_code == 302, answer.context["errors"]
    pledge.refresh_from_db()
    correction = Correction.objects.get()
    assert (pledge.title, correction.old_text, correction.new_text) == (
        "Do it sooner",
        old,
        "Do it sooner",
    )
    assert (correction.corrected_by, correction.field, correction.kind, correction.note) == (
        person,
        "title",
        "correction",
        "The speech says sooner.",
    )


@pytest.mark.parametrize(
    ("what", "typed", "told"),
    [
        ("pledge", {"due_on": "2026-12-31"}, ("due_on", "", "31 December 2026")),
        ("evidence", {"date_precision": "month"}, ("published_on", "1 May 2025", "May 2025")),
    ],
)
def test_a_published_fact_changes_by_an_explained_correction_only(
    desk: Client, author: User, what: str, typed: dict[str, str], told: tuple[str, ...]
) -> None:
    pledge = record.pledge(by=author)
    piece = record.evidence(by=author, about=pledge)
    row: Any = {"pledge": pledge, "evidence": piece}[what]
    there = change(row)
    editions = Entry.objects.count()
    page = sent.page(desk, there, **typed)
    answer = desk.post(there, page)
    assert set(answer.context["adminform"].form.errors) == {
        "__all__",
        "correction_kind",
        "correction_note",
    }
    assert (Entry.objects.count(), Correction.objects.count()) == (editions, 0)
    why = {"correction_kind": "update", "correction_note": "She said so."}
    assert desk.post(there, {**page, **why}).status_code == 302
    correction = Correction.objects.get()
    assert (correction.field, correction.old_text, correction.new_text) == told


@pytest.mark.parametrize("page", ["pledge", "evidence"])
def test_what_public_evidence_says_changes_by_an_explained_correction_only(
    desk: Client, author: User, page: str
) -> None:
    pledge = record.pledge(by=author)
    piece = record.evidence(by=author, about=pledge)
    row: Any = {"pledge": pledge, "evidence": piece}[page]
    there = change(row)
    prefix = {"pledge": "evidence_links", "evidence": "links"}[page]
    typed = {f"{prefix}-0-stance": "contradicts"}
    says = f"{piece.title} · {pledge.title}"
    told = ("stance", f"supports · {says}", f"contradicts · {says}")
    _changes_for_a_reason_only(desk, there, typed, told)
    assert EvidenceLink.objects.get().stance == "contradicts"
    # Where it says so is no correction.
    page_sent = sent.page(desk, there, **{f"{prefix}-0-locator": "page 3"})
    assert desk.post(there, page_sent).status_code == 302
    assert (EvidenceLink.objects.get().locator, Correction.objects.count()) == ("page 3", 1)


def test_whether_a_public_criterion_is_met_changes_by_an_explained_correction_only(
    desk: Client, author: User
) -> None:
    pledge = record.pledge(by=author)
    there = f"/admin/pledges/pledge/{pledge.pk}/change/"
    rest = "threshold not written yet · letter: what the office does · The thing is done."
    told = ("criterion", f"not assessed · {rest}", f"met · {rest}")
    _changes_for_a_reason_only(desk, there, {"criteria-0-is_met": "true"}, told)
    assert Criterion.objects.get().is_met is True


def _changes_for_a_reason_only(
    desk: Client, there: str, typed: dict[str, str], told: tuple[str, ...]
) -> None:
    editions = Entry.objects.count()
    page = sent.page(desk, there, **typed)
    answer = desk.post(there, page)
    assert set(answer.context["adminform"].form.errors) == {
        "__all__",
        "correction_kind",
        "correction_note",
    }
    assert (Entry.objects.count(), Correction.objects.count()) == (editions, 0)
    why = {"correction_kind": "update", "correction_note": "Looked again."}
    answer = desk.post(there, {**page, **why})
    assert answer.status_code == 302, answer.context["errors"]
    correction = Correction.objects.get()
    assert (correction.field, correction.old_text, correction.new_text) == told
    # A reason for the row is no change of the record itself.
    events = Entry.objects.filter(edition__gt=editions).values_list("event", flat=True)
    assert "correction:saved" in events
    assert {"pledge:saved", "evidence:saved"} & set(events) == set()
