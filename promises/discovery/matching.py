"""Holds what feeds brought against the pledges, in the words they share.

Full-text search of PostgreSQL with its English stems; a word counts the more the fewer pledges
have it (inverse document frequency, Spärck Jones 1972).
"""

from datetime import datetime
from typing import Any

from django.db import connection

from promises.accounts.models import User
from promises.common.writes import write
from promises.discovery.models import FeedItem

# So many items are held against all pledges in one statement.
PART = 1000

# What an item and a pledge must have in common:
#
# 1. a tie: the feed is of the pledge's place, or the item names the official;
# 2. two words or more, other than the official's name, that not many pledges have;
# 3. of these words enough weight. Each weighs between 0 (every pledge has it) and 1 (one has it).
#
# The score is that weight, more where the official is named in full, or by last name alone, or the
# place is that of the feed. Of each item the five best are kept.
FEWEST_WORDS = 2
LEAST_WEIGHT = 0.8
MOST_PER_ITEM = 5
# A word that more pledges have than this says nothing; of a small record, this share of them.
COMMON, COMMON_SHARE = 20, 0.05

# The migration says what it makes: tables of this transaction.
_WORDS = "SELECT discovery_words(%(items)s, %(common)s, %(common_share)s)"

_CANDIDATES = """
INSERT INTO discovery_candidate (version, item_id, pledge_id, score, words, known_id, found_at,
    state, reason)
WITH tied AS (
    SELECT item.id AS item_id, pledge.id AS pledge_id
    FROM found_item item
    JOIN pledge_place pledge USING (jurisdiction_id)
    UNION
    SELECT said.item_id, pledge.id
    FROM item_word said
    JOIN pledge_place pledge ON pledge.last_name = said.word
), shared AS (
    SELECT tied.item_id, tied.pledge_id, array_agg(DISTINCT said.word) AS words,
        sum(weight) / (count(*)::numeric / count(DISTINCT said.lexeme)) AS weight
    FROM tied
    JOIN pledge_place pledge ON pledge.id = tied.pledge_id
    JOIN pledge_word wanted ON wanted.pledge_id = tied.pledge_id
    JOIN item_word said ON said.item_id = tied.item_id AND said.lexeme = wanted.lexeme
    JOIN word_weight ON word_weight.lexeme = said.lexeme
    WHERE said.word IS DISTINCT FROM pledge.last_name
    GROUP BY tied.item_id, tied.pledge_id
    HAVING count(DISTINCT said.lexeme) >= %(fewest)s
), scored AS (
    SELECT shared.*, shared.weight + CASE
            WHEN position(pledge.name IN lower(item.text)) > 0 THEN 1
            WHEN EXISTS (
                SELECT FROM item_word named
                WHERE named.item_id = item.id AND named.word = pledge.last_name
            ) THEN 0.5 ELSE 0 END
        + CASE WHEN item.jurisdiction_id = pledge.jurisdiction_id THEN 0.5 ELSE 0 END AS score,
        regexp_replace(rtrim(item.url, '/'), '^https?://(www[.])?', '') AS place
    FROM shared
    JOIN pledge_place pledge ON pledge.id = shared.pledge_id
    JOIN found_item item ON item.id = shared.item_id
    WHERE shared.weight >= %(least)s
), best AS (
    SELECT *,
        row_number() OVER (PARTITION BY item_id ORDER BY score DESC, pledge_id) AS place_in_line
    FROM scored
), known AS (
    SELECT regexp_replace(rtrim(url, '/'), '^https?://(www[.])?', '') AS place, min(id) AS id
    FROM evidence_evidence WHERE url <> '' AND state <> 'retracted' GROUP BY 1
)
SELECT 1, best.item_id, best.pledge_id, least(round(best.score::numeric, 2), 9999), best.words,
    known.id, %(now)s, 'waiting', ''
FROM best LEFT JOIN known USING (place)
WHERE place_in_line <= %(most)s
ON CONFLICT (item_id, pledge_id) DO NOTHING
"""


@write
def match_items(*, by: User, now: datetime) -> int:
    """Hold up to PART items against the pledges; return how many that were.

    Items in another matcher's hands are passed over; done twice it finds nothing new.
    """
    taken = FeedItem.objects.unmatched().order_by("pk").select_for_update(skip_locked=True)
    items = list(taken.values_list("pk", flat=True)[:PART])
    if not items:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, _given(items, now))
        cursor.execute(_CANDIDATES, _given(items, now))
    FeedItem.objects.filter(pk__in=items).update(matched_at=now)
    return len(items)


def _given(items: list[int], now: datetime) -> dict[str, Any]:
    return {
        "items": items,
        "now": now,
        "common": COMMON,
        "common_share": COMMON_SHARE,
        "fewest": FEWEST_WORDS,
        "least": LEAST_WEIGHT,
        "most": MOST_PER_ITEM,
    }
