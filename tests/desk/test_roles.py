"""The table of rights, walked over the real pages of the desk: role by action by object.

Each case says what the table says, asks the desk as that person, and looks whether the database
changed. Objects lie in the partner's jurisdiction ("here") or not ("there"), and are the work of
someone else or one's own. Every request is one that a browser with every right would send.
"""

from typing import Any

import pytest
from django.contrib.admin import site

from promises.accounts.rights import RIGHTS
from promises.desk.saving.steps import WithSteps
from tests.desk import sent
from tests.desk.asked import (
    KINDS,
    PEOPLE,
    PLACES,
    PRIVATE,
    and_ones_own,
    boss,
    browser,
    came_of,
    may,
    outcome,
    reaches,
    state_of,
    undone,
)
from tests.desk.conftest import registered
from tests.desk.rows import address
from tests.desk.test_pages import NOT_ADDED
from tests.desk.world_of_roles import World

# Lists that do not show everything unless asked to.
FILTERS = {"staleness.StaleFlag": {"episode": "all"}}


def test_the_table_names_every_page_and_every_step_of_the_desk() -> None:
    assert set(KINDS) - set(RIGHTS) == set()
    for model in registered():
        page = site.get_model_admin(model)
        steps = {step.name for step in page.steps} if isinstance(page, WithSteps) else set()
        assert steps - set(RIGHTS[model._meta.label]) == set(), model


@pytest.mark.parametrize("who", PEOPLE)
def test_view(who: str, world: World, db: None) -> None:
    client = browser(world, who)
    for kind in KINDS:
        model = type(world.places["here"][kind])
        expected = outcome(who, kind, "view", "here")
        shown = {"yes": "shown", "not found": "shown"}.get(expected, expected)
        answer = client.get(
            address(model, "changelist"),
            {"all": "", "episode": "all"} if kind == "staleness.StaleFlag" else {},
        )
        assert came_of(answer) == shown, kind
        for place in PLACES:
            row = world.places[place][kind]
            expected = outcome(who, kind, "view", place)
            if shown == "shown":
                found = answer.context["cl"].queryset.filter(pk=row.pk).exists()
                assert found is (expected == "yes"), (kind, place)
            for view in ("change", "history"):
                page = client.get(address(model, view, row.pk))
                wanted = {{"yes": "shown"}.get(expected, expected)}
                if view == "history" and expected == "forbidden":
                    # Django looks for the row before it asks for the right.
                    wanted.add("not found")
                assert came_of(page) in wanted, (kind, place, view)


@pytest.mark.parametrize("who", PEOPLE)
def test_autocompletes_offer_only_what_is_in_reach(who: str, world: World, db: None) -> None:
    client = browser(world, who)
    asked = {"app_label": "updates", "model_name": "statusupdate", "field_name": "pledge"}
    answer = client.get("/admin/autocomplete/", {**asked, "term": ""})
    if who in {"anonymous", "none"}:
        assert came_of(answer) == {"anonymous": "log in", "none": "forbidden"}[who]
        return
    offered = {int(row["id"]) for row in answer.json()["results"]}
    for place in PLACES:
        row = world.places[place]["pledges.Pledge, public"]
        assert (row.pk in offered) is reaches(who, "pledges.Pledge", place)


# Kinds of which a number is changed, and no text.
NUMBERS = {"staleness.ReviewPolicy", "staleness.MetricLimit"}
# The text that is changed on the page of each kind.
TEXTS = {
    "pledges.Pledge": "statement",
    "pledges.PledgeTranslation": "statement",
    "pledges.Topic": "about",
    "pledges.GeneralTerm": "words",
    "evidence.Evidence": "summary",
    "updates.StatusUpdate": "reasoning",
    "updates.Response": "text",
    "discovery.Feed": "publisher",
    "record_requests.RecordRequest": "note",
    "record_requests.RecordsLaw": "note",
    "staleness.ReviewPolicy": "days_in_term",
    "staleness.ReviewBy": "reason",
    "staleness.MetricLimit": "value",
    "officials.Person": "background",
    "officials.Term": "note",
    "officials.Office": "selection",
    "officials.Jurisdiction": "note",
    "officials.Election": "note",
    "officials.ResultReport": "as_of",
    "metrics.Metric": "description",
    "metrics.MetricAnnotation": "text",
    "metrics.MetricSource": "cadence",
    "accounts.User": "display_name",
}


