"""Originals and copies: gone, changed, or kept by nobody."""

from datetime import date, timedelta

import pytest

from promises.accounts.models import User
from promises.captures.deciding import end_waiver, waive_capture
from promises.captures.models import StoredFile
from promises.sources.actions import accept_change
from promises.staleness import actions
from promises.staleness.models import StaleFlag
from tests import record
from tests.record import record_review
from tests.sources.seen import GONE, found, visited
from tests.staleness.test_reasons import due

DAY = timedelta(days=1)
NOW = record.NOW


@pytest.mark.django_db
def test_a_rating_on_evidence_without_a_copy_asks_for_one(author: User) -> None:
    pledge = record.pledge(by=author)
    record.evidence(by=author, about=pledge)
    # Only what the rating rests on counts.
    assert due(pledge, "evidence_uncaptured") is None
    cited = record.evidence(by=author, about=pledge)
    record.published_update(by=author, of=pledge, cited=cited, now=NOW + DAY)
    bare = (date(2026, 3, 10), {"missing": 1, "first": "2026-03-03"})
    assert due(pledge, "evidence_uncaptured") == bare
    copy = record.copy_of(cited, by=author)
    assert due(pledge, "evidence_uncaptured") is None
    StoredFile.objects.filter(pk=copy.body_id).update(damaged_at=NOW, damage="missing")
    assert due(pledge, "evidence_uncaptured") == bare
    waive_capture(evidence=cited, reason="It is a book.", by=author, now=NOW)
    assert due(pledge, "evidence_uncaptured") is None
    end_waiver(evidence=cited, by=author, now=NOW)
    assert due(pledge, "evidence_uncaptured") == bare
    actions.sweep_stale(by=author, now=NOW + 30 * DAY)
    flag = StaleFlag.objects.get(reason="evidence_uncaptured")
    assert (
        flag.rests_on
        == "pieces of evidence without a copy: 1; cited by a rating since 3 March 2026"
    )


@pytest.mark.django_db
def test_evidence_that_has_gone_asks_for_a_look(author: User) -> None:
    pledge = record.pledge(by=author)
    piece = record.evidence(by=author, about=pledge)
    visited(piece, found("As it was."), by=author, now=NOW)
    for days in (7, 11, 15):
        assert due(pledge, "evidence_dead") is None
        visited(piece, GONE, by=author, now=NOW + days * DAY)
    gone = (date(2026, 3, 17), {"gone": 1, "first": "2026-03-17"})
    assert due(pledge, "evidence_dead") == gone
    actions.sweep_stale(by=author, now=NOW + 30 * DAY)
    flag = StaleFlag.objects.get(reason="evidence_dead")
    assert flag.rests_on == "pieces of evidence gone: 1; the first since 17 March 2026"
    # Whoever looked knows it; so does the address, once the page is back.
    record_review(pledge=pledge, note="A copy is kept.", by=author, now=NOW + 31 * DAY)
    assert due(pledge, "evidence_dead") is None
    flag.refresh_from_db()
    assert flag.closed_at == NOW + 31 * DAY


@pytest.mark.django_db
def test_evidence_that_comes_back_asks_for_nothing(author: User) -> None:
    pledge = record.pledge(by=author)
    piece = record.evidence(by=author, about=pledge)
    visited(piece, found("As it was."), by=author, now=NOW)
    for days in (7, 11, 15):
        visited(piece, GONE, by=author, now=NOW + days * DAY)
    visited(piece, found("As it was."), by=author, now=NOW + 19 * DAY)
    assert due(pledge, "evidence_dead") is None


@pytest.mark.django_db
def test_other_words_ask_for_somebody_who_compares_them(author: User) -> None:
    pledge = record.pledge(by=author)
    piece = record.evidence(by=author, about=pledge)
    before, after = "She will publish the figures.", "She will not publish any figures at all."
    visited(piece, found(before), by=author, now=NOW)
    assert due(pledge, "evidence_changed") is None
    source = visited(piece, found(after, before=before), by=author, now=NOW + 7 * DAY)
    changed = (date(2026, 3, 9), {"changed": 1, "first": "2026-03-09"})
    assert due(pledge, "evidence_changed") == changed
    # A look at the pledge is no look at the wording.
    record_review(pledge=pledge, note="Read it.", by=author, now=NOW + 8 * DAY)
    assert due(pledge, "evidence_changed") == changed
    said = {"note": "It says the opposite.", "text": source.found_text_id}
    accept_change(source=source, **said, by=author, now=NOW + 9 * DAY)
    assert due(pledge, "evidence_changed") is None
