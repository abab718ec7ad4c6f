"""Gathers the words of all published texts. Derived: nothing is lost when it is thrown away."""

from datetime import datetime
from time import monotonic
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from promises.accounts.models import User
from promises.common import locks
from promises.common.writes import write
from promises.evidence.models import Evidence
from promises.ledger.chain import current_edition
from promises.officials.models import Jurisdiction, Office, Person
from promises.pledges.models import GeneralTerm, Pledge, Topic
from promises.vocabulary.models import Reading, Word
from promises.vocabulary.rules import folded, guessed_length, is_due, letters_of

# Not ts_stat: its tree is never balanced, so names that count up (ev-1, ev-2, …) cost it the
# square of their number, minutes for 100,000 of them.
_GATHER = """
WITH gathered AS MATERIALIZED (
    SELECT word, floor(log(2, count(*)))::int AS weight
    FROM (SELECT (unnest(words)).lexeme AS word FROM ({texts}) AS texts(words)) AS found
    WHERE word !~ '[0-9.@_-]|^/' GROUP BY word
), gone AS (
    DELETE FROM vocabulary_word known
    WHERE NOT EXISTS (SELECT FROM gathered WHERE gathered.word = known.word)
    RETURNING known.word
), weighed AS (
    UPDATE vocabulary_word known SET weight = gathered.weight
    FROM gathered WHERE gathered.word = known.word AND gathered.weight <> known.weight
)
SELECT word, NULL, NULL, NULL FROM gone
UNION ALL
SELECT word, weight, coalesce((ts_lexize('english_stem', word))[1], ''),
    coalesce((ts_lexize('spanish_stem', word))[1], '')
FROM gathered WHERE NOT EXISTS (SELECT FROM vocabulary_word known WHERE known.word = gathered.word)
"""


@write
def gather_words(*, by: User, now: datetime, is_asked: bool = False) -> int:
    """Bring the words up to the newest edition; return how many came or went.

    Does nothing while another does it, when the record has not changed, and when the last time was
    too short ago for what it took, unless it `is_asked` for.
    """
    last, edition = Reading.objects.first(), current_edition()
    if last and not is_asked:
        is_new = last.edition != edition
        if not is_new or not is_due(read_at=last.read_at, seconds=last.seconds, now=now):
            return 0
    started = monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [locks.WORDS])
        if not cursor.fetchone()[0]:
            return 0
        changed = _gathered(cursor)
    Reading.objects.update_or_create(
        pk=1, defaults={"edition": edition, "read_at": now, "seconds": monotonic() - started}
    )
    return changed


def _gathered(cursor: Any) -> int:
    """Take away words that are gone, weigh those that stay, add the new ones."""
    cursor.execute(_GATHER.format(texts=" UNION ALL ".join(map(_words_of, _public()))))
    rows = cursor.fetchall()
    Word.objects.bulk_create((_word(*row) for row in rows if row[1] is not None), batch_size=5000)
    return len(rows)


def _public() -> tuple[QuerySet[Any], ...]:
    """Return the texts whose words readers may know of."""
    return (
        Pledge.objects.published().only_words(),
        Person.objects.published().only_words(),
        Evidence.objects.published().only_words(),
        Office.objects.only_words(),
        Jurisdiction.objects.only_words(),
        Topic.objects.only_words(),
        GeneralTerm.objects.only_words(),
    )


def _words_of(rows: QuerySet[Any]) -> str:
    operations: Any = connection.ops
    written: str = operations.compose_sql(*rows.query.sql_with_params())
    return written


def _word(word: str, weight: int, english: str, spanish: str) -> Word:
    plain = folded(word)
    return Word(
        word=word,
        folded=plain,
        english=english,
        spanish=spanish,
        weight=weight,
        letters=letters_of(plain),
        length=guessed_length(plain),
    )