# What was reported stays as it is: its page takes sources, and no other words.
STAYS = {"officials.ResultReport"}


def test_every_kind_that_can_be_changed_is_changed_here() -> None:
    assert {kind for kind in KINDS if "change" in RIGHTS[kind]} == set(TEXTS)


def as_shown(world: World, there: str) -> dict[str, Any]:
    """Return what a page would send: the same for all who try, as each change is taken back."""
    if there not in world.pages:
        world.pages[there] = sent.page(boss(), there)
    return world.pages[there]


@pytest.mark.parametrize("who", PEOPLE)
def test_change(who: str, world: World, db: None) -> None:
    client = browser(world, who)
    for place in PLACES:
        for kind, row in and_ones_own(world, who, place):
            there = address(type(row), "change", row.pk)
            typed = "7" if kind in NUMBERS else "Other words."
            page = {}
            if kind in TEXTS:
                page = {**as_shown(world, there), TEXTS[kind]: typed}
            expected = outcome(who, kind, "change", place)
            before = state_of(row)
            with undone():
                answer = client.post(there, page)
                assert came_of(answer) == expected, (kind, place, answer.content)
                after = state_of(row)
                if expected == "yes" and kind not in STAYS:
                    assert str(after[TEXTS[kind]]).removesuffix(".0000") == typed, (kind, place)
                else:
                    assert after == before, (kind, place)


@pytest.mark.parametrize("who", PEOPLE)
def test_delete(who: str, world: World, db: None) -> None:
    client = browser(world, who)
    for place in PLACES:
        own = set()
        for kind, row in and_ones_own(world, who, place):
            is_own = getattr(row, "created_by_id", None) == getattr(
                world.people.get(who), "pk", "nobody"
            )
            own |= {kind} if is_own else set()
            expected = outcome(who, kind, "delete", place)
            has_author = hasattr(row, "created_by_id")
            if expected == "yes" and has_author and not is_own and not may(who, kind, "delete_any"):
                expected = "forbidden"
            if kind in {"evidence.Evidence", "officials.Person", "metrics.Metric"}:
                # What has links, terms or values stays: other records refer to it.
                expected = {"yes": "shown"}.get(expected, expected)
            with undone():
                answer = client.post(address(type(row), "delete", row.pk), {"post": "yes"})
                assert came_of(answer) == expected, (kind, place, is_own)
                assert (state_of(row) is None) is (expected == "yes"), (kind, place, is_own)
        assert who == "anonymous" or len(own) == 3


@pytest.mark.parametrize("who", PEOPLE)
def test_add(who: str, world: World, db: None) -> None:
    client = browser(world, who)
    for kind in KINDS:
        model = type(world.places["here"][kind])
        expected = outcome(who, kind, "add", "here")
        if expected == "not found":
            # Of conflicts one declares one's own.
            expected = "yes"
        if kind in NOT_ADDED and who != "anonymous":
            # Other acts leave these rows behind; their right is asked for by a step.
            expected = "forbidden"
        count = model._default_manager.count()
        there = address(model, "add")
        shown = {"yes": "shown"}.get(expected, expected)
        assert came_of(client.get(there)) == shown, kind
        assert came_of(client.post(there, {})) == shown, kind
        assert model._default_manager.count() == count


