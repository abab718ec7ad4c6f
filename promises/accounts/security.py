"""Every write about being let in: attempts, the security log, factors, sessions, letters."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from promises.accounts.choices import Happening, LetterKind
from promises.accounts.models import Letter, LoginAttempt, SecurityEvent, User
from promises.accounts.querysets import factors_of
from promises.accounts.rules import LINKS_TO_ONE_ADDRESS, may_try, step_of_code
from promises.common.refusals import Refused
from promises.common.text import FORBIDDEN


class NotYourOwnLogin(Refused):
    """An administrator acts on the logins of others; one's own is changed on its own page."""


class MoreRightsThanYours(Refused):
    """The login has every right, and whoever acts on it has not."""


class NothingToRemove(Refused):
    """The person has no second factor."""


class NobodyToWriteTo(Refused):
    """There is no person with an address who could follow a link."""


def digest(kind: str, value: str) -> str:
    """Return 32 hexadecimal digits that stand for a name, a network or a device."""
    return salted_hmac(f"accounts.attempt.{kind}", value).hexdigest()[:32] if value else ""


@transaction.atomic
def take_attempt(
    *, purpose: str, name: str, address: str, device: str, now: datetime
) -> LoginAttempt | None:
    """Hold an attempt against whoever makes it, before it is tried; None when it is refused.

    Whoever succeeds gives it back (`give_back`). Attempts on the same account or from the same
    network take their turn, so that fifty at once pass no limit.
    """
    account, network = digest("account", name.lower()), digest("network", address)
    _take_turns(account, network)
    failures = LoginAttempt.objects.failures(
        purpose=purpose, account=account, network=network, device=device, now=now
    )
    is_familiar = SecurityEvent.objects.is_familiar_place(
        username=name, address=address or "::", now=now
    )
    if not may_try(failures, is_known_device=bool(device), is_familiar_place=is_familiar):
        return None
    return LoginAttempt.objects.create(
        purpose=purpose,
        account_key=account,
        network_key=network,
        device_key=device,
        is_familiar_place=is_familiar,
        tried_at=now,
    )


def _take_turns(*keys: str) -> None:
    """Wait until nobody else counts under one of these keys, to the end of the transaction."""
    with connection.cursor() as cursor:
        for key in sorted(keys):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def give_back(*, attempt: LoginAttempt) -> None:
    """Forget an attempt that has succeeded."""
    LoginAttempt.objects.filter(pk=attempt.pk).delete()


def forget_attempts(*, now: datetime) -> int:
    """Remove the attempts that count no more; return how many."""
    return LoginAttempt.objects.outlived(now).delete()[0]


def record_security_event(
    *,
    kind: str,
    person: User | None,
    now: datetime,
    by: User | None = None,
    means: str = "",
    reason: str = "",
    address: str | None = None,
    browser: str = "",
) -> SecurityEvent:
    """Add a row to the security log. `by` is an administrator who acts on someone else."""
    return SecurityEvent.objects.create(
        kind=kind,
        person=person,
        by=by,
        means=means,
        reason=reason[:500],
        address=address or None,
        browser=FORBIDDEN.sub("", browser)[:200],
        happened_at=now,
    )


def write_notice(*, event: SecurityEvent, to: str = "") -> Letter | None:
    """Let a person know by mail that something about their login has changed.

    It goes to their address, or `to` the one they had before.
    """
    if event.person is None or not (to or event.person.email):
        return None
    return Letter.objects.create(
        person=event.person,
        kind=LetterKind.NOTICE,
        event=event,
        to=to,
        queued_at=event.happened_at,
    )


@transaction.atomic
def change_email(*, person: User, email: str, reason: str, by: User, now: datetime) -> User:
    """Change where the mails about a login go, keep that, and tell the address before.

    Nothing happens where it is the same. Raises MoreRightsThanYours, ValidationError.
    """
    stored = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    before = stored.email
    if email == before:
        return stored
    if stored.is_superuser and not by.is_superuser:
        raise MoreRightsThanYours(_("This login has more rights than yours."))
    stored.email = email
    stored.clean_fields(
        exclude=[field.name for field in User._meta.fields if field.name != "email"]
    )
    stored.save(update_fields=["email"])
    event = record_security_event(
        kind=Happening.EMAIL_CHANGED,
        person=stored,
        by=None if stored.pk == by.pk else by,
        reason=reason,
        now=now,
    )
    if before:
        write_notice(event=event, to=before)
    return stored


