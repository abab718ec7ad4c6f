"""What a new pledge is about."""

import pytest

from promises.accounts.models import User
from promises.officials.models import Term
from promises.pledges.models import Topic
from tests import record


@pytest.fixture
def term(author: User) -> Term:
    """The term the pledge is about, and a methodology in force."""
    record.methodology(by=author)
    return record.term(by=author)


@pytest.fixture
def topic(author: User) -> Topic:
    """The topic of the pledge."""
    return record.topic(by=author)