def _new(world: World, place: str) -> dict[str, dict[str, Any]]:
    """Return what a browser sends to add a row of a kind that is about a place."""
    rows = world.places[place]
    term: Any = rows["officials.Term"]
    return {
        "pledges.Pledge": {
            "person": term.person_id, "term": term.pk, "title": "New", "slug": "new",
            "statement": "New.", "kind": "outcome", "controlled_by": "office",
            "topic": rows["pledges.Topic"].pk, "made_on": "2023-11-07", "origin": "campaign",
            "position": "0",
        },
        "updates.StatusUpdate": {
            "pledge": rows["pledges.Pledge, public"].pk, "status": "in_the_works",
            "confidence": "high", "effective_on": "2025-06-01", "assessed_on": "2025-06-02",
            "reasoning": "New.", "cites_all": "on",
        },
        "updates.Response": {
            "pledge": rows["pledges.Pledge, public"].pk, "said_by": "Jane Example",
            "text": "New.", "date_precision": "unknown",
        },
        "pledges.PledgeTranslation": {
            "pledge": rows["pledges.Pledge"].pk, "language": "es", "title": "Nuevo",
            "statement": "Nuevo.",
        },
        "officials.ConflictOfInterest": {
            "jurisdiction": rows["officials.Jurisdiction"].pk, "nature": "New.",
        },
    }  # fmt: skip


@pytest.mark.parametrize("who", PEOPLE)
def test_add_something_about_a_place(who: str, world: World, db: None) -> None:
    """A forged id of a pledge, person or place out of reach is no valid choice."""
    client = browser(world, who)
    for place in PLACES:
        for kind, page in _new(world, place).items():
            model = type(world.places[place][kind])
            expected = outcome(who, kind, "add", place)
            if kind in PRIVATE and expected == "not found":
                expected = "yes" if who != "partner" or place == "here" else "not found"
            if kind in PRIVATE and who == "administrator":
                page = {**page, "person": world.people[who].pk}
            prefixes = ("criteria", "evidence_links", "evidence_links-2", "status_updates")
            empty = {f"{one}-TOTAL_FORMS": 0 for one in prefixes}
            empty |= {f"{one}-INITIAL_FORMS": 0 for one in prefixes}
            count = model._default_manager.count()
            with undone():
                answer = client.post(address(model, "add"), {**page, **empty})
                wanted = {"not found": "shown"}.get(expected, expected)
                assert came_of(answer) == wanted, (kind, place, answer.content)
                added = model._default_manager.count() - count
                assert added == (1 if expected == "yes" else 0), (kind, place)


@pytest.mark.parametrize("who", ["researcher", "partner", "editor"])
def test_what_readers_see_is_corrected_by_editors_only(who: str, world: World, db: None) -> None:
    client = browser(world, who)
    pledge = world.places["here"]["pledges.Pledge, public"]
    piece = world.places["here"]["evidence.Evidence, public"]
    given = {"correction_kind": "correction", "correction_note": "It was wrong."}
    for row, word, refused in ((pledge, "statement", "yes"), (piece, "summary", "forbidden")):
        there = address(type(row), "change", row.pk)
        before = state_of(row)
        with undone():
            page = sent.page(boss(), there, **{word: "Other words."}, **given)
            answer = client.post(there, page)
            assert came_of(answer) == ("yes" if who == "editor" else refused), answer.content
            after = state_of(row)
            assert (after[word] == "Other words.") is (who == "editor")
            if who != "editor":
                assert after == before


@pytest.mark.parametrize("who", ["researcher", "partner"])
def test_evidence_and_a_draft_update_are_added_on_the_page_of_a_public_pledge(
    who: str, world: World, db: None
) -> None:
    client = browser(world, who)
    pledge: Any = world.places["here"]["pledges.Pledge, public"]
    there = address(type(pledge), "change", pledge.pk)
    row = "evidence_links-2-0"
    new = {
        "title": "A memo", "kind": "policy_memo", "provenance": "self_reported", "stance":
        "supports", "publisher": "The office", "url": "https://office.example.org/memo",
        "published_on": "2025-07-01", "date_precision": "day", "summary": "It says so.",
        "checked": "excerpt",
    }  # fmt: skip
    before = set(pledge.evidence.values_list("pk", flat=True))
    with undone():
        page = sent.page(client, there, **{f"{row}-{name}": value for name, value in new.items()})
        assert came_of(client.post(there, page)) == "yes"
        (added,) = pledge.evidence.exclude(pk__in=before)
        assert (added.state, added.created_by) == ("draft", world.people[who])
