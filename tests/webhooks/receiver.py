"""A program that takes webhooks, written from the specification and not from our code.

It checks signatures as Standard Webhooks 1.0 says, and does not act twice on one webhook-id.
"""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, Mapping[str, str], bytes]


@dataclass(frozen=True)
class Received:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    # The port on the other side: one for each connection.
    came_from: int = 0

    @property
    def name(self) -> str:
        """Its webhook-id."""
        return self.headers["webhook-id"]

    @property
    def told(self) -> Any:
        """What it says."""
        return json.loads(self.body)

    def is_signed_with(self, secret: str) -> bool:
        """Tell whether one of its signatures is of this secret."""
        key = base64.b64decode(secret.split("_", 1)[1])
        content = b".".join(
            [self.name.encode(), self.headers["webhook-timestamp"].encode(), self.body]
        )
        mine = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        signatures = [one.split(",", 1) for one in self.headers["webhook-signature"].split(" ")]
        return ["v1", mine] in signatures


def yes(_received: Received) -> Reply:
    """Take it."""
    return 204, {}, b""


class Receiver:
    """Listens on a free port of loopback; `received` is all that came, in order."""

    def __init__(self, reply: Callable[[Received], Reply] = yes) -> None:
        self.reply, self.received = reply, list[Received]()
        self.lock, outer = threading.Lock(), self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                if len(body) < length:
                    return  # Whoever sent it was killed in the middle: nothing has come.
                headers = {name.lower(): value for name, value in self.headers.items()}
                received = Received(self.path, headers, body, self.client_address[1])
                with outer.lock:
                    outer.received.append(received)
                status, more, answer = outer.reply(received)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(answer)), **more}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_words: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        # Whoever hangs up on a slow answer is no fault of the receiver.
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server.server_address[1])

    def url(self, path: str = "/") -> str:
        """Return an address of it."""
        return f"http://127.0.0.1:{self.port}{path}"

    def accepted(self) -> dict[str, Any]:
        """Return what it acted on: each webhook-id once."""
        return {one.name: one.told for one in self.received}

    def close(self) -> None:
        """Stop listening."""
        self.server.shutdown()
        self.server.server_close()
