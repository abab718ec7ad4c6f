"""Sessions: known, seen, ended when idle or old."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from promises.common.clients import client_address

BEGAN, SEEN = "desk.began", "desk.seen"
# Being seen is written down this often, not at every request.
SEEN_EVERY = timedelta(minutes=5).total_seconds()


def begin(request: HttpRequest) -> None:
    """Start the clocks of a session that has just logged in."""
    request.session[BEGAN] = request.session[SEEN] = timezone.now().timestamp()


def keeping_sessions(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a session that is used goes on, an old one ends. Most requests cost nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.COOKIES.get(settings.SESSION_COOKIE_NAME):
            _keep(request)
        return get_response(request)

    return middleware


def _keep(request: HttpRequest) -> None:
    """End the session if its days are over, else note every five minutes that it was seen."""
    session: Any = request.session
    if SEEN not in session:
        return
    now = timezone.now()
    if now.timestamp() - session[BEGAN] > timedelta(days=settings.SESSION_DAYS).total_seconds():
        UserSession.objects.filter(session_key=session.session_key).delete()
        logout(request)
    elif now.timestamp() - session[SEEN] > SEEN_EVERY and request.user.is_authenticated:
        # Who only reads goes on where nothing can be written; who cannot read will hear of it.
        with suppress(OperationalError):
            UserSession.objects.filter(session_key=session.session_key).update(
                last_seen_at=now, ip=client_address(request) or "::"
            )
            # Writing it also moves the end of the session, in the database and in the cookie.
            session[SEEN] = now.timestamp()
