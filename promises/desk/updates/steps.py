"""The steps of a status update: handed in, approved, sent back, published, corrected, retracted."""

from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.desk.newsroom.steps import ASIDE
from promises.desk.saving.forms import ApprovalForm, ReasonForm, ReturnForm, UpdateCorrectionForm
from promises.desk.saving.steps import Step, each
from promises.editorial.choices import State
from promises.newsroom.actions import send_back
from promises.updates.actions import (
    approve_status_update,
    publish_status_update,
    retract_status_update,
    submit_status_update,
)
from promises.updates.correcting import correct_status_update
from promises.updates.models import StatusUpdate
from promises.updates.standing import (
    authors_of,
    corrected_reasoning,
    publication_faults,
    standing_approvals,
)


def is_left_to(update: StatusUpdate, person: User) -> bool:
    """Tell whether this person neither wrote nor approved it, and it waits for somebody."""
    is_open = update.state == State.IN_REVIEW or is_to_be_confirmed(update)
    if not is_open or person.pk in authors_of(update):
        return False
    return person.pk not in standing_approvals(update).values()


def is_to_be_confirmed(update: StatusUpdate) -> bool:
    """Tell whether an imported rating is public and can be confirmed here."""
    return update.is_imported and update.state == State.PUBLISHED


def _can_be_published(update: StatusUpdate, person: User) -> bool:
    """Tell whether publishing would succeed now; the panel of the page says what is missing."""
    if update.state != State.IN_REVIEW:
        return False
    given: Any = {"official": update.pledge.person_id, "by": person, "now": timezone.now()}
    return not any(publication_faults(update, standing_approvals(update), **given))


def _pledges(records: Any) -> list[int]:
    return [update.pledge_id for update in records]


UPDATE_STEPS = (
    Step(
        name="submit",
        label=_("Hand in for approval"),
        explains=_("Others approve exactly this wording. To change it, have it sent back."),
        done=_("Handed in"),
        act=each(submit_status_update, "update"),
        is_offered=lambda update, _user: update.state == State.DRAFT,
        is_judgement=True,
        in_batch=True,
    ),
    Step(
        name="approve",
        label=_("Approve"),
        explains=_("Readers see your public name beside the status update: you stand behind it."),
        done=_("Approved"),
        act=each(approve_status_update, "update"),
        asks=ApprovalForm,
        needs=("updates.add_approval",),
        is_offered=is_left_to,
        is_judgement=True,
        in_batch=True,
        pledges=_pledges,
    ),
    Step(
        name="publish",
        label=_("Publish"),
        explains=_("It becomes the public status of the pledge at once, and never changes."),
        done=_("Published"),
        act=each(publish_status_update, "update"),
        is_offered=_can_be_published,
        in_batch=True,
        pledges=_pledges,
    ),
    Step(
        name="return",
        label=_("Send back"),
        explains=_("It becomes a draft again. Approvals so far no longer count."),
        done=_("Sent back"),
        act=each(send_back, "item"),
        asks=ReturnForm,
        is_offered=lambda update, _user: update.state == State.IN_REVIEW,
    ),
    Step(
        name="correct",
        label=_("Correct the reasoning"),
        explains=_("The published words stay; readers see the correction beside them."),
        done=_("Corrected"),
        act=each(correct_status_update, "update"),
        asks=UpdateCorrectionForm,
        needs=("updates.add_correction",),
        is_offered=lambda update, _user: update.state == State.PUBLISHED,
        initial=lambda update: {"new_text": corrected_reasoning(update)},
    ),
    Step(
        name="retract",
        label=_("Retract"),
        explains=_(
            "It is withdrawn for good; the status falls back to the status update before it."
        ),
        done=_("Retracted"),
        act=each(retract_status_update, "update"),
        asks=ReasonForm,
        is_offered=lambda update, _user: update.state == State.PUBLISHED,
        is_judgement=True,
        pledges=_pledges,
    ),
    # Whoever cannot publish it has no time for it either: the plan would only be set aside.
    *(replace(step, is_judgement=step.name == "plan") for step in ASIDE),
)
