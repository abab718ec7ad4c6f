"""Work on the desk after an import: it stays, and is never overwritten."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from promises.accounts.models import User
from promises.evidence.actions import delete_evidence_link, retract_evidence
from promises.evidence.models import Evidence, EvidenceLink
from promises.ledger.chain import verify_chain
from promises.metrics.actions import add_observation, retract_observation
from promises.metrics.models import Observation
from promises.officials.actions import retract_person, save_official_record, save_person
from promises.officials.models import Jurisdiction, Person
from promises.packages.report import PackageRefused
from promises.packages.rows import Verdict
from promises.pledges.models import Criterion, Pledge, Topic
from promises.updates.correcting import correct_criterion, correct_pledge
from tests import record
from tests.packages.conftest import FaultsOf, Load, nothing_changes
from tests.packages.folder import ROWS, add, drop, edit
from tests.record import NOW

LATER = NOW + timedelta(days=1)

pytestmark = pytest.mark.django_db


class TestEditors:
    """Work done on the desk after an import."""

    @pytest.fixture(autouse=True)
    def _editor(self, loaded: Path, author: User) -> None:
        self.by = author

    def _words_of_a_pledge(self) -> None:
        pledge = Pledge.objects.get(slug="jane-no-bail")
        pledge.statement = "She said she would never ask for it."
        correct_pledge(pledge=pledge, kind="typo", note="Missing words.", by=self.by, now=LATER)

    def _a_place(self) -> None:
        place = Jurisdiction.objects.get(slug="example-county")
        place.note = "Written on the desk."
        save_official_record(record=place, by=self.by, now=LATER)

    def _a_met_criterion(self) -> None:
        criterion = Criterion.objects.get(pledge__slug="jane-no-bail")
        criterion.is_met = True
        correct_criterion(criterion=criterion, kind="update", note="It is.", by=self.by, now=LATER)

    def _a_removed_link(self) -> None:
        link = EvidenceLink.objects.get(evidence__slug="ev-memo")
        delete_evidence_link(link=link, reason="Not about it.", by=self.by, now=LATER)

    def _withdrawn_evidence(self) -> None:
        evidence = Evidence.objects.get(slug="ev-critic")
        retract_evidence(evidence=evidence, reason="Forged.", by=self.by, now=LATER)

    def _a_retracted_value(self) -> None:
        value = Observation.objects.get(value="31.5")
        retract_observation(observation=value, reason="It is 13.5.", by=self.by, now=LATER)

    def _a_value_put_right(self) -> None:
        self._a_retracted_value()
        right = Observation.objects.get(value="31.5")
        right.pk, right.value = None, Decimal("13.5")
        right.retracted_at, right.retracted_by, right.retraction_reason = None, None, ""
        add_observation(observation=right, by=self.by, now=LATER)

    @pytest.mark.parametrize(
        "work",
        [
            _words_of_a_pledge,
            _a_place,
            _a_met_criterion,
            _a_removed_link,
            _withdrawn_evidence,
            _a_retracted_value,
            _a_value_put_right,
        ],
    )
    def test_stays_while_the_file_says_what_it_said(
        self, loaded: Path, load: Load, work: Callable[[Any], None]
    ) -> None:
        work(self)
        with nothing_changes():
            report = load(loaded)
        assert report.totals == {Verdict.LEFT: 1, Verdict.UNCHANGED: ROWS - 1}
        assert report.outcome() == (
            f"Nothing to do: the record already holds {loaded}. Left as they are here: 1."
        )

    def test_stays_though_newer_seeds_say_something_else(self, loaded: Path, load: Load) -> None:
        self._a_place()
        edit(loaded, "jurisdictions.csv", 2, note="Written in the file.")
        edit(loaded, "evidence.csv", 2, title="Another title")
        edit(loaded, "status_updates.csv", 2, reasoning="For another reason.")
        with nothing_changes():
            report = load(loaded, leaves=True)
        assert report.totals == {Verdict.LEFT: 3, Verdict.UNCHANGED: ROWS - 3}
        add(loaded, "topics.csv", slug="parole", name="Parole", position="9")
        report = load(loaded, leaves=True)
        assert report.totals == {Verdict.NEW: 1, Verdict.LEFT: 3, Verdict.UNCHANGED: ROWS - 3}
        assert Topic.objects.get(slug="parole").name == "Parole"
        assert verify_chain().fault == ""

    def test_what_hangs_on_what_was_withdrawn_here_stays_out(
        self, loaded: Path, load: Load
    ) -> None:
        self._withdrawn_evidence()
        add(loaded, "evidence_links.csv", pledge="jane-open-data", evidence="ev-critic",
            stance="context", is_source="false")  # fmt: skip
        # One rating rests on it, and on what stands; another was published with less.
        add(loaded, "status_updates.csv", slug="st-data-3", pledge="jane-open-data",
            status="compromise", effective_on="2024-07-01", assessed_on="2024-07-02",
            confidence="low", reason="no_action", reasoning="Half of it.",
            methodology="1.0")  # fmt: skip
        add(loaded, "citations.csv", status_update="st-data-3", evidence="ev-news", position="1")
        add(loaded, "citations.csv", status_update="st-data-3", evidence="ev-critic", position="2")
        add(loaded, "citations.csv", status_update="st-bail", evidence="ev-news", position="2")
        add(loaded, "criteria.csv", pledge="jane-no-bail", position="2", aspect="effect",
            text="Fewer people in jail")  # fmt: skip
        with nothing_changes():
            report = load(loaded, leaves=True)
        left = [row.name for row in report.rows if row.verdict == Verdict.LEFT]
        assert left == [
            "jane-no-bail/2",
            "ev-critic",
            "jane-open-data/ev-critic",
            "st-data-3",
            "st-data-3/ev-news",
            "st-data-3/ev-critic",
            "st-bail/ev-news",
        ]
        assert report.totals == {Verdict.LEFT: 7, Verdict.UNCHANGED: ROWS - 1}

    def test_a_person_who_was_withdrawn_comes_back_with_nothing(
        self, loaded: Path, load: Load
    ) -> None:
        add(loaded, "people.csv", slug="jim-nobody", name="Jim Nobody")
        load(loaded)
        jim = Person.objects.get(slug="jim-nobody")
        retract_person(person=jim, reason="No official.", by=self.by, now=LATER)
        add(loaded, "pledges.csv", slug="jim-no", person="jim-nobody", position="1", title="No",
            statement="He said no.", kind="outcome", origin="campaign", topic="bail",
            made_on="2023-06-02", controlled_by="office")  # fmt: skip
        add(loaded, "criteria.csv", pledge="jim-no", position="1", aspect="letter", text="No.")
        add(loaded, "topics.csv", slug="parole", name="Parole", position="9")
        report = load(loaded, leaves=True)
        left = [row.name for row in report.rows if row.verdict == Verdict.LEFT]
        assert left == ["jim-nobody", "jim-no", "jim-no/1"]
        assert report.totals[Verdict.NEW] == 1
        assert not Pledge.objects.filter(slug="jim-no").exists()

    def test_a_draft_of_the_desk_stays_one(self, loaded: Path, load: Load) -> None:
        draft = record.draft_pledge(by=self.by, slug="jane-later", title="Written here")
        add(loaded, "pledges.csv", slug="jane-later", person="jane-example", position="3",
            title="Of the file", statement="She said so.", kind="outcome", origin="campaign",
            topic="bail", made_on="2023-06-02", controlled_by="office")  # fmt: skip
        add(loaded, "criteria.csv", pledge="jane-later", position="1", aspect="letter", text="So.")
        with nothing_changes():
            report = load(loaded, leaves=True)
        assert report.totals == {Verdict.LEFT: 2, Verdict.UNCHANGED: ROWS}
        draft.refresh_from_db()
        assert (draft.title, draft.state) == ("Written here", "draft")

    def test_new_rows_are_refused_as_ever(self, loaded: Path, load: Load) -> None:
        edit(loaded, "evidence.csv", 2, title="Another title")
        add(loaded, "topics.csv", slug="parole", name="Parole", position="9", parent="parole")
        with nothing_changes(), pytest.raises(PackageRefused) as refusal:
            load(loaded, leaves=True)
        faults = [str(fault) for fault in refusal.value.report.sorted_faults]
        assert [fault.partition(":")[0] for fault in faults] == ["topics.csv, row 4"], faults

    def test_a_value_put_right_is_found_once_the_file_follows(
        self, loaded: Path, load: Load
    ) -> None:
        self._a_value_put_right()
        edit(loaded, "observations/bail.csv", 2, value="13.5")
        with nothing_changes():
            assert load(loaded).totals == {Verdict.UNCHANGED: ROWS}

    def test_the_file_puts_a_retracted_value_right(
        self, loaded: Path, load: Load, faults_of: FaultsOf
    ) -> None:
        self._a_retracted_value()
        edit(loaded, "observations/bail.csv", 2, value="13.5")
        assert load(loaded).totals == {Verdict.NEW: 1, Verdict.UNCHANGED: ROWS - 1}
        assert sorted(Observation.objects.published().values_list("value", flat=True)) == [
            Decimal("12"),
            Decimal("13.5"),
        ]
        edit(loaded, "observations/bail.csv", 2, value="14")
        assert faults_of(loaded) == [
            "observations/bail.csv, row 2: A published value never changes. Add it with a later"
            " “vintage_on”. The record differs in “value”."
        ]

    def test_is_found_again_once_the_file_follows(self, loaded: Path, load: Load) -> None:
        self._words_of_a_pledge()
        edit(loaded, "pledges.csv", 2, statement="She said she would never ask for it.")
        with nothing_changes():
            assert load(loaded).totals == {Verdict.UNCHANGED: ROWS}

    def test_is_not_overwritten_by_another_change(self, loaded: Path, faults_of: FaultsOf) -> None:
        self._a_place()
        edit(loaded, "jurisdictions.csv", 2, note="Written in the file.", fips="42998")
        assert faults_of(loaded) == [
            "jurisdictions.csv, row 2: This jurisdiction was edited here since it was imported,"
            " and the file has changed too; they differ in “fips”, “note”. Bring the file into"
            " line with the record."
        ]

    def test_is_not_pointed_to_when_it_was_withdrawn(
        self, loaded: Path, faults_of: FaultsOf
    ) -> None:
        self._withdrawn_evidence()
        add(
            loaded,
            "evidence_links.csv",
            pledge="john-diversion",
            evidence="ev-critic",
            stance="context",
            is_source="false",
        )
        assert faults_of(loaded) == [
            "evidence_links.csv, row 5: It points to the evidence “ev-critic”, which was withdrawn"
            " here. Leave the row out."
        ]

    def test_is_not_taken_for_an_import(
        self, loaded: Path, load: Load, faults_of: FaultsOf
    ) -> None:
        place = Jurisdiction(slug="other", name="Other", kind="county", state="PA")
        save_official_record(record=place, by=self.by, now=NOW)
        row = {"slug": "other", "name": "Other", "kind": "county", "state": "PA"}
        number = add(loaded, "jurisdictions.csv", **row)
        with nothing_changes():
            assert load(loaded).totals == {Verdict.UNCHANGED: ROWS + 1}
        edit(loaded, "jurisdictions.csv", number, note="More.")
        assert faults_of(loaded) == [
            "jurisdictions.csv, row 3: This jurisdiction is in the record already, not from an"
            " import, and differs in “note”. Bring the file into line with it."
        ]

    def test_is_not_published_by_an_import(self, loaded: Path, faults_of: FaultsOf) -> None:
        person = Person(slug="draft-person", name="Draft Person")
        save_person(person=person, by=self.by, now=NOW)
        number = add(loaded, "people.csv", slug="draft-person", name="Draft Person")
        add(
            loaded,
            "candidacies.csv",
            election="example-da-2019",
            person="draft-person",
            is_winner="false",
        )
        assert faults_of(loaded) == [
            "people.csv, row 4: This person is here already: draft. Publish or delete that first."
        ]
        drop(loaded, "people.csv", number)
        assert faults_of(loaded) == [
            "candidacies.csv, row 4: It points to the person “draft-person”, which is not public"
            " here. Publish that first."
        ]
