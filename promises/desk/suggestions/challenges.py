"""The desk's page of challenges: taken up, answered in public, or set aside."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.desk.lists.plain_filters import OfferFilter
from promises.desk.record_admin import Fact, RecordAdmin
from promises.desk.saving.forms import PlainTextarea
from promises.desk.saving.steps import Step, each
from promises.desk.suggestions.front import OF_CHALLENGES
from promises.suggestions.actions import (
    answer_challenge,
    link_outcome,
    mark_as_spam,
    take_up,
)
from promises.suggestions.choices import ANSWERED, ChallengeState
from promises.suggestions.models import Challenge
from promises.updates.models import Correction, StatusUpdate


class AnswerForm(forms.Form):
    """Asks for the public answer."""

    answer = forms.CharField(
        label=_("Answer"),
        widget=PlainTextarea({"rows": 8}),
        help_text=_("Everyone can read it, with your public name and today's date."),
    )
    summary = forms.CharField(
        label=_("The objection in our words"),
        widget=PlainTextarea,
        required=False,
        help_text=_("Optional. Readers see this, never what the sender wrote."),
    )


class OutcomeForm(forms.Form):
    """Asks which update or correction of the same pledge it led to."""

    update = forms.ModelChoiceField(
        StatusUpdate.objects.none(),
        label=_("Status update"),
        required=False,
        help_text=_("A draft too: readers see it once it is published."),
    )
    correction = forms.ModelChoiceField(
        Correction.objects.none(), label=_("Correction"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pledge = self.initial.get("pledge")
        updates = StatusUpdate.objects.filter(pledge=pledge).select_related("pledge")
        corrections = Correction.objects.filter(pledge=pledge)
        fields: Any = self.fields
        fields["update"].queryset = updates.newest_first()
        fields["correction"].queryset = corrections


class AnswerFilter(OfferFilter):
    """Keeps challenges by whether and how they were answered."""

    title = _("answer")
    parameter_name = "answer"
    offers = (
        ("waiting", _("waiting"), lambda rows, person, now: rows.waiting()),
        ("mine", _("waiting, mine"), lambda rows, person, now: rows.waiting().in_hands_of(person)),
        ("answered", _("answered"), lambda rows, person, now: rows.answered()),
        ("spam", _("set aside"), lambda rows, person, now: rows.spam()),
    )


def _accept(records: Any, **given: Any) -> None:
    for challenge in records:
        answer_challenge(challenge=challenge, is_accepted=True, **given)


def _decline(records: Any, **given: Any) -> None:
    for challenge in records:
        answer_challenge(challenge=challenge, is_accepted=False, **given)


def _link(records: Any, *, by: User, now: datetime, pledge: Any = None, **given: Any) -> None:
    for challenge in records:
        link_outcome(challenge=challenge, by=by, now=now, **given)


def _pledges(records: Any) -> list[int]:
    return [challenge.pledge_id for challenge in records]


def _waits(challenge: Challenge, _person: User) -> bool:
    return challenge.is_waiting


@admin.register(Challenge)
class ChallengeAdmin(RecordAdmin):
    """Challenges of ratings. What was sent never changes; everything is a step."""

    boxes = OF_CHALLENGES
    fields = (
        "pledge",
        ("status_update", "edition"),
        ("kind", "times_sent"),
        "explanation",
        "source_url",
        ("sender_name", "sender_email"),
        ("received_at", "answer_due_on"),
        ("state", "assigned_to", "reference"),
        "summary",
        "answer",
        ("led_to_update", "led_to_correction"),
    )
    list_display = ("pledge_name", "kind", "state", "received_at", "answer_due_on", "assigned_to")
    list_filter = (AnswerFilter, "kind")
    search_fields = ("pledge__title", "pledge__person__name", "explanation", "reference")
    ordering = ("answer_due_on", "pk")
    related = (
        "pledge__person",
        "status_update__pledge",
        "assigned_to",
        "led_to_update__pledge",
        "led_to_correction",
    )
    steps = (
        Step(
            name="take-up",
            label=_("Take it up"),
            explains=_("It is yours to answer. Readers see that there is a challenge, no words."),
            done=_("Taken up"),
            act=each(take_up, "challenge"),
            is_offered=lambda challenge, person: (
                challenge.state not in ANSWERED and challenge.assigned_to_id != person.pk
            ),
            in_batch=True,
            pledges=_pledges,
        ),
        Step(
            name="accept",
            label=_("Accept"),
            explains=_("Say in public what was right about it and what follows."),
            done=_("Accepted"),
            act=_accept,
            asks=AnswerForm,
            is_offered=_waits,
            pledges=_pledges,
        ),
        Step(
            name="decline",
            label=_("Decline"),
            explains=_("Say in public why the status stands."),
            done=_("Declined"),
            act=_decline,
            asks=AnswerForm,
            is_offered=_waits,
            pledges=_pledges,
        ),
        Step(
            name="outcome",
            label=_("Say what it led to"),
            explains=_("Readers of its page find the new status or the correction there."),
            done=_("Linked"),
            act=_link,
            asks=OutcomeForm,
            is_offered=lambda challenge, _person: challenge.state == ChallengeState.ACCEPTED,
            pledges=_pledges,
            initial=lambda challenge: {
                "pledge": challenge.pledge_id,
                "update": challenge.led_to_update_id,
                "correction": challenge.led_to_correction_id,
            },
        ),
        Step(
            name="set-aside",
            label=_("Set it aside"),
            explains=_("It concerns no status. It makes no pledge look out of date."),
            done=_("Set aside"),
            act=each(mark_as_spam, "challenge"),
            is_offered=_waits,
            in_batch=True,
            pledges=_pledges,
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They come in from outside."""
        return False

    def is_fixed(self, record: Challenge) -> bool:
        """Everything is a step."""
        return True

    def name_of(self, record: Challenge) -> str:
        """Say whose pledge it is: titles repeat."""
        return f"{record.get_kind_display()}: {self.pledge_name(record)}"

    @admin.display(description=_("pledge"), ordering="pledge__title")
    def pledge_name(self, challenge: Challenge) -> str:
        """Say whose pledge it is: titles repeat."""
        return f"{challenge.pledge.person}: {challenge.pledge}"

    def facts(self, request: HttpRequest, record: Challenge) -> list[Fact]:
        """Say that it was written by a stranger, and what became of their data."""
        if record.erased_at:
            return [Fact(_("Sender"), gettext("Name and email have been erased."))]
        return [
            Fact(
                _("Sender"),
                gettext("Written by someone outside. Open links with care; tell nobody the name."),
            )
        ]
