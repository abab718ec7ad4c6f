"""The steps of pledges: handed in, published, sent back, looked at again, retracted."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.desk.newsroom.steps import ASIDE, HAND_IN, SEND_BACK
from promises.desk.saving.forms import ReasonForm, ReviewForm
from promises.desk.saving.steps import Step, each
from promises.desk.staleness.words import NAMED, left_open
from promises.editorial.choices import State
from promises.evidence.models import Evidence
from promises.pledges.actions import publish_pledge, retract_pledge
from promises.pledges.models import Pledge
from promises.updates.reviewing import record_reviews


def _leaves(*states: State) -> Callable[[Sequence[Pledge], dict[str, Any]], str]:
    """Return what names the evidence of pledges that is still in one of these states."""

    def leaves(pledges: Sequence[Pledge], _answers: dict[str, Any]) -> str:
        pieces = Evidence.objects.filter(links__pledge__in=pledges, state__in=states)
        found = list(pieces.distinct().order_by("pk")[: NAMED + 1])
        if not found:
            return ""
        return format_html(
            gettext("Each piece of evidence is handed in and published by itself. Still open: {}"),
            _named(found),
        )

    return leaves


def _named(pieces: Sequence[Evidence]) -> str:
    """Return the first of these, each linked and with its state."""
    rows = [
        (
            reverse("admin:evidence_evidence_change", args=[piece.pk]),
            piece,
            piece.get_state_display(),
        )
        for piece in pieces[:NAMED]
    ]
    named = format_html_join(", ", '<a href="{}">{}</a> ({})', rows)
    more = gettext(", and more") if len(pieces) > NAMED else ""
    return format_html("{}{}.", named, more)


PLEDGE_STEPS = (
    replace(HAND_IN, leaves=_leaves(State.DRAFT)),
    Step(
        name="publish",
        label=_("Publish"),
        explains=_(
            "The pledge becomes public with its criteria, and with what published"
            " evidence says about it."
        ),
        done=_("Published"),
        act=each(publish_pledge, "pledge"),
        leaves=_leaves(State.DRAFT, State.IN_REVIEW),
        is_offered=lambda pledge, _user: pledge.state in {State.DRAFT, State.IN_REVIEW},
        in_batch=True,
        pledges=lambda records: [pledge.pk for pledge in records],
    ),
    SEND_BACK,
    Step(
        name="review",
        label=_("Looked again, nothing changed"),
        explains=_("Readers see that you looked again today. The status stays as it is."),
        done=_("Looked again"),
        act=lambda records, **given: record_reviews(pledges=records, **given),
        asks=ReviewForm,
        needs=("updates.add_review",),
        is_offered=lambda pledge, _user: pledge.state == State.PUBLISHED,
        is_judgement=True,
        in_batch=True,
        is_set_based=True,
        pledges=lambda records: [pledge.pk for pledge in records],
        looks_at=lambda pledge: pledge,
        leaves=lambda records, _answers: left_open(records),
    ),
    Step(
        name="retract",
        label=_("Retract"),
        explains=_("The pledge is withdrawn from the public for good. The reason stays."),
        done=_("Retracted"),
        act=each(retract_pledge, "pledge"),
        asks=ReasonForm,
        is_offered=lambda pledge, _user: pledge.state == State.PUBLISHED,
        is_judgement=True,
        pledges=lambda records: [pledge.pk for pledge in records],
    ),
    *ASIDE,
)
