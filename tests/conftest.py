"""What every test may use."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.contrib import admin
from django.db import DatabaseError, OperationalError, connection, transaction

from promises.accounts.models import User
from tests import record

# Many tests have one case for each page of the desk. It is read in with the addresses, and cases
# are made before anybody asks for one.
admin.autodiscover()


@pytest.fixture
def author(db: None) -> User:
    """A person who writes."""
    return record.user("author")


@pytest.fixture
def database_refuses() -> Callable[[str], AbstractContextManager[Any]]:
    """Give a context in which the database itself must refuse a statement, for this reason."""

    @contextmanager
    def refuses(reason: str) -> Iterator[None]:
        with pytest.raises(DatabaseError, match=reason), transaction.atomic():
            yield

    return refuses


@contextmanager
def without_triggers() -> Iterator[None]:
    """Act as someone who owns the server and has switched the guards off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = origin")


def without_database(*_arguments: Any) -> None:
    """Answer every query as a server that is gone does."""
    raise OperationalError("the server closed the connection unexpectedly")
