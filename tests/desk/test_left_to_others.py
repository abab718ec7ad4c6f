"""Whoever declared a conflict of interest is offered nothing that judges, and reads why."""

from datetime import timedelta
from html import unescape

import time_machine
from django.db.models import Model
from django.test import Client

from promises.accounts.models import User
from promises.officials.actions import declare_conflict
from promises.staleness.actions import sweep_stale
from promises.staleness.models import StaleFlag
from promises.updates.models import Review
from tests import record
from tests.desk import sent
from tests.desk.rows import change
from tests.desk.updates.test_beside_update import OWN, warned_of

LATER = record.NOW + timedelta(days=200)


def test_nothing_that_judges_is_offered_to_whoever_declared_a_conflict(
    desk: Client, person: User, author: User
) -> None:
    """On a public rating, its evidence, pledge, official and flag, and on a draft."""
    rating = record.published_update(by=author, of=record.pledge(by=author))
    pledge, piece = rating.pledge, rating.evidence.get()
    assert pledge.term is not None
    place = pledge.term.office.jurisdiction
    draft = record.draft_update(by=author, of=pledge)
    sweep_stale(by=author, now=LATER)
    judged: list[tuple[Model, set[str]]] = [
        (rating, {"retract"}),
        (piece, {"retract"}),
        (pledge, {"retract", "review"}),
        (pledge.person, {"retract"}),
        (StaleFlag.objects.filter(pledge=pledge, closed_at=None)[0], {"review"}),
        (draft, {"submit", "plan"}),
    ]
    own = ("Conflict of interest", OWN % place)
    with time_machine.travel(LATER, tick=False):
        before = {page: desk.get(change(page)).context for page, _names in judged}
        declare_conflict(person=person, jurisdiction=place, nature="Kin.", by=person, now=LATER)
        for page, names in judged:
            shown = desk.get(change(page)).context
            was = [step.name for step, _address in before[page]["steps"]]
            assert set(was) >= names
            left = [step.name for step, _address in shown["steps"]]
            assert left == [name for name in was if name not in names]
            assert own not in warned_of(before[page])
            assert warned_of(shown).count(own) == 1
            # What is planned all the same is set aside when its time has come.
            for name in names - {"plan"}:
                address = f"{change(page).removesuffix('change/')}step/{name}/"
                refused = sent.step(desk, address, reason="No.", note="No.")
                assert own[1] in unescape(refused.content.decode())
    rating.refresh_from_db()
    assert (rating.state, Review.objects.count()) == ("published", 0)


def test_a_conflict_elsewhere_leaves_everything_on_offer(
    desk: Client, person: User, author: User
) -> None:
    rating = record.published_update(by=author, of=record.pledge(by=author))
    elsewhere = record.pledge(by=author)
    assert elsewhere.term is not None
    place = elsewhere.term.office.jurisdiction
    declare_conflict(person=person, jurisdiction=place, nature="Kin.", by=person, now=record.NOW)
    shown = desk.get(change(rating)).context
    assert "retract" in [step.name for step, _address in shown["steps"]]
    assert warned_of(shown) == []
