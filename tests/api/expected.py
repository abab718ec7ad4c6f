"""The exact JSON of the small world (world.py), row by row."""

from typing import Any

from tests.api.expected_flags import STALE_FLAG, UNCAPTURED_FLAG

SITE = "http://127.0.0.1:8000"
NOON = "2026-03-02T12:00:00.000000Z"
LATER = "2026-03-02T12:01:00.000000Z"

PLEDGE: dict[str, Any] = {
    "slug": "end-cash-bail",
    "url": f"{SITE}/pledges/end-cash-bail/",
    "title": "End all cash bail",
    "statement": "She said she would end cash bail.",
    "quote": "No more cash bail.",
    "kind": "outcome",
    "origin": "campaign",
    "topic": "bail",
    "prosecutor": "jane-example",
    "term": "example-term",
    "made_on": "2023-11-07",
    "due_on": "2026-06-01",
    "status": "in_the_works",
    "status_since": "2025-06-01",
    "status_is_provisional": False,
    "confidence": "medium",
    "last_reviewed_at": LATER,
    "review_due_on": "2026-08-29",
    "is_stale": False,
    "stale_reasons": [],
    "evidence_counts": {"supports": 1, "contradicts": 0, "context": 0},
    "edition": 29,
    "updated_at": LATER,
    "quote_attribution": "Campaign page",
    "controlled_by": "office",
}
BAIL_REPORT = {
    "slug": "bail-report",
    "title": "Bail report",
    "is_title_exact": True,
    "kind": "news_report",
    "provenance": "independent",
    "publisher": "The Example Gazette",
    "url": "https://news.example.org/bail",
    "published_on": "2025-05-01",
    "date_precision": "month",
    "published_in_words": "May 2025",
    "summary": "Cash bail was asked for less often.",
    "checked": "excerpt",
    "link_state": "unchecked",
    "last_checked_at": None,
    "pledges": [
        {
            "pledge": "end-cash-bail", "stance": "supports", "is_source": False, "note": "",
            "locator": "",
        }
    ],
    "captures": [],
    "capture_waivers": [],
}  # fmt: skip
COUNT_REPORT = {
    **BAIL_REPORT,
    "slug": "count-report",
    "title": "Count report",
    "kind": "election_result",
    "publisher": "The Example Times",
    "url": "https://news.example.org/count",
    "published_on": "2023-11-07",
    "date_precision": "day",
    "published_in_words": "7 November 2023",
    "summary": "The count so far.",
    "pledges": [],
}
OBSERVATION = {
    "id": "cash-bail-share/2025-01-01/month/2025-02-01/494105c49bb3",
    "metric": "cash-bail-share",
    "observed_on": "2025-01-01",
    "period": "month",
    "value": "41.5",
    "vintage_on": "2025-02-01",
    "vintage_precision": "day",
    "vintage_in_words": "1 February 2025",
    "source": "dashboard/bail",
}
CORRECTION = {
    "id": f"pledges/end-cash-bail/title/{LATER}",
    "pledge": "end-cash-bail",
    "status_update": None,
    "evidence": None,
    "kind": "clarification",
    "field": "title",
    "old_text": "End cash bail",
    "new_text": "End all cash bail",
    "note": "Too short.",
    "corrected_at": LATER,
    "corrected_by": "Author",
}
EXPECTED: dict[str, list[dict[str, Any]]] = {
    "prosecutors/": [
        {
            "slug": "jane-example",
            "url": f"{SITE}/prosecutors/jane-example/",
            "name": "Jane Example",
            "party_at_election": "",
            "background": "",
            "terms": [
                {
                    "slug": "example-term",
                    "office": "example-da",
                    "jurisdiction": "example-county",
                    "started_on": "2024-01-01",
                    "ends_on": None,
                    "end_reason": None,
                }
            ],
        }
    ],
    "offices/": [
        {
            "slug": "example-da",
            "title": "District Attorney of Example County",
            "jurisdiction": "example-county",
            "jurisdiction_name": "Example County",
            "jurisdiction_kind": "county",
            "state": "PA",
            "fips": "42999",
            "term_years": 4,
            "selection": "partisan election",
        }
    ],
    "elections/": [
        {
            "slug": "example-2023",
            "office": "example-da",
            "jurisdiction": "example-county",
            "held_on": "2023-11-07",
            "stage": "general",
            "outcome": "elected",
            "note": "",
            "candidates": [
                {"person": "jane-example", "name": "Jane Example", "party": "Example Party",
                 "is_winner": True},
                {"person": "joe-example", "name": "Joe Example", "party": "Example Party",
                 "is_winner": False},
            ],
            "results": [
                {
                    "position": 1,
                    "as_of": "election night",
                    "status": "partial",
                    "precincts_percent": None,
                    "winner_percent": "71.5",
                    "winner_percent_is_minimum": False,
                    "runner_up_percent": "28.5",
                    "winner_votes": 1000,
                    "runner_up_votes": None,
                    "votes_are_approximate": False,
                    "total_votes": None,
                    "margin_votes": None,
                    "margin_points": None,
                    "evidence": ["count-report"],
                }
            ],
        }
    ],
    "terms/": [
        {
            "slug": "example-term",
            "prosecutor": "jane-example",
            "office": "example-da",
            "jurisdiction": "example-county",
            "election": None,
            "started_on": "2024-01-01",
            "ends_on": None,
            "end_reason": None,
            "successor": None,
            "note": "",
        }
    ],
    "topics/": [
        {
            "slug": "bail",
            "url": f"{SITE}/topics/bail/",
            "name": "Bail",
            "parent": None,
            "principle": 3,
            "position": 2,
            "about": "",
            "pledge_count": 1,
        }
    ],
    "pledges/": [PLEDGE],
    "evidence/": [BAIL_REPORT, COUNT_REPORT],
    "reviews/": [
        {
            "id": f"end-cash-bail/{LATER}",
            "pledge": "end-cash-bail",
            "prosecutor": "jane-example",
            "reviewed_at": LATER,
            "reviewed_by": "Author",
            "note": "Read the newest figures.",
        }
    ],
    "responses/": [
        {
            "slug": "bail-reply",
            "pledge": "end-cash-bail",
            "prosecutor": "jane-example",
            "said_by": "Jane Example",
            "text": "The office asks for cash bail in few cases now.",
            "published_on": "2026-02-01",
            "date_precision": "day",
            "published_in_words": "1 February 2026",
            "evidence": "bail-report",
        }
    ],
    "corrections/": [
        CORRECTION,
        {
            **CORRECTION,
            "id": f"evidence/bail-report/publisher/{LATER}",
            "pledge": None,
            "evidence": "bail-report",
            "kind": "correction",
            "field": "publisher",
            "old_text": "The Example Times",
            "new_text": "The Example Gazette",
            "note": "Wrong paper.",
        },
    ],
    "metrics/": [
        {
            "slug": "cash-bail-share",
            "jurisdiction": "example-county",
            "key": "cash_bail",
            "name": "Share of cases with cash bail",
            "unit": "percent",
            "description": "By month of arraignment.",
            "reading": "",
            "pledges": ["end-cash-bail"],
        }
    ],
    "observations/?metric=cash-bail-share": [
        OBSERVATION,
        {
            **OBSERVATION,
            "id": "cash-bail-share/2025-01-01/month/2025-03-01/494105c49bb3",
            "value": "40.25",
            "vintage_on": "2025-03-01",
            "vintage_in_words": "1 March 2025",
        },
        {
            **OBSERVATION,
            "id": "cash-bail-share/2025-02-01/month/2025-03-01/494105c49bb3",
            "observed_on": "2025-02-01",
            "value": "39",
            "vintage_on": "2025-03-01",
            "vintage_in_words": "1 March 2025",
        },
    ],
    "stale-flags/": [
        UNCAPTURED_FLAG,
        STALE_FLAG,
        {
            **STALE_FLAG,
            "id": "end-cash-bail/review_overdue/2027-03-02T12:00:00.000000Z",
            "reason": "review_overdue",
            "stale_since": "2026-08-29",
            "rule": "Someone looks again within the days that the policy sets for its rating.",
            "threshold": "the days of the policy, and its grace",
            "data": {"last_look": "2026-03-02", "days": 180},
            "data_in_words": "evidence looked at up to 2 March 2026; due again after 180 days",
            "clears_by": "a review or a new rating",
        },
    ],
    "scorecards/": [
        {
            "prosecutor": "jane-example",
            "url": f"{SITE}/prosecutors/jane-example/",
            "name": "Jane Example",
            "pledges": 1,
            "statuses": {
                "not_yet_rated": 0, "in_the_works": 1, "stalled": 0, "compromise": 0, "kept": 0,
                "broken": 0, "unratable": 0,
            },
            "holding": 0, "provisional": 0, "stale": 0,
            "last_reviewed_at": LATER,
            "edition": 29,
        }
    ],
}  # fmt: skip
