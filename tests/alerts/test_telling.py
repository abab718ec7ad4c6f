"""From a publication to mails: who hears of what, once, in which words."""

import email
import email.policy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from promises.accounts.models import User
from promises.alerts.actions import stop_following
from promises.alerts.letters import write_alert
from promises.alerts.models import Cursor, News
from promises.alerts.rules import NEWSWORTHY
from promises.evidence.actions import retract_evidence, save_evidence_link
from promises.evidence.models import EvidenceLink
from promises.ledger.chain import current_edition
from promises.ledger.models import Entry
from promises.newsroom.actions import set_embargo
from promises.outbox.sending import Dispatched
from promises.pledges.actions import publish_pledge, retract_pledge
from promises.pledges.models import Pledge
from promises.updates.actions import retract_status_update
from promises.updates.correcting import correct_pledge, correct_status_update
from promises.updates.models import Response
from promises.updates.responding import publish_response, save_response
from tests import record
from tests.alerts.followed import deliver, following, told, visitor
from tests.record import NOW, record_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge(author: User) -> Pledge:
    """A public pledge with evidence, under a topic below another."""
    made = record.pledge(
        by=author, topic=record.topic(by=author, parent=record.topic(by=author)), title="Do it"
    )
    record.evidence(by=author, about=made)
    return made


def mails(now: datetime = NOW) -> list[EmailMessage]:
    """Tell and send, and return what arrived in this step."""
    mail.outbox.clear()
    told(now)
    deliver(now)
    return list(mail.outbox)


def rate(author: User, pledge: Pledge, **more: str) -> None:
    record.published_update(by=author, of=pledge, cited=pledge.evidence.get(), **more)


def test_each_follower_gets_one_mail_and_nobody_else_gets_any(author: User, pledge: Pledge) -> None:
    parent = pledge.topic.parent
    assert parent is not None
    subjects = (pledge, pledge.person, pledge.topic, parent)
    expected = [following(subject).subscriber.address for subject in subjects]
    stranger = record.pledge(by=author)
    for subject in (stranger, stranger.person, stranger.topic):
        following(subject)
    rate(author, pledge, status="kept", reasoning="It is <done>\nand dusted.")
    arrived = mails()
    # Who is told first is not promised: a join gives its rows in any order.
    assert sorted(letter.to for letter in arrived) == sorted([address] for address in expected)
    for letter in arrived:
        assert letter.subject == f"{pledge.person}: Do it · New rating: Kept"
        assert "- New rating: Kept\n  It is <done> and dusted.\n" in letter.body
        assert f"http://127.0.0.1:8000/pledges/{pledge.slug}/" in letter.body
        assert "It is &lt;done&gt; and dusted." in str(letter.alternatives)
    assert mails() == []
    assert Cursor.objects.get().edition == current_edition()


