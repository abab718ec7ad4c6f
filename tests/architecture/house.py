"""What the tests of the house look at: files, models, and the stairs they stand on."""

from pathlib import Path

from django.apps import apps

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
    ["api", "site", "desk", "watching"],
    ["serving"],
    ["packages", "webhooks", "imports", "backups"],
    ["staleness"],
    ["newsroom", "suggestions", "discovery", "alerts", "vocabulary"],
    ["updates"],
    ["captures"],
    ["sources", "record_requests"],
    ["evidence", "metrics"],
    ["pledges"],
    ["officials"],
    ["editorial", "outbox"],
    ["accounts", "ledger", "fetching"],
    ["common"],
]
STEP = {app: number for number, row in enumerate(reversed(STAIRS)) for app in row}
