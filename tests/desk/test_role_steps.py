"""The table of rights, step by step: who may take which step on what, and what came of it."""

from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.admin.models import LogEntry

from promises.desk.steps import WithSteps
from promises.officials.models import Term
from tests.desk import world_of_roles
from tests.desk.asked import PEOPLE, PLACES, browser, came_of, outcome, state_of, undone
from tests.desk.conftest import registered
from tests.desk.test_pages import address
from tests.desk.world_of_roles import World

# Kind → step → the row it starts from and what its page is answered with.
REASON = {"reason": "It was wrong."}
CORRECTION = {"new_text": "Half of it.", "kind": "correction", "note": "Half."}
STEPS: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {
    ("pledges.Pledge", "publish"): ("", {}),
    ("pledges.Pledge", "review"): (", public", {"note": "Read the news."}),
    ("pledges.Pledge", "retract"): (", public", REASON),
    ("evidence.Evidence", "publish"): ("", {}),
    ("evidence.Evidence", "retract"): (", public", REASON),
    ("updates.StatusUpdate", "submit"): ("", {}),
    ("updates.StatusUpdate", "approve"): (", waiting", {"note": ""}),
    ("updates.StatusUpdate", "publish"): (", ready", {}),
    ("updates.StatusUpdate", "return"): (", waiting", REASON),
    ("updates.StatusUpdate", "correct"): (", public", CORRECTION),
    ("updates.StatusUpdate", "retract"): (", public", REASON),
    ("updates.Response", "publish"): ("", {}),
    ("staleness.StaleFlag", "assign"): ("", {}),
    ("staleness.StaleFlag", "release"): ("", {}),
    ("staleness.StaleFlag", "snooze"): ("", {"until": "2999-01-01", **REASON}),
    ("staleness.StaleFlag", "review"): ("", {"note": "Read the news."}),
    ("officials.Person", "publish"): ("", {}),
    ("officials.ConflictOfInterest", "end"): ("", REASON),
    ("metrics.Metric", "publish"): ("", {}),
    ("accounts.User", "role"): ("", {"role": "researcher", **REASON}),
}


def test_every_step_is_taken_here() -> None:
    pages = [site.get_model_admin(model) for model in registered()]
    steps = {
        (page.opts.label, step.name)
        for page in pages
        if isinstance(page, WithSteps)
        for step in page.steps
    }
    assert steps == set(STEPS)


def acts() -> int:
    """Count the entries of the desk's log: each step that was taken leaves one."""
    return LogEntry.objects.count()


@pytest.mark.parametrize("who", PEOPLE)
def test_steps(who: str, world: World, db: None) -> None:
    client = browser(world, who)
    for place in PLACES:
        for (kind, name), (state, answers) in STEPS.items():
            row = world.places[place][kind + state]
            expected = outcome(who, kind, name, place)
            before, acts_before = state_of(row), acts()
            with undone():
                there = address(type(row), "step", row.pk, name)
                answer = client.post(there, answers)
                assert came_of(answer) == expected, (kind, name, place, answer.content)
                assert (acts() > acts_before) is (expected == "yes"), (kind, name, place)
                if expected != "yes":
                    assert state_of(row) == before, (kind, name, place)
            assert came_of(client.get(there)) == {"yes": "shown"}.get(expected, expected)


@pytest.mark.parametrize("who", PEOPLE)
def test_steps_of_many_rows(who: str, world: World, db: None) -> None:
    """From the list too: a forged id of another jurisdiction is not taken along."""
    client = browser(world, who)
    rows = [world.places[place]["updates.StatusUpdate"] for place in PLACES]
    chosen = {"action": "submit", "_selected_action": [row.pk for row in rows], "_answered": "1"}
    with undone():
        client.post("/admin/updates/statusupdate/", chosen)
        states = [state_of(row)["state"] for row in rows]
    allowed = [outcome(who, "updates.StatusUpdate", "submit", place) for place in PLACES]
    assert states == ["in_review" if each == "yes" else "draft" for each in allowed]


@pytest.mark.parametrize("who", ["researcher", "partner", "editor"])
def test_nobody_approves_their_own_whatever_the_role(who: str, world: World, db: None) -> None:
    with undone():
        term = world.places["here"]["officials.Term"]
        assert isinstance(term, Term)
        mine: Any = world_of_roles.drafts(world.people[who], term)["updates.StatusUpdate"]
        client = browser(world, who)
        assert came_of(client.post(address(type(mine), "step", mine.pk, "submit"))) == "yes"
        answer = client.post(address(type(mine), "step", mine.pk, "approve"), {"note": ""})
        assert came_of(answer) == ("shown" if who == "editor" else "forbidden")
        assert mine.approvals.count() == 0
