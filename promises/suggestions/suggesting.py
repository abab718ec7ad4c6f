"""Suggestions on their way from a stranger to a draft, one step a function.

Actions like those of `actions`, kept apart because each file holds one subject.
"""

import secrets
from dataclasses import asdict
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q

from promises.accounts.models import User
from promises.common.writes import write
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.evidence.actions import save_evidence, save_evidence_link
from promises.evidence.models import Evidence, EvidenceLink
from promises.officials.models import Person
from promises.pledges.actions import save_pledge
from promises.pledges.models import Pledge
from promises.suggestions.choices import SuggestionKind, SuggestionState
from promises.suggestions.limits import NotNow, forget_networks, require_room, sent_again
from promises.suggestions.models import Suggestion
from promises.suggestions.rules import (
    LONGEST_WAIT_DAYS,
    Sent,
    address_digest,
    digest_of,
)


@write
def receive_suggestion(
    *,
    sent: Sent,
    pledge: Pledge | None = None,
    person: Person | None = None,
    network: str,
    by: User,
    now: datetime,
) -> Suggestion:
    """Keep a suggestion, about a public pledge, a public official or nothing in particular.

    1. Refuse it when its network has sent settings.CHALLENGES_PER_DAY within a day.
    2. When the same sender's same words about the same source are open already, count them there
       and return that suggestion. Its page is its sender's alone: a stranger's is another.
    3. Else store it, whatever else was sent before. Nothing is fetched.

    `network` stands for where it came from (client_digest). Raises WrongState, TooMany,
    ValidationError.
    """
    about = (f"pledge {pledge.pk}" if pledge else "") or (f"person {person.pk}" if person else "")
    editorial.require_states([each for each in (pledge, person) if each], State.PUBLISHED)
    require_room(Suggestion.objects.all(), network, now)
    words = f"{about}\n{address_digest(sent.source_url)}\n{sent.explanation}"
    digest = digest_of(sent.kind, words)
    if same := sent_again(Suggestion.objects.open(), network, digest):
        return same
    suggestion = Suggestion(
        reference=secrets.token_hex(10),
        pledge=pledge,
        person=person,
        **asdict(sent),
        sender_network=network,
        url_digest=address_digest(sent.source_url),
        text_digest=digest,
        received_at=now,
    )
    editorial.store(suggestion)
    return suggestion


@write
def take_up_suggestion(*, suggestion: Suggestion, by: User, now: datetime) -> Suggestion:
    """Look at a suggestion, or take it over. What was set aside by mistake comes back this way.

    Raises NotNow once a draft was made of it, or its words are erased.
    """
    suggestion = editorial.locked(suggestion)
    if suggestion.state == SuggestionState.DRAFTED:
        raise NotNow(_drafted_already(suggestion))
    if not suggestion.explanation:
        raise NotNow("This was set aside, and its words are erased.")
    suggestion.state, suggestion.assigned_to = SuggestionState.BEING_LOOKED_AT, by
    suggestion.taken_up_at, suggestion.taken_up_by = now, by
    suggestion.set_aside_at = suggestion.set_aside_by = None
    suggestion.set_aside_reason = ""
    editorial.move(
        suggestion,
        *("state", "assigned_to", "taken_up_at", "taken_up_by"),
        *("set_aside_at", "set_aside_by", "set_aside_reason"),
    )
    return suggestion


@write
def draft_suggested_evidence(
    *,
    suggestion: Suggestion,
    evidence: Evidence,
    link: EvidenceLink | None,
    by: User,
    now: datetime,
) -> Evidence:
    """Save a draft of evidence made from a suggestion, and what it says of a pledge, if anything.

    One of two who do it at once is told. Raises NotNow, ValidationError, what the rules of
    evidence refuse.
    """
    suggestion = _to_be_drafted(suggestion, SuggestionKind.EVIDENCE)
    save_evidence(evidence=evidence, by=by, now=now)
    if link is not None:
        link.evidence = evidence
        save_evidence_link(link=link, by=by, now=now)
    suggestion.led_to_evidence = evidence
    _drafted(suggestion, "led_to_evidence", by=by, now=now)
    return evidence


