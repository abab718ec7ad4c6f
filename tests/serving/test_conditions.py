"""Conditional requests on every public address: what a caller has already is not sent again.

What redbot looks at, by RFC 9110: strong tags, If-None-Match in every form, HEAD like GET, Vary
and tags by encoding.
"""

import gzip
from pathlib import Path
from typing import Any

import pytest
import time_machine

from promises.accounts.models import User
from promises.api.urls import RESOURCES
from promises.packages.keeping import keep_package
from promises.staleness.actions import sweep_stale
from tests.serving.conftest import Ask, Given
from tests.site.test_queries import LATER, addresses, one

# Somebody's, or true for this moment only: nobody keeps them, so they have no tag.
UNKEPT = {"healthz", "readyz", "suggest", "challenge", "follow", "follow_sent", "tracking",
    "suggestion"}  # fmt: skip
# What differs from answer to answer by its meaning.
OF_THE_MOMENT = {"cache-status", "ratelimit", "date", "x-request-id"}


def every_public_address(author: User) -> dict[str, str]:
    """Return the address of every public answer by its name, of a record that has everything."""
    pledge = one(author)
    sweep_stale(by=author, now=LATER)
    keep_package(now=LATER)
    found = {name: url for name, url in addresses(pledge).items() if name not in UNKEPT}
    pages = [url for name, url in found.items() if url.endswith("/") or "/?" in url]
    found |= {f"es {url}": f"/es{url}" for url in pages}
    for name in ("prosecutor", "pledge", "topic"):
        found[f"{name} as of"] = f"{found[name]}?as_of=2026-12-01"
    for resource in RESOURCES:
        found[f"api {resource.section}"] = f"/api/v1/{resource.section}/"
    found["api observations"] += f"?metric={pledge.metrics.get().slug}"
    found |= {
        "api": "/api/v1/", "api one": f"/api/v1/pledges/{pledge.slug}/",
        "api docs": "/api/docs/", "api schema": "/api/schema/", "api try": "/api/docs/try/",
    }  # fmt: skip
    for file in ("pledges.csv", "datapackage.json", "popolo.json", "package.zip", "SHA256SUMS"):
        found[file] = f"/data/latest/{file}"
    return found


def lasting(given: Given) -> dict[str, str]:
    """Return the headers that are the same whenever one asks."""
    return {name: value for name, value in given.headers.items() if name not in OF_THE_MOMENT}


def faults_of(ask: Ask, address: str) -> list[str]:
    """Return what is wrong with conditional requests on an address."""
    faults: list[str] = []

    def expect(holds: bool, words: str) -> None:
        if not holds:
            faults.append(words)

    # HEAD first: nothing is ready then.
    head, first, again = ask(address, "HEAD"), ask(address), ask(address)
    expect(first.status == 200, f"status {first.status}")
    tag = first.headers.get("etag", "")
    expect(tag.startswith('"') and len(tag) > 10, f"no strong tag: {tag}")
    expect((again.body, lasting(again)) == (first.body, lasting(first)), "differs from itself")
    for known in (head, ask(address, "HEAD")):
        expect((known.status, known.body) == (200, b""), "HEAD has another status, or a body")
        expect(lasting(known) == lasting(first), f"HEAD is not like GET: {lasting(known)}")
    for condition in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        for method in ("GET", "HEAD"):
            same = ask(address, method, HTTP_IF_NONE_MATCH=condition)
            expect((same.status, same.body) == (304, b""), f"{method} {condition}: {same.status}")
            for name in ("etag", "vary", "cache-control"):
                expect(same.headers.get(name) == first.headers.get(name), f"304 without {name}")
    other = ask(address, HTTP_IF_NONE_MATCH='"other"', HTTP_IF_MODIFIED_SINCE=_later())
    expect((other.status, other.body) == (200, first.body), "another tag is not answered in full")
    faults += _faults_of_encodings(ask, address, first)
    return faults


def _faults_of_encodings(ask: Ask, address: str, plain: Given) -> list[str]:
    """Return what is wrong where the answer is compressed: other bytes, another tag, Vary."""
    zipped = ask(address, HTTP_ACCEPT_ENCODING="gzip, br")
    if "content-encoding" not in zipped.headers:
        is_same = (zipped.body, lasting(zipped)) == (plain.body, lasting(plain))
        return [] if is_same else ["differs by encoding without saying so"]
    faults = []
    if "Accept-Encoding" not in zipped.headers.get("vary", ""):
        faults.append("Vary does not name Accept-Encoding")
    if gzip.decompress(zipped.body) != plain.body:
        faults.append("other words when compressed")
    tag = zipped.headers["etag"]
    if tag == plain.headers["etag"]:
        faults.append("one tag for two encodings")
    head = ask(address, "HEAD", HTTP_ACCEPT_ENCODING="gzip, br")
    if lasting(head) != lasting(zipped):
        faults.append("HEAD is not like GET when compressed")
    if ask(address, HTTP_IF_NONE_MATCH=tag, HTTP_ACCEPT_ENCODING="gzip, br").status != 304:
        faults.append("the tag of the compressed answer is not known again")
    return faults


def _later() -> str:
    return "Fri, 01 Jan 2100 00:00:00 GMT"


@pytest.mark.django_db(transaction=True)
def test_every_public_address_knows_what_a_caller_has(
    ask: Ask, author: User, settings: Any, tmp_path: Path
) -> None:
    settings.PACKAGES = str(tmp_path / "packages")
    settings.API_REQUESTS_PER_HOUR = 1_000_000
    with time_machine.travel(LATER):
        found = every_public_address(author)
        wrong = {name: faults for name, url in found.items() if (faults := faults_of(ask, url))}
    assert len(found) > 70
    assert wrong == {}
