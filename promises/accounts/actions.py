from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from promises.accounts import rights
from promises.accounts.choices import Happening, Role
from promises.accounts.keys import revoke_keys_of
from promises.accounts.models import RoleGrant, User
from promises.accounts.security import (
    end_sessions,
    record_security_event,
    require_other,
    write_notice,
)
from promises.common.effects import login_closed
from promises.common.refusals import Refused
from promises.common.writes import write


class NotInDevelopment(Refused):
    """Development logins are made only on a development machine."""


class NotAnAdministrator(Refused):
    """Only administrators give roles and close logins, and those of other people only."""


@write
def write_roles(*, by: User, now: datetime) -> int:
    """Make the groups and rights in the database those of `rights.RIGHTS`; return how many rights.

    Run after each migration, any number of times. A right that the table no longer names is taken
    from the roles; groups of other names are left alone.
    """
    groups = {role: Group.objects.get_or_create(name=role)[0] for role in rights.ROLES}
    given: dict[str, list[Permission]] = {role: [] for role in rights.ROLES}
    known = _known_permissions()
    missing = [
        (kind, action)
        for kind, action, _roles in rights.rows()
        if (kind.lower(), rights.codename(kind, action)) not in known
    ]
    if missing:
        _make_permissions(missing)
        known = _known_permissions()
    for kind, action, roles in rights.rows():
        for role in roles:
            given[role].append(known[kind.lower(), rights.codename(kind, action)])
    for role, group in groups.items():
        group.permissions.set(given[role])
    return sum(len(permissions) for permissions in given.values())


def _known_permissions() -> dict[tuple[str, str], Permission]:
    """Return all rights that there are, by the kind of object and the name of each."""
    return {
        (f"{each.content_type.app_label}.{each.content_type.model}", each.codename): each
        for each in Permission.objects.select_related("content_type")
    }


def _make_permissions(wanted: Sequence[tuple[str, str]]) -> None:
    """Make the rights of actions on kinds of objects."""
    content_types = {}
    for kind in {kind for kind, _action in wanted}:
        app_label, model = kind.lower().split(".")
        content_types[kind] = ContentType.objects.get_or_create(app_label=app_label, model=model)[0]
    made = [
        Permission(
            content_type=content_types[kind],
            codename=rights.codename(kind, action),
            name=f"Can {action.replace('_', ' ')} {content_types[kind].model}",
        )
        for kind, action in wanted
    ]
    Permission.objects.bulk_create(made, ignore_conflicts=True)


@write
def give_role(*, person: User, role: str, reason: str, by: User, now: datetime) -> RoleGrant:
    """Give someone a role in place of the one they have; "" takes it away, and the desk with it.

    Raises NotAnAdministrator unless `by` is another person who may give roles (only a superuser
    touches a superuser); ValidationError for a role that does not exist.
    """
    person, by = lock_logins(person, by)
    if not by.has_perm(rights.right("accounts.User", "role")):
        raise NotAnAdministrator(_("Only an administrator gives roles."))
    if person.pk == by.pk:
        raise NotAnAdministrator(_("Nobody changes their own role: ask another administrator."))
    if person.is_superuser and not by.is_superuser:
        raise NotAnAdministrator(_("This person has every right; only a superuser changes that."))
    grant = RoleGrant(person=person, role=role, given_at=now, given_by=by, reason=reason.strip())
    grant.full_clean()
    grant.save(force_insert=True)
    person.groups.remove(*Group.objects.filter(name__in=Role.values))
    if role:
        person.groups.add(Group.objects.get_or_create(name=role)[0])
    person.is_staff = bool(role) or person.is_superuser
    person.save(update_fields=["is_staff"])
    return grant


@write
def close_login(*, person: User, reason: str, by: User, now: datetime) -> User:
    """Let nobody in by this login any more, and end what acts for it (settings.LOGIN_EFFECTS).

    Its sessions end and its keys are revoked: opened again, the login has none of them. Nothing
    happens where it is closed already. Raises NotYourOwnLogin, MoreRightsThanYours,
    NotAnAdministrator.
    """
    person = _locked_login(person, by, "close")
    if not person.is_active:
        return person
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_sessions(person=person)
    revoke_keys_of(person=person, reason=reason, by=by, now=now)
    record_security_event(kind=Happening.LOGIN_CLOSED, person=person, by=by, reason=reason, now=now)
    login_closed(person_id=person.pk, by=by, now=now)
    return person


@write
def open_login(*, person: User, reason: str, by: User, now: datetime) -> User:
    """Let someone in again by a login that was closed, and tell them. They start with no session.

    Nothing happens where it is open already. Raises NotYourOwnLogin, MoreRightsThanYours,
    NotAnAdministrator.
    """
    person = _locked_login(person, by, "open")
    if person.is_active:
        return person
    person.is_active = True
    person.save(update_fields=["is_active"])
    # Whoever was just logging in when it was closed has a session from after that.
    end_sessions(person=person)
    event = record_security_event(
        kind=Happening.LOGIN_OPENED, person=person, by=by, reason=reason, now=now
    )
    write_notice(event=event)
    return person


def _locked_login(person: User, by: User, step: str) -> User:
    """Return the login of someone else as it stands, locked, to whoever may take this step.

    Raises NotYourOwnLogin, MoreRightsThanYours, NotAnAdministrator.
    """
    person, by = lock_logins(person, by)
    require_other(person, by)
    if not by.has_perm(rights.right("accounts.User", step)):
        raise NotAnAdministrator(_("Only an administrator closes and opens logins."))
    return person


def lock_logins(person: User, by: User) -> tuple[User, User]:
    """Return both as they stand, locked: of two who act on each other only the first may.

    Otherwise two administrators could close each other's logins, and none would be left.
    """
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=[person.pk, by.pk])
    found = {row.pk: row for row in rows.order_by("pk")}
    return found[person.pk], found[by.pk]


@transaction.atomic
def service_account(*, name: str, display_name: str) -> User:
    """Return the service account `name`, made at first use. It has no usable password."""
    user, is_new = User.objects.get_or_create(
        username=name, defaults={"display_name": display_name, "is_service": True}
    )
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


@transaction.atomic
def create_development_login(*, username: str, display_name: str, password: str, role: str) -> User:
    """Create, or give this password to, a login with this role, or with every right on the desk.

    Raises NotInDevelopment outside TRACKER_MODE=development.
    """
    if not settings.IS_DEVELOPMENT:
        raise NotInDevelopment(
            "Use `manage.py createsuperuser`: this is not a development machine."
        )
    user, _ = User.objects.get_or_create(
        username=username,
        defaults={"display_name": display_name, "is_staff": True, "is_superuser": not role},
    )
    if role:
        user.groups.set(Group.objects.filter(name=role))
    # A new hash of the same password would end the sessions of whoever is logged in.
    if not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    return user
