"""What is not ours where the queue is kept: each worker that begins would end by it."""

import json
import logging
from base64 import b64decode
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redis import Redis

log = logging.getLogger(__name__)

# The names of the queue in Redis, as kombu writes them, and of which kind each is.
_KINDS = {
    "celery": "list",
    "unacked": "hash",
    "unacked_index": "zset",
    "unacked_mutex": "string",
    "_kombu.binding_deadlines": "zset",
}
_KIND_OF_BINDINGS = "set"
_PATIENCE = 5.0


def forget_foreign(address: str) -> None:
    """Remove keys of the queue that are of another kind, and tasks taken that cannot be read.

    Nothing of ours is lost: what is in the queue only says that there is work.
    """
    from redis import Redis, RedisError

    with (
        suppress(RedisError),
        Redis.from_url(
            address, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE
        ) as client,
    ):
        bindings = [name.decode() for name in client.scan_iter("_kombu.binding*", count=1000)]
        for name in {*_KINDS, *bindings}:
            if client.type(name) not in {b"none", _KINDS.get(name, _KIND_OF_BINDINGS).encode()}:
                _forget(client, name)
        if not all(map(_is_message, client.hvals("unacked"))):
            _forget(client, "unacked", "unacked_index")


def _forget(client: "Redis", *names: str) -> None:
    log.warning("What Redis holds under %s is not ours, and was removed.", " and ".join(names))
    client.delete(*names)


def _is_message(kept: bytes) -> bool:
    """Tell whether this is a task, with its exchange and queue, as kombu reads it."""
    from kombu.utils.json import loads

    # It has objects in it, and reading those fails in many ways.
    with suppress(Exception):
        read = loads(kept)
        return isinstance(read, list) and len(read) == 3 and is_task(read[0])
    return False


def is_task(message: object) -> bool:
    """Tell whether a message of the queue is a task as Celery sends it, its name known or not.

    Of anything else Celery finds out only when it has taken it, and then ends and puts it back,
    for the next worker to end by.
    """
    match message:
        case {
            "headers": {
                "task": str(),
                "id": str(),
                "timelimit": [None | int() | float(), None | int() | float()],
                # What is for later a worker keeps in its memory until then, however much it is.
                "eta": None,
                "stamped_headers": None,
                "stamps": dict(stamps),
            },
            "properties": {
                "delivery_tag": str(tag),
                "delivery_info": {"exchange": str(), "routing_key": str()},
                "body_encoding": "base64",
            },
            "content-type": "application/json",
            "content-encoding": "utf-8",
            "body": str(body),
        }:
            return tag.isascii() and not stamps and _is_call(body)
    return False


def _is_call(body: str) -> bool:
    """Tell whether this is what our tasks are called with: nothing, and nothing comes after it."""
    with suppress(ValueError, RecursionError):
        match json.loads(b64decode(body)):
            case [[], dict(named), dict(after)]:
                return not named and not any(after.values())
    return False
