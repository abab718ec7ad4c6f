"""The desk's pages of what is stale: whose it is, until when it can wait, who looked."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.common.dates import utc_date
from promises.common.refusals import Refused
from promises.desk.boxes import OF_FLAGS
from promises.desk.lists.filters import EpisodeFilter, HandsFilter
from promises.desk.lists.whose import WhoseFilter
from promises.desk.newsroom.forms import HandOverForm
from promises.desk.reach import require_reach
from promises.desk.record_admin import Fact, ReadOnlyAdmin, RecordAdmin
from promises.desk.saving.forms import ReviewForm, SnoozeForm
from promises.desk.saving.steps import Step
from promises.desk.staleness.words import left_open
from promises.staleness.actions import assign_flags, snooze_flags
from promises.staleness.models import StaleFlag, Sweep
from promises.updates.models import StatusUpdate
from promises.updates.reviewing import record_reviews


def _is_open(flag: StaleFlag, _person: User) -> bool:
    return flag.closed_at is None


def _is_anothers(flag: StaleFlag, person: User) -> bool:
    return flag.closed_at is None and flag.assigned_to_id != person.pk


def _assign_to_me(records: Any, *, by: User, now: datetime) -> None:
    assign_flags(flags=records, to=by, by=by, now=now)


def _hand_over(records: Any, *, by: User, now: datetime, to: User) -> None:
    require_reach(records, to)
    assign_flags(flags=records, to=to, by=by, now=now)


def _let_go(records: Any, *, by: User, now: datetime) -> None:
    assign_flags(flags=records, to=None, by=by, now=now)


def _snooze(records: Any, *, by: User, now: datetime, until: datetime, reason: str) -> None:
    snooze_flags(flags=records, until=until, reason=reason, by=by, now=now)


def _pledges(records: Any) -> list[int]:
    return [flag.pledge_id for flag in records]


def _review(records: Any, *, by: User, now: datetime, note: str) -> None:
    """Review the pledges of these flags; a refusal names the flags, not their pledges."""
    try:
        record_reviews(pledges=[flag.pledge for flag in records], note=note, by=by, now=now)
    except Refused as error:
        why = error.rows
        error.rows = {flag.pk: why[flag.pledge_id] for flag in records if flag.pledge_id in why}
        raise


@admin.register(StaleFlag)
class StaleFlagAdmin(RecordAdmin):
    """Episodes of staleness. The sweep opens and closes them; people take steps."""

    fields = (
        "pledge",
        ("reason", "stale_since", "opened_at"),
        "assigned_to",
        ("snoozed_until", "snooze_reason"),
        ("closed_at", "closed_by", "closed_because"),
    )
    list_display = ("pledge_name", "reason", "stale_since", "days", "assigned_to", "snoozed_until")
    list_filter = (EpisodeFilter, HandsFilter, "reason", WhoseFilter)
    search_fields = ("pledge__title", "pledge__person__name")
    ordering = ("stale_since", "pk")
    boxes = OF_FLAGS
    preview_fields = (
        ("assigned_to", _("In the hands of")),
        ("snoozed_until", _("Snoozed until")),
        ("closed_because", _("Closed")),
    )
    related = ("pledge__person", "assigned_to", "closed_by", "escalated_to")
    steps = (
        Step(
            name="assign",
            label=_("Take it on"),
            explains=_("It is yours to look at."),
            done=_("Taken on"),
            act=_assign_to_me,
            is_offered=_is_anothers,
            in_batch=True,
            is_set_based=True,
        ),
        Step(
            name="hand-over",
            label=_("Hand to someone"),
            explains=_("It is theirs to look at. They hear of it by mail, at most once a day."),
            done=_("Handed over"),
            act=_hand_over,
            asks=HandOverForm,
            offers_by_record=True,
            is_offered=_is_open,
            in_batch=True,
            is_set_based=True,
        ),
        Step(
            name="release",
            label=_("Let it go"),
            explains=_("It is nobody's again."),
            done=_("Let go"),
            act=_let_go,
            is_offered=lambda flag, _person: flag.closed_at is None and flag.assigned_to_id,
            in_batch=True,
            is_set_based=True,
        ),
        Step(
            name="snooze",
            label=_("Snooze"),
            explains=_("It leaves the desk until that day. Readers still see that it is stale."),
            done=_("Snoozed"),
            act=_snooze,
            asks=SnoozeForm,
            is_offered=_is_open,
            in_batch=True,
            is_set_based=True,
        ),
        Step(
            name="review",
            label=_("Looked again, nothing changed"),
            explains=_(
                "One review for each pledge. It clears what a review can clear; a passed"
                " deadline or an ended term asks for a status update."
            ),
            done=_("Looked again"),
            act=_review,
            asks=ReviewForm,
            needs=("updates.add_review",),
            is_offered=_is_open,
            is_judgement=True,
            in_batch=True,
            is_set_based=True,
            pledges=_pledges,
            looks_at=lambda flag: flag.pledge,
            leaves=lambda records, _answers: left_open(flag.pledge for flag in records),
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The sweep opens them."""
        return False

    def is_fixed(self, record: StaleFlag) -> bool:
        """Everything is a step."""
        return True

    def name_of(self, record: StaleFlag) -> str:
        """Say whose pledge it is: titles repeat."""
        return f"{record.pledge.person}: {record}"

    @admin.display(description=_("pledge"))
    def pledge_name(self, flag: StaleFlag) -> str:
        """Say whose pledge it is: titles repeat."""
        return f"{flag.pledge.person}: {flag.pledge}"

    @admin.display(description=_("days"))
    def days(self, flag: StaleFlag) -> int:
        """Return for how many days it has been stale, or was until it was closed."""
        return (utc_date(flag.closed_at or timezone.now()) - flag.stale_since).days

    def officials_of(self, record: StaleFlag) -> Iterable[int]:
        """Return whose pledge it is."""
        return [record.pledge.person_id]

    def facts(self, request: HttpRequest, record: StaleFlag) -> list[Fact]:
        """Say what makes it true, from when on, on what it rests, and what clears it."""
        if record.closed_at is not None:
            return [
                Fact(
                    _("Closed"),
                    f"{record.get_closed_because_display()},"
                    f" {record.closed_by}, {date_format(record.closed_at, 'DATETIME_FORMAT')}",
                )
            ]
        lines = [
            Fact(_("Rule"), str(record.rule.says)),
            Fact(_("Limit"), record.rule.threshold_in_words),
            Fact(_("What clears it"), record.cleared_by),
        ]
        if record.rests_on:
            lines.insert(2, Fact(_("It rests on"), record.rests_on))
        if record.escalated_at:
            told = record.escalated_to or _("nobody in particular")
            day = date_format(record.escalated_at, "DATETIME_FORMAT")
            lines.append(Fact(_("Escalated"), f"{day}: {told}", is_warning=True))
        updates = self.admin_site.get_model_admin(StatusUpdate)
        if said := self.conflict(request, record):
            lines.append(Fact(_("Conflict of interest"), said, is_warning=True))
        elif updates.has_add_permission(request):
            there = reverse("admin:updates_statusupdate_add", query={"pledge": record.pledge_id})
            lines.append(Fact(_("Next"), gettext("Draft a status update"), address=there))
        return lines


@admin.register(Sweep)
class SweepAdmin(ReadOnlyAdmin):
    """Finished runs of the sweep."""

    fields = ("swept_for", "finished_at", "opened", "closed")
    list_display = ("finished_at", "swept_for", "opened", "closed")
    ordering = ("-finished_at", "-pk")
