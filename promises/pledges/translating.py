"""Writes of translations: made from the English words that their translator has read."""

from datetime import datetime

from promises.accounts.models import User
from promises.common.effects import pledges_changed
from promises.common.refusals import Refused
from promises.common.writes import write
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.ledger.actions import record_rows, record_tombstones
from promises.pledges.actions import lock_pledges
from promises.pledges.columns import PLEDGE_TRANSLATIONS
from promises.pledges.models import Pledge, PledgeTranslation
from promises.pledges.rules import words_digest


class EnglishChanged(Refused):
    """The English words are others than those the translator has read."""


class PledgeNotPublic(Refused):
    """A translation cannot be public before the pledge that it translates."""


@write
def save_translation(
    *, translation: PledgeTranslation, read: str = "", by: User, now: datetime
) -> PledgeTranslation:
    """Save the words of a translation; a new one is a draft, made from the English words of now.

    `read` is the digest (rules.words_digest) of the English words that it now says; without it
    the words are saved and it stays as far behind as it was. Raises ValidationError,
    EnglishChanged, WrongState for one that was retracted.
    """
    (pledge,) = lock_pledges([translation.pledge_id])
    if translation.pk is None:
        translation.created_by, translation.created_at = by, now
        translation.slug = _free_slug(translation, pledge)
        _says_what_the_pledge_says(translation, pledge)
    else:
        editorial.require_state(
            editorial.locked(translation), State.DRAFT, State.IN_REVIEW, State.PUBLISHED
        )
    if read:
        if read != words_digest(pledge.title, pledge.statement):
            raise EnglishChanged("The English words were changed after you opened this page.")
        _says_what_the_pledge_says(translation, pledge)
    editorial.store(translation)
    translation.refresh_from_db(fields=["behind_on"])
    if translation.state == State.PUBLISHED:
        ids = [translation.pk]
        record_rows(table=PLEDGE_TRANSLATIONS, ids=ids, verb="saved", by=by, now=now)
        pledges_changed(pledge_ids=[pledge.pk], by=by, now=now)
    return translation


@write
def publish_translation(
    *, translation: PledgeTranslation, by: User, now: datetime
) -> PledgeTranslation:
    """Make a translation public. Raises WrongState, PledgeNotPublic."""
    (pledge,) = lock_pledges([translation.pledge_id])
    if pledge.state != State.PUBLISHED:
        raise PledgeNotPublic("Publish the pledge first: the translation stands on its page.")
    translation = editorial.publish(record=translation, by=by, now=now)
    ids = [translation.pk]
    record_rows(table=PLEDGE_TRANSLATIONS, ids=ids, verb="published", by=by, now=now)
    pledges_changed(pledge_ids=[pledge.pk], by=by, now=now)
    return translation


@write
def retract_translation(
    *, translation: PledgeTranslation, reason: str, by: User, now: datetime
) -> PledgeTranslation:
    """Withdraw a published translation, with a reason. Raises WrongState, NoReason."""
    lock_pledges([translation.pledge_id])
    translation = editorial.retract(record=translation, reason=reason, by=by, now=now)
    ids, reason = [translation.pk], translation.retraction_reason
    record_tombstones(table=PLEDGE_TRANSLATIONS, ids=ids, reason=reason, by=by, now=now)
    pledges_changed(pledge_ids=[translation.pledge_id], by=by, now=now)
    return translation


def _says_what_the_pledge_says(translation: PledgeTranslation, pledge: Pledge) -> None:
    translation.english_title = pledge.title
    translation.english_statement = pledge.statement


def _free_slug(translation: PledgeTranslation, pledge: Pledge) -> str:
    """Return the pledge's name with the language, and a number where one was withdrawn before."""
    before = pledge.translations.filter(language=translation.language).count()
    name = f"{pledge.slug}-{translation.language}"
    return f"{name}-{before + 1}" if before else name
