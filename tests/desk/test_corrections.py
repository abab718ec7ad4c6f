"""On the desk, what readers have seen is changed by a correction that says why."""

from typing import Any

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.ledger.models import Entry
from promises.updates.models import Correction
from tests import record
from tests.desk import sent


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
    there = f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"
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
