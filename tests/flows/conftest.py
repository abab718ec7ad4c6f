"""Who takes part in the stories."""

import pytest
from django.test import Client

from promises.accounts.actions import give_role, write_roles
from tests import record
from tests.record import NOW


@pytest.fixture
def people(db: None) -> dict[str, Client]:
    """An editor and a researcher at the desk."""
    top = record.user("top", is_staff=True, is_superuser=True)
    write_roles(by=top, now=NOW)
    found = {}
    for role in ("editor", "researcher"):
        person = record.user(f"the-{role}")
        give_role(person=person, role=role, reason="Because.", by=top, now=NOW)
        found[role] = Client()
        found[role].force_login(person)
    return found