@write
def draft_suggested_pledge(
    *, suggestion: Suggestion, pledge: Pledge, by: User, now: datetime
) -> Pledge:
    """Save a draft pledge made from a suggestion. One of two who do it at once is told.

    Raises NotNow, ValidationError, what the rules of pledges refuse.
    """
    suggestion = _to_be_drafted(suggestion, SuggestionKind.PLEDGE)
    save_pledge(pledge=pledge, by=by, now=now)
    suggestion.led_to_pledge = pledge
    _drafted(suggestion, "led_to_pledge", by=by, now=now)
    return pledge


@write
def set_suggestion_aside(
    *, suggestion: Suggestion, reason: str, by: User, now: datetime
) -> Suggestion:
    """Set aside what leads to nothing; its sender sees why. Raises NotNow, NoReason."""
    suggestion = editorial.locked(suggestion)
    _require_open(suggestion)
    if not reason.strip():
        raise editorial.NoReason("Say why it is set aside: the sender sees the reason.")
    suggestion.state = SuggestionState.SET_ASIDE
    suggestion.set_aside_at, suggestion.set_aside_by = now, by
    suggestion.set_aside_reason = reason.strip()
    suggestion.full_clean()
    editorial.move(suggestion, "state", "set_aside_at", "set_aside_by", "set_aside_reason")
    return suggestion


@write
def erase_suggesters(*, by: User, now: datetime) -> int:
    """Erase who sent what was closed settings.CHALLENGE_SENDER_KEPT_DAYS ago; return how many.

    Of what was set aside the words go too. What waits for longer than LONGEST_WAIT_DAYS loses
    its sender as well. The mark of a network goes after a day.
    """
    over = now - timedelta(days=settings.CHALLENGE_SENDER_KEPT_DAYS)
    long_ago = now - timedelta(days=LONGEST_WAIT_DAYS)
    nobody = {"sender_name": "", "sender_email": "", "sender_network": "", "erased_at": now}
    aside = Suggestion.objects.filter(set_aside_at__lte=over).exclude(explanation="")
    erased = aside.update(explanation="", source_url="", url_digest="", **nobody)
    known = Suggestion.objects.filter(erased_at__isnull=True)
    erased += known.filter(Q(drafted_at__lte=over) | Q(received_at__lte=long_ago)).update(**nobody)
    forget_networks(Suggestion.objects.all(), now)
    return erased


def _to_be_drafted(suggestion: Suggestion, kind: SuggestionKind) -> Suggestion:
    """Return the suggestion locked: whoever comes second finds the draft of the first."""
    suggestion = editorial.locked(suggestion)
    _require_open(suggestion)
    if suggestion.kind != kind:
        raise ValidationError("This suggestion is of another kind.")
    return suggestion


def _drafted(suggestion: Suggestion, link: str, *, by: User, now: datetime) -> None:
    if suggestion.taken_up_at is None:
        suggestion.taken_up_at, suggestion.taken_up_by, suggestion.assigned_to = now, by, by
    suggestion.state = SuggestionState.DRAFTED
    suggestion.drafted_at, suggestion.drafted_by = now, by
    editorial.move(
        suggestion,
        *("state", "assigned_to", "taken_up_at", "taken_up_by", "drafted_at", "drafted_by", link),
    )


def _require_open(suggestion: Suggestion) -> None:
    if suggestion.state == SuggestionState.DRAFTED:
        raise NotNow(_drafted_already(suggestion))
    if not suggestion.is_open:
        raise NotNow("This was set aside. Take it up again first.")


def _drafted_already(suggestion: Suggestion) -> str:
    return f"{suggestion.drafted_by} has made a draft of this already."
