"""Two thousand saves by two to eight editors who hold old pages: none is lost, none unseen.

Hypothesis draws the scripts: who opens what, who types what into it, who saves. A model keeps what
every accepted save held. SAVES is what the three tests do together.
"""

from itertools import pairwise
from random import Random
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from promises.accounts.models import User
from promises.desk.saving.meanwhile import as_seen
from promises.editorial.actions import EditedMeanwhile
from promises.pledges.models import Criterion, Pledge
from tests.desk import sent
from tests.saves.world import Target, World, build

# The actions have their share twice: a test of five minutes is ended.
BY_ACTIONS, BY_PAGES, AT_ONCE = 780, 24, 416
SAVES = 2 * BY_ACTIONS + BY_PAGES + AT_ONCE
EDITORS = st.integers(0, 7)
STEP = st.tuples(EDITORS, st.integers(0, 4), st.integers(0, 2), st.sampled_from("oss"))


def test_together_they_are_two_thousand() -> None:
    assert SAVES >= 2000


class Editors(RuleBasedStateMachine):
    """Two to eight editors open and save five rows in any order, through the actions."""

    world: World
    saves = 0
    refused = 0

    @initialize(people=st.integers(2, 8))
    def begin(self, people: int) -> None:
        """Start from the same rows; what was saved is taken back at the end."""
        self.people = people
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.noted = [target.events().count() for target in self.world.targets]
        self.stands = [(row.version, target.words(row)) for target, row in self._rows()]
        self.accepted: list[list[tuple[str, ...]]] = [[] for _ in self.world.targets]
        # What each editor has open: the row as it was read, with what was typed, and what was read.
        self.open: dict[tuple[int, int], tuple[Any, tuple[str, ...]]] = {}

    def _rows(self) -> list[tuple[Target, Any]]:
        return [(target, target.read()) for target in self.world.targets]

    @rule(steps=st.lists(STEP, min_size=25, max_size=40))
    def work(self, steps: list[tuple[int, int, int, str]]) -> None:
        """Open or save, step by step."""
        for editor, number, field, act in steps:
            editor %= self.people
            if act == "o" or (editor, number) not in self.open:
                row = self.world.targets[number].read()
                self.open[editor, number] = (row, self.world.targets[number].words(row))
            else:
                self._save(editor, number, field)

    def _save(self, editor: int, number: int, field: int) -> None:
        """Type one more word into a row that is open, and save it."""
        type(self).saves += 1
        target = self.world.targets[number]
        row, read = self.open[editor, number]
        name = target.fields[field % len(target.fields)]
        setattr(row, name, f"{getattr(row, name)[:150]} {type(self).saves}".strip())
        mine, version = target.words(row), row.version
        stands, theirs = self.stands[number]
        try:
            with transaction.atomic():
                target.save(row, self.world.editors[editor])
        except EditedMeanwhile as refusal:
            stored: Any = refusal.stored
        else:
            stored = None
        if stored is not None:
            type(self).refused += 1
            # Refused only who has not seen what stands; and told what was and what is theirs.
            assert version != stands
            assert target.words(stored) == theirs
            assert target.words(as_seen(stored, version)) == read
            assert target.words(row) == mine
            return
        assert version == stands
        assert row.version == stands + 1
        self.stands[number] = (row.version, mine)
        self.accepted[number].append(mine)
        self.open[editor, number] = (row, mine)

    def teardown(self) -> None:
        """Nothing accepted is missing from the history, and nothing else stands in it."""
        if not hasattr(self, "undo"):
            return
        try:
            for number, (target, row) in enumerate(self._rows()):
                events = list(target.events()[self.noted[number] :])
                assert [target.words(event) for event in events] == self.accepted[number]
                assert (row.version, target.words(row)) == self.stands[number]
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)


