"""What a refused write says to the person at the desk, and beside which row of the page."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, OperationalError
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promises.common.full import is_full
from promises.common.read_only import is_read_only
from promises.common.refusals import Refused, SeveralFaults, said_by_trigger

logger = logging.getLogger(__name__)

# Whatever an action or the database raises when it refuses a write. Of what befalls the database
# only a full disk, and that it is read only, is a refusal: `spoken` raises all else again.
REFUSALS = (Refused, ValidationError, IntegrityError, OperationalError)

# The rules of the database that a form can run into, in words. Keys end the constraint's name.
_IN_WORDS = {
    "_as_precise_as_known": gettext_lazy(
        "If only the month or the year is known, give its first day; if nothing is known, leave"
        " the date empty and say “unknown”."
    ),
    "_plain_text": gettext_lazy("Remove the invisible control characters."),
    "_says_something": gettext_lazy("Write something: the text is empty."),
    "officials_office_term_years_sane": gettext_lazy("A term lasts 1 to 12 years."),
    "officials_candidacy_one_winner": gettext_lazy("An election has one winner at most."),
    "officials_resultreport_shares_fit": gettext_lazy(
        "The shares of winner and runner-up add up to more than 100 percent."
    ),
    "officials_term_ends_after_it_started": gettext_lazy("A term ends after it has started."),
    "officials_term_end_reason_has_a_date": gettext_lazy(
        "Give the day on which the term ended together with the reason."
    ),
    "officials_term_successor_is_another": gettext_lazy("The successor is another person."),
    "officials_term_one_holder_at_a_time": gettext_lazy(
        "Another term of this office runs in these days, maybe of the same person. End that one"
        " first."
    ),
    "pledges_topic_principle_exists": gettext_lazy("The principles are numbered 1 to 21."),
    "pledges_pledge_quote_is_attributed": gettext_lazy("Say who said the quote, and where."),
    "pledges_pledge_due_after_made": gettext_lazy("The deadline lies before the promise."),
    "evidence_evidence_published_before_it_is_cited": gettext_lazy(
        "The day of publication lies after the day on which it became public here."
    ),
    "record_requests_recordrequest_appeal_decided_in_words": gettext_lazy(
        "A decision on an appeal has a day and its words."
    ),
    "evidence_evidence_url_is_web": gettext_lazy("Give a full web address."),
    "updates_statusupdate_assessed_after_effect": gettext_lazy(
        "The evidence was looked at up to a day before this state of affairs began. Check both"
        " dates."
    ),
    "updates_statusupdate_reason_fits": gettext_lazy(
        "Only stalled, compromise and broken carry a reason."
    ),
    "updates_statusupdate_says_why": gettext_lazy(
        "Say why it stalled, was a compromise or was broken: choose a reason."
    ),
    "officials_conflict_one_open": gettext_lazy("This conflict of interest is declared already."),
    "officials_conflict_ended_has_a_reason": gettext_lazy("Say why it is over."),
    "newsroom_one_": gettext_lazy("Someone did the same a moment ago. Look at the page again."),
    "suggestions_challenge_once": gettext_lazy("The same words wait already."),
    "staleness_flag_snoozed_for_a_reason": gettext_lazy("Say why it can wait."),
}
# Such a rule, or the beginning of what a trigger says → the field in which it is mended.
_BESIDE = {
    "pledges_pledge_quote_is_attributed": "quote_attribution",
    "pledges_pledge_due_after_made": "due_on",
    "The term of a pledge must be one of its own person": "term",
}


@dataclass(frozen=True)
class Refusal:
    """A refused write on its way back to the form it came from."""

    error: ValidationError
    # The prefix of the row's form, or None for the main form of the page.
    prefix: str | None = None
    # The row as someone has saved it meanwhile, where that is the reason.
    stored: Any = None
    # Whether that was nobody but the person who now saves; None where nobody knows.
    is_own: bool | None = False


class RowRefused(Exception):  # noqa: N818 -- like Refused
    """A row of an inline was refused."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal.error))
        self.refusal = refusal


def spoken(error: Exception) -> ValidationError:
    """Return a refusal as an error that a form can show, in words for people.

    Raises again what befell the database and is no refusal.
    """
    match error:
        case ValidationError():
            return _reworded(error)
        case SeveralFaults():
            return _beside_fields(error.faults)
        case Refused():
            return _beside_fields([error])
        case ProtectedError():
            return ValidationError(_("Other records still refer to this one. Remove those first."))
        case IntegrityError():
            return _of_database(error)
        case OperationalError():
            return ValidationError(_of_outage(error))
        case _:
            return ValidationError(str(error))


def _beside_fields(faults: Sequence[Refused]) -> ValidationError:
    """Return faults as one error: each under the field that it names, if any does."""
    if not any(fault.field for fault in faults):
        return ValidationError([str(fault) for fault in faults])
    said: dict[str, list[str]] = {}
    for fault in faults:
        said.setdefault(fault.field or NON_FIELD_ERRORS, []).append(str(fault))
    return ValidationError(said)


def refused(error: Exception, prefix: str | None = None) -> Refusal:
    """Return what to show of an error that an action or the database raised."""
    return Refusal(spoken(error), prefix, getattr(error, "stored", None))


def sentences(error: ValidationError) -> list[str]:
    """Return all messages of an error, whatever fields they belong to."""
    return [str(message) for message in error.messages]


def _reworded(error: ValidationError) -> ValidationError:
    if not hasattr(error, "error_dict"):
        return ValidationError([_one(each) for each in error.error_list])
    said: dict[str, list[ValidationError]] = {}
    for name, found in error.error_dict.items():
        for each in found:
            field = _field("".join(each.messages)) if name == NON_FIELD_ERRORS else name
            said.setdefault(field or name, []).append(_one(each))
    return ValidationError(said)


def _one(error: ValidationError) -> ValidationError:
    """Return one error; where it only names a rule of the database, the rule in words."""
    words = _sentence("".join(error.messages))
    return ValidationError(words, code=error.code) if words else error


def _sentence(text: str) -> str:
    """Return the words of the rule that this text names, or ""."""
    return next((str(words) for name, words in _IN_WORDS.items() if name in text), "")


def _field(text: str) -> str:
    """Return the field in which the rule that this text names is mended, or ""."""
    return next((field for rule, field in _BESIDE.items() if rule in text), "")


def _of_outage(error: OperationalError) -> str:
    """Return why the database takes nothing. Raises again what is no refusal."""
    if is_full(error):
        logger.error("The disk of the database is full: %s", error)
        return _(
            "The disk of the database is full: nothing was saved. Keep this page open, tell"
            " whoever runs the tracker, and save again when there is room."
        )
    if is_read_only(error):
        logger.error("The database takes no changes: %s", error)
        return _(
            "The database takes no changes at the moment: nothing was saved. Keep this page open,"
            " tell whoever runs the tracker, and save again later."
        )
    raise error


def _of_database(error: IntegrityError) -> ValidationError:
    """Return what the database said: a trigger speaks in sentences, a constraint has a name."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or ""
    if not name:
        words = said_by_trigger(error)
        return _beside_fields([Refused(words, field=_field(words))])
    unknown = _("The record does not allow this (%(rule)s).") % {"rule": name}
    return _beside_fields([Refused(_sentence(name) or unknown, field=_field(name))])