def test_every_mail_can_be_stopped_by_the_mail_program(author: User, pledge: Pledge) -> None:
    following(pledge)
    rate(author, pledge)
    (letter,) = mails()
    message = letter.message()
    where = str(message["List-Unsubscribe"])
    assert where.startswith("<http://127.0.0.1:8000/follow/stop/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert where.strip("<>") in letter.body
    arrived = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    # A long header is folded before its value.
    assert arrived["List-Unsubscribe"].strip() == where


def test_whoever_follows_a_pledge_twice_hears_once(author: User, pledge: Pledge) -> None:
    address = "jane@example.org"
    following(pledge.topic, address=address, frequency="weekly")
    following(pledge, address=address)
    following(pledge.person, address=address, frequency="daily")
    rate(author, pledge)
    assert len(mails()) == 1
    assert News.objects.count() == 0
    assert mails(NOW + timedelta(days=14)) == []


def test_a_publication_with_all_that_hangs_on_it_is_one_mail(author: User) -> None:
    draft = record.draft_pledge(by=author, title="Open the files", statement="She will.")
    link = EvidenceLink(
        pledge=draft, evidence=record.evidence(by=author, about=record.pledge(by=author),
            title="A memo", stance="context"), stance="supports",
    )  # fmt: skip
    save_evidence_link(link=link, by=author, now=NOW)
    following(draft.topic)
    publish_pledge(pledge=draft, by=author, now=NOW)
    (letter,) = mails()
    assert letter.subject == f"2 changes to {draft.person}: Open the files"
    assert "- New on record\n  She will.\n" in letter.body
    assert "- New evidence, supports\n  A memo, The Example Times, 1 May 2025. " in letter.body


def test_replies_and_corrections_are_told_and_a_link_only_once(
    author: User, pledge: Pledge
) -> None:
    following(pledge)
    reply = Response(slug="reply", pledge=pledge, said_by="Jane Example", text="I did.",
        date_precision="unknown")  # fmt: skip
    publish_response(response=save_response(response=reply, by=author, now=NOW), by=author, now=NOW)
    (letter,) = mails()
    assert letter.subject == f"{pledge.person}: Do it · A reply: Jane Example"
    pledge.refresh_from_db()
    pledge.title = "Do it well"
    correct_pledge(pledge=pledge, kind="typo", note="Missing.", by=author, now=NOW)
    (letter,) = mails()
    assert letter.subject == f"{pledge.person}: Do it well · Words corrected: typing error"
    assert "It said: “Do it” It should say: “Do it well”" in letter.body
    link = pledge.evidence_links.get()
    link.note = "Page 3."
    save_evidence_link(link=link, by=author, now=NOW)
    assert mails() == []
    record.evidence(by=author, about=pledge, title="Second", stance="contradicts")
    (letter,) = mails()
    assert letter.subject == f"{pledge.person}: Do it well · New evidence, contradicts"


def test_reasoning_that_was_corrected_before_the_mail_says_so(author: User, pledge: Pledge) -> None:
    following(pledge, frequency="daily")
    rate(author, pledge, status="kept", reasoning="All of it was done.")
    correct_status_update(
        update=pledge.status_updates.get(), new_text="Half of it was done.", kind="correction",
        note="Misread.", by=author, now=NOW,
    )  # fmt: skip
    told()
    (letter,) = mails(NOW + timedelta(days=1))
    assert letter.subject == f"2 changes to {pledge.person}: Do it"
    assert (
        "- New rating: Kept\n"
        "  All of it was done. These words were corrected on 2 March 2026.\n" in letter.body
    )
    assert "It said: “All of it was done.” It should say: “Half of it was done.”" in letter.body


def test_what_is_not_news_sends_nothing(author: User, pledge: Pledge) -> None:
    following(pledge)
    record_review(pledge=pledge, note="Looked.", by=author, now=NOW)
    record.draft_update(by=author, of=pledge, cited=pledge.evidence.get())
    record.draft_evidence(by=author)
    assert mails() == []
    assert Cursor.objects.get().edition == current_edition()


def test_what_is_under_embargo_is_told_when_it_is_published(author: User) -> None:
    draft = record.draft_pledge(by=author)
    following(draft.topic)
    ends = NOW + timedelta(days=2)
    set_embargo(item=draft, ends_at=ends, reason="Agreed.", by=author, now=NOW)
    assert mails() == []
    publish_pledge(pledge=draft, by=author, now=ends)
    assert len(mails(ends)) == 1


def test_what_is_withdrawn_before_it_is_sent_is_not_sent(author: User, pledge: Pledge) -> None:
    following(pledge)
    rate(author, pledge, reasoning="Quillfeather.")
    assert told() == 1
    update = pledge.status_updates.get()
    retract_status_update(update=update, reason="It was wrong.", by=author, now=NOW)
    # What was written before the withdrawal says nothing any more; the withdrawal is told.
    assert deliver() == Dispatched(dropped=1)
    (letter,) = mails()
    assert letter.subject == f"{pledge.person}: Do it · Withdrawn: a rating"
    assert "It was wrong." in letter.body
    assert "Quillfeather" not in letter.body


def test_what_was_published_and_withdrawn_before_anyone_was_told_is_no_news(
    author: User, pledge: Pledge
) -> None:
    following(pledge)
    rate(author, pledge)
    update = pledge.status_updates.get()
    retract_status_update(update=update, reason="It was wrong.", by=author, now=NOW)
    piece = record.evidence(by=author, about=pledge)
    retract_evidence(evidence=piece, reason="A forgery.", by=author, now=NOW)
    assert mails() == []


def test_a_withdrawn_pledge_is_told_without_its_name(author: User, pledge: Pledge) -> None:
    following(pledge)
    rate(author, pledge)
    retract_pledge(pledge=pledge, reason="Never said.", by=author, now=NOW)
    (letter,) = mails()
    assert letter.subject == "A pledge that was withdrawn · Withdrawn: the pledge"
    assert "Never said." in letter.body
    assert "Do it" not in letter.body


def test_daily_and_weekly_mails_come_at_their_hour_with_all_since_the_last(
    author: User, pledge: Pledge
) -> None:
    # 2 March 2026 is a Monday.
    daily, weekly = following(pledge, frequency="daily"), following(pledge, frequency="weekly")
    rate(author, pledge, status="stalled")
    assert mails() == []
    morning = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
    assert mails(morning - timedelta(seconds=1)) == []
    assert [letter.to for letter in mails(morning)] == [[daily.subscriber.address]]
    told(morning + timedelta(hours=1))
    record.evidence(by=author, about=pledge)
    told(morning + timedelta(hours=2))
    assert [letter.to for letter in mails(morning + timedelta(days=1))] == [
        [daily.subscriber.address]
    ]
    monday = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)
    (letter,) = mails(monday)
    assert letter.to == [weekly.subscriber.address]
    assert letter.subject == f"2 changes to {pledge.person}: Do it"


