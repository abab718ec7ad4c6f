"""Whoever writes locks pledges first and the ledger last, so that no two wait for each other."""

import random
from collections.abc import Iterator

import pytest
from django.db import connection

from tests import record
from tests.mirror import officials, papers, pledges
from tests.mirror.hands import Hand

pytestmark = pytest.mark.django_db(transaction=True)
# Nobody else writes: a row is locked when whoever locked or wrote it last has not ended. Triggers
# come in the order of their names, so this one looks before the pledges follow the ledger.
TRAP = """
    CREATE FUNCTION names_what_is_locked() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE loose text;
    BEGIN
        SELECT string_agg(event || ' of ' || slug, ', ') INTO loose
        FROM appended JOIN pledges_pledge ON slug = pledge
        WHERE NOT EXISTS (
            SELECT FROM unnest(ARRAY[pledges_pledge.xmin, pledges_pledge.xmax]) holder
            WHERE holder::text <> '0' AND pg_xact_status(holder::text::xid8) = 'in progress'
        );
        IF loose IS NOT NULL THEN
            RAISE EXCEPTION 'Nobody has locked: %', loose;
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER names_what_is_locked AFTER INSERT ON ledger_entry
        REFERENCING NEW TABLE AS appended
        FOR EACH STATEMENT EXECUTE FUNCTION names_what_is_locked();
"""


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def trap() -> Iterator[None]:
    """Refuse an entry that names a pledge which its writer has not locked."""
    run(TRAP)
    yield
    run("DROP FUNCTION names_what_is_locked CASCADE")


@pytest.mark.usefixtures("trap")
def test_what_the_ledger_hears_of_is_locked_before() -> None:
    by, *others = [record.user(f"editor-number-{number}") for number in range(3)]
    record.methodology(by=by)
    hand = Hand(by, others, random.Random(1907))
    for begin in (officials.add_term, papers.save_law, pledges.draft_pledge):
        begin(hand)
    deeds = (*officials.DEEDS, *pledges.DEEDS, *papers.DEEDS)
    for _ in range(5000):
        hand.try_one(deeds)
        if all(hand.done[deed.act.__name__] for deed in deeds):
            return
    pytest.fail(f"Not everything was done: {hand.done}")
