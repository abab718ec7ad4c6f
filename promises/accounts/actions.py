from django.conf import settings
from django.db import transaction

from promises.accounts.models import User
from promises.common.refusals import Refused


class NotInDevelopment(Refused):
    """Development logins are made only on a development machine."""


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
def create_development_login(*, username: str, display_name: str, password: str) -> User:
    """Create, or give this password to, a login with every right on the desk.

    Raises NotInDevelopment outside TRACKER_MODE=development.
    """
    if not settings.IS_DEVELOPMENT:
        raise NotInDevelopment(
            "Use `manage.py createsuperuser`: this is not a development machine."
        )
    user, _ = User.objects.get_or_create(
        username=username,
        defaults={"display_name": display_name, "is_staff": True, "is_superuser": True},
    )
    # A new hash of the same password would end the sessions of whoever is logged in.
    if not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    return user
