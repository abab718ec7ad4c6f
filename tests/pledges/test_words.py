"""Words are found in a pledge or in what it belongs to, in whichever mixture."""

from collections.abc import Sequence
from itertools import chain, combinations

import pytest

from promises.accounts.models import User
from promises.common.words import any_in_text, raw
from promises.pledges.actions import save_general_term
from promises.pledges.models import GeneralTerm, Pledge
from tests import record
from tests.record import NOW

pytestmark = pytest.mark.django_db

NAMES = ("Jane Bail", "Sample Example", "Jo Sample")
TITLES = ("Reform bail", "Publish example data", "Jane and Jo")
TOPICS = ("Bail", "Open data", "Prisons")
WORDS = ("jane", "bail", "sample", "example", "reform", "data", "jo", "attorney", "prisons")


@pytest.fixture
def texts(author: User) -> dict[int, set[str]]:
    """The words of each of nine pledges and of what it belongs to, by its id."""
    found = {}
    topics = [record.topic(by=author, name=name) for name in TOPICS]
    for name in NAMES:
        # The words of the slug are found as well.
        who = {"slug": name.lower().replace(" ", "-"), "name": name}
        term = record.term(by=author, who=who)
        place = term.office.jurisdiction
        for topic, title in zip(topics, TITLES, strict=True):
            pledge = record.pledge(
                by=author, of=term, title=title, statement="Said.", topic=topic,
                slug=f"p{len(found)}",
            )  # fmt: skip
            words = f"{name} {title} {topic.name} {term.office.title} {place.name}"
            found[pledge.pk] = set(words.lower().split())
    return found


def found_with(words: Sequence[str]) -> set[int]:
    own, others = Pledge.objects.rarest_first([any_in_text([word]) for word in words])
    asked = Pledge.objects.matching([raw(word) for word in others], [raw(word) for word in own])
    return set(asked.values_list("pk", flat=True))


def test_each_word_stands_in_the_pledge_or_in_what_it_belongs_to(
    texts: dict[int, set[str]],
) -> None:
    for words in chain.from_iterable(combinations(WORDS, number) for number in range(1, 5)):
        wanted = {pk for pk, its in texts.items() if its.issuperset(words)}
        assert found_with(words) == wanted, words


def test_a_word_may_begin_one_and_nothing_keeps_all(texts: dict[int, set[str]]) -> None:
    begun = {
        pk
        for pk, its in texts.items()
        if all(any(word.startswith(start) for word in its) for start in ("ja", "ref"))
    }
    asked = Pledge.objects.having_words("Ja REF")
    assert set(asked.values_list("pk", flat=True)) == begun != set()
    assert set(Pledge.objects.having_words(" '' ").values_list("pk", flat=True)) == set(texts)


def test_words_of_other_languages_name_topics_and_offices(author: User) -> None:
    bail = record.topic(by=author, name="Cash bail")
    term = record.term(by=author)
    made = record.pledge(by=author, of=term, topic=bail)
    record.pledge(by=author)
    spelled(author, "Cash bail", "Fianza en efectivo")
    spelled(author, term.office.title, "Fiscal de distrito de Ejemplo")
    spelled(author, "Nothing of this record", "Pena de muerte")
    for words in (["fianza"], ["fianza", "ejemplo"], ["fiscal", "de", "distrito", "cash"]):
        assert found_with(words) == {made.pk}, words
    assert found_with(["muerte"]) == set()
    assert found_with(["fianza", "muerte"]) == set()


def spelled(by: User, english: str, words: str) -> None:
    term = GeneralTerm(slug=words.lower().replace(" ", "-"), language="es")
    term.english, term.words = english, words
    save_general_term(term=term, by=by, now=NOW)
