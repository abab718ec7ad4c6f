"""compose.yaml starts what docs/scale.md says, with the commands of the Procfile."""

import json
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
PROCFILE = dict(
    line.split(": exec ", 1)
    for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    if line
)


def test_there_are_two_of_everything_that_may_be_two() -> None:
    found = {name: each.get("deploy", {}).get("replicas", 1) for name, each in SERVICES.items()}
    once = {"proxy": 1, "prepare": 1, "postgres": 1, "redis": 1}
    assert found == {**once, "web": 2, "worker": 2, "beat": 2}


def test_the_commands_are_those_of_the_procfile() -> None:
    for name in ("worker", "beat"):
        assert SERVICES[name]["command"] == PROCFILE[name]
    started = re.search(r"^CMD (.*)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.M)
    assert started is not None
    expected = PROCFILE["web"].replace("127.0.0.1", "0.0.0.0").replace("$PORT", "8000")
    assert " ".join(json.loads(started[1])) == expected


def test_the_site_logs_in_as_a_role_that_owns_nothing() -> None:
    logins = {
        name: SERVICES[name]["environment"]["DATABASE_URL"].partition("://")[2].partition(":")[0]
        for name in ("web", "worker", "beat", "prepare")
    }
    assert logins == {"web": "web", "worker": "web", "beat": "web", "prepare": "tracker"}
