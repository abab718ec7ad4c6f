"""A server whose pages are captured, and a store of their own for each test."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from promises.accounts.models import User
from promises.captures import capturing
from promises.common.clock import database_clock
from promises.evidence.models import Evidence
from tests import record
from tests.fetching.servers import HERE, Answer, Hostile, started

TEXT = b" ".join(b"The office will no longer ask for cash bail in case %d." % n for n in range(60))
HTML = b"<!doctype html><title>Memo</title><article><p>%s</p></article>" % TEXT


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> Path:
    """The folder in which copies are kept."""
    settings.CAPTURE_STORE = str(tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def serve(settings: Any) -> Iterator[Callable[[Answer], Hostile]]:
    """Start servers that may be visited; they are gone after the test."""
    yield from started(settings)


def piece_at(url: str, by: User, **more: Any) -> Evidence:
    """Public evidence at an address."""
    return record.evidence(by=by, about=record.pledge(by=by), url=url, **more)


def run(by: User, **more: Any) -> capturing.Captured:
    """One run of the courier."""
    return capturing.capture_due(by=by, clock=database_clock, **more)


class Signing(BaseHTTPRequestHandler):
    """Lets openssl answer what is asked, in the folder of the server."""

    def do_POST(self) -> None:
        folder = self.server.folder  # type: ignore[attr-defined]
        question = self.rfile.read(int(self.headers["content-length"]))
        (folder / "question.tsq").write_bytes(question)
        command = ["openssl", "ts", "-reply", "-queryfile", "question.tsq", "-config", "tsa.cnf"]
        command += ["-out", "answer.tsr"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        answer = (folder / "answer.tsr").read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_words: Any) -> None:
        pass


@pytest.fixture
def authority(tmp_path: Path, settings: Any) -> Iterator[ThreadingHTTPServer]:
    """A timestamp authority: openssl behind a server."""
    folder = tmp_path / "authority"
    folder.mkdir()
    (folder / "tsa.cnf").write_text(AUTHORITY)
    (folder / "serial").write_text("01\n")
    signed_by_root = ["-CA", "authority.pem", "-CAkey", "root.key"]
    for name, kind, more in (("authority", "root", []), ("signer", "signer", signed_by_root)):
        openssl = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650"]
        named = ["-subj", f"/CN={name} of the tests", "-config", "tsa.cnf", "-extensions", kind]
        written = ["-keyout", f"{kind}.key", "-out", f"{name}.pem", *more]
        subprocess.run([*openssl, *named, *written], cwd=folder, check=True, capture_output=True)
    server = ThreadingHTTPServer((HERE, 0), Signing)
    server.folder = folder  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    settings.FETCH_ALLOWED_NETWORKS = [f"{HERE}/32"]
    settings.FETCH_PORTS = [*settings.FETCH_PORTS, port]
    settings.TIMESTAMP_AUTHORITY_URL = f"http://{HERE}:{port}/"
    settings.TIMESTAMP_AUTHORITY_ROOT = str(folder / "authority.pem")
    yield server
    server.shutdown()
    server.server_close()


AUTHORITY = """
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[signer]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = signing
[signing]
serial = serial
signer_cert = signer.pem
signer_key = signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
certs = signer.pem
"""
