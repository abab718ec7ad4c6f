"""Words are found in a pledge or in the name of who made it, in whichever mixture."""

from itertools import combinations

import pytest

from promises.accounts.models import User
from promises.common.words import any_of
from promises.pledges.models import Pledge
from tests import record

pytestmark = pytest.mark.django_db

NAMES = ("Jane Bail", "Sample Example", "Jo Sample")
TITLES = ("Reform bail", "Publish example data", "Jane and Jo")
WORDS = ("jane", "bail", "sample", "example", "reform", "data", "jo")


@pytest.fixture
def texts(author: User) -> dict[int, set[str]]:
    """The words of each of nine pledges and of the name of its person, by its id."""
    found = {}
    for name in NAMES:
        # The words of the slug are found as well.
        who = {"slug": name.lower().replace(" ", "-"), "name": name}
        term = record.term(by=author, who=who)
        for title in TITLES:
            pledge = record.pledge(by=author, of=term, title=title, statement="Said.")
            found[pledge.pk] = set(f"{name} {title}".lower().split())
    return found


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_each_word_stands_in_the_pledge_or_in_the_name(
    texts: dict[int, set[str]], number: int
) -> None:
    for words in combinations(WORDS, number):
        wanted = {pk for pk, its in texts.items() if its.issuperset(words)}
        asked = Pledge.objects.matching([any_of([word]) for word in words])
        assert set(asked.values_list("pk", flat=True)) == wanted


def test_a_word_may_begin_one_and_nothing_keeps_all(texts: dict[int, set[str]]) -> None:
    begun = {
        pk
        for pk, its in texts.items()
        if all(any(word.startswith(start) for word in its) for start in ("ja", "ref"))
    }
    asked = Pledge.objects.having_words("Ja REF")
    assert set(asked.values_list("pk", flat=True)) == begun != set()
    assert set(Pledge.objects.having_words(" '' ").values_list("pk", flat=True)) == set(texts)
