"""Work is given to those who can see what it is about; a partner sees their own jurisdictions."""

from typing import Any

from promises.newsroom.choices import Task
from promises.newsroom.models import Assignment
from promises.staleness.models import StaleFlag
from tests.desk import sent
from tests.desk.asked import browser, undone
from tests.desk.rows import address
from tests.desk.world_of_roles import World

ITEMS = ("pledges.Pledge", "evidence.Evidence", "updates.StatusUpdate")
REFUSED = "A-Partner could not see this: it lies outside the places they work in."


def test_an_item_elsewhere_is_not_assigned_to_a_partner(world: World, db: None) -> None:
    editor, partner = browser(world, "editor"), world.people["partner"]
    answers: dict[str, Any] = {"to": partner.pk, "task": Task.RESEARCH}
    for kind in ITEMS:
        for place, is_given in (("here", True), ("there", False)):
            row = world.places[place][kind]
            before = Assignment.objects.count()
            with undone():
                answer = sent.step(editor, address(type(row), "step", row.pk, "assign"), **answers)
                assert answer.status_code == (302 if is_given else 200), (kind, place)
                if not is_given:
                    assert answer.context["form"].non_field_errors() == [REFUSED]
                given = Assignment.objects.open().filter(assigned_to=partner)
                assert given.about(row).exists() is is_given  # type: ignore[arg-type]
                assert Assignment.objects.count() - before == int(is_given)
                shown = browser(world, "partner").get("/admin/").context["boxes"]
                (mine,) = [box for box in shown if str(box.title) == "Assigned to me"]
                assert mine.count == given.count()


def offered(page: Any) -> set[str]:
    """Who can be chosen on this page, as the page shows it."""
    return {str(value) for value, _name in page.context["form"]["to"].field.choices}


def test_a_partner_is_offered_only_what_they_can_see(world: World, db: None) -> None:
    editor = browser(world, "editor")
    names = {role: str(person.pk) for role, person in world.people.items()}
    for kind, step in (*((kind, "assign") for kind in ITEMS), ("staleness.StaleFlag", "hand-over")):
        rows = {place: world.places[place][kind] for place in ("here", "there")}
        for place, row in rows.items():
            found = offered(editor.get(address(type(row), "step", row.pk, step)))
            assert (names["partner"] in found) is (place == "here"), (kind, place)
            assert {"", names["researcher"], names["editor"]} <= found
            # Whoever has no role sees nothing.
            assert names["none"] not in found
        # For many, whoever can see one of them.
        chosen = {"action": step, "index": "0"}
        there = address(type(rows["here"]), "changelist")
        for places, is_offered in ((("there",), False), (("here", "there"), True)):
            ticked = [rows[place].pk for place in places]
            page = editor.post(there, {**chosen, "_selected_action": ticked})
            assert (names["partner"] in offered(page)) is is_offered, (kind, places)


def test_flags_elsewhere_are_not_handed_to_a_partner(world: World, db: None) -> None:
    editor, partner = browser(world, "editor"), world.people["partner"]
    here, there = (world.places[place]["staleness.StaleFlag"] for place in ("here", "there"))
    with undone():
        page = sent.previewed(
            editor, "/admin/staleness/staleflag/", "hand-over", [here, there], to=partner.pk
        )
        assert [(line.pk, line.refused) for line in page.context["lines"]] == [
            (there.pk, REFUSED),
            (here.pk, ""),
        ]
        assert StaleFlag.objects.filter(assigned_to=partner).count() == 0
        assert sent.confirmed(editor, page).status_code == 302
        assert list(StaleFlag.objects.filter(assigned_to=partner)) == [here]
