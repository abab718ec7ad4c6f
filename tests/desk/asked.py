"""Asks the desk as someone, and says what came of it: for the tests of roles."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client

from promises.accounts.models import User
from promises.accounts.rights import RIGHTS, ROLES
from promises.officials.models import Term
from tests.desk import world_of_roles
from tests.desk.conftest import registered
from tests.desk.world_of_roles import World

PEOPLE = [*ROLES, "none", "anonymous"]
PLACES = ["here", "there"]
# Files are walked by tests/desk/imports/test_imports.py: their pages are none of Django's.
KINDS = sorted({model._meta.label for model in registered()} - {"imports.Import"})
# What a partner sees wherever it is; what nobody but an administrator sees of others.
EVERYWHERE = {
    "pledges.Topic",
    "pledges.GeneralTerm",
    "record_requests.RecordsLaw",
    "updates.MethodologyVersion",
}
PRIVATE = {"officials.ConflictOfInterest"}


@contextmanager
def undone() -> Iterator[None]:
    """Take back what happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def browser(world: World, who: str) -> Client:
    client = Client()
    if who != "anonymous":
        client.force_login(world.people[who])
    return client


def boss() -> Client:
    """The browser of someone with every right, who shows what a page would send."""
    client = Client()
    client.force_login(User.objects.get(username="top"))
    return client


def reaches(who: str, kind: str, place: str) -> bool:
    """Tell whether the table lets someone come near the row of a kind at a place."""
    if kind in PRIVATE:
        return who == "administrator"
    return who != "partner" or place == "here" or kind in EVERYWHERE


def may(role: str, kind: str, action: str) -> bool:
    """Tell whether a role has a right by the table. What the table does not name, nobody may."""
    return role in RIGHTS.get(kind, {}).get(action, ())


def outcome(who: str, kind: str, action: str, place: str) -> str:
    """Return what has to come of it: "log in", "forbidden", "not found" or "yes"."""
    if who == "anonymous":
        return "log in"
    if not may(who, kind, action):
        return "forbidden"
    return "yes" if reaches(who, kind, place) else "not found"


def came_of(answer: HttpResponse) -> str:
    """Return what an answer of the desk amounts to."""
    there = answer.get("Location", "")
    if answer.status_code == 302 and there.startswith("/admin/login/"):
        return "log in"
    if answer.status_code == 404 or (answer.status_code == 302 and there == "/admin/"):
        return "not found"
    return {403: "forbidden", 302: "yes", 200: "shown"}[answer.status_code]


def state_of(row: models.Model) -> Any:
    return type(row)._default_manager.filter(pk=row.pk).values().first()


def and_ones_own(world: World, who: str, place: str) -> Iterator[tuple[str, models.Model]]:
    """Yield a row of each kind by someone else, then the drafts of `who`."""
    for kind in KINDS:
        yield kind, world.places[place][kind]
    if who == "anonymous":
        return
    term = world.places[place]["officials.Term"]
    assert isinstance(term, Term)
    with undone():
        yield from world_of_roles.drafts(world.people[who], term).items()
