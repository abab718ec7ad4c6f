"""docs/watching/: alerts and board can be read, and ask for figures that there are."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
import yaml
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from promises.accounts.models import User
from promises.backups.shelf import Shelf
from promises.staleness.actions import sweep_stale
from promises.staleness.models import Lapse
from promises.watching.figures import KINDS
from tests.record import NOW
from tests.watching.test_requests import logs

DOCS = Path(__file__).resolve().parents[2] / "docs"
BOARD = json.loads((DOCS / "watching" / "grafana.json").read_text(encoding="utf-8"))
ASKED = [target["expr"] for panel in BOARD["panels"] for target in panel.get("targets", [])]


@pytest.fixture(scope="module")
def alerts() -> dict[str, dict[str, Any]]:
    """Each alert by its name."""
    text = (DOCS / "watching" / "alerts.yml").read_text(encoding="utf-8")
    (group,) = yaml.safe_load(text)["groups"]
    return {rule["alert"]: rule for rule in group["rules"]}


@pytest.fixture
def samples(author: User, client: Client, settings: Any, tmp_path: Path) -> set[tuple[str, ...]]:
    """Each number that a site at work gives: its name, and the names of its labels."""
    settings.BACKUPS = str(tmp_path)
    (tmp_path / "2026-11-26T05-30-00Z").mkdir()
    Shelf(tmp_path).note_drill({"finished_at": "2026-11-26T06:00:00Z"})
    sweep_stale(by=author, now=NOW)
    client.get("/robots.txt")
    logs.apply()
    return {
        (each.name, *sorted(each.labels))
        for family in text_string_to_metric_families(
            client.get("/internal/metrics").content.decode()
        )
        for each in family.samples
    }


def named_in(expression: str) -> set[tuple[str, ...]]:
    """Return each number an expression names, with the labels it is picked by."""
    found = re.findall(r"(tracker_\w+)(?:{([^}]*)})?", expression)
    return {(name, *sorted(re.findall(r"(\w+)(?:=|!=|=~)\"", given))) for name, given in found}


def test_what_alerts_and_board_ask_for_is_given(
    alerts: dict[str, dict[str, Any]], samples: set[tuple[str, ...]]
) -> None:
    assert (len(alerts), len(ASKED)) == (18, 25)
    asked = [each["expr"] for each in alerts.values()] + ASKED
    unknown = [
        wanted
        for expression in asked
        for wanted in named_in(expression)
        if not any(
            name == wanted[0] and set(wanted[1:]) <= set(labels) for name, *labels in samples
        )
    ]
    assert unknown == []
    assert all(each.count("(") == each.count(")") for each in asked)


def test_the_board_shows_every_figure() -> None:
    assert [name for name in KINDS if not any(name in each for each in ASKED)] == []


def test_every_alert_has_a_sentence_and_a_line_of_the_runbook(
    alerts: dict[str, dict[str, Any]],
) -> None:
    runbook = (DOCS / "operations.md").read_text(encoding="utf-8")
    assert [name for name in alerts if f"| `{name}` |" not in runbook] == []
    for name, rule in alerts.items():
        assert re.fullmatch(r"[A-Z].*\.", rule["annotations"]["summary"]), name
        assert re.fullmatch(r"\d+m", rule["for"]), name


def test_what_never_happened_is_late_too(alerts: dict[str, dict[str, Any]]) -> None:
    """Its figure is not there, so a comparison alone would never come true."""
    for name, figure in (
        ("SweepLate", "tracker_sweep_age_seconds"),
        ("BackupLate", "tracker_backup_age_seconds"),
        ("DrillLate", "tracker_drill_age_seconds"),
    ):
        assert f"or absent({figure}) and on() (" in alerts[name]["expr"]


def test_monitoring_does_not_alarm_itself(alerts: dict[str, dict[str, Any]]) -> None:
    assert 'route!="programs:readyz"' in alerts["ErrorsServed"]["expr"]


@pytest.mark.django_db
def test_a_source_that_fell_silent_wakes_nobody(
    client: Client, alerts: dict[str, dict[str, Any]]
) -> None:
    assert alerts["LapseOpen"]["expr"] == 'max(tracker_lapses_open{kind="sweep"}) > 0'
    since = NOW - timedelta(days=400)
    Lapse.objects.create(heartbeat="source", name="a", silent_since=since, found_at=NOW)
    Lapse.objects.create(heartbeat="source", name="b", silent_since=since, found_at=NOW)
    with time_machine.travel(NOW, tick=False):
        said = client.get("/internal/metrics").content.decode()
    assert 'tracker_lapses_open{kind="source"} 2\n' in said
    assert 'tracker_lapses_open{kind="sweep"} 0\n' in said
