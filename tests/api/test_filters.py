"""Every filter of every list, each with what it keeps and what it leaves out."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from promises.api.urls import RESOURCES
from promises.evidence.actions import publish_evidence, retract_evidence
from tests import record
from tests.api.conftest import Api
from tests.api.contrast import add_contrast
from tests.api.resources import test_record_requests
from tests.api.world import NOW, World

pytestmark = pytest.mark.django_db
A, B, C, D = "end-cash-bail", "never-overcharge", "open-data", "forgotten"
SERIES = "observations/?metric=cash-bail-share"
VALUES = ["2025-01-01 41.5", "2025-01-01 40.25", "2025-02-01 39"]

KEPT: dict[str, list[str]] = {
    "prosecutors/?office=sample-da": ["john-sample"],
    "prosecutors/?office=sample-da,example-da": ["jane-example", "john-sample"],
    "prosecutors/?office=sample-da&jurisdiction=example-county": [],
    "prosecutors/?jurisdiction=example-county": ["jane-example"],
    "prosecutors/?in_office=true": ["jane-example"],
    "prosecutors/?in_office=false": ["john-sample"],
    "prosecutors/?q=teacher": ["john-sample"],
    "prosecutors/?q=jane%20example": ["jane-example"],
    "offices/?jurisdiction=sample-county": ["sample-da"],
    "offices/?state=PA": ["example-da"],
    "offices/?state=PA,NJ": ["example-da", "sample-da"],
    "offices/?q=sample": ["sample-da"],
    "elections/?office=example-da": ["example-2023"],
    "elections/?jurisdiction=sample-county": ["sample-2025"],
    "elections/?candidate=joe-example,jane-example": ["example-2023"],
    "elections/?outcome=recalled": ["sample-2025"],
    "elections/?held_after=2023-11-07": ["example-2023", "sample-2025"],
    "elections/?held_after=2023-11-08": ["sample-2025"],
    "elections/?held_before=2023-11-07": ["example-2023"],
    "terms/?prosecutor=john-sample": ["sample-term"],
    "terms/?office=example-da": ["example-term"],
    "terms/?jurisdiction=sample-county": ["sample-term"],
    "terms/?running_on=2025-03-31": ["example-term", "sample-term"],
    "terms/?running_on=2025-04-01": ["example-term"],
    "terms/?end_reason=recalled,resigned": ["sample-term"],
    "topics/?parent=bail": ["charging"],
    "topics/?principle=3": ["bail"],
    "topics/?q=charg": ["charging"],
    "pledges/?prosecutor=jane-example": [A],
    "pledges/?prosecutor=nobody": [],
    "pledges/?office=example-da": [A],
    "pledges/?jurisdiction=example-county,sample-county": [A, D, B, C],
    "pledges/?jurisdiction=example-county": [A],
    "pledges/?term=sample-term": [D, B, C],
    # One of the two is below the other.
    "pledges/?topic=bail": [A, D, B, C],
    "pledges/?topic=charging": [D, B, C],
    "pledges/?kind=standing": [B],
    "pledges/?origin=in_office": [B],
    "pledges/?status=broken,in_the_works": [A, B],
    "pledges/?status=not_yet_rated": [D, C],
    # The term of both ended without a rating.
    "pledges/?stale=true": [D, B, C],
    "pledges/?stale=false": [A],
    "pledges/?stale_reason=no_evidence": [D],
    "pledges/?stale_reason=no_evidence,office_changed": [D, C],
    "pledges/?stale_reason=single_source": [B],
    "pledges/?stale_reason=term_ended": [],
    "pledges/?stale=false&stale_reason=no_evidence": [],
    "pledges/?made_after=2023-11-07": [A, D, C],
    "pledges/?made_after=2023-11-08": [],
    "pledges/?made_before=2020-02-02": [B],
    "pledges/?made_before=2020-02-01": [],
    "pledges/?updated_since=2026-03-02T14:00:00Z": [B, C],
    "pledges/?updated_since=2026-03-02T15:00:00%2B01:00": [B, C],
    "pledges/?updated_since=2026-03-03": [C],
    "pledges/?q=bail%20END": [A],
    "pledges/?q=john": [D, B, C],
    "pledges/?as_of=2026-03-01": [],
    "pledges/?as_of=2026-03-02&status=broken": [B],
    "pledges/?as_of=2026-03-02&topic=bail&status=broken": [B],
    "evidence/?pledge=end-cash-bail": ["bail-report"],
    "evidence/?prosecutor=john-sample": ["charge-memo", "data-portal"],
    "evidence/?topic=bail": ["bail-report", "charge-memo", "data-portal"],
    "evidence/?topic=charging": ["charge-memo", "data-portal"],
    "evidence/?topic=bail&stance=supports": ["bail-report"],
    "evidence/?stance=contradicts": ["charge-memo"],
    "evidence/?stance=supports&pledge=never-overcharge": [],
    "evidence/?kind=policy_memo,official_data": ["charge-memo", "data-portal"],
    "evidence/?provenance=self_reported": ["charge-memo"],
    "evidence/?published_after=2025-05-01": ["bail-report"],
    "evidence/?published_before=2024-01-01": ["charge-memo", "count-report"],
    "evidence/?q=gazette": ["bail-report"],
    "status-updates/?pledge=end-cash-bail": ["bail-update"],
    "status-updates/?prosecutor=john-sample": ["charge-update"],
    "status-updates/?topic=bail": ["charge-update", "bail-update"],
    "status-updates/?topic=charging": ["charge-update"],
    "status-updates/?status=broken": ["charge-update"],
    "status-updates/?reason=reversed": ["charge-update"],
    "status-updates/?confidence=medium": ["bail-update"],
    "status-updates/?imported=false": ["charge-update", "bail-update"],
    "status-updates/?imported=true": [],
    "status-updates/?effective_after=2025-06-01": ["bail-update"],
    "status-updates/?effective_before=2024-02-01": ["charge-update"],
    "status-updates/?published_since=2026-03-02T13:00:00Z": ["charge-update"],
    "status-updates/?q=withdrawn": ["charge-update"],
    "reviews/?pledge=end-cash-bail": [A],
    "reviews/?prosecutor=john-sample": [B],
    "reviews/?reviewed_since=2026-03-02T14:00:00Z": [B],
    "responses/?pledge=end-cash-bail": ["bail-reply"],
    "responses/?prosecutor=john-sample": ["charge-reply"],
    "responses/?published_after=2026-02-01": ["bail-reply"],
    "responses/?published_before=2024-04-01": ["charge-reply"],
    "responses/?q=spokesperson": ["charge-reply"],
    "corrections/?pledge=never-overcharge": ["typo"],
    "corrections/?status_update=charge-update": ["typo"],
    "corrections/?evidence=bail-report": ["correction"],
    "corrections/?kind=clarification,typo": ["typo", "clarification"],
    "corrections/?corrected_since=2026-03-02T14:00:00Z": ["typo"],
    "metrics/?jurisdiction=sample-county": ["charge-count"],
    "metrics/?pledge=end-cash-bail": ["cash-bail-share"],
    "metrics/?q=arraignment": ["cash-bail-share"],
    "observations/": [*VALUES, "2024-01-01 10"],
    SERIES: VALUES,
    f"{SERIES}&period=month": VALUES,
    f"{SERIES}&period=year,week": [],
    f"{SERIES}&observed_after=2025-02-01": VALUES[2:],
    f"{SERIES}&observed_before=2025-01-31": VALUES[:2],
    f"{SERIES}&latest=true": VALUES[1:],
    f"{SERIES}&latest=false": VALUES[:1],
    f"{SERIES}&vintage_before=2025-02-28": VALUES[:1],
    f"{SERIES}&vintage_before=2025-02-28&latest=true": VALUES[:1],
    "stale-flags/?pledge=open-data&open=false": ["open-data no_evidence"],
    "stale-flags/?prosecutor=jane-example": [
        f"{A} deadline_passed",
        f"{A} evidence_uncaptured",
        f"{A} review_overdue",
    ],
    "stale-flags/?reason=no_evidence&open=true": ["forgotten no_evidence"],
    "scorecards/?prosecutor=john-sample": ["john-sample"],
    "scorecards/?office=example-da": ["jane-example"],
    "scorecards/?jurisdiction=sample-county": ["john-sample"],
    "changes/?event=correction:saved": ["corrections"] * 3,
    "changes/?event=review:saved&pledge=never-overcharge": ["reviews"],
    "changes/?event=review:saved&after=40": ["reviews"],
    "changes/?event=review:saved&after=1000": [],
}


def test_a_topic_means_those_below_it_too(api: Api, world: World) -> None:
    below = record.topic(by=world.author, slug="second", parent=world.topic)
    record.published_update(
        by=world.author,
        of=record.pledge(by=world.author, slug="deep", topic=below),
        slug="deep-one",
    )
    for path, name in (("pledges/", "deep"), ("status-updates/", "deep-one")):
        assert name in api.names(f"{path}?topic=bail")
        assert api.names(f"{path}?topic=second") == [name]


@pytest.fixture(scope="module")
def contrast(built_world: World, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False):
        add_contrast(built_world)
    return


def shown(section: str, row: dict[str, Any]) -> str:
    """Return how this test names a row."""
    match section:
        case "observations":
            return f"{row['observed_on']} {row['value']}"
        case "stale-flags":
            return f"{row['pledge']} {row['reason']}"
        case "changes":
            return str(row["subject"]).split("/")[0]
        case "corrections":
            return str(row["kind"])
        case "reviews":
            return str(row["pledge"])
        case "scorecards":
            return str(row["prosecutor"])
    return str(row["slug"])


@pytest.mark.parametrize("path", KEPT)
def test_a_filter_keeps_exactly_these(path: str, api: Api, world: World, contrast: None) -> None:
    section = path.split("/")[0]
    found = [shown(section, row) for row in api.rows(path)]
    if section in ("elections", "terms", "pledges", "stale-flags"):
        # The order is tested elsewhere.
        assert sorted(found) == sorted(KEPT[path])
    else:
        assert found == KEPT[path]


def test_no_filter_is_left_out_above() -> None:
    asked = {
        (path.split("/")[0], name) for path in KEPT for name in re.findall(r"[?&](\w+)=", path)
    } | {
        ("record-requests", name)
        for query, _is_found in test_record_requests.FILTERS
        for name in re.findall(r"(\w+)=", query)
    }
    declared = {
        (resource.section, filter_.name) for resource in RESOURCES for filter_ in resource.filters
    }
    assert declared - asked == set()


def test_what_stands_beside_a_pledge_is_among_its_changes(api: Api, world: World) -> None:
    by, own = world.author, "changes/?pledge=end-cash-bail"
    draft = record.draft_evidence(by=by, slug="other-paper")
    other = publish_evidence(evidence=draft, by=by, now=NOW)

    def events(event: str) -> list[tuple[str, str | None]]:
        return [(row["subject"], row["pledge"]) for row in api.rows(f"{own}&event={event}")]

    assert events("evidence:published") == [("evidence/bail-report", None)]
    assert events("metric:published") == [("metrics/cash-bail-share", None)]
    corrected = api.rows(f"{own}&event=correction:saved")
    assert {row["data"]["evidence"] for row in corrected} == {None, "bail-report"}
    retract_evidence(evidence=other, reason="Forged.", by=by, now=NOW)
    assert events("evidence:retracted") == []
    retract_evidence(evidence=world.evidence, reason="Forged.", by=by, now=NOW)
    # Of what is not public any more only the tombstone is about it.
    assert events("evidence:retracted") == [("evidence/bail-report", None)]
    assert events("evidence:published") == []
