"""Challenges: received, taken up, answered, set aside, erased."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from promises.accounts.models import User
from promises.editorial.actions import WrongState
from promises.ledger.chain import verify_chain
from promises.ledger.models import Entry
from promises.pledges.models import Pledge
from promises.suggestions.actions import (
    answer_challenge,
    erase_senders,
    link_outcome,
    mark_as_spam,
    take_up,
)
from promises.suggestions.limits import NotNow, TooMany
from promises.suggestions.models import Challenge
from promises.suggestions.tasks import erase
from tests import record
from tests.record import NOW
from tests.suggestions.challenged import challenge

DAY = timedelta(days=1)
Refuses = Callable[[str], Any]


@pytest.fixture
def pledge(author: User) -> Pledge:
    """A rated public pledge."""
    made = record.pledge(by=author)
    record.published_update(by=author, of=made)
    made.refresh_from_db()
    return made


def answered(by: User, of: Pledge, **more: Any) -> Challenge:
    given = {"is_accepted": False, "answer": "The ruling was reversed in June.", **more}
    return answer_challenge(challenge=challenge(of=of), by=by, now=NOW, **given)


def events() -> list[str]:
    found = Entry.objects.filter(event__startswith="challenge:").order_by("edition")
    return list(found.values_list("event", flat=True))


def test_a_challenge_is_kept_with_its_clock_and_nothing_of_it_is_public(pledge: Pledge) -> None:
    editions = Entry.objects.count()
    update = pledge.status_updates.get()
    made = challenge(of=pledge, update=update)
    assert (made.state, made.answer_due_on) == ("received", date(2026, 3, 16))
    assert (made.status_update, made.edition) == (update, pledge.edition)
    assert len(made.reference) == 20
    assert list(Challenge.objects.published()) == []
    assert Entry.objects.count() == editions


def test_a_draft_cannot_be_challenged_nor_the_rating_of_another_pledge(
    author: User, pledge: Pledge
) -> None:
    with pytest.raises(WrongState):
        challenge(of=record.draft_pledge(by=author))
    with pytest.raises(ValidationError, match="of another pledge"):
        challenge(of=record.pledge(by=author), update=pledge.status_updates.get())
    assert Challenge.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("explanation", "", "cannot be blank"),
        ("explanation", "x" * 4001, "at most 4000 characters"),
        ("explanation", "A bell\x07.", "control character at position 7"),
        ("sender_name", "Ri\x1bta", "control character at position 3"),
        ("source_url", "javascript:alert(1)", "starts with https"),
        ("source_url", "https://user:secret@example.org/", "has no password"),
        ("sender_email", "nobody", "valid email"),
        ("kind", "rude", "not a valid choice"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    pledge: Pledge, field: str, value: str, message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        challenge(of=pledge, **{field: value})
    assert Challenge.objects.count() == 0


def test_the_same_words_are_one_challenge_while_it_waits(author: User, pledge: Pledge) -> None:
    one = {"network": "one"}
    first = challenge(of=pledge, explanation="The court ended it.", **one)
    again = challenge(of=pledge, explanation="  the COURT\nended   it. ", **one)
    assert (again.pk, again.times_sent) == (first.pk, 2)
    others = [
        challenge(of=pledge, explanation="the court ended it.", kind="other", **one),
        challenge(of=record.pledge(by=author), explanation="The court ended it.", **one),
        # A stranger's: whoever sent the words first has a page of their own.
        challenge(of=pledge, explanation="The court ended it.", network="another"),
    ]
    assert first not in others
    answer_challenge(challenge=first, is_accepted=False, answer="It did not.", by=author, now=NOW)
    assert challenge(of=pledge, explanation="The court ended it.", **one).pk != first.pk
    assert Challenge.objects.count() == 5


def test_a_network_sends_ten_a_day(pledge: Pledge) -> None:
    for _ in range(10):
        challenge(of=pledge, network="one")
    with pytest.raises(TooMany):
        challenge(of=pledge, network="one")
    challenge(of=pledge, network="another")
    challenge(of=pledge, network="one", now=NOW + DAY)
    assert Challenge.objects.count() == 12


@pytest.mark.django_db(transaction=True)
def test_thirty_at_once_from_one_network_are_ten(pledge: Pledge) -> None:
    challenge(of=pledge, network="other")

    def one(_number: int) -> bool:
        try:
            challenge(of=pledge, network="one")
        except TooMany:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(one, range(30))).count(True) == 10
    assert Challenge.objects.count() == 11


def test_taking_it_up_makes_it_public_without_a_word_of_the_sender(
    author: User, pledge: Pledge
) -> None:
    made = take_up(challenge=challenge(of=pledge), by=author, now=NOW)
    assert (made.state, made.assigned_to) == ("being_looked_at", author)
    assert list(Challenge.objects.published()) == [made]
    assert events() == ["challenge:saved"]
    other = record.user()
    assert take_up(challenge=made, by=other, now=NOW).assigned_to == other
    entries = Entry.objects.filter(event__startswith="challenge:").values_list("data", flat=True)
    for private in ("Rita", "rita@", "court", "network"):
        assert [data for data in entries if private in data] == []
    pledge.refresh_from_db()
    assert pledge.edition == Entry.objects.latest("edition").edition
    assert verify_chain().fault == ""


def test_an_answer_is_in_words_and_stays(
    author: User, pledge: Pledge, database_refuses: Refuses
) -> None:
    made = challenge(of=pledge)
    with pytest.raises(ValidationError, match="Write the answer"):
        answer_challenge(challenge=made, is_accepted=True, answer=" ", by=author, now=NOW)
    made.refresh_from_db()
    assert (made.state, events()) == ("received", [])
    made = answer_challenge(
        challenge=made, is_accepted=True, answer="You are right.", summary="A ruling is missing.",
        by=author, now=NOW,
    )  # fmt: skip
    assert (made.state, made.answered_by, made.assigned_to) == ("accepted", author, author)
    assert events() == ["challenge:published"]
    for step in (take_up, mark_as_spam):
        with pytest.raises(NotNow):
            step(challenge=made, by=author, now=NOW)
    with pytest.raises(NotNow, match="This challenge is accepted"):
        answer_challenge(challenge=made, is_accepted=False, answer="No.", by=author, now=NOW)
    with database_refuses("An answer stays as it was given"):
        Challenge.objects.update(answer="You are wrong.")
    assert Challenge.objects.get().answer == "You are right."


def test_an_accepted_challenge_names_what_it_led_to(author: User, pledge: Pledge) -> None:
    draft = record.draft_update(by=author, of=pledge)
    elsewhere = record.draft_update(by=author, of=record.pledge(by=author))
    no = answered(author, pledge)
    yes = answered(author, pledge, is_accepted=True)
    given = {"correction": None, "by": author, "now": NOW}
    with pytest.raises(NotNow, match="Only a challenge that was accepted"):
        link_outcome(challenge=no, update=draft, **given)
    with pytest.raises(ValidationError, match="of another pledge"):
        link_outcome(challenge=yes, update=elsewhere, **given)
    with pytest.raises(ValidationError) as error:
        link_outcome(challenge=yes, update=None, **given)
    assert error.value.messages == ["Choose the status update or the correction that it led to."]
    yes.refresh_from_db()
    assert yes.led_to_update is None
    assert link_outcome(challenge=yes, update=draft, **given).led_to_update == draft
    no.refresh_from_db()
    assert no.led_to_update is None


def test_what_is_set_aside_leaves_the_public_and_can_come_back(
    author: User, pledge: Pledge
) -> None:
    unseen = mark_as_spam(challenge=challenge(of=pledge), by=author, now=NOW)
    assert (unseen.state, events()) == ("spam", [])
    seen = take_up(challenge=challenge(of=pledge), by=author, now=NOW)
    mark_as_spam(challenge=seen, by=author, now=NOW)
    assert events() == ["challenge:saved", "challenge:retracted"]
    assert list(Challenge.objects.published()) == []
    back = take_up(challenge=seen, by=author, now=NOW)
    assert (back.state, back.set_aside_at) == ("being_looked_at", None)
    assert list(Challenge.objects.published()) == [back]


def test_who_sent_it_is_erased_some_time_after_the_answer(author: User, pledge: Pledge) -> None:
    waiting = challenge(of=pledge)
    done = answered(author, pledge)
    spam = mark_as_spam(challenge=challenge(of=pledge), by=author, now=NOW)
    before = {row.pk: row.version for row in Challenge.objects.all()}
    assert erase_senders(by=author, now=NOW + 30 * DAY - timedelta(seconds=1)) == 0
    assert set(Challenge.objects.values_list("sender_name", "sender_network")) == {
        ("Rita Reader", "")
    }
    assert erase_senders(by=author, now=NOW + 30 * DAY) == 2
    assert erase_senders(by=author, now=NOW + 31 * DAY) == 0
    found = {row.pk: row for row in Challenge.objects.all()}
    assert {row.sender_name for row in found.values()} == {"", "Rita Reader"}
    assert found[waiting.pk].sender_email == "rita@example.org"
    assert (found[done.pk].sender_email, found[spam.pk].sender_email) == ("", "")
    assert found[done.pk].explanation.startswith("The court")
    assert (found[spam.pk].explanation, found[spam.pk].source_url) == ("", "")
    assert {row.pk: row.version for row in found.values()} == before
    with pytest.raises(NotNow, match="its words are erased"):
        take_up(challenge=spam, by=author, now=NOW + 31 * DAY)


def test_the_task_erases_what_is_due_now(author: User, pledge: Pledge) -> None:
    answered(author, pledge)
    assert (erase(), erase()) == (1, 0)


def test_the_history_knows_each_step_and_never_the_sender(author: User, pledge: Pledge) -> None:
    made = take_up(challenge=challenge(of=pledge), by=author, now=NOW)
    answer_challenge(challenge=made, is_accepted=False, answer="No.", by=author, now=NOW)
    rows = Challenge.pgh_event_models["insert"].objects.order_by("pgh_id")  # type: ignore[attr-defined]
    assert list(rows.values_list("state", "pgh_context__metadata__action")) == [
        ("received", "receive_challenge"),
        ("being_looked_at", "take_up"),
        ("declined", "answer_challenge"),
    ]
    names = {field.name for field in rows.model._meta.get_fields()}
    assert names.isdisjoint({"sender_name", "sender_email", "explanation", "source_url"})
