"""Certificates that are expired, someone else's or nobody's."""

import datetime
import ssl
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from promises.fetching.errors import (
    BrokenAnswer,
    NotFetched,
    TlsExpired,
    TlsFault,
    TlsUntrusted,
    TlsWrongName,
)
from tests.fetching.conftest import asked, rules
from tests.fetching.servers import HERE, Hostile, says

DAY = datetime.timedelta(days=1)
NAME = "court.example.org"
# What newer versions of Python ask of an authority (RFC 5280, section 4.2.1).
_SIGNING = x509.KeyUsage(
    key_cert_sign=True, crl_sign=True, digital_signature=False, content_commitment=False,
    key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
    decipher_only=False,
)  # fmt: skip


def _signed_by(key: Any) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


class Authority:
    """Signs certificates for the tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Example authority")])
        self.certificate = self._sign(self.name, self.key.public_key(), is_authority=True)

    def trust(self) -> ssl.SSLContext:
        """A context that trusts this authority alone."""
        pem = self.certificate.public_bytes(serialization.Encoding.PEM).decode()
        return ssl.create_default_context(cadata=pem)

    def server(self, *, own: bool = False, **more: Any) -> ssl.SSLContext:
        """A server's context with a certificate of ours, or, if `own`, one it signed itself."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Example server")])
        signed = self._sign(subject, key.public_key(), signer=key if own else None, **more)
        file = self.folder / f"{signed.serial_number}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + signed.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _sign(
        self,
        subject: x509.Name,
        key: Any,
        *,
        names: tuple[str, ...] = (NAME,),
        days: tuple[int, int] = (-2, 2),
        is_authority: bool = False,
        signer: Any = None,
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if signer else self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + days[0] * DAY)
            .not_valid_after(now + days[1] * DAY)
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(_signed_by(signer or self.key), critical=False)
        )
        if is_authority:
            builder = builder.add_extension(_SIGNING, critical=True)
        elif names:
            alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
            builder = builder.add_extension(alternatives, critical=False)
        return builder.sign(signer or self.key, hashes.SHA256())


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def get(server: Hostile, authority: Authority) -> Any:
    trusting = rules(server.port, resolver=lambda name: [ip_address(HERE)], trust=authority.trust)
    return asked(server.url(host=NAME, scheme="https"), rules=trusting)


def test_the_name_is_checked_though_the_number_is_called(
    serve: Callable[..., Hostile], authority: Authority
) -> None:
    page = get(serve(says(b"hello"), tls=authority.server()), authority)
    assert (page.body.read(), page.last.address) == (b"hello", HERE)


FAULTS: dict[str, tuple[dict[str, Any], type[NotFetched]]] = {
    "expired": ({"days": (-9, -1)}, TlsExpired),
    "not valid yet": ({"days": (1, 9)}, TlsExpired),
    "another name": ({"names": ("other.example.org",)}, TlsWrongName),
    "a wildcard of another level": ({"names": ("*.court.example.org",)}, TlsWrongName),
    "a wildcard over everything": ({"names": ("*",)}, TlsWrongName),
    "no name": ({"names": ()}, TlsWrongName),
    "signed by itself": ({"own": True}, TlsUntrusted),
}


@pytest.mark.parametrize(("certificate", "error"), FAULTS.values(), ids=[*FAULTS])
def test_a_certificate_that_cannot_be_trusted_is_named(
    serve: Callable[..., Hostile],
    authority: Authority,
    certificate: dict[str, Any],
    error: type[NotFetched],
) -> None:
    server = serve(says(b"hello"), tls=authority.server(**certificate))
    with pytest.raises(error):
        get(server, authority)
    assert server.asked == []


def test_an_authority_we_do_not_know_is_not_trusted(
    serve: Callable[..., Hostile], authority: Authority, tmp_path: Path
) -> None:
    server = serve(says(b"hello"), tls=Authority(tmp_path).server())
    with pytest.raises(TlsUntrusted):
        get(server, authority)
    assert server.asked == []


def test_old_protocols_are_not_spoken(serve: Callable[..., Hostile], authority: Authority) -> None:
    old = authority.server()
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1 is deprecated"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(TlsFault):
        get(serve(says(b"hello"), tls=old), authority)


def test_plain_text_on_a_port_of_tls_and_tls_on_a_plain_one(
    serve: Callable[..., Hostile], authority: Authority
) -> None:
    with pytest.raises(NotFetched) as refusal:
        get(serve(says(b"hello")), authority)
    assert refusal.value.code == "timeout"
    server = serve(says(b"hello"), tls=authority.server())
    with pytest.raises(NotFetched) as refusal:
        asked(server.url(), rules=rules(server.port))
    assert isinstance(refusal.value, BrokenAnswer) or refusal.value.code == "truncated"
