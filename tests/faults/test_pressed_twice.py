"""Every form that matters, pressed twice at once and once more: done once, answered calmly.

Two browsers with the same cookies send the same, each in a transaction of its own.
"""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from promises.accounts.models import User
from promises.alerts import tokens
from promises.alerts.models import Subscription
from promises.evidence.models import Evidence
from promises.ledger.chain import verify_chain
from promises.ledger.models import Entry
from promises.newsroom.models import Comment
from promises.outbox.models import Delivery
from promises.pledges.models import Criterion, Pledge
from promises.suggestions.models import Challenge, Suggestion
from promises.updates.actions import approve_status_update, submit_status_update
from promises.updates.models import Approval, Correction, Review, StatusUpdate
from tests import record
from tests.alerts.followed import following
from tests.desk import rows, sent
from tests.desk.pledges.test_one_page import ADD as ADD_PLEDGE
from tests.desk.pledges.test_one_page import ROWS, page
from tests.desk.test_names import ADD as ADD_EVIDENCE
from tests.desk.test_names import SENT as EVIDENCE

pytestmark = pytest.mark.django_db(transaction=True)
# What any of the forms here may write, beside the row that it is about.
COUNTED: tuple[type[Model], ...] = (
    Approval, Challenge, Comment, Correction, Criterion, Delivery, Evidence, Pledge, Review,
    StatusUpdate, Subscription, Suggestion,
)  # fmt: skip


class World:
    """A published pledge with a published rating, an editor with every right, a stranger."""

    def __init__(self) -> None:
        self.author: User = record.user("author")
        self.pledge = record.pledge(by=self.author, slug="pressed")
        self.update = record.published_update(by=self.author, of=self.pledge)
        self.desk, self.stranger = Client(), Client()
        self.editor = record.user("editor", is_staff=True, is_superuser=True)
        self.desk.force_login(self.editor)

    def in_review(self, approvals: int) -> StatusUpdate:
        update = record.draft_update(by=self.author, of=self.pledge)
        update = submit_status_update(update=update, by=self.author, now=record.NOW)
        for _ in range(approvals):
            approve_status_update(update=update, by=record.user(), now=record.NOW)
        return update


@dataclass(frozen=True)
class Press:
    """A button: by whom, where, with what on the page, and what it makes or moves."""

    browser: Client
    address: str
    fields: dict[str, Any]
    # How many rows of which tables there are more of.
    makes: dict[type[Model], int]
    # What the answers may be.
    calm: frozenset[int] = frozenset({302})


def step(world: World, row: Any, name: str, makes: dict[type[Model], int], **answers: Any) -> Press:
    address = rows.step(row, name)
    return Press(world.desk, address, sent.page(world.desk, address, **answers), makes)


def change(world: World, row: Any, makes: dict[type[Model], int], **typed: Any) -> Press:
    address = rows.change(row)
    return Press(world.desk, address, sent.page(world.desk, address, **typed), makes)


def publish(world: World) -> Press:
    return step(world, world.in_review(1), "publish", {})


def approve(world: World) -> Press:
    return step(world, world.in_review(0), "approve", {Approval: 1}, note="Read.")


def hand_in(world: World) -> Press:
    return step(world, record.draft_update(by=world.author, of=world.pledge), "submit", {})


def retract(world: World) -> Press:
    return step(world, world.update, "retract", {}, reason="It was wrong.")


def correct(world: World) -> Press:
    typed = {"new_text": "The memo says so.", "kind": "typo", "note": "A typo."}
    return step(world, world.update, "correct", {Correction: 1}, **typed)


def review(world: World) -> Press:
    return step(world, world.pledge, "review", {Review: 1}, note="Read the news.")


def comment(world: World) -> Press:
    return step(world, world.pledge, "comment", {Comment: 1}, text="Which memo?")


def save_draft(world: World) -> Press:
    return change(world, record.draft_pledge(by=world.author), {}, title="Pressed twice")


def publish_correction(world: World) -> Press:
    typed = {"title": "Pressed twice", "correction_kind": "typo", "correction_note": "A typo."}
    return change(world, world.pledge, {Correction: 1}, **typed)


def draft_update(world: World) -> Press:
    row = {f"status_updates-2-0-{name}": value for name, value in ROWS["status_updates-0"].items()}
    new = {name.replace("-2-0-", "-0-"): value for name, value in row.items()}
    return change(world, world.pledge, {StatusUpdate: 1}, **new)


def add_pledge(world: World) -> Press:
    term = record.term(by=world.author)
    known = record.draft_evidence(by=world.author)
    number = sent.page(world.desk, ADD_PLEDGE)["form_number"]
    fields = page(term, record.topic(by=world.author), known, form_number=number)
    makes: dict[type[Model], int] = {Pledge: 1, Criterion: 1, Evidence: 1, StatusUpdate: 1}
    return Press(world.desk, ADD_PLEDGE, fields, makes)