@transaction.atomic
def accept_code(*, person: User, code: str, now: datetime) -> Authenticator | None:
    """Use up a code of a person's app, or a recovery code. None when it is neither.

    The step of the last code is kept with the key, in the database: a code counts once, however
    many processes are asked at the same time.
    """
    own = Authenticator.objects.select_for_update().filter(user=person).order_by("pk")
    for factor in own.exclude(type=Authenticator.Type.WEBAUTHN):
        if factor.type == Authenticator.Type.RECOVERY_CODES:
            accepted = factor.wrap().validate_code(code)
        else:
            accepted = _use_up(factor, code, now)
        if accepted:
            return factor
    return None


def _use_up(factor: Authenticator, code: str, now: datetime) -> bool:
    """Accept a code of an app once."""
    from allauth.mfa.utils import decrypt

    after = factor.data.get("last_step", 0)
    step = step_of_code(decrypt(factor.data["secret"]), code, now=now, after=after)
    if step is None:
        return False
    factor.data["last_step"] = step
    factor.save(update_fields=["data"])
    return True


@transaction.atomic
def remove_second_factor(*, person: User, reason: str, by: User, now: datetime) -> None:
    """Take every second factor from someone who lost theirs, and end their sessions.

    Raises NotYourOwnLogin, MoreRightsThanYours or NothingToRemove.
    """
    require_other(person, by)
    if not factors_of(person).exists():
        raise NothingToRemove(_("This login has no second factor."))
    Authenticator.objects.filter(user=person).delete()
    event = record_security_event(
        kind=Happening.FACTOR_REMOVED, person=person, by=by, reason=reason, now=now
    )
    write_notice(event=event)
    end_sessions(person=person)


@transaction.atomic
def end_sessions_of(*, person: User, reason: str, by: User, now: datetime) -> None:
    """Log a person out everywhere. Raises NotYourOwnLogin or MoreRightsThanYours."""
    require_other(person, by)
    end_sessions(person=person)
    record_security_event(
        kind=Happening.SESSION_ENDED, person=person, by=by, reason=reason, now=now
    )


@transaction.atomic
def record_password_set(*, person: User, reason: str, by: User, now: datetime) -> None:
    """Keep that an administrator has given a login a new password, and tell its owner."""
    event = record_security_event(
        kind=Happening.PASSWORD_CHANGED, person=person, by=by, reason=reason, now=now
    )
    write_notice(event=event)
    end_sessions(person=person)


@transaction.atomic
def invite(*, person: User, reason: str, by: User, now: datetime) -> Letter:
    """Send someone a link by which they set their own password.

    Raises MoreRightsThanYours, or NobodyToWriteTo.
    """
    if person.is_superuser and not by.is_superuser:
        raise MoreRightsThanYours(_("This login has more rights than yours."))
    if not person.email or not person.is_active or person.is_service:
        raise NobodyToWriteTo(_("An invitation needs an active login of a person with an email."))
    record_security_event(kind=Happening.LINK_SENT, person=person, by=by, reason=reason, now=now)
    return Letter.objects.create(person=person, kind=LetterKind.INVITATION, queued_at=now)


@transaction.atomic
def send_password_link(*, person: User, address: str, browser: str, now: datetime) -> Letter | None:
    """Send a link to whoever says they forgot their password; None when there were too many."""
    account = digest("account", person.username.lower())
    _take_turns(account)
    lately = LoginAttempt.objects.failures(
        purpose="link", account=account, network="", device="", now=now
    )
    if lately.of_strangers_on_account >= LINKS_TO_ONE_ADDRESS:
        return None
    LoginAttempt.objects.create(purpose="link", account_key=account, tried_at=now)
    record_security_event(
        kind=Happening.LINK_SENT, person=person, address=address, browser=browser, now=now
    )
    return Letter.objects.create(person=person, kind=LetterKind.PASSWORD_LINK, queued_at=now)


def end_sessions(*, person: User, but: str | None = None, only: int | None = None) -> int:
    """End the sessions of a person at once; return how many were still listed.

    `but` is the key of the session to keep, `only` the row of the one to end.
    """
    ending = UserSession.objects.filter(user=person).exclude(session_key=but)
    if only is not None:
        ending = ending.filter(pk=only)
    keys = list(ending.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def require_other(person: User, by: User) -> None:
    """Raise NotYourOwnLogin for oneself, MoreRightsThanYours for someone who has them."""
    if person.pk == by.pk:
        raise NotYourOwnLogin(_("Change your own login on its own page, /account/."))
    if person.is_superuser and not by.is_superuser:
        raise MoreRightsThanYours(_("This login has more rights than yours."))
