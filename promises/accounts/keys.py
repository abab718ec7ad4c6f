"""Keys of the API, from the page that makes them to the day they are revoked.

Actions like those of `actions`, kept apart because each file holds one subject.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from promises.accounts import rights
from promises.accounts.choices import Happening, Scope, Tier
from promises.accounts.key_rules import (
    DAYS,
    MOST_KEYS,
    fault_of,
    is_to_be_noted,
    key_hash,
    new_key,
)
from promises.accounts.models import ApiKey, SecurityEvent, User
from promises.accounts.security import record_security_event, write_notice
from promises.common.refusals import Refused
from promises.common.writes import write


class NotYourKey(Refused):
    """A key is made by its owner, and revoked by its owner or an administrator."""


class TooManyKeys(Refused):
    """This person has as many live keys as one may have."""


class RevokedAlready(Refused):
    """The key opens nothing any more."""


class NotAnOpenLogin(Refused):
    """Whoever may not log in makes no key."""


@write
def make_key(
    *,
    owner: User,
    name: str,
    scopes: Collection[str],
    days: int,
    by: User,
    now: datetime,
    address: str = "",
    browser: str = "",
) -> tuple[ApiKey, str]:
    """Make a key for some days and return it with its text, which is kept nowhere.

    Its owner gets a mail. Raises NotYourKey, NotAnOpenLogin, TooManyKeys; ValidationError for a
    name or scope that is none.
    """
    if by.pk != owner.pk or owner.is_service or days not in DAYS:
        raise NotYourKey(_("Everybody makes their own keys, for a time that the page offers."))
    # Locked, so that whoever closes the login meets the key.
    if not User.objects.select_for_update(no_key=True).get(pk=owner.pk).is_active:
        raise NotAnOpenLogin(_("This login is closed."))
    if ApiKey.objects.of(owner).live(now).count() >= MOST_KEYS:
        raise TooManyKeys(_("You have as many keys as one may have. Revoke one first."))
    prefix, text = new_key()
    key = ApiKey(
        owner=owner,
        name=name.strip(),
        prefix=prefix,
        hash=key_hash(text),
        scopes=[scope for scope in Scope.values if scope in scopes],
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    key.full_clean()
    key.save(force_insert=True)
    event = record_security_event(
        kind=Happening.KEY_MADE, person=owner, means=prefix, address=address, browser=browser,
        now=now,
    )  # fmt: skip
    write_notice(event=event)
    return key, text


@write
def revoke_key(
    *,
    key: ApiKey,
    by: User,
    now: datetime,
    reason: str = "",
    address: str = "",
    browser: str = "",
) -> ApiKey:
    """End a key at once. Raises NotYourKey, or RevokedAlready."""
    key = ApiKey.objects.select_for_update(of=("self",)).select_related("owner").get(pk=key.pk)
    is_own = by.pk == key.owner_id
    if not is_own and not by.has_perm(rights.right("accounts.ApiKey", "revoke")):
        raise NotYourKey(_("Only its owner or an administrator revokes a key."))
    if key.revoked_at is not None:
        raise RevokedAlready(_("This key was revoked before."))
    event = _revoke(
        key, by=None if is_own else by, reason=reason, address=address, browser=browser, now=now
    )
    if not is_own:
        write_notice(event=event)
    return key


@write
def revoke_keys_of(*, person: User, reason: str, by: User, now: datetime) -> int:
    """End all live keys of someone whose login is closed; return how many. Nobody is written to."""
    own = ApiKey.objects.of(person).live(now).select_for_update(of=("self",))
    return len([_revoke(key, by=by, reason=reason, now=now) for key in own.select_related("owner")])


def _revoke(
    key: ApiKey,
    *,
    by: User | None,
    reason: str,
    now: datetime,
    address: str = "",
    browser: str = "",
) -> SecurityEvent:
    """End a key that the caller has locked, and keep that."""
    key.revoked_at = now
    key.save(update_fields=["revoked_at"])
    return record_security_event(
        kind=Happening.KEY_REVOKED, person=key.owner, by=by, means=key.prefix,
        reason=reason, address=address, browser=browser, now=now,
    )  # fmt: skip


@write
def move_key(*, key: ApiKey, tier: str, reason: str, by: User, now: datetime) -> ApiKey:
    """Give a key another number of requests an hour. Raises NotYourKey, RevokedAlready."""
    key = ApiKey.objects.select_for_update(of=("self",)).select_related("owner").get(pk=key.pk)
    if not by.has_perm(rights.right("accounts.ApiKey", "move")):
        raise NotYourKey(_("Only an administrator moves a key to another tier."))
    if key.revoked_at is not None:
        raise RevokedAlready(_("This key was revoked before."))
    key.tier = Tier(tier)
    key.save(update_fields=["tier"])
    record_security_event(
        kind=Happening.KEY_MOVED, person=key.owner, by=by, means=key.prefix, reason=reason, now=now
    )
    return key


def key_of(text: str, *, now: datetime) -> tuple[ApiKey | None, str]:
    """Return the key with this text, or why it opens nothing.

    One query, and a write at most once a minute, without history and without a lock to wait for.
    """
    digest = key_hash(text)
    key = ApiKey.objects.select_related("owner").filter(hash=digest).first() if digest else None
    if key is None:
        return None, "There is no such key."
    fault = fault_of(
        is_open=key.owner.is_active, expires_at=key.expires_at, revoked_at=key.revoked_at, now=now
    )
    if fault:
        return None, fault
    if is_to_be_noted(key.last_used_at, now):
        row = ApiKey.objects.filter(pk=key.pk, last_used_at=key.last_used_at)
        row.update(last_used_at=now)
    return key, ""
