"""The rules of the house over every table: names, keys, history, public columns."""

import inspect

import pytest
from django.db import models
from django.utils.module_loading import import_string

from promises.common.columns import Table
from tests.architecture.house import OURS, STEP, TABLES_OF_OURS


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
    "captures.Capture.leased_until",
    "ledger.Entry.at",
    "staleness.Lapse.silent_since",
    "outbox.Delivery.leased_until",
    "sources.Host.leased_until",
    "staleness.Watched.last_look",
    "staleness.StaleFlag.snoozed_until",
    "staleness.StaleFlag.stale_since",
    "discovery.Feed.failing_since",
    "discovery.Feed.leased_until",
    "webhooks.Endpoint.leased_until",
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


# Rows that only ever grow are their own history.
GROWS_ONLY = {
    "accounts.RoleGrant",
    "accounts.SecurityEvent",
    "captures.Timestamp",
    "ledger.Entry",
    "ledger.Head",
    "metrics.Observation",
    "sources.LinkCheck",
    "sources.PageText",
    "staleness.Sweep",
    "updates.Approval",
    "updates.Correction",
    "updates.Review",
}
# Views and what the database computes; people, whose log-ins would fill a history; counters and
# mails, which are no record; a file whose bytes never change, and a report that can be worked out
# again; messages to webhooks; what a feed said; what nobody has saved yet: a history of it would
# keep what its writer has discarded; and who follows what, for the same reason: who stops is
# erased at once. Words of texts that are kept elsewhere.
NO_HISTORY = {
    "discovery.FeedItem",
    "accounts.Letter",
    "accounts.LoginAttempt",
    "accounts.User",
    "alerts.Cursor",
    "alerts.News",
    "alerts.Request",
    "alerts.Subscriber",
    "alerts.Subscription",
    "editorial.UnsavedWork",
    "imports.ImportFile",
    "imports.ReportLine",
    "sources.Host",
    "staleness.Digest",
    "staleness.Due",
    "staleness.DueDate",
    "staleness.Notice",
    "staleness.SourceBeat",
    "staleness.Watched",
    "suggestions.SentOnce",
    "webhooks.Attempt",
    "webhooks.Cursor",
    "webhooks.Message",
    "vocabulary.Reading",
    "vocabulary.Word",
}


def test_every_table_keeps_its_history() -> None:
    events = {model for model in OURS if hasattr(model, "pgh_tracked_model")}
    tracked = {event.pgh_tracked_model._meta.label for event in events}
    labels = {model._meta.label for model in OURS if model not in events}
    assert tracked | GROWS_ONLY | NO_HISTORY == labels


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
    assert len(tables()) == 36
    for table in tables():
        assert list(table.snapshots([])) == []
        assert set(table.key) <= {column.name for column in table.columns}
        assert all(column.about.endswith(".") for column in table.columns), table.name
