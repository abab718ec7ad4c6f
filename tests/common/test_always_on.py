"""No session has a trigger ignored, whoever asks and however it was installed."""

from typing import Any

import pgtrigger
import pytest
from django.db import connection
from pgtrigger import registered

from promises.accounts.models import User
from promises.pledges.models import Pledge
from tests import record
from tests.plain_role import as_the_application, ask_to_ignore_triggers, refused

pytestmark = pytest.mark.django_db

_IGNORED = (
    "SELECT tgrelid::regclass::text, tgname FROM pg_trigger"
    " WHERE NOT tgisinternal AND public._pgtrigger_should_ignore(tgname)"
)


def ignored() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_IGNORED)
        return cursor.fetchall()


def test_no_trigger_of_any_table_is_ignored() -> None:
    ask_to_ignore_triggers()
    assert ignored() == []
    with as_the_application():
        ask_to_ignore_triggers()
        assert ignored() == []


def test_the_library_itself_ignores_nothing(author: User) -> None:
    pledge = record.pledge(by=author)
    with pgtrigger.ignore(), refused("follows from its published updates"):
        Pledge.objects.filter(pk=pledge.pk).update(status="kept")
    assert Pledge.objects.get(pk=pledge.pk).status == "not_yet_rated"


def test_it_stays_so_when_a_trigger_is_installed_again() -> None:
    model, trigger = registered()[0]
    trigger.install(model)
    ask_to_ignore_triggers()
    assert ignored() == []
