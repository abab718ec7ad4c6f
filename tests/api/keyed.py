"""Keys for the tests of the API, of people in every role."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from promises.accounts.actions import write_roles
from promises.accounts.keys import make_key
from promises.accounts.models import ApiKey, User
from promises.accounts.rights import ROLES
from tests import record

ALL = ("read", "suggest", "webhooks")
# Who may have a login: nobody in particular, each role of the desk, and who has every right.
EVERYBODY = ("reader", *ROLES, "superuser")


def someone(who: str) -> User:
    """A person of this role, with all the rights it has."""
    is_desk = who != "reader"
    person = record.user(f"{who}-of-keys", is_staff=is_desk, is_superuser=who == "superuser")
    if who in ROLES:
        write_roles(by=person, now=record.NOW)
        person.groups.add(Group.objects.get(name=who))
    return person


def key_of(
    owner: User, scopes: Sequence[str] = ALL, *, now: datetime | None = None, **changed: Any
) -> str:
    """Return the text of a key of someone, made a day ago and then changed in the database."""
    now = (now or timezone.now()) - timedelta(days=1)
    key, text = make_key(owner=owner, name="A test", scopes=scopes, days=30, by=owner, now=now)
    ApiKey.objects.filter(pk=key.pk).update(**changed)
    return text


def bearer(text: str) -> dict[str, str]:
    """Return the header that brings a key."""
    return {"Authorization": f"Bearer {text}"}
