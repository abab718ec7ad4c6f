"""Whoever may not add what is missing in a choice learns who may; whoever may has a button."""

import pytest

from tests.desk.asked import browser
from tests.desk.world_of_roles import World

EDITORS = "Not in the list? It can be added by: editor, administrator."
OF_TERM = "The term in which it is to be kept."
ADMINISTRATORS = "Not in the list? It can be added by: administrator."
PLEDGE, TERM = "/admin/pledges/pledge/add/", "/admin/officials/term/add/"


@pytest.mark.parametrize(
    ("role", "there", "said"),
    [
        (
            "researcher",
            PLEDGE,
            {"person": EDITORS, "term": f"{OF_TERM} {EDITORS}", "topic": ADMINISTRATORS},
        ),
        (
            "partner",
            PLEDGE,
            {"person": EDITORS, "term": f"{OF_TERM} {EDITORS}", "topic": ADMINISTRATORS},
        ),
        ("editor", PLEDGE, {"person": "", "term": OF_TERM, "topic": ADMINISTRATORS}),
        ("administrator", PLEDGE, {"person": "", "term": OF_TERM, "topic": ""}),
        ("editor", TERM, {"person": "", "office": ADMINISTRATORS, "successor": ""}),
    ],
)
def test_a_choice_says_who_adds_what_is_missing(
    world: World, db: None, role: str, there: str, said: dict[str, str]
) -> None:
    page = browser(world, role).get(there)
    form = page.context["adminform"].form
    assert {name: str(form.fields[name].help_text) for name in said} == said
    body = page.content.decode()
    for name, words in said.items():
        assert (f'id="add_id_{name}"' in body) is ("Not in the list" not in words), name
