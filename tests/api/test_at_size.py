"""A search by `q` reads few rows where few can have the letters, whatever the table holds."""

import pytest
from django.test import Client

from promises.accounts.models import User
from tests.desk.test_at_size import at_size, opened, pledges

__all__ = ["at_size", "pledges"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("section", ["pledges", "evidence", "status-updates", "responses"])
@pytest.mark.parametrize("letters", ["quillfeather", "0cc175b9c0f1", "example 0cc175b9c0f1", "zq!"])
def test_rare_letters_read_no_more_than_their_rows(
    at_size: User, section: str, letters: str
) -> None:
    opened(Client(), f"/api/v1/{section}/", q=letters)
