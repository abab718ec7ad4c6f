"""What was withdrawn here, before a package came or meanwhile: nothing new stands on it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from promises.accounts.models import User
from promises.evidence.actions import retract_evidence
from promises.evidence.models import Evidence
from promises.metrics.actions import retract_metric
from promises.metrics.models import Metric
from promises.officials.actions import publish_person, retract_person, save_person
from promises.officials.models import Person
from promises.packages import actions
from promises.pledges.actions import retract_pledge
from promises.pledges.models import Pledge
from tests.packages.conftest import FaultsOf
from tests.packages.folder import add, drop
from tests.record import NOW

LATER = NOW + timedelta(days=1)

pytestmark = pytest.mark.django_db


def withdraw_person(by: User) -> None:
    for pledge in Pledge.objects.filter(person__slug="john-sample"):
        retract_pledge(pledge=pledge, reason="Never said.", by=by, now=LATER)
    person = Person.objects.get(slug="john-sample")
    retract_person(person=person, reason="A namesake.", by=by, now=LATER)


def withdraw_pledge(by: User) -> None:
    pledge = Pledge.objects.get(slug="jane-open-data")
    retract_pledge(pledge=pledge, reason="Never said.", by=by, now=LATER)


def withdraw_evidence(by: User) -> None:
    evidence = Evidence.objects.get(slug="ev-memo")
    retract_evidence(evidence=evidence, reason="Forged.", by=by, now=LATER)


def withdraw_metric(by: User) -> None:
    metric = Metric.objects.get(slug="bail-share")
    retract_metric(metric=metric, reason="Miscounted.", by=by, now=LATER)


@pytest.mark.parametrize(
    ("withdraw", "file", "values", "names"),
    [
        (
            withdraw_person,
            "candidacies.csv",
            {"election": "example-da-2019", "person": "john-sample", "is_winner": "true"},
            "person “john-sample”",
        ),
        (
            withdraw_pledge,
            "evidence_links.csv",
            {
                "pledge": "jane-open-data",
                "evidence": "ev-critic",
                "stance": "context",
                "is_source": "false",
            },
            "pledge “jane-open-data”",
        ),
        (
            withdraw_evidence,
            "evidence_links.csv",
            {
                "pledge": "jane-open-data",
                "evidence": "ev-memo",
                "stance": "context",
                "is_source": "false",
            },
            "evidence “ev-memo”",
        ),
        (
            withdraw_metric,
            "metric_pledges.csv",
            {"metric": "bail-share", "pledge": "jane-open-data"},
            "metric “bail-share”",
        ),
    ],
)
def test_what_was_withdrawn_since_the_comparison_is_not_pointed_to(
    loaded: Path,
    faults_of: FaultsOf,
    author: User,
    monkeypatch: pytest.MonkeyPatch,
    withdraw: Callable[[User], None],
    file: str,
    values: dict[str, str],
    names: str,
) -> None:
    number = add(loaded, file, **values)
    judge = actions.judge

    def slowly(*args: Any, **more: Any) -> None:
        judge(*args, **more)
        withdraw(author)

    monkeypatch.setattr(actions, "judge", slowly)
    assert faults_of(loaded) == [
        f"{file}, row {number}: It points to the {names}, which was withdrawn on the desk just"
        " now. Load again."
    ]


def test_who_was_withdrawn_before_is_named_with_what_to_do(
    loaded: Path, faults_of: FaultsOf, author: User
) -> None:
    """It was added on the desk, so that no import has ever told of it."""
    given: dict[str, Any] = {"by": author, "now": NOW}
    person = save_person(person=Person(slug="joan-sample", name="Joan Sample"), **given)
    person = publish_person(person=person, **given)
    retract_person(person=person, reason="A namesake.", by=author, now=LATER)
    number = add(loaded, "people.csv", slug="joan-sample", name="Joan B. Sample")
    assert faults_of(loaded) == [
        f"people.csv, row {number}: This person was withdrawn here. Leave the row out."
    ]
    drop(loaded, "people.csv", number)
    number = add(
        loaded,
        "candidacies.csv",
        election="example-da-2019",
        person="joan-sample",
        is_winner="false",
    )
    assert faults_of(loaded) == [
        f"candidacies.csv, row {number}: It points to the person “joan-sample”, which was withdrawn"
        " here. Leave the row out."
    ]
