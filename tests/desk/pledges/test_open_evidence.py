"""Evidence is handed in and published by itself: whoever does so with its pledge is told."""

import re
from typing import Any

from django.test import Client

from promises.accounts.models import User
from promises.editorial.actions import submit
from promises.evidence.actions import save_evidence_link
from promises.evidence.models import Evidence, EvidenceLink
from promises.pledges.models import Pledge
from tests import record
from tests.desk import sent

LIST = "/admin/pledges/pledge/"
ALONE = "Each piece of evidence is handed in and published by itself. Still open: "


def linked(pledge: Pledge, by: User, **more: Any) -> Evidence:
    """A draft of evidence that speaks about this pledge."""
    piece = record.draft_evidence(by=by, **more)
    link = EvidenceLink(pledge=pledge, evidence=piece, stance="supports")
    save_evidence_link(link=link, by=by, now=record.NOW)
    return piece


def there(piece: Evidence, state: str) -> str:
    address = f"/admin/evidence/evidence/{piece.pk}/change/"
    return f'<a href="{address}">{piece.title}</a> ({state})'


def told(browser: Client, pledge: Pledge, step: str) -> list[str]:
    """What is said after a step on a pledge."""
    answer = sent.step(browser, f"{LIST}{pledge.pk}/step/{step}/")
    assert answer.status_code == 302
    return [str(one) for one in browser.get(answer["Location"]).context["messages"]]


def test_who_hands_a_pledge_in_learns_which_evidence_is_a_draft(
    desk: Client, author: User, person: User
) -> None:
    pledge = record.draft_pledge(by=author)
    draft, waiting = linked(pledge, author, title="One <b>"), linked(pledge, author)
    submit(record=waiting, by=author, now=record.NOW)
    assert told(desk, pledge, "submit") == [
        f"Handed in: {pledge}",
        f"{ALONE}{there(draft, 'draft')}.".replace("One <b>", "One &lt;b&gt;"),
    ]
    pledge.refresh_from_db()
    assert pledge.state == "in_review"


def test_who_publishes_a_pledge_learns_which_evidence_readers_do_not_see(
    desk: Client, author: User, person: User
) -> None:
    pledge = record.draft_pledge(by=author)
    draft, waiting = linked(pledge, author), linked(pledge, author)
    submit(record=waiting, by=author, now=record.NOW)
    record.evidence(by=author, about=pledge)
    assert told(desk, pledge, "publish") == [
        f"Published: {pledge}",
        f"{ALONE}{there(draft, 'draft')}, {there(waiting, 'in review')}.",
    ]


def test_nothing_is_said_where_all_evidence_goes_along(
    desk: Client, author: User, person: User
) -> None:
    pledge = record.draft_pledge(by=author)
    record.evidence(by=author, about=pledge)
    assert told(desk, pledge, "submit") == [f"Handed in: {pledge}"]
    assert told(desk, pledge, "publish") == [f"Published: {pledge}"]


def test_a_batch_names_the_first_of_them_once(desk: Client, author: User) -> None:
    pledges = [record.draft_pledge(by=author) for _ in range(2)]
    pieces = [linked(pledges[0], author) for _ in range(6)]
    link = EvidenceLink(pledge=pledges[1], evidence=pieces[0], stance="context")
    save_evidence_link(link=link, by=author, now=record.NOW)
    answer = sent.confirmed(desk, sent.previewed(desk, LIST, "submit", pledges))
    (_done, left) = desk.get(answer["Location"]).context["messages"]
    named = ", ".join(there(piece, "draft") for piece in pieces[:5])
    assert str(left) == f"{ALONE}{named}, and more."


def test_the_tables_of_both_pages_say_what_readers_see(desk: Client, author: User) -> None:
    pledge = record.draft_pledge(by=author)
    piece = record.evidence(by=author, about=pledge)
    linked(pledge, author)
    states = re.compile(r'<td class="field-state">\s*<p>([^<]*)</p>')
    shown = states.findall(desk.get(f"{LIST}{pledge.pk}/change/").content.decode())
    assert sorted(shown) == ["draft", "published"]
    there = f"/admin/evidence/evidence/{piece.pk}/change/"
    assert states.findall(desk.get(there).content.decode()) == ["draft"]
