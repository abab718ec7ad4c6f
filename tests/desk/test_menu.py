"""The list of tables on every page of the desk, which is kept once it was made."""

from typing import Any

import pytest
from django.contrib.admin import site
from django.test import RequestFactory
from django.utils import translation

from promises.accounts.models import User
from tests.desk.asked import PEOPLE
from tests.desk.world_of_roles import World

SHOWN = ("name", "admin_url", "add_url", "view_only", "perms")


def listed(request: Any, ask: Any) -> list[list[list[str]]]:
    """What is shown of each table, app by app."""
    apps = ask(request, None)
    return [[[str(table[name]) for name in SHOWN] for table in app["models"]] for app in apps]


@pytest.mark.parametrize("language", ["en", "es"])
def test_everyone_is_shown_the_tables_of_their_rights(
    world: World, db: None, rf: RequestFactory, language: str
) -> None:
    def all_of(ask: Any) -> dict[str, Any]:
        found = {}
        for who in (who for who in PEOPLE if who != "anonymous"):
            request = rf.get("/admin/")
            request.user = User.objects.get(pk=world.people[who].pk)
            found[who] = listed(request, ask)
        return found

    site._tables_of.clear()  # type: ignore[attr-defined]
    with translation.override(language):
        kept = all_of(site.get_app_list)
        assert kept == all_of(site._ordered)  # type: ignore[attr-defined]
        assert kept == all_of(site.get_app_list)
    assert kept["none"] == []
    assert len({str(tables) for tables in kept.values()}) > 3
    names = {table[0] for app in kept["researcher"] for table in app}
    assert (names & {"Pledges", "Ledger entries", "Entries"}) == {"Pledges", "Ledger entries"}


def test_a_right_that_is_taken_away_takes_its_tables_along(
    world: World, db: None, rf: RequestFactory
) -> None:
    request = rf.get("/admin/")
    request.user = person = User.objects.get(pk=world.people["researcher"].pk)
    assert listed(request, site.get_app_list)
    person.groups.clear()
    request.user = User.objects.get(pk=person.pk)
    assert listed(request, site.get_app_list) == []
