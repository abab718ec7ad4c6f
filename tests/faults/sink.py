"""A small mail server that notes what it accepted (RFC 5321, as much as Django's client says)."""

import email
import socketserver
import threading
from contextlib import suppress
from email.message import Message


class _Session(socketserver.StreamRequestHandler):
    server: "MailSink"

    def handle(self) -> None:
        # Whoever sends may be killed at any moment: what was not said to the end is not accepted.
        with suppress(ConnectionError):
            self._converse()

    def _converse(self) -> None:
        self.server.may_talk.wait()
        self._say("220 sink")
        for line in self.rfile:
            verb = line.split(b" ")[0].strip().upper()
            if verb == b"DATA":
                self._say("354 go on")
                self.server.accept(self._body())
                self._say("250 accepted")
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _body(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise ConnectionAbortedError
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class MailSink(socketserver.ThreadingTCPServer):
    """Listens on a free port; `accepted` are the mails it said yes to, in order.

    While `may_talk` is off it takes connections and says nothing.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, host: str = "127.0.0.1") -> None:
        super().__init__((host, 0), _Session)
        self.may_talk = threading.Event()
        self.may_talk.set()
        self.accepted: list[Message] = []
        self._lock = threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])

    def accept(self, body: bytes) -> None:
        """Note a mail."""
        with self._lock:
            self.accepted.append(email.message_from_bytes(body))

    def keys(self) -> list[str]:
        """Return the idempotency key of every mail accepted, doubles included."""
        return [str(mail["Idempotency-Key"]) for mail in self.accepted]
