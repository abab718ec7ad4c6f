"""A pledge: the fields that other people's scripts rely on, and what its own address adds."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from tests import record
from tests.api.conftest import Api
from tests.api.expected import NOON, PLEDGE
from tests.api.world import World
from tests.site import whole

pytestmark = pytest.mark.django_db
# The contract (DESIGN, section 6). Fields are added behind these; none goes or moves.
CONTRACT = [
    "slug",
    "url",
    "title",
    "statement",
    "quote",
    "kind",
    "origin",
    "topic",
    "prosecutor",
    "term",
    "made_on",
    "due_on",
    "status",
    "status_since",
    "status_is_provisional",
    "confidence",
    "last_reviewed_at",
    "review_due_on",
    "is_stale",
    "stale_reasons",
    "evidence_counts",
    "edition",
    "updated_at",
]


def test_the_fields_of_the_contract_come_first_and_in_order(api: Api, world: World) -> None:
    (row,) = api.rows("pledges/")
    assert list(row)[: len(CONTRACT)] == CONTRACT
    assert list(api.read("pledges/end-cash-bail/"))[: len(CONTRACT)] == CONTRACT


def test_alone_it_shows_criteria_evidence_and_history(api: Api, world: World) -> None:
    assert api.read("pledges/end-cash-bail/") == {
        **PLEDGE,
        "criteria": [
            {
                "position": 1,
                "verdict": None,
                "aspect": "letter",
                "text": "The thing is done.",
                "how_to_verify": "",
                "is_met": None,
            }
        ],
        "evidence": [
            {
                "evidence": "bail-report",
                "stance": "supports",
                "is_source": False,
                "note": "",
                "locator": "",
                "title": "Bail report",
                "kind": "news_report",
                "provenance": "independent",
                "publisher": "The Example Gazette",
                "url": "https://news.example.org/bail",
                "published_on": "2025-05-01",
                "date_precision": "month",
                "published_in_words": "May 2025",
                "summary": "Cash bail was asked for less often.",
            }
        ],
        "status_updates": [
            {
                "slug": "bail-update",
                "status": "in_the_works",
                "effective_on": "2025-06-01",
                "published_at": NOON,
            }
        ],
        "metrics": ["cash-bail-share"],
    }


def test_it_is_stale_from_the_day_it_is_due_without_any_worker(api: Api, world: World) -> None:
    seen = {}
    for month, number in ((3, 8), (3, 9), (6, 1), (6, 2), (8, 28), (8, 29)):
        day = date(2026, month, number)
        with time_machine.travel(f"{day}T12:00:00Z", tick=False):
            row = api.rows("pledges/")[0]
            seen[day] = (row["is_stale"], row["stale_reasons"])
    assert seen == {
        date(2026, 3, 8): (False, []),
        date(2026, 3, 9): (True, ["evidence_uncaptured"]),
        date(2026, 6, 1): (True, ["evidence_uncaptured"]),
        date(2026, 6, 2): (True, ["evidence_uncaptured", "deadline_passed"]),
        date(2026, 8, 28): (True, ["evidence_uncaptured", "deadline_passed"]),
        date(2026, 8, 29): (True, ["evidence_uncaptured", "deadline_passed", "review_overdue"]),
    }


def test_a_pledge_not_yet_rated_says_null_where_nothing_is_known(api: Api, world: World) -> None:
    pledge = record.pledge(by=world.author, of=world.term, topic=world.topic)
    row = api.read(f"pledges/{pledge.slug}/")
    assert {name: row[name] for name in ("status", "status_since", "confidence", "due_on")} == {
        "status": "not_yet_rated",
        "status_since": None,
        "confidence": None,
        "due_on": None,
    }
    assert (row["last_reviewed_at"], row["stale_reasons"]) == (None, ["no_evidence"])


def test_only_the_fields_that_are_asked_for(api: Api, world: World) -> None:
    assert api.rows("pledges/?fields=status,slug") == [
        {"slug": "end-cash-bail", "status": "in_the_works"}
    ]
    assert api.read("pledges/end-cash-bail/?fields=metrics,is_stale") == {
        "is_stale": False,
        "metrics": ["cash-bail-share"],
    }


def test_a_scorecard_counts_as_holding_what_is_in_its_term(api: Api, world: World) -> None:
    by = world.author
    for ends_on in (date(2026, 3, 31), None):
        term = record.term(by=by, ends_on=ends_on, who={"slug": f"ann-{ends_on or 'still'}"})
        pledge = record.pledge(by=by, of=term, kind="standing")
        record.published_update(by=by, of=pledge, status="in_the_works")

    def counted(who: str) -> tuple[int, int]:
        card = api.read(f"scorecards/{who}/")
        return card["holding"], card["statuses"]["in_the_works"]

    with time_machine.travel(datetime(2026, 3, 30, 12, tzinfo=UTC)):
        assert (counted("ann-2026-03-31"), counted("ann-still")) == ((1, 1), (1, 1))
    with time_machine.travel(datetime(2026, 3, 31, 12, tzinfo=UTC)):
        assert (counted("ann-2026-03-31"), counted("ann-still")) == ((0, 1), (1, 1))


def test_a_scorecard_counts_what_stands_where(api: Api, world: World) -> None:
    by, later = world.author, record.NOW + timedelta(minutes=5)
    standing = record.pledge(by=by, of=world.term, topic=world.topic, kind="standing")
    record.published_update(by=by, of=standing, status="in_the_works", now=later)
    kept = record.pledge(by=by, of=world.term, topic=world.topic)
    record.published_update(by=by, of=kept, status="kept", now=later)
    record.pledge(by=by, of=world.term, topic=world.topic)
    kept.refresh_from_db()
    unrated = record.pledge(by=by, of=world.term, topic=world.topic)
    whole.imported_update(by=by, of=unrated, status="not_yet_rated")
    card = api.read("scorecards/jane-example/")
    newest = max(row["edition"] for row in api.rows("pledges/"))
    assert {name: card[name] for name in card if name not in ("url", "name", "prosecutor")} == {
        "pledges": 5,
        "statuses": {
            "not_yet_rated": 2, "in_the_works": 2, "stalled": 0, "compromise": 0, "kept": 1,
            "broken": 0, "unratable": 0,
        },
        "holding": 1,
        "provisional": 0,
        "stale": 3,
        "last_reviewed_at": "2026-03-02T12:05:00.000000Z",
        "edition": newest,
    }  # fmt: skip
