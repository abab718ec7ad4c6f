"""Whoever writes locks pledges first and the ledger last, so that no two wait for each other."""

import random
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from promises.accounts.models import User
from promises.captures.deciding import waive_capture
from promises.evidence.actions import save_evidence_link
from promises.evidence.models import EvidenceLink
from tests import record
from tests.ledger.test_told_at_once import ALL, at_once
from tests.ledger.two_at_evidence import link_evidence
from tests.ledger.two_at_officials import Two, say_that_a_metric_bears_on_a_pledge
from tests.mirror import officials, papers, pledges
from tests.mirror.hands import Hand
from tests.record import NOW

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
        hand.try_new(deeds)
        if all(hand.done[deed.act.__name__] for deed in deeds):
            return
    pytest.fail(f"Not everything was done: {hand.done}")


@pytest.mark.usefixtures("trap")
@pytest.mark.parametrize("publishes_first", [False, True], ids=["hangs", "publishes"])
@pytest.mark.parametrize("two", ALL, ids=lambda two: two.__name__)
def test_what_was_added_while_one_waited_is_locked_too(
    two: Callable[[User], Two], publishes_first: bool
) -> None:
    hang, publish = two(record.user())
    at_once(*((publish, hang) if publishes_first else (hang, publish)))


def link_what_needs_no_copy(by: User) -> Two:
    piece = record.evidence(by=by, about=record.pledge(by=by))
    link = EvidenceLink(pledge=record.pledge(by=by), evidence=piece, stance="supports")
    return (
        lambda: save_evidence_link(link=link, by=by, now=NOW),
        lambda: waive_capture(evidence=piece, reason="It is a paper.", by=by, now=NOW),
    )


LINKS = [link_evidence, link_what_needs_no_copy, say_that_a_metric_bears_on_a_pledge]


@pytest.mark.parametrize("two", LINKS, ids=lambda two: two.__name__)
def test_a_link_made_while_one_waited_lets_nobody_meet(two: Callable[[User], Two]) -> None:
    """Who saves it again holds its pledge and wants the row that whoever publishes has got."""
    link, publish = two(record.user())
    at_once(link, publish, link)