def test_fifty_things_are_told_and_the_rest_is_counted(author: User, pledge: Pledge) -> None:
    following(pledge, frequency="daily")
    for number in range(53):
        record.evidence(by=author, about=pledge, title=f"Paper {number}")
    told()
    (letter,) = mails(NOW + timedelta(days=1))
    assert letter.body.count("New evidence") == 50
    assert "and 3 more: http://127.0.0.1:8000/updates/" in letter.body
    assert letter.subject == f"53 changes to {pledge.person}: Do it"


def test_a_mail_takes_as_many_queries_however_much_it_tells(
    author: User, pledge: Pledge, django_assert_num_queries: Any
) -> None:
    made, piece = following(pledge), pledge.evidence.get()
    for status in ("stalled", "kept"):
        record.published_update(by=author, of=pledge, cited=piece, status=status)
        record.evidence(by=author, about=pledge)
        news = Entry.objects.filter(event__in=NEWSWORTHY).values_list("edition", flat=True)
        content = {"subscriber": made.subscriber.pk, "entries": list(news)}
        # The subscriber, the entries, the names of pledges; new pledges, ratings, evidence.
        with django_assert_num_queries(6):
            assert write_alert(content)


def test_nobody_hears_of_what_was_before_they_followed(author: User, pledge: Pledge) -> None:
    following(record.pledge(by=author))
    told()
    rate(author, pledge)
    following(pledge)  # While the worker was away.
    assert mails() == []


def test_who_stopped_meanwhile_hears_nothing(author: User, pledge: Pledge) -> None:
    made = following(pledge)
    rate(author, pledge)
    told()
    stop_following(subscription=made, by=visitor(), now=NOW)
    assert deliver() == Dispatched(dropped=1)
    assert mail.outbox == []


def test_a_long_ledger_is_read_in_steps(
    author: User, pledge: Pledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    following(pledge)
    rate(author, pledge)
    monkeypatch.setattr("promises.alerts.telling.ENTRIES", 2)
    assert told() == 1
    assert Cursor.objects.get().edition == current_edition()
