"""What no database can hold, sent to every public address in every way: never an error of ours."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import resolve

from promises.accounts.models import User
from promises.captures.previews import preview_address
from promises.evidence.models import Evidence
from promises.pledges.models import Pledge
from tests.desk.sent import fields_of
from tests.site.addresses import BY_MAIL, every_address, every_address_for_programs
from tests.site.hidden import hidden_record
from tests.site.reading import words

pytestmark = pytest.mark.django_db
# What any page, feed, form or endpoint of the site reads from its query.
NAMES = (
    "q", "page", "sort", "status", "stale", "topic", "prosecutor", "pledge", "as_of", "url",
    "format", "maxwidth", "maxheight", "next", "kind", "people", "a", "b",
)  # fmt: skip
NUL = "%00"


@pytest.fixture
def pledge(author: User) -> Pledge:
    """A public pledge of which everything is known."""
    return hidden_record(author)


def one_of_each(client: Client, pages: Iterable[str]) -> list[str]:
    """Return one page of each kind and status: another record of that kind is read the same way."""
    found: dict[tuple[str, int], str] = {}
    for page in pages:
        kind = resolve(page.partition("?")[0]).view_name
        found.setdefault((kind, client.get(page).status_code), page)
    return list(found.values())


def asked(address: str, name: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{name}={NUL}"


def test_a_sign_that_no_database_holds_is_an_error_of_no_address(
    client: Client, pledge: Pledge
) -> None:
    piece = Evidence.objects.published().first()
    assert piece is not None
    in_paths = [f"/evidence/{piece.slug}/copies/{NUL}", f"/data/{NUL}/", f"/data/latest/{NUL}"]
    in_paths += [pattern.format(NUL) for pattern in BY_MAIL.values()]
    own = {address.partition("?")[0] for address in every_address_for_programs()}
    pages = one_of_each(client, [*every_address(), *own, "/oembed", "/follow/", "/account/login/"])
    queries = [asked(page, name) for page in [*pages, *in_paths] for name in NAMES]
    answers = {each: client.get(each).status_code for each in [*in_paths, *queries]}
    assert len(answers) > 1500
    # 503 is what /readyz says of a machine without workers; 501 is of oEmbed's own words.
    bad = {each: status for each, status in answers.items() if status >= 500}
    bad = {each: status for each, status in bad.items() if not each.startswith("/readyz")}
    assert bad == {"/oembed?format=%00": 501}


def test_a_cookie_or_a_form_with_such_a_sign_is_an_error_of_no_address(client: Client) -> None:
    # So a cookie writes the sign itself (RFC 2109); a session is looked for by it.
    for name in ("session", "csrf", "device"):
        client.cookies.load({name: "x"})
        client.cookies[name].set(name, "\0abcdefgh", '"\\000abcdefgh"')
    for address in ("/", "/admin/login/", "/account/login/", "/account/", "/follow/"):
        assert client.get(address, follow=True).status_code < 500, address
    typed = {"login": "\0", "password": "\0", "next": "/\0"}
    assert client.post("/account/login/", typed).status_code < 500
    assert client.post("/account/password/forgotten/", {"email": "\0"}).status_code < 500


@pytest.mark.parametrize("sign", ["%00", "a%00b", "%1b", "%ef%bf%bf"])
@pytest.mark.parametrize(
    "address", ["/follow/?pledge=", "/follow/?prosecutor=", "/follow/?topic=",
                "/suggest/?pledge=", "/suggest/?prosecutor=", "/metrics/?pledge="],
)  # fmt: skip
def test_a_name_that_makes_no_sense_is_refused(client: Client, address: str, sign: str) -> None:
    response = client.get(f"{address}{sign}")
    assert response.status_code == 400
    assert "This address makes no sense here" in words(response)
    assert client.post(f"{address}{sign}").status_code in (400, 405)


def test_the_origin_of_copies_has_nothing_of_that_name(client: Client, settings: Any) -> None:
    settings.CAPTURE_ORIGIN = "https://copies.example"
    settings.ALLOWED_HOSTS = ["testserver", "copies.example"]
    forged = preview_address("\0").removeprefix("https://copies.example/preview/")
    paths = [f"/a{NUL}/x", f"/a/{NUL}", f"/{NUL}", f"/preview/{NUL}", f"/preview/{quote(forged)}"]
    for path in paths:
        answer = client.get(path, headers={"host": "copies.example"})
        said = (answer.status_code, answer.content)
        assert said == (404, b"There is no such copy.\n"), path


def test_a_form_takes_no_such_sign(client: Client, pledge: Pledge) -> None:
    for address in (
        f"/follow/?pledge={pledge.slug}",
        f"/suggest/?pledge={pledge.slug}",
        f"/pledges/{pledge.slug}/challenge/",
    ):
        fields = fields_of(client.get(address).content.decode())
        assert fields
        for name in fields:
            answer = client.post(address, {**fields, name: "\0"})
            assert answer.status_code == 422, (address, name)
