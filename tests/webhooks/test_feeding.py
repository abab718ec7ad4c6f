"""From the ledger to messages: in order, once, only what was asked for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from promises.accounts.models import User
from promises.evidence.actions import publish_evidence, retract_evidence, save_evidence_link
from promises.evidence.models import EvidenceLink
from promises.ledger.models import Entry
from promises.staleness.actions import sweep_stale
from promises.updates.correcting import correct_evidence, correct_pledge
from promises.webhooks import feeding
from promises.webhooks.actions import change_endpoint, close_endpoint, open_endpoint
from promises.webhooks.guards import IsClosed, NotYourEndpoint
from promises.webhooks.models import Cursor, Message
from promises.webhooks.rules import EVENT_TYPES
from tests import record
from tests.record import record_review
from tests.webhooks.conftest import NOW, Line

pytestmark = pytest.mark.django_db


def messages(line: Line, **more: Any) -> list[tuple[int | None, str]]:
    """Read the ledger; return edition and type of the messages, in the order they are sent."""
    while feeding.read_ledger(by=line.owner, now=NOW):
        pass
    found = Message.objects.filter(**more).order_by("next_try_at", "pk")
    return list(found.values_list("entry", "event_type"))


def told_of(events: Any) -> list[tuple[int, str]]:
    """Return edition and type of the entries with these events."""
    rows = Entry.objects.order_by("edition").values_list("edition", "event")
    named = [(edition, event.replace(":", ".")) for edition, event in rows]
    return [row for row in named if row[1] in events]


def test_an_endpoint_is_told_of_everything_from_its_first_edition_on(
    line: Line, author: User
) -> None:
    before = record.pledge(by=author)
    endpoint = line.opened()
    start = Entry.objects.count()
    pledge = record.pledge(by=author)
    record.published_update(by=author, of=pledge)
    record_review(pledge=before, note="Looked.", by=author, now=NOW)
    expected = [row for row in told_of(EVENT_TYPES) if row[0] > start]
    assert messages(line) == expected
    assert {kind for _edition, kind in expected} >= {
        "pledge.published", "status_update.published", "review.saved", "evidence.published",
    }  # fmt: skip
    # Read again, nothing comes twice.
    Cursor.objects.update(edition=0)
    assert messages(line) == expected
    name = Message.objects.earliest("pk").name
    assert name == f"msg_{endpoint.reference.removeprefix('we_')}_{expected[0][0]}"


def test_only_the_events_that_were_asked_for(line: Line, author: User) -> None:
    line.opened(event_types=["correction.saved", "review.saved"])
    pledge = record.pledge(by=author, title="Do it")
    pledge.title = "Do it all"
    correct_pledge(pledge=pledge, kind="typo", note="A word.", by=author, now=NOW)
    record_review(pledge=pledge, note="Looked.", by=author, now=NOW)
    assert [kind for _edition, kind in messages(line)] == ["correction.saved", "review.saved"]


def test_only_what_is_about_an_official_or_a_topic_and_what_is_below_it(
    line: Line, author: User
) -> None:
    above = record.topic(by=author, slug="above")
    below = record.topic(by=author, slug="below", parent=above)
    mine = record.pledge(by=author, topic=below)
    other = record.pledge(by=author)
    record.published_update(by=author, of=mine)
    record.published_update(by=author, of=other)
    given = {"event_types": ["status_update.published", "stale_flags.opened", "review.saved"]}
    endpoints = {
        "official": line.opened(person=mine.person, **given),
        "topic": line.opened(topic=above, **given),
        "both": line.opened(person=mine.person, topic=other.topic, **given),
        "all": line.opened(**given),
    }
    start = Entry.objects.count()
    for pledge in (mine, other):
        record_review(pledge=pledge, note="Looked.", by=author, now=NOW)
    sweep_stale(by=author, now=NOW + timedelta(days=400))
    rows = [row for row in told_of(given["event_types"]) if row[0] > start]
    own = [row for row in rows if row[1] == "stale_flags.opened"]
    first = next(row for row in rows if row[1] == "review.saved")
    assert len(own) == 1
    found = {name: messages(line, endpoint=one) for name, one in endpoints.items()}
    assert found == {"official": [first, *own], "topic": [first, *own], "both": [], "all": rows}


def test_a_closed_endpoint_is_told_nothing_until_it_is_opened(line: Line, author: User) -> None:
    endpoint = line.opened(event_types=["pledge.published"])
    record.pledge(by=author)
    assert len(messages(line)) == 1
    close_endpoint(endpoint=endpoint, by=line.owner, now=NOW)
    assert [(m.set_aside_at, m.set_aside_reason) for m in Message.objects.all()] == [
        (NOW, "closed")
    ]
    with pytest.raises(IsClosed):
        close_endpoint(endpoint=endpoint, by=line.owner, now=NOW)
    record.pledge(by=author)
    assert len(messages(line)) == 1
    record.pledge(by=author)
    open_endpoint(endpoint=endpoint, by=line.owner, now=NOW)
    assert len(messages(line)) == 1
    record.pledge(by=author)
    assert len(messages(line)) == 2
    # What it missed is there to be asked for.
    assert feeding.replay_range(
        endpoint=endpoint, after=0, up_to=10**9, by=line.owner, now=NOW
    ) == len(told_of(["pledge.published"]))
    assert len(messages(line)) == 4


def test_other_events_count_from_now_on(line: Line, author: User) -> None:
    endpoint = line.opened(event_types=["review.saved"])
    record.pledge(by=author)
    assert messages(line) == []
    change_endpoint(endpoint=endpoint, event_types=["pledge.published"], by=line.owner, now=NOW)
    record.pledge(by=author)
    assert len(messages(line)) == 1


def test_nobody_touches_the_endpoint_of_another(line: Line, author: User) -> None:
    endpoint = line.opened()
    for action, more in (
        (change_endpoint, {"description": "Mine."}),
        (close_endpoint, {}),
        (open_endpoint, {}),
        (feeding.replay_range, {"after": 0, "up_to": 1}),
    ):
        with pytest.raises(NotYourEndpoint):
            action(endpoint=endpoint, by=author, now=NOW, **more)  # type: ignore[operator]
    endpoint.refresh_from_db()
    assert (endpoint.description, endpoint.disabled_at) == ("", None)


def test_the_database_keeps_messages_in_one_state(
    line: Line, author: User, database_refuses: Callable
) -> None:
    endpoint = line.opened()
    record.pledge(by=author)
    messages(line)
    for change in ({"accepted_at": NOW}, {"next_try_at": None}):
        with database_refuses("webhooks_message_waits_or_is_settled"):
            Message.objects.update(**change)
    with database_refuses("webhooks_message_given_up_for_a_reason"):
        Message.objects.update(next_try_at=None, set_aside_at=NOW)
    with database_refuses("webhooks_endpoint_closed_for_a_reason"):
        type(endpoint).objects.update(disabled_at=NOW)
    with database_refuses("webhooks_endpoint_old_secret_ends"):
        type(endpoint).objects.update(old_secret="x")
    first, second = Message.objects.order_by("pk")[:2]
    with database_refuses("webhooks_message_once"):
        Message.objects.filter(pk=second.pk).update(entry=first.entry)


def test_whoever_follows_an_official_or_a_topic_is_told_of_what_stands_beside_pledges(
    line: Line, author: User
) -> None:
    above = record.topic(by=author)
    mine = record.pledge(by=author, topic=record.topic(by=author, parent=above))
    draft = record.draft_pledge(by=author, of=record.term(by=author))
    paper = record.evidence(by=author, about=mine)
    link = EvidenceLink(pledge=draft, evidence=paper, stance="context")
    save_evidence_link(link=link, by=author, now=NOW)
    endpoints = {
        "official": line.opened(person=mine.person),
        "topic": line.opened(topic=above),
        "both": line.opened(person=mine.person, topic=above),
        "other": line.opened(person=record.pledge(by=author).person),
        # Who has but a draft beside it must not learn so.
        "draft": line.opened(person=draft.person),
    }
    start = Entry.objects.count()
    publish_evidence(evidence=record.draft_evidence(by=author), by=author, now=NOW)
    paper.summary = "Other words."
    correct_evidence(evidence=paper, kind="typo", note="A word.", by=author, now=NOW)
    retract_evidence(evidence=paper, reason="Forged.", by=author, now=NOW)
    told = {name: messages(line, endpoint=one) for name, one in endpoints.items()}
    rows = [
        row
        for row in told_of(["evidence.saved", "correction.saved", "evidence.retracted"])
        if row[0] > start
    ]
    kinds = {kind for _edition, kind in rows}
    assert kinds >= {"correction.saved", "evidence.retracted"}
    for name in ("official", "topic", "both"):
        assert [row for row in told[name] if row[1] in kinds] == rows
        assert "evidence.published" not in {kind for _edition, kind in told[name]}
    assert (told["other"], told["draft"]) == ([], [])
