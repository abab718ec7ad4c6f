"""Whose an endpoint is, and whether it takes anything: asked by every write."""

from promises.accounts.models import User
from promises.common.refusals import Refused
from promises.webhooks.models import Endpoint


class NotYourEndpoint(Refused):
    """An endpoint is its owner's; an administrator may close it."""


class IsClosed(Refused):
    """Nothing is sent to this endpoint."""


def locked_endpoint(endpoint: Endpoint, by: User) -> Endpoint:
    """Return one's endpoint as it stands, locked. Raises NotYourEndpoint."""
    found = Endpoint.objects.select_for_update().filter(pk=endpoint.pk, owner=by).first()
    if found is None:
        raise NotYourEndpoint("This endpoint is someone else's, or is gone.")
    return found


def require_open(endpoint: Endpoint) -> None:
    """Raise IsClosed where nothing is sent."""
    if endpoint.disabled_at is not None:
        raise IsClosed("This endpoint is closed. Open it first.")
