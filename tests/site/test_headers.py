"""The headers that close what no page needs, on every kind of answer."""

import re
from typing import Any

import pytest
from django.templatetags.static import static
from django.test import Client

from tests import record
from tests.serving.test_processes import collect_static_files

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
PLACES = ["/", "/nothing-here/", "/admin/", "/account/login/", "/api/v1/pledges/", "/api/docs/",
    "/updates.atom", "/robots.txt", "/healthz", "/suggest/", "/stale/",
    "/api/v1/nothing/"]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("path", PLACES)
def test_every_answer_is_closed(client: Client, path: str) -> None:
    assert_closed(client.get(path).headers)


@pytest.mark.django_db
def test_what_the_door_of_the_api_refuses_is_closed(client: Client) -> None:
    refused = client.get("/api/v1/pledges/", HTTP_AUTHORIZATION="Bearer nobody")
    assert refused.status_code == 401
    assert_closed(refused.headers)


def assert_closed(headers: Any) -> None:
    assert {name: headers[name] for name in ALWAYS} == ALWAYS
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    allowed = dict(re.findall(r"([a-z-]+)=(\([^)]*\))", headers["Permissions-Policy"]))
    assert set(allowed.values()) == {"()"}
    assert allowed.keys() >= {"camera", "microphone", "geolocation", "payment", "usb"}
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"unsafe-|\*|https?:|strict-dynamic", policy)


def test_files_of_pages_are_closed_as_well() -> None:
    """Whoever opens one by itself opens a document: a picture may hold a script some day."""
    collect_static_files()
    # A client of its own: which files there are is looked at once.
    answer = Client().get(static("favicon.svg"))
    # Read to its end, so that the file is closed.
    assert b"".join(answer).startswith(b"<svg")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/svg+xml")
    headers = answer.headers
    assert {name: headers[name] for name in ALWAYS} == ALWAYS
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_what_is_meant_for_other_sites_may_be_built_in(client: Client) -> None:
    pledge = record.pledge(by=record.user())
    card = client.get(f"/cards/pledges/{pledge.slug}.png")
    embed = client.get(f"/embed/pledges/{pledge.slug}/")
    assert card.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert embed.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Permissions-Policy" in embed.headers
    assert "X-Frame-Options" not in embed.headers


@pytest.mark.django_db
def test_behind_tls_browsers_never_ask_in_the_open(client: Client, settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 63072000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    header = client.get("/", secure=True).headers["Strict-Transport-Security"]
    assert header == "max-age=63072000; includeSubDomains; preload"
