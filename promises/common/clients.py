"""Who sends a request, as far as a limit needs to know: a network, never a person."""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def client_address(request: HttpRequest) -> str:
    """Return the address of a client: of an IPv6 address the network that one client has."""
    return address_in(request.META)


def address_in(environ: Mapping[str, Any]) -> str:
    """Return the same of a request that Django has not seen yet.

    A proxy named in settings.TRUSTED_PROXIES is believed about whom it speaks for, nobody else.
    """
    address: str = environ.get("REMOTE_ADDR", "")
    forwarded: list[str] = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while address in settings.TRUSTED_PROXIES and forwarded and forwarded[-1].strip():
        address = forwarded.pop().strip()
    try:
        number = ip_address(address)
    except ValueError:
        return address
    if isinstance(number, IPv6Address):
        return str(number.ipv4_mapped or IPv6Address(int(number) >> 64 << 64))
    return str(number)


def client_digest(request: HttpRequest, purpose: str) -> str:
    """Return 32 hexadecimal digits that stand for a client and do not give its address away."""
    return salted_hmac(purpose, client_address(request)).hexdigest()[:32]
