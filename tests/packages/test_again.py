"""A package loaded again: what changes, what is left to the editors, what is refused."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from promises.accounts.models import User
from promises.ledger.chain import current_edition, verify_chain
from promises.ledger.models import Entry
from promises.metrics.models import Observation
from promises.officials.models import Candidacy, Person, Term
from promises.packages import actions
from promises.packages.rows import Verdict
from promises.pledges.models import Pledge, Topic
from promises.staleness.actions import sweep_stale
from promises.staleness.models import StaleFlag
from promises.updates.models import StatusUpdate
from tests import record
from tests.packages.conftest import FaultsOf, Load, nothing_changes
from tests.packages.folder import ROWS, add, drop, edit
from tests.record import NOW

LATER = NOW + timedelta(days=1)

pytestmark = pytest.mark.django_db


def entries_after(edition: int) -> list[tuple[str, str, str]]:
    """Return event, subject and pledge of the entries after an edition."""
    entries = Entry.objects.filter(edition__gt=edition).order_by("edition")
    return list(entries.values_list("event", "subject", "pledge"))


def test_a_second_run_writes_nothing(
    loaded: Path,
    load: Load,
    django_assert_num_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    # The same 26 as for the whole seed record: nothing grows with the rows.
    with nothing_changes(), django_assert_num_queries(26):
        report = load(loaded, now=LATER)
    assert report.totals == {Verdict.UNCHANGED: ROWS}
    assert report.outcome() == f"Nothing to do: the record already holds {loaded}."


def test_a_dry_run_says_what_would_happen_and_takes_it_back(loaded: Path, load: Load) -> None:
    edit(loaded, "people.csv", 2, background="Public defender for years.")
    with nothing_changes():
        report = load(loaded, dry_run=True)
    edition = current_edition()
    assert report.outcome() == (
        f"Would load {loaded}: 0 new, 1 changed, {ROWS - 1} unchanged;"
        f" edition {edition} to {edition + 1}."
    )
    assert load(loaded).totals == report.totals


CHANGES: list[tuple[str, int, dict[str, str], str, str]] = [
    ("jurisdictions.csv", 2, {"note": "A note."}, "jurisdiction", "example-county"),
    ("offices.csv", 2, {"term_years": "2"}, "office", "example-da"),
    ("people.csv", 2, {"background": "Defender."}, "person", "jane-example"),
    ("general_terms.csv", 2, {"words": "Fianzas"}, "general_term", "es-bail"),
    ("elections.csv", 2, {"held_on": "2019-11-06"}, "election", "example-da-2019"),
    ("candidacies.csv", 2, {"party": "X"}, "candidacy", "example-da-2023/jane-example"),
    ("terms.csv", 2, {"note": "A note."}, "term", "john-term"),
    ("topics.csv", 2, {"parent": ""}, "topic", "bail"),
    ("pledges.csv", 2, {"topic": "justice"}, "pledge", "jane-no-bail"),
    ("evidence.csv", 2, {"is_title_exact": "false"}, "evidence", "ev-memo"),
    ("evidence_links.csv", 2, {"locator": "page 3"}, "evidence_link", "jane-no-bail/ev-memo"),
    ("metric_sources.csv", 2, {"cadence": "monthly"}, "metric_source", "example-dashboard"),
    ("metrics.csv", 2, {"unit": "share"}, "metric", "bail-share"),
]


@pytest.mark.parametrize(
    ("file", "row", "values", "kind", "name"), CHANGES, ids=[change[0] for change in CHANGES]
)
def test_a_changed_row_changes_and_nothing_else(
    loaded: Path, load: Load, file: str, row: int, values: dict[str, str], kind: str, name: str
) -> None:
    edition = current_edition()
    edit(loaded, file, row, **values)
    report = load(loaded, now=LATER)
    assert report.totals == {Verdict.CHANGED: 1, Verdict.UNCHANGED: ROWS - 1}
    [changed] = [row for row in report.rows if row.verdict == Verdict.CHANGED]
    assert (changed.file, changed.line, changed.name) == (file, row, name)
    [(event, subject, _pledge)] = entries_after(edition)
    assert (event, subject) == (f"{kind}:saved", f"{file.removesuffix('.csv')}/{name}")
    data = json.loads(Entry.objects.get(edition=edition + 1).data)
    [(column, value)] = values.items()
    assert data[column] == {"": None, "false": False, "2": 2}.get(value, value)
    with nothing_changes():
        assert load(loaded).totals == {Verdict.UNCHANGED: ROWS}


def test_two_topics_change_places(loaded: Path, load: Load) -> None:
    edit(loaded, "topics.csv", 2, parent="")
    edit(loaded, "topics.csv", 3, parent="bail")
    assert load(loaded, now=LATER).totals == {Verdict.CHANGED: 2, Verdict.UNCHANGED: ROWS - 2}
    found = Topic.objects.values_list("slug", "parent__slug")
    assert dict(found) == {"bail": None, "justice": "bail"}


def test_a_new_rating_becomes_the_status_and_settles_the_flags(loaded: Path, load: Load) -> None:
    sweep_stale(by=record.user(), now=NOW + timedelta(days=240))
    pledge = Pledge.objects.get(slug="jane-no-bail")
    reasons = StaleFlag.objects.filter(pledge=pledge).open().values_list("reason", flat=True)
    assert sorted(reasons) == ["evidence_uncaptured", "never_reviewed", "review_overdue"]
    add(
        loaded,
        "status_updates.csv",
        slug="st-bail-2",
        pledge="jane-no-bail",
        status="compromise",
        effective_on="2026-09-01",
        assessed_on="2026-10-01",
        confidence="low",
        reasoning="Some requests were made.",
        methodology="1.0",
    )
    add(loaded, "citations.csv", status_update="st-bail-2", evidence="ev-memo", position="1")
    edition = current_edition()
    later = NOW + timedelta(days=241)
    assert load(loaded, now=later).totals == {Verdict.NEW: 2, Verdict.UNCHANGED: ROWS}
    pledge.refresh_from_db()
    assert (pledge.status, pledge.status_since) == ("compromise", date(2026, 9, 1))
    assert pledge.status_is_provisional
    update = StatusUpdate.objects.get(slug="st-bail-2")
    assert (update.state, update.is_imported, update.published_at) == ("published", True, later)
    # Looked at on 1 October 2026: no longer overdue. Nobody here has reviewed it yet.
    reasons = StaleFlag.objects.filter(pledge=pledge).open().values_list("reason", flat=True)
    assert list(reasons) == ["never_reviewed"]
    assert [entry[:2] for entry in entries_after(edition)] == [
        ("status_update:imported", "status_updates/st-bail-2"),
        ("citation:imported", "citations/st-bail-2/ev-memo"),
        ("stale_flags:closed", "stale_flags"),
    ]
    assert verify_chain().fault == ""


@pytest.mark.parametrize(
    ("file", "row", "values", "pledges"),
    [
        ("pledges.csv", 2, {"position": "9"}, ["jane-no-bail"]),
        ("evidence.csv", 2, {"is_title_exact": "false"}, ["jane-no-bail"]),
        ("evidence_links.csv", 4, {"locator": "top"}, ["jane-open-data"]),
        ("terms.csv", 3, {"ends_on": "2028-01-04"}, ["jane-no-bail", "jane-open-data"]),
        ("jurisdictions.csv", 2, {"note": "x"}, []),
    ],
)
def test_what_follows_is_told_once_of_the_pledges_touched(
    loaded: Path,
    load: Load,
    monkeypatch: pytest.MonkeyPatch,
    file: str,
    row: int,
    values: dict[str, str],
    pledges: list[str],
) -> None:
    told: list[list[str]] = []

    def tell(*, pledge_ids: list[int], by: User, now: object) -> None:
        slugs = Pledge.objects.filter(pk__in=pledge_ids).values_list("slug", flat=True)
        told.append(sorted(slugs))

    monkeypatch.setattr(actions, "pledges_changed", tell)
    edit(loaded, file, row, **values)
    load(loaded)
    assert told == [pledges]


def test_a_later_vintage_is_a_new_row_and_the_earlier_stays(loaded: Path, load: Load) -> None:
    before = list(Observation.objects.order_by("pk").values_list())
    row = {"metric": "bail-share", "observed_on": "2024-01-01", "period": "month"}
    more = {"vintage_on": "2025-01-01", "vintage_precision": "year", "source": "dashboard"}
    add(loaded, "observations/bail.csv", **row, value="33", **more)
    edition = current_edition()
    assert load(loaded).totals == {Verdict.NEW: 1, Verdict.UNCHANGED: ROWS}
    values = Observation.objects.order_by("pk")
    assert list(values.values_list())[:-1] == before
    assert [str(value) for value in values.values_list("value", flat=True)] == [
        "31.5000",
        "12.0000",
        "33.0000",
    ]
    assert entries_after(edition) == [("observations:imported", "observations/bail.csv", "")]


def test_rows_that_are_only_in_the_record_are_left_alone(loaded: Path, load: Load) -> None:
    drop(loaded, "evidence_links.csv", 3)
    drop(loaded, "metric_pledges.csv", 2)
    drop(loaded, "observations/bail.csv", 3)
    with nothing_changes():
        report = load(loaded)
    assert report.totals == {Verdict.UNCHANGED: ROWS - 3}


def test_rows_may_point_to_what_is_only_in_the_record(loaded: Path, load: Load) -> None:
    """Evidence, pledge, term and criteria of a new rating are in the record, not in the files."""
    for file in ("evidence.csv", "result_report_sources.csv", "evidence_links.csv"):
        for _ in range(len((loaded / file).read_text(encoding="utf-8").splitlines()) - 1):
            drop(loaded, file, 2)
    for file in ("citations.csv", "status_updates.csv", "pledges.csv", "criteria.csv"):
        for _ in range(len((loaded / file).read_text(encoding="utf-8").splitlines()) - 1):
            drop(loaded, file, 2)
    add(
        loaded,
        "status_updates.csv",
        slug="st-diversion-2",
        pledge="john-diversion",
        status="kept",
        effective_on="2024-01-02",
        assessed_on="2024-01-03",
        confidence="low",
        reasoning="It held.",
        methodology="1.0",
    )
    add(loaded, "citations.csv", status_update="st-diversion-2", evidence="ev-memo", position="1")
    report = load(loaded)
    assert [row.name for row in report.rows if row.verdict == Verdict.NEW] == [
        "st-diversion-2",
        "st-diversion-2/ev-memo",
    ]


def test_a_boundary_of_two_terms_and_the_winner_of_an_election_can_move(
    loaded: Path, load: Load
) -> None:
    """The database checks each row at once, so the rows must change in the one right order."""
    edit(loaded, "terms.csv", 2, ends_on="2023-12-29")
    edit(loaded, "terms.csv", 3, started_on="2023-12-29")
    edit(loaded, "candidacies.csv", 2, is_winner="false")
    edit(loaded, "candidacies.csv", 3, is_winner="true")
    assert load(loaded).totals == {Verdict.CHANGED: 4, Verdict.UNCHANGED: ROWS - 4}
    edit(loaded, "terms.csv", 2, ends_on="2023-12-31")
    edit(loaded, "terms.csv", 3, started_on="2023-12-31")
    edit(loaded, "candidacies.csv", 2, is_winner="true")
    edit(loaded, "candidacies.csv", 3, is_winner="false")
    assert load(loaded).totals == {Verdict.CHANGED: 4, Verdict.UNCHANGED: ROWS - 4}
    spans = Term.objects.order_by("started_on").values_list("slug", "started_on", "ends_on")
    assert list(spans) == [
        ("john-term", date(2020, 1, 6), date(2023, 12, 31)),
        ("jane-term", date(2023, 12, 31), date(2028, 1, 3)),
    ]
    assert Candidacy.objects.get(is_winner=True).person.slug == "jane-example"


def test_a_row_changed_between_reading_and_writing_is_refused(
    loaded: Path, faults_of: FaultsOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(loaded, "people.csv", 2, background="Defender.")
    judge = actions.judge

    def slowly(*args: Any, **more: Any) -> None:
        judge(*args, **more)
        Person.objects.filter(slug="jane-example").update(background="Somebody was faster.")

    monkeypatch.setattr(actions, "judge", slowly)
    assert faults_of(loaded) == [
        "people.csv, row 2: Someone changed it on the desk just now. Load again."
    ]