def add_evidence(world: World) -> Press:
    number = sent.page(world.desk, ADD_EVIDENCE)["form_number"]
    return Press(world.desk, ADD_EVIDENCE, {**EVIDENCE, "form_number": number}, {Evidence: 1})


def add_evidence_in_a_window(world: World) -> Press:
    """The "+" beside a choice: its answer gives the new row to the page that opened it."""
    there = f"{ADD_EVIDENCE}?_to_field=id&_popup=1"
    fields = {**EVIDENCE, "form_number": sent.page(world.desk, there)["form_number"]}
    window = {"_popup": "1", "_to_field": "id"}
    return Press(world.desk, there, {**fields, **window}, {Evidence: 1}, frozenset({200}))


def form(world: World, there: str, makes: dict[type[Model], int], **typed: Any) -> Press:
    """A form for strangers, on a page that was opened a minute ago."""
    with time_machine.travel(timezone.now() - timedelta(minutes=1)):
        fields = {**sent.page(world.stranger, there), **typed}
    return Press(world.stranger, there, fields, makes)


WORDS = {"explanation": "The ruling ends it.", "source_url": "https://court.example.org/ruling"}


def suggest(world: World) -> Press:
    return form(world, "/suggest/?pledge=pressed", {Suggestion: 1}, **WORDS)


def challenge(world: World) -> Press:
    kind = {"kind": "missing_evidence"}
    return form(world, "/pledges/pressed/challenge/", {Challenge: 1}, **WORDS, **kind)


def follow(world: World) -> Press:
    typed = {"address": "jane@example.org", "frequency": "daily"}
    return form(world, "/follow/?pledge=pressed", {Subscription: 1, Delivery: 1}, **typed)


def followed(world: World) -> Subscription:
    return following(world.pledge, address="jane@example.org", now=timezone.now())


def confirm(world: World) -> Press:
    address = urlsplit(tokens.confirm_address(followed(world), "daily")).path
    return Press(world.stranger, address, {}, {})


def frequency(world: World) -> Press:
    subscription = followed(world)
    address = f"/follow/manage/{tokens.manage_token(subscription.subscriber)}/"
    fields = {"subscription": subscription.pk, "frequency": "weekly"}
    return Press(world.stranger, address, fields, {})


def stop_one(world: World) -> Press:
    press = frequency(world)
    fields = {"subscription": press.fields["subscription"], "stop": "1"}
    # With the last one the address is gone, and with it the page to which it leads.
    calm = frozenset({200, 302})
    return Press(world.stranger, press.address, fields, {Subscription: -1}, calm)


def stop(world: World) -> Press:
    address = urlsplit(tokens.stop_address(followed(world).subscriber)).path
    return Press(world.stranger, address, {}, {Subscription: -1}, frozenset({200}))


FORMS = (
    publish, approve, hand_in, retract, correct, review, comment, save_draft, publish_correction,
    draft_update, add_pledge, add_evidence, add_evidence_in_a_window, suggest, challenge, follow,
    confirm, frequency, stop_one, stop,
)  # fmt: skip


def counted() -> Counter[type[Model]]:
    return Counter({table: table._default_manager.count() for table in COUNTED})


def at_once(press: Press, start: Barrier) -> Any:
    """Send the form with the cookies of the browser, when the other thread does."""
    browser = Client(raise_request_exception=False)
    browser.cookies.load({name: cookie.value for name, cookie in press.browser.cookies.items()})
    try:
        start.wait()
        return browser.post(press.address, press.fields)
    finally:
        connection.close()


@pytest.mark.parametrize("prepare", FORMS, ids=lambda prepare: prepare.__name__)
def test_a_form_pressed_twice_is_done_once(prepare: Callable[[World], Press]) -> None:
    press = prepare(World())
    before, edition, acts = counted(), Entry.objects.count(), LogEntry.objects.count()
    start = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: at_once(press, start), range(2)))
    answers.append(at_once(press, Barrier(1)))
    assert {answer.status_code for answer in answers} <= press.calm
    # Links of mails carry the second in which they were signed behind the colon.
    places = {answer["Location"].partition(":")[0] for answer in answers if "Location" in answer}
    assert len(places) == (302 in press.calm)
    if "_popup" in press.fields:
        pages = {bytes(answer.content) for answer in answers}
        assert [str(Evidence.objects.latest("pk").pk) in page.decode() for page in pages] == [True]
    after = counted()
    assert {table: after[table] - before[table] for table in COUNTED} == {
        table: press.makes.get(table, 0) for table in COUNTED
    }
    told = Counter(Entry.objects.filter(edition__gt=edition).values_list("subject", "event"))
    assert [twice for twice, times in told.items() if times > 1] == []
    assert LogEntry.objects.count() - acts == press.address.startswith("/admin/")
    assert verify_chain().fault == ""
