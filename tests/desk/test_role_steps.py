"""The table of rights, step by step: who may take which step on what, and what came of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from promises.desk.saving.steps import WithSteps
from promises.desk.saving.versions import version_of
from promises.officials.models import Term
from promises.pledges.models import Pledge
from tests.desk import sent, world_of_roles
from tests.desk.asked import PEOPLE, PLACES, browser, came_of, outcome, state_of, undone
from tests.desk.conftest import registered
from tests.desk.rows import address
from tests.desk.world_of_roles import World

# Kind → step → the row it starts from and what its page is answered with.
REASON = {"reason": "It was wrong."}
SOON = f"{timezone.now() + timedelta(days=30):%Y-%m-%d}"
CORRECTION = {"new_text": "Half of it.", "kind": "correction", "note": "Half."}
STEPS: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {
    ("pledges.Pledge", "publish"): ("", {}),
    ("pledges.Pledge", "review"): (", public", {"note": "Read the news."}),
    ("pledges.Pledge", "retract"): (", public", REASON),
    ("pledges.PledgeTranslation", "publish"): ("", {}),
    ("evidence.Evidence", "publish"): ("", {}),
    ("evidence.Evidence", "retract"): (", public", REASON),
    ("updates.StatusUpdate", "submit"): ("", {}),
    ("updates.StatusUpdate", "approve"): (", waiting", {"note": ""}),
    ("updates.StatusUpdate", "publish"): (", ready", {}),
    ("updates.StatusUpdate", "return"): (", waiting", REASON),
    ("updates.StatusUpdate", "correct"): (", public", CORRECTION),
    ("updates.StatusUpdate", "retract"): (", public", REASON),
    ("updates.Response", "publish"): ("", {}),
    ("discovery.Candidate", "dismiss"): ("", REASON),
    ("discovery.Feed", "requeue"): ("", {}),
    ("record_requests.RecordRequest", "submit"): ("", {}),
    ("record_requests.RecordRequest", "publish"): ("", {}),
    ("staleness.StaleFlag", "assign"): ("", {}),
    ("staleness.StaleFlag", "release"): ("", {}),
    ("staleness.StaleFlag", "snooze"): ("", {"until": SOON, **REASON}),
    ("staleness.StaleFlag", "review"): ("", {"note": "Read the news."}),
    ("officials.Person", "publish"): ("", {}),
    ("officials.ConflictOfInterest", "end"): ("", REASON),
    ("metrics.Metric", "publish"): ("", {}),
    ("accounts.User", "role"): ("", {"role": "researcher", **REASON}),
}


def every_step() -> set[tuple[str, str]]:
    pages = [site.get_model_admin(model) for model in registered()]
    return {
        (page.opts.label, step.name)
        for page in pages
        if isinstance(page, WithSteps)
        for step in page.steps
    }


# Taken with their answers by tests of their own; here the table alone is asked.
BESIDE = sorted(every_step() - set(STEPS))


def test_every_step_is_taken_here_or_is_one_beside() -> None:
    assert set(STEPS) <= every_step()
    assert {kind for kind, _ in BESIDE} == {
        "accounts.ApiKey",
        "accounts.User",
        "alerts.Subscriber",
        "captures.Capture",
        "discovery.Candidate",
        "evidence.Evidence",
        "metrics.Metric",
        "metrics.Observation",
        "newsroom.Assignment",
        "officials.Person",
        "outbox.Delivery",
        "pledges.Pledge",
        "pledges.PledgeTranslation",
        "sources.Source",
        "record_requests.RecordRequest",
        "staleness.StaleFlag",
        "suggestions.Challenge",
        "suggestions.Suggestion",
        "updates.Response",
        "updates.StatusUpdate",
        "webhooks.Endpoint",
    }


def as_read(row: Any) -> dict[str, Any]:
    """Return what a page would carry of a row, which someone refused is never shown."""
    pledge = row if isinstance(row, Pledge) else getattr(row, "pledge", None)
    return {
        "seen_version": version_of(type(row)._default_manager.get(pk=row.pk)),
        "seen_edition": (state_of(pledge) or {}).get("edition", "") if pledge else "",
    }


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
                answer = client.post(there, {**answers, **as_read(row)})
                assert came_of(answer) == expected, (kind, name, place, answer.content)
                assert (acts() > acts_before) is (expected == "yes"), (kind, name, place)
                if expected != "yes":
                    assert state_of(row) == before, (kind, name, place)
            assert came_of(client.get(there)) == {"yes": "shown"}.get(expected, expected)


@pytest.mark.parametrize("who", PEOPLE)
def test_steps_beside_are_refused_to_whom_the_table_refuses_them(
    who: str, world: World, db: None
) -> None:
    client = browser(world, who)
    for place in PLACES:
        for kind, name in BESIDE:
            row, expected = world.places[place][kind], outcome(who, kind, name, place)
            before, acts_before = state_of(row), acts()
            with undone():
                there, read = address(type(row), "step", row.pk, name), as_read(row)
                came = came_of(client.post(there, read))
                if expected == "yes":
                    # Taken, or shown again with what is missing in the answers.
                    assert came in {"yes", "shown"}, (kind, name, place)
                else:
                    assert came == expected, (kind, name, place)
                    assert (state_of(row), acts()) == (before, acts_before), (kind, name, place)


@pytest.mark.parametrize("who", PEOPLE)
def test_steps_of_many_rows(who: str, world: World, db: None) -> None:
    """From the list too: a forged id of another jurisdiction is not taken along."""
    client = browser(world, who)
    rows = [world.places[place]["updates.StatusUpdate"] for place in PLACES]
    with undone():
        chosen = {"action": "submit", "_selected_action": [row.pk for row in rows], "index": "0"}
        page = client.post("/admin/updates/statusupdate/", chosen)
        if page.status_code == 200 and page.context and page.context.get("lines"):
            sent.confirmed(client, page)
        elif page.status_code == 200 and page.context and page.context.get("address"):
            fields = sent.fields_of(page.content.decode())
            sent.confirmed(client, client.post(page.context["address"], fields))
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
        there, answers = address(type(mine), "step", mine.pk, "submit"), {"note": ""}
        assert came_of(client.post(there, as_read(mine))) == "yes"
        there = address(type(mine), "step", mine.pk, "approve")
        answer = client.post(there, {**answers, **as_read(mine)})
        assert came_of(answer) == ("shown" if who == "editor" else "forbidden")
        assert mine.approvals.count() == 0
