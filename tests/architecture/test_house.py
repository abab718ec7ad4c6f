"""What imports cannot show: the rules of the house, held over every file and model."""

import ast
import inspect
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from celery.schedules import crontab
from django.conf import settings
from django.utils.module_loading import import_string

from tests.architecture.house import ROOT, SOURCES, STAIRS
from tracker.celery import app as celery
from tracker.schedule import TIMETABLE


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield node


def test_the_stairs_of_this_test_are_those_of_the_linter() -> None:
    contract = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.search(r"layers = \[\n(.*?)\n\]", contract, re.DOTALL)
    assert listed is not None
    rows = [re.findall(r"\w+", line) for line in listed.group(1).splitlines()]
    assert rows == STAIRS


def test_files_stay_short() -> None:
    long = {
        relative(path): count
        for path in SOURCES
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert long == {}


def test_functions_stay_short() -> None:
    long = {
        f"{relative(path)}:{node.name}": length
        for path in SOURCES
        for node in functions(path)
        if (length := (node.end_lineno or 0) - node.body[0].lineno) > 40
    }
    assert long == {}


def test_no_file_is_called_by_a_word_that_says_nothing() -> None:
    empty = re.compile(r"(utils?|helpers?|misc|manager|process|handle)", re.IGNORECASE)
    named = [relative(path) for path in SOURCES if empty.fullmatch(path.stem)]
    assert named == []


def test_no_signals_and_no_workflow_in_save() -> None:
    found = []
    for path in SOURCES:
        if not relative(path).startswith("promises"):
            continue
        text = path.read_text(encoding="utf-8")
        if "@receiver" in text or re.search(r"\.connect\([^)]", text):
            found.append(f"{relative(path)}: signal")
        if path.name == "models.py" or path.parent.name == "models":
            found += [
                f"{relative(path)}: {node.name}"
                for node in functions(path)
                if node.name in {"save", "delete"}
            ]
    assert found == []


# Where the clock of the host may be read: doors and commands. Tasks ask the database for the time
# (promises/common/clock.py), everything else is told it.
CLOCK = re.compile(r"timezone\.now\(|datetime\.now\(|date\.today\(|localdate\(")
DOORS = ("promises/api/", "promises/site/", "promises/desk/", "promises/watching/", "tests/",
    "benchmarks/")  # fmt: skip


def test_only_doors_and_commands_read_the_clock_of_the_host() -> None:
    found = [
        relative(path)
        for path in SOURCES
        if CLOCK.search(path.read_text(encoding="utf-8"))
        and not relative(path).startswith(DOORS)
        and "commands" not in path.parts
    ]
    assert found == []


def public_actions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield what is public in files of actions, and every write elsewhere in the product."""
    for path in SOURCES:
        if not relative(path).startswith("promises"):
            continue
        is_of_actions = path.name == "actions.py"
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if is_of_actions or "write" in map(ast.unparse, node.decorator_list):
                yield f"{relative(path)}:{node.name}", node


# What stands in actions.py without being a write of the record.
NOT_A_WRITE = {
    "promises/accounts/actions.py:lock_logins",
    "promises/accounts/actions.py:service_account",
    "promises/accounts/actions.py:create_development_login",
    "promises/editorial/actions.py:locked",
    "promises/editorial/actions.py:require_seen",
    "promises/editorial/actions.py:require_state",
    "promises/editorial/actions.py:require_states",
    "promises/editorial/actions.py:move",
    "promises/editorial/actions.py:store",
    "promises/pledges/actions.py:lock_pledges",
    "promises/pledges/actions.py:locked_with_pledges",
    "promises/staleness/actions.py:lock_sweep",
    "promises/pledges/actions.py:changed_line",
    "promises/pledges/actions.py:changed_words",
    "promises/evidence/actions.py:changed_line",
    "promises/evidence/actions.py:changed_words",
    "promises/sources/actions.py:kept_texts",
    "promises/officials/actions.py:require_no_conflict",
    "promises/record_requests/actions.py:locked_request",
}


ATOMIC = {"write", "transaction.atomic", "transaction.atomic(savepoint=False)"}


def test_every_write_is_keyword_only_atomic_and_knows_who_and_when() -> None:
    wrong = set()
    for name, node in public_actions():
        keywords = {argument.arg for argument in node.args.kwonlyargs}
        decorators = {ast.unparse(decorator) for decorator in node.decorator_list}
        if node.args.args or not {"by", "now"} <= keywords or not decorators & ATOMIC:
            wrong.add(name)
    assert wrong == NOT_A_WRITE


def test_every_public_function_and_class_says_what_it_is() -> None:
    silent = []
    for path in SOURCES:
        name = relative(path)
        if not name.startswith("promises") or path.name in {"apps.py"} or "commands" in path.parts:
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_"
            if public and not ast.get_docstring(node):
                silent.append(f"{name}:{node.name}")
    assert silent == []


def test_every_name_in_the_timetable_is_a_task_and_every_task_is_in_it() -> None:
    """Of what it does not name no call is left where too many wait (tracker/queue.py)."""
    celery.loader.import_default_modules()
    ours = {name for name in celery.tasks if name.startswith("promises.")}
    assert {entry["task"] for entry in TIMETABLE.values()} == ours


def test_celery_has_every_line_of_the_timetable() -> None:
    given = {name: entry["schedule"] for name, entry in celery.conf.beat_schedule.items()}
    expected = {name: entry["schedule"] for name, entry in TIMETABLE.items()}
    expected["scrub-copies"] = crontab(hour=2, minute=41)
    expected["forget-deliveries"] = crontab(hour=4, minute=17)
    expected["forget-webhook-messages"] = crontab(hour=4, minute=37)
    assert given == expected


def test_no_call_is_old_to_a_worker_whose_clock_differs_by_minutes() -> None:
    """A call says when it is forgotten by the clock of the beat; the worker looks at its own."""
    forgotten = [each["options"]["expires"] for each in TIMETABLE.values() if "options" in each]
    assert set(forgotten) == {3600}


def test_every_effect_takes_pledges_who_and_when() -> None:
    for path in chain.from_iterable(settings.PLEDGE_EFFECTS.values()):
        assert set(inspect.signature(import_string(path)).parameters) == {"pledge_ids", "by", "now"}


def test_every_effect_takes_evidence_who_and_when() -> None:
    given = {"published": set(), "retracted": {"reason"}}
    for event, paths in settings.EVIDENCE_EFFECTS.items():
        for path in paths:
            taken = set(inspect.signature(import_string(path)).parameters)
            assert taken == {"evidence_ids", "by", "now"} | given[event]


def test_every_effect_takes_a_login_who_and_when() -> None:
    for path in chain.from_iterable(settings.LOGIN_EFFECTS.values()):
        assert set(inspect.signature(import_string(path)).parameters) == {"person_id", "by", "now"}


def test_every_dependency_says_why_it_is_here() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    # Names of our own modules stand in the contracts of the stairs.
    named = re.compile(r'  "(?!promises\.)[a-z].*",?$')
    bare = [line for line in lines if named.match(line) and "#" not in line]
    layers = {f'  "{row}"' for row in (" | ".join(row) for row in STAIRS)}
    assert [line for line in bare if line.rstrip(",") not in layers] == []


def test_only_one_room_has_a_door_to_the_network() -> None:
    """Pages are fetched by promises/fetching; mail goes by Django, services are our own.

    The client of the API is handed out to others, and runs at theirs.
    """
    ways_out = re.compile(r"(socket|http\.client|urllib\.request|httpx2?|httpcore2?|requests)")
    rooms = (
        "promises/fetching/",
        "promises/api/client/",
        "tracker/services/",
        "tests/",
        "benchmarks/",
    )
    found = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            if any(ways_out.match(name) for name in names):
                found.append(relative(path))
    assert [path for path in found if not path.startswith(rooms)] == []
