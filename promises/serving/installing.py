"""Puts the front together from the settings."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.utils.module_loading import import_string

from promises.common.tally import the_tally
from promises.serving.answers import Answers
from promises.serving.bodies import Bodies
from promises.serving.front import Application, Front
from promises.serving.machine import Machine
from promises.serving.rules import Doors
from promises.serving.shared import SharedRoom
from promises.serving.state import Counted, Knowledge, UnreachableError

# A database that was restored beside the old one has another number, whatever it is called.
_ASK = """
SELECT coalesce(sum(changes) FILTER (WHERE kind = 'record'), 0),
    coalesce(sum(changes) FILTER (WHERE kind = 'work'), 0),
    (SELECT oid FROM pg_database WHERE datname = current_database()) || '-'
        || coalesce((SELECT left(hash, 16) FROM ledger_head), ''),
    pg_is_in_recovery()
FROM serving_change
"""


def with_bodies(application: Application) -> Application:
    """Return the application behind what reads the bodies of requests."""
    return Bodies(
        application,
        at_once=settings.BODIES_AT_ONCE,
        of_one=settings.BODIES_OF_ONE,
        largest=settings.LARGEST_BODIES,
    )


def with_front(application: Application) -> Application:
    """Return the application behind its front, or as it is where no room is given to answers."""
    room = settings.ANSWERS_MEGABYTES * 1_000_000
    if not room:
        return application
    database = _database()
    shared = SharedRoom(settings.REDIS_URL, build(), database)
    return Front(
        application,
        knowledge=Knowledge(
            ask_database,
            Machine(Path(settings.HOST_FOLDER) / f"serving-{database}"),
            lambda: Answers(room),
            lambda: connection.close(),
            shared,
        ),
        doors=Doors(
            never_kept=tuple(settings.NEVER_KEPT),
            by_accept=tuple(prefix for prefix in settings.KEPT_ANSWER_GATES),
            private_cookies=(
                settings.SESSION_COOKIE_NAME,
                settings.LANGUAGE_COOKIE_NAME,
                "messages",
            ),
        ),
        shared=shared,
        gates=tuple(
            (prefix, import_string(path)) for prefix, path in settings.KEPT_ANSWER_GATES.items()
        ),
        count=the_tally().add,
    )


def ask_database() -> Counted:
    """Return the state of the record. One query, on the connection of this thread."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_ASK)
            record, work, history, is_copy = cursor.fetchone()
    except DatabaseError as error:
        connection.close()
        raise UnreachableError(str(error).partition("\n")[0]) from error
    return Counted(int(record), int(work), history, is_copy)


@cache
def build() -> str:
    """Return a digest of everything but the record that answers are made from.

    Code, templates, translations and settings: where a host runs another version, it keeps its
    answers to itself.
    """
    digest = hashlib.sha256()
    root = Path(settings.BASE_DIR)
    for folder in ("promises", "tracker", "templates", "locale", "static"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    digest.update(json.dumps(_plain_settings(), sort_keys=True, default=str).encode())
    return digest.hexdigest()[:16]


def _plain_settings() -> dict[str, Any]:
    """Return the settings that are plain values: the same on every host that is set up alike."""
    kinds = (str, int, bool, list, tuple, type(None))
    return {
        name: value
        for name in dir(settings)
        if name.isupper() and isinstance(value := getattr(settings, name), kinds)
    }


def _database() -> str:
    """Return by which name processes agree about a database, on this machine and in Redis."""
    address = connection.settings_dict
    words = "\0".join(str(address[name]) for name in ("HOST", "PORT", "NAME"))
    return hashlib.sha256(words.encode()).hexdigest()[:16]
