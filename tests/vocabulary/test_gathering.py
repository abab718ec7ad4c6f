"""Words of published texts, gathered: all of these, no other, and not too often."""

from datetime import timedelta

import pytest
from django.db import connection

from promises.accounts.models import User
from promises.evidence.actions import retract_evidence
from promises.vocabulary.gathering import gather_words
from promises.vocabulary.models import Reading, Word
from promises.vocabulary.rules import folded, guessed_length, letters_of
from tests import record
from tests.record import NOW
from tests.vocabulary import gather

pytestmark = pytest.mark.django_db


def known(*words: str) -> list[str]:
    return sorted(Word.objects.filter(word__in=words).values_list("word", flat=True))


def test_words_are_kept_as_a_search_asks_for_them(author: User) -> None:
    about = record.pledge(by=author)
    for number in range(5):
        record.evidence(by=author, about=about, title=f"Señores {number}", summary="Prosecuting.")
    assert gather() == Word.objects.count() > 5
    word = Word.objects.get(word="señores")
    assert (word.folded, word.english, word.spanish) == ("senores", "señor", "señor")
    assert (word.weight, word.length, word.letters) == (2, 7, letters_of("senores"))
    assert Word.objects.get(word="prosecuting").english == "prosecut"
    assert known("0", "1", "2") == []
    # Of two words in one only the whole has a place in the index.
    record.evidence(by=author, about=about, title="Police/community", url="https://a.example/b")
    gather()
    assert known("police/community", "community", "/b", "a.example") == ["police/community"]
    for word in Word.objects.all():
        plain = folded(word.word)
        assert (word.folded, word.letters) == (plain, letters_of(plain))
        assert word.length == guessed_length(plain)


def test_only_public_words_are_known_and_the_withdrawn_go(author: User) -> None:
    about = record.pledge(by=author, title="Sunlight")
    record.draft_evidence(by=author, summary="Quillfeather.")
    gone = record.evidence(by=author, about=about, summary="Stenographers and sunlight.")
    gather()
    assert known("sunlight", "stenographers", "quillfeather") == ["stenographers", "sunlight"]
    retract_evidence(evidence=gone, reason="Wrong.", by=author, now=NOW)
    before = Word.objects.count()
    assert gather() == before - Word.objects.count() > 0
    assert known("sunlight", "stenographers", "quillfeather") == ["sunlight"]
    assert gather() == 0


def test_words_that_stay_are_weighed_anew(author: User) -> None:
    about = record.pledge(by=author)
    record.evidence(by=author, about=about, summary="Stenographers.")
    gather()
    for _number in range(3):
        record.evidence(by=author, about=about, summary="Stenographers.")
    gather()
    assert Word.objects.get(word="stenographers").weight == 2


def test_a_worker_gathers_when_the_record_changed_and_it_is_time(author: User) -> None:
    about = record.pledge(by=author)
    given = {"by": author}
    assert gather_words(**given, now=NOW) > 0
    Reading.objects.update(seconds=2.0)
    later = NOW + timedelta(days=1)
    assert gather_words(**given, now=later) == 0
    record.evidence(by=author, about=about, summary="Stenographers.")
    assert gather_words(**given, now=NOW + timedelta(seconds=99)) == 0
    assert known("stenographers") == []
    assert gather_words(**given, now=NOW + timedelta(seconds=100)) > 0
    assert known("stenographers") == ["stenographers"]
    reading = Reading.objects.get()
    assert reading.read_at == NOW + timedelta(seconds=100)
    assert 0 < reading.seconds < 60


def changes() -> int:
    """Return how often the state of what readers see has been counted on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(changes), 0) FROM serving_change WHERE kind = 'record'")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_answers_are_made_anew_when_words_came_and_not_when_none_did(author: User) -> None:
    about = record.pledge(by=author)
    gather()
    before = changes()
    gather()
    assert changes() == before
    record.evidence(by=author, about=about, summary="Stenographers.")
    after = changes()
    gather()
    assert changes() == after + 1


def test_misspelled_words_have_few_candidates(author: User) -> None:
    about = record.pledge(by=author, title="Prosecutors")
    record.evidence(by=author, about=about, summary="Prosecute, undertaken, bail.")
    gather()
    near = Word.objects.perhaps_meant_by("porsecute").values_list("word", flat=True)
    assert "prosecute" in near
    assert not {"undertaken", "bail"} & set(near)
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
    plan = Word.objects.alike("x\ny", "x\ny").explain()
    for name in ("folded", "english", "spanish"):
        assert f"vocabulary_{name}" in plan
