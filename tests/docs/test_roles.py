"""The page of roles is that of the table in the code."""

from pathlib import Path

from promises.accounts.rights import RIGHTS, ROLES
from promises.accounts.roles_page import as_markdown

PAGE = Path(__file__).resolve().parents[2] / "docs" / "roles.md"


def test_the_page_of_roles_is_that_of_the_code() -> None:
    assert PAGE.read_text(encoding="utf-8") == as_markdown()


def test_every_right_is_one_of_a_known_role() -> None:
    named = {role for actions in RIGHTS.values() for roles in actions.values() for role in roles}
    assert named == set(ROLES)
