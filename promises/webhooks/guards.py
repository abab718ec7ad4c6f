"""Whose an endpoint is, and whether it takes anything: asked by every write."""

from promises.accounts.models import User
from promises.common.refusals import Refused
from promises.webhooks.models import Endpoint


class NotYourEndpoint(Refused):
    """An endpoint is its owner's; an administrator may close it."""


class IsClosed(Refused):
    """Nothing is sent to this endpoint."""


class LoginClosed(Refused):
    """Nothing is sent to someone who may not log in."""


def require_login(owner: User) -> None:
    """Raise LoginClosed of a closed login, and keep others from closing it until we are done.

    Asked before the endpoint is locked, since whoever closes a login goes on to its endpoints.
    """
    if not User.objects.select_for_update(no_key=True).get(pk=owner.pk).is_active:
        raise LoginClosed("Your login is closed: nothing is sent to you.")


def locked_endpoint(endpoint: Endpoint, by: User) -> Endpoint:
    """Return one's endpoint as it stands, locked. Raises NotYourEndpoint."""
    found = Endpoint.objects.select_for_update().filter(pk=endpoint.pk, owner=by).first()
    if found is None:
        raise NotYourEndpoint("This endpoint is someone else's, or is gone.")
    return found


def require_open(endpoint: Endpoint) -> None:
    """Raise IsClosed where nothing is sent."""
    if endpoint.disabled_at is not None:
        raise IsClosed("This webhook is closed. Open it first.")