@pytest.mark.django_db
@pytest.mark.parametrize("share", [1, 2])
def test_no_order_of_saves_loses_a_word(share: int) -> None:
    Editors.world = build()
    Editors.saves = Editors.refused = 0
    chosen = settings(
        max_examples=2,
        stateful_step_count=5,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    while Editors.saves < BY_ACTIONS:
        run_state_machine_as_test(Editors, settings=chosen)
    assert Editors.saves >= BY_ACTIONS
    assert Editors.refused > BY_ACTIONS // 10


class Pages:
    """Editors at the pages of the desk: each browser holds a page of the pledge, new or old."""

    def __init__(self, pledge: Pledge, people: list[User]) -> None:
        self.address = f"/admin/pledges/pledge/{pledge.pk}/change/"
        self.browsers = []
        for person in people:
            browser = Client()
            browser.force_login(person)
            self.browsers.append(browser)
        self.open = [sent.page(browser, self.address) for browser in self.browsers]
        self.accepted = self.refused = 0

    def save(self, editor: int, field: str, text: str) -> None:
        """Type into one field of the page that is open, save, and see what came of it."""
        page = {**self.open[editor], field: text}
        seen = page["criteria-0-seen_version" if field.startswith("criteria") else "seen_version"]
        model = Criterion if field.startswith("criteria") else Pledge
        name = field.rsplit("-", 1)[-1]
        before = model.objects.get()
        answer = self.browsers[editor].post(self.address, page)
        after = model.objects.get()
        if answer.status_code == 302:
            self.accepted += 1
            assert (str(before.version), after.version) == (seen, before.version + 1)
            assert getattr(after, name) == text
            self._others_stand(before, after, name)
            self.open[editor] = sent.page(self.browsers[editor], self.address)
            return
        self.refused += 1
        assert str(before.version) != seen
        assert (after.version, getattr(after, name)) == (before.version, getattr(before, name))
        (row,) = [row for row in answer.context["meanwhile"] if row.mine == text]
        assert row.theirs == getattr(before, name)
        assert row.before == getattr(as_seen(before, seen), name)
        # The page that comes back holds the typed text, and may be saved now: over that field only.
        again = sent.fields_of(answer.content.decode())
        assert again[field] == text
        assert self.browsers[editor].post(self.address, again).status_code == 302
        self.accepted += 1
        self._others_stand(before, model.objects.get(), name)
        self.open[editor] = sent.page(self.browsers[editor], self.address)

    def _others_stand(self, before: Any, after: Any, name: str) -> None:
        """Fields that nobody touched on this page stay as they were."""
        for field in before._meta.concrete_fields:
            if field.name not in {name, "version"}:
                assert getattr(after, field.attname) == getattr(before, field.attname)


@pytest.mark.django_db
def test_no_order_of_pages_loses_a_word() -> None:
    world, draw = build(), Random(20260302)
    pages = Pages(world.targets[0].row, world.editors[:5])
    fields = ["title", "statement", "criteria-0-text", "criteria-0-how_to_verify"]
    number = 0
    while pages.accepted + pages.refused < BY_PAGES:
        number += 1
        pages.save(draw.randrange(5), draw.choice(fields), f"Words {number}")
    assert pages.refused > 4
    noted = world.targets[0].events().count() + world.targets[1].events().count() - 2
    assert noted == pages.accepted


class Typist(Thread):
    """An editor with a connection of their own who reads, types and saves without pause."""

    def __init__(self, world: World, number: int, start: Barrier) -> None:
        super().__init__()
        self.world, self.by, self.together = world, world.editors[number], start
        self.draw = Random(number)
        self.saved: list[tuple[int, int, str, str]] = []
        self.told: list[tuple[int, int, bool]] = []
        self.failed: list[BaseException] = []

    def run(self) -> None:
        """Save a share of all."""
        try:
            self.together.wait()
            for number in range(AT_ONCE // 8):
                self._save(number)
        except BaseException as error:
            self.failed.append(error)
        finally:
            connection.close()

    def _save(self, number: int) -> None:
        which = self.draw.randrange(len(self.world.targets))
        target = self.world.targets[which]
        row, name = target.read(), self.draw.choice(target.fields)
        text = f"{self.by.username} {number}"
        setattr(row, name, text)
        try:
            target.save(row, self.by)
        except EditedMeanwhile as refusal:
            self.told.append((row.version, refusal.stored.version, getattr(row, name) == text))
        else:
            self.saved.append((which, row.version, name, text))


@pytest.mark.django_db(transaction=True)
def test_saves_that_really_happen_at_once_lose_nothing() -> None:
    world, start = build(), Barrier(8)
    first = {number: target.read().version for number, target in enumerate(world.targets)}
    typists = [Typist(world, number, start) for number in range(8)]
    for typist in typists:
        typist.start()
    for typist in typists:
        typist.join()
    assert [typist.failed for typist in typists] == [[]] * 8
    assert sum(len(typist.saved) + len(typist.told) for typist in typists) == AT_ONCE
    for mine, theirs, is_text_kept in (one for typist in typists for one in typist.told):
        assert theirs > mine
        assert is_text_kept
    for number, target in enumerate(world.targets):
        saved = sorted(one for typist in typists for one in typist.saved if one[0] == number)
        events = list(target.events().filter(version__gte=first[number]))
        # One accepted save a version, in order; each changed the one field its editor typed into.
        assert [one[1] for one in saved] == [event.version for event in events[1:]]
        for (older, newer), (_which, _version, name, text) in zip(
            pairwise(events), saved, strict=True
        ):
            expected = {field: getattr(older, field) for field in target.fields} | {name: text}
            assert {field: getattr(newer, field) for field in target.fields} == expected
        assert target.words(target.read()) == target.words(events[-1])
