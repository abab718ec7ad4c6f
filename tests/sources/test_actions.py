"""Sources follow their evidence; visits are claimed, written down once, and judged over weeks."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError

from promises.accounts.models import User
from promises.editorial.actions import NoReason
from promises.evidence.actions import retract_evidence, save_evidence_link
from promises.evidence.models import Evidence, EvidenceLink
from promises.sources.actions import (
    LEASE,
    ChangedAgain,
    NoAddress,
    NoChange,
    PassageIsQuote,
    accept_change,
    add_passage,
    check_soon,
    claim_source,
    record_visit,
    remove_passage,
)
from promises.sources.choices import Verdict
from promises.sources.comparing import Text, difference
from promises.sources.entering import follow_evidence
from promises.sources.models import Host, LinkCheck, PageText, Passage, Source
from promises.sources.visits import PAUSE, TextFound, Visit
from promises.updates.correcting import correct_evidence
from tests import record

pytestmark = pytest.mark.django_db
NOW = record.NOW
DAY = timedelta(days=1)
FIRST = "The office will ask for no cash bail. It says so in a memo of two pages."
SECOND = "The office will ask for no cash bail in some cases. It says so in a memo of two pages."


@pytest.fixture
def by() -> User:
    return record.user()


def sha(text: str) -> str:
    return PageText.of(text).sha256


def entered(by: User, **more: object) -> Source:
    """A published piece of evidence and its source."""
    piece = record.evidence(by=by, about=record.pledge(by=by), **more)
    follow_evidence(by=by, now=NOW)
    return Source.objects.get(evidence=piece)


def checked(source: Source, visit: Visit, *, by: User, now: datetime) -> Source:
    """Claim that source, and write down a visit of it."""
    Source.objects.filter(pk=source.pk).update(next_check_at=now)
    Host.objects.update(next_visit_at=NOW, leased_until=None)
    claimed = claim_source(by=by, now=now, among=Source.objects.filter(pk=source.pk))
    assert claimed is not None
    assert record_visit(source=claimed, visit=visit, chance=0.5, by=by, now=now) is not None
    return Source.objects.get(pk=source.pk)


def found(text: str, *, before: str = "", confirmed: bool = True) -> Visit:
    """A visit that found this text; `before` is the accepted one."""
    now = Text(text, text)
    changed = difference(Text(before, before), now, is_page=True) if before else None
    return Visit(
        Verdict.OK,
        "https://news.example.org/1",
        200,
        is_answered=True,
        text=TextFound(text, text),
        is_confirmed=confirmed,
        **({"difference": changed} if changed else {}),
    )


GONE = Visit(Verdict.GONE, "https://news.example.org/1", 404, is_answered=True)


def test_a_source_for_every_web_address_that_stands_in_the_record(by: User) -> None:
    with_address = record.draft_evidence(by=by, url="https://News.Example.org:443/x")
    record.draft_evidence(by=by, url="")
    assert follow_evidence(by=by, now=NOW) == 1
    assert follow_evidence(by=by, now=NOW) == 0
    (source,) = Source.objects.all()
    assert (source.evidence, source.url) == (with_address, "https://News.Example.org:443/x")
    assert (source.host.name, source.state) == ("news.example.org", "unchecked")
    assert source.next_check_at == NOW


def test_a_new_address_is_a_new_beginning(by: User) -> None:
    source = entered(by)
    source = checked(source, found(FIRST), by=by, now=NOW)
    assert source.state == "there"
    piece = Evidence.objects.get(pk=source.evidence_id)
    piece.url = "https://other.example.org/2"
    correct_evidence(evidence=piece, kind="update", note="It moved.", by=by, now=NOW)
    assert list(Source.objects.published()) == []
    assert follow_evidence(by=by, now=NOW + DAY) == 1
    moved = Source.objects.get()
    assert (moved.pk, moved.url, moved.state) == (source.pk, piece.url, "unchecked")
    assert (moved.host.name, moved.accepted_text, moved.last_seen_at) == (
        "other.example.org",
        None,
        None,
    )


def test_what_was_withdrawn_is_asked_no_more(by: User) -> None:
    source = entered(by)
    retract_evidence(evidence=source.evidence, reason="Not authentic.", by=by, now=NOW)
    follow_evidence(by=by, now=NOW)
    assert Source.objects.get().next_check_at is None
    with pytest.raises(NoAddress):
        check_soon(source=source, by=by, now=NOW)


def test_one_visitor_at_a_time_on_a_server(by: User) -> None:
    one, two = entered(by), entered(by)
    assert one.host == two.host
    first = claim_source(by=by, now=NOW)
    assert first is not None
    assert claim_source(by=by, now=NOW) is None
    assert record_visit(source=first, visit=GONE, chance=0.5, by=by, now=NOW) is not None
    assert claim_source(by=by, now=NOW + PAUSE - timedelta(seconds=1)) is None
    second = claim_source(by=by, now=NOW + PAUSE)
    assert second is not None
    assert second.pk != first.pk


def test_a_dead_visitor_is_followed_and_a_slow_one_writes_nothing(by: User) -> None:
    source = entered(by)
    slow = claim_source(by=by, now=NOW)
    other = entered(by)
    assert other.host == source.host
    assert claim_source(by=by, now=NOW + LEASE - timedelta(seconds=1)) is None
    # After a visitor that died the others go first, and its source has its turn an hour later.
    after = claim_source(by=by, now=NOW + LEASE)
    assert after == other
    fast = claim_source(by=by, now=NOW + timedelta(hours=1))
    assert fast == source
    assert slow is not None
    assert fast is not None
    assert record_visit(source=fast, visit=found(FIRST), chance=0.5, by=by, now=NOW) is not None
    assert record_visit(source=slow, visit=GONE, chance=0.5, by=by, now=NOW) is None
    assert LinkCheck.objects.count() == 1
    assert Source.objects.get(pk=source.pk).state == "there"


def test_dead_after_three_failures_three_days_apart(by: User) -> None:
    source = checked(entered(by), found(FIRST), by=by, now=NOW)
    assert timedelta(days=6) < source.next_check_at - NOW < timedelta(days=8)
    seen = []
    for days in (7, 8, 9, 10, 12, 13):
        source = checked(source, GONE, by=by, now=NOW + days * DAY)
        seen.append((days, source.state, source.failures))
    assert seen == [
        (7, "failing", 1),
        (8, "failing", 1),
        (9, "failing", 1),
        (10, "failing", 2),
        (12, "failing", 2),
        (13, "dead", 3),
    ]
    assert source.lost_at == NOW + 13 * DAY
    assert source.first_failed_at == NOW + 7 * DAY
    source = checked(source, found(FIRST), by=by, now=NOW + 20 * DAY)
    assert (source.state, source.lost_at, source.failures) == ("there", None, 0)


def test_the_database_calls_no_link_gone_too_early(by: User) -> None:
    source = checked(entered(by), GONE, by=by, now=NOW)
    for failures, last in ((2, NOW + 9 * DAY), (3, NOW + 5 * DAY)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Source.objects.filter(pk=source.pk).update(
                state="dead", lost_at=NOW, failures=failures, last_failed_at=last
            )
    assert Source.objects.get().state == "failing"


def test_checks_and_texts_stay_as_they_are(by: User) -> None:
    checked(entered(by), found(FIRST), by=by, now=NOW)
    with pytest.raises(ProgrammingError), transaction.atomic():
        LinkCheck.objects.update(verdict=Verdict.GONE)
    with pytest.raises(ProgrammingError), transaction.atomic():
        PageText.objects.update(text="Other words.")
    with pytest.raises(IntegrityError), transaction.atomic():
        PageText.objects.create(sha256="0" * 64, text="Other words.", characters=12)
    assert LinkCheck.objects.get().verdict == Verdict.OK


def test_a_change_of_wording_is_noted_when_seen_twice_and_accepted_by_a_person(by: User) -> None:
    source = checked(entered(by), found(FIRST), by=by, now=NOW)
    assert source.accepted_text.text == FIRST
    assert source.accepted_at is None
    source = checked(source, found(SECOND, before=FIRST, confirmed=False), by=by, now=NOW + 7 * DAY)
    assert (source.changed_at, source.found_text.text) == (None, SECOND)
    source = checked(source, found(SECOND, before=FIRST), by=by, now=NOW + 8 * DAY)
    assert source.changed_at == NOW + 8 * DAY
    assert source.accepted_text.text == FIRST
    with pytest.raises(NoReason):
        accept_change(source=source, text=sha(SECOND), note="  ", by=by, now=NOW + 9 * DAY)
    with pytest.raises(ChangedAgain):
        accept_change(source=source, text=sha(FIRST), note="Read.", by=by, now=NOW + 9 * DAY)
    source = accept_change(
        source=source, text=sha(SECOND), note="A qualification.", by=by, now=NOW + 9 * DAY
    )
    assert (source.changed_at, source.accepted_text.text) == (None, SECOND)
    assert (source.accepted_by, source.accepted_note) == (by, "A qualification.")
    with pytest.raises(NoChange):
        accept_change(source=source, text=sha(SECOND), note="Again.", by=by, now=NOW + 9 * DAY)


def test_a_page_that_says_again_what_it_said_is_changed_no_more(by: User) -> None:
    source = checked(entered(by), found(FIRST), by=by, now=NOW)
    source = checked(source, found(SECOND, before=FIRST), by=by, now=NOW + 7 * DAY)
    assert source.changed_at is not None
    source = checked(source, found(FIRST), by=by, now=NOW + 14 * DAY)
    assert (source.changed_at, source.found_text.text) == (None, FIRST)


def test_a_failure_changes_no_text(by: User) -> None:
    source = checked(entered(by), found(FIRST), by=by, now=NOW)
    source = checked(source, GONE, by=by, now=NOW + 7 * DAY)
    assert source.found_text.text == FIRST
    assert source.last_seen_at == NOW
    assert source.last_checked_at == NOW + 7 * DAY


def test_quotes_of_pledges_are_passages_and_follow_them(by: User) -> None:
    pledge = record.draft_pledge(by=by, quote="No cash bail.", quote_attribution="Jane Example")
    piece = record.draft_evidence(by=by)
    link = EvidenceLink(pledge=pledge, evidence=piece, stance="context", is_source=True)
    save_evidence_link(link=link, by=by, now=NOW)
    follow_evidence(by=by, now=NOW)
    follow_evidence(by=by, now=NOW)
    (passage,) = Passage.objects.all()
    assert (passage.exact, passage.is_quote, passage.is_found) == ("No cash bail.", True, None)
    with pytest.raises(PassageIsQuote):
        remove_passage(passage=passage, reason="", by=by, now=NOW)
    type(pledge).objects.filter(pk=pledge.pk).update(quote="Less cash bail.")
    follow_evidence(by=by, now=NOW)
    assert [one.exact for one in Passage.objects.all()] == ["Less cash bail."]


def test_a_passage_is_lost_only_after_it_was_found(by: User) -> None:
    source = entered(by)
    link = source.evidence.links.get()
    passage = add_passage(link=link, exact=" no  cash bail. ", by=by, now=NOW)
    assert passage.exact == "no cash bail."
    never = add_passage(link=link, exact="in a picture", by=by, now=NOW)
    visit = found(FIRST)
    source = checked(
        source, replace(visit, passages={passage.pk: True, never.pk: False}), by=by, now=NOW
    )
    source = checked(
        source, replace(visit, passages={passage.pk: False, never.pk: False}), by=by, now=NOW + DAY
    )
    rows = {
        row.pk: (row.is_found, row.first_found_at, row.lost_at) for row in Passage.objects.all()
    }
    assert rows == {passage.pk: (False, NOW, NOW + DAY), never.pk: (False, None, None)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Passage.objects.update(exact="other words")
    with pytest.raises(ValidationError):
        add_passage(link=link, exact="no cash bail.", by=by, now=NOW)
    with pytest.raises(ValidationError):
        add_passage(link=link, exact=" ", by=by, now=NOW)
    remove_passage(passage=passage, reason="Not needed.", by=by, now=NOW)
    assert Passage.objects.count() == 1


def test_a_draft_can_still_be_deleted(by: User) -> None:
    piece = record.draft_evidence(by=by)
    follow_evidence(by=by, now=NOW)
    checked(Source.objects.get(), found(FIRST), by=by, now=NOW)
    Evidence.objects.get(pk=piece.pk).delete()
    assert Source.objects.count() == 0
