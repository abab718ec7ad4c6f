"""Redis over TLS is believed only with a certificate that this machine trusts, by Celery too."""

import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from tests.architecture.house import ROOT
from tests.fetching.test_tls import Authority

# Asked in the ways that there are: by Django's cache, by a client of ours and by Celery.
ASK = """
import django; django.setup()
from django.conf import settings
from django.core.cache import cache
from redis import Redis
from promises.outbox.tasks import deliver
from tracker.celery import app
from tracker.foreign import forget_foreign
def trying(question):
    try:
        return bool(question())
    except Exception as error:
        return "CERTIFICATE_VERIFY_FAILED" in str(error) and "untrusted"
with app.connection_for_write() as broker:
    print(
        trying(lambda: cache.add("redis-tls", 1, timeout=1) in {True, False}),
        trying(Redis.from_url(settings.REDIS_URL).ping),
        trying(lambda: broker.ensure_connection(max_retries=1)),
        trying(lambda: deliver.apply_async(connection=broker, retry=False)),
    )
"""


def copying(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError, ssl.SSLError):
        while piece := one.recv(65536):
            other.sendall(piece)
    with suppress(OSError):
        other.shutdown(socket.SHUT_RDWR)


class Relay:
    """TLS in front of the tests' Redis, which speaks none."""

    def __init__(self, context: ssl.SSLContext) -> None:
        redis = urlsplit(settings.REDIS_URL)
        self._behind, self._context = (redis.hostname, redis.port), context
        self._socket = socket.create_server(("127.0.0.1", 0))
        port = self._socket.getsockname()[1]
        self.address = f"rediss://:{redis.password}@localhost:{port}/14"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=self._one, args=self._socket.accept(), daemon=True).start()

    def _one(self, connection: socket.socket, _from: object) -> None:
        with (
            suppress(OSError, ssl.SSLError),
            self._context.wrap_socket(connection, server_side=True) as front,
            socket.create_connection(self._behind) as back,
        ):
            answers = threading.Thread(target=copying, args=[back, front], daemon=True)
            answers.start()
            copying(front, back)
            answers.join(10)

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    made = Authority(tmp_path)
    (tmp_path / "root.pem").write_bytes(made.certificate.public_bytes(Encoding.PEM))
    return made


@pytest.fixture
def relay(authority: Authority) -> Iterator[Relay]:
    made = Relay(authority.server(names=("localhost",)))
    yield made
    made.close()


def asked(address: str) -> str:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tracker.settings"}
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env={**environment, "REDIS_URL": address},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return done.stdout or done.stderr


def test_a_certificate_that_nobody_trusts_is_refused(relay: Relay) -> None:
    assert asked(relay.address) == "untrusted untrusted untrusted untrusted\n"


def test_one_for_another_name_is_refused(authority: Authority) -> None:
    relay = Relay(authority.server(names=("redis.example",)))
    root = f"?ssl_ca_certs={authority.folder}/root.pem"
    assert asked(relay.address + root) == "untrusted untrusted untrusted untrusted\n"
    relay.close()


def test_a_root_in_the_address_is_trusted(authority: Authority, relay: Relay) -> None:
    root = f"?ssl_ca_certs={authority.folder}/root.pem"
    assert asked(relay.address + root) == "True True True True\n"
