"""What imports cannot show: the rules of the house, held over every file and model."""

import ast
import inspect
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from promises.common.columns import Table
from tracker.celery import app as celery
from tracker.schedule import TIMETABLE

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    path
    for folder in ("promises", "tracker", "tests", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
OURS = [model for model in apps.get_models() if model.__module__.startswith("promises.")]
TABLES_OF_OURS = [model for model in OURS if not hasattr(model, "pgh_tracked_model")]
# From the top of the stairs to the bottom, as in pyproject.toml.
STAIRS = [
    ["api", "site", "desk"],
    ["packages", "imports"],
    ["staleness"],
    ["newsroom", "suggestions"],
    ["updates"],
    ["evidence", "metrics"],
    ["pledges"],
    ["officials"],
    ["editorial", "outbox"],
    ["accounts", "ledger"],
    ["common"],
]
STEP = {app: number for number, row in enumerate(reversed(STAIRS)) for app in row}


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
        if "@receiver" in text or re.search(r"\.connect\(", text):
            found.append(f"{relative(path)}: signal")
        if path.name == "models.py":
            found += [
                f"{relative(path)}: {node.name}"
                for node in functions(path)
                if node.name in {"save", "delete"}
            ]
    assert found == []


# Where the clock may be read: doors, tasks and commands. Everything else is told the time.
CLOCK = re.compile(r"timezone\.now\(|datetime\.now\(|date\.today\(|localdate\(")
DOORS = ("promises/api/", "promises/site/", "promises/desk/", "tests/", "benchmarks/")


def test_only_doors_tasks_and_commands_read_the_clock() -> None:
    found = [
        relative(path)
        for path in SOURCES
        if CLOCK.search(path.read_text(encoding="utf-8"))
        and not relative(path).startswith(DOORS)
        and path.name != "tasks.py"
        and "commands" not in path.parts
    ]
    assert found == ["tests/architecture/test_house.py"] or found == []


def test_foreign_keys_point_down_the_stairs() -> None:
    upward = []
    for model in TABLES_OF_OURS:
        for field in model._meta.get_fields():
            target = field.related_model if field.concrete else None
            if not (inspect.isclass(target) and target.__module__.startswith("promises.")):
                continue
            here, there = model._meta.app_label, target._meta.app_label
            if here != there and STEP[there] >= STEP[here]:
                upward.append(f"{model.__name__}.{field.name} -> {there}")
    assert upward == []


def test_a_moment_and_its_person_are_filled_together() -> None:
    unpaired = []
    for model in TABLES_OF_OURS:
        names = {field.name for field in model._meta.concrete_fields}
        checks = " ".join(constraint.name for constraint in model._meta.constraints)
        for name in sorted(names):
            person = f"{name.removesuffix('_at')}_by"
            if not name.endswith("_at") or person not in names:
                continue
            required = (
                not model._meta.get_field(name).null and not model._meta.get_field(person).null
            )
            if not required and f"{name}_is_paired" not in checks:
                unpaired.append(f"{model.__name__}.{name}")
    assert unpaired == []


# Names from outside, or that read better without the ending.
NAMED_OTHERWISE = {
    "accounts.User.date_joined",
    "accounts.User.last_login",
    "ledger.Entry.at",
    "staleness.Lapse.silent_since",
    "outbox.Delivery.leased_until",
    "staleness.Watched.last_look",
    "staleness.StaleFlag.snoozed_until",
    "staleness.StaleFlag.stale_since",
    "staleness.Sweep.swept_for",
    "pledges.Pledge.status_since",
    "officials.ResultReport.winner_percent_is_minimum",
    "officials.ResultReport.votes_are_approximate",
    "pledges.Pledge.status_is_provisional",
}


def test_times_dates_and_booleans_are_named_by_the_rule() -> None:
    ending = {models.DateTimeField: "_at", models.DateField: "_on", models.BooleanField: ""}
    wrong = set()
    for model in TABLES_OF_OURS:
        for field in model._meta.concrete_fields:
            if type(field) not in ending:
                continue
            label = f"{model._meta.label}.{field.name}"
            suffix = ending[type(field)]
            good = field.name.startswith("is_") if suffix == "" else field.name.endswith(suffix)
            if not good:
                wrong.add(label)
    assert wrong == NAMED_OTHERWISE


def public_actions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in SOURCES:
        if path.name not in {"actions.py", "following.py"}:
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield f"{relative(path)}:{node.name}", node


# What stands in actions.py without being a write of the record.
NOT_A_WRITE = {
    "promises/accounts/actions.py:service_account",
    "promises/accounts/actions.py:create_development_login",
    "promises/editorial/actions.py:locked",
    "promises/editorial/actions.py:require_seen",
    "promises/editorial/actions.py:require_state",
    "promises/editorial/actions.py:require_states",
    "promises/editorial/actions.py:move",
    "promises/editorial/actions.py:store",
    "promises/pledges/actions.py:lock_pledges",
    "promises/staleness/actions.py:lock_sweep",
    "promises/staleness/following.py:recompute_due_dates",
    "promises/pledges/actions.py:changed_words",
    "promises/evidence/actions.py:changed_words",
    "promises/officials/actions.py:require_no_conflict",
    "promises/updates/actions.py:people_behind",
}


def test_every_write_is_keyword_only_atomic_and_knows_who_and_when() -> None:
    wrong = set()
    for name, node in public_actions():
        keywords = {argument.arg for argument in node.args.kwonlyargs}
        decorators = {ast.unparse(decorator) for decorator in node.decorator_list}
        if (
            node.args.args
            or not {"by", "now"} <= keywords
            or not decorators & {"write", "transaction.atomic"}
        ):
            wrong.add(name)
    assert wrong == NOT_A_WRITE


# Rows that only ever grow are their own history.
GROWS_ONLY = {
    "accounts.RoleGrant",
    "accounts.SecurityEvent",
    "ledger.Entry",
    "ledger.Head",
    "metrics.Observation",
    "staleness.Sweep",
    "updates.Approval",
    "updates.Correction",
    "updates.Review",
}
# Views and what the database computes; people, whose log-ins would fill a history; counters and
# mails, which are no record; a file whose bytes never change, and a report that can be worked out
# again; and what nobody has saved yet: a history of it would keep what its writer has discarded.
NO_HISTORY = {
    "accounts.Letter",
    "accounts.LoginAttempt",
    "accounts.User",
    "editorial.UnsavedWork",
    "imports.ImportFile",
    "imports.ReportLine",
    "staleness.Digest",
    "staleness.Due",
    "staleness.DueDate",
    "staleness.Notice",
    "staleness.SourceBeat",
    "staleness.Watched",
}


def test_every_table_keeps_its_history() -> None:
    events = {model for model in OURS if hasattr(model, "pgh_tracked_model")}
    tracked = {event.pgh_tracked_model._meta.label for event in events}
    labels = {model._meta.label for model in OURS if model not in events}
    assert tracked | GROWS_ONLY | NO_HISTORY == labels


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


def test_every_name_in_the_timetable_is_a_task() -> None:
    celery.loader.import_default_modules()
    assert {entry["task"] for entry in TIMETABLE.values()} <= set(celery.tasks)


def test_every_effect_takes_pledges_who_and_when() -> None:
    for path in chain.from_iterable(settings.PLEDGE_EFFECTS.values()):
        assert set(inspect.signature(import_string(path)).parameters) == {"pledge_ids", "by", "now"}


def tables() -> list[Table]:
    found = []
    for app in STEP:
        try:
            module = import_string(f"promises.{app}.columns.__name__")
        except ImportError:
            continue
        found += [
            value
            for value in vars(inspect.sys.modules[module]).values()
            if isinstance(value, Table)
        ]
    return found


@pytest.mark.django_db
def test_every_public_column_can_be_read_and_has_its_sentence() -> None:
    assert len(tables()) == 26
    for table in tables():
        assert list(table.snapshots([])) == []
        assert set(table.key) <= {column.name for column in table.columns}
        assert all(column.about.endswith(".") for column in table.columns), table.name


def test_every_dependency_says_why_it_is_here() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    bare = [line for line in lines if re.match(r'  "[a-z].*",?$', line) and "#" not in line]
    layers = {f'  "{row}"' for row in (" | ".join(row) for row in STAIRS)}
    assert [line for line in bare if line.rstrip(",") not in layers] == []
