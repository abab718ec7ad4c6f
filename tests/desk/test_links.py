"""Whatever the pages of the desk lead to opens for whoever is shown the link."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.admin import site
from django.test import Client

from promises.accounts.rights import ROLES
from promises.evidence.actions import save_evidence_link
from promises.evidence.models import EvidenceLink
from promises.updates.correcting import correct_evidence_link
from tests import record
from tests.desk.asked import and_ones_own, boss, browser, came_of
from tests.desk.conftest import registered
from tests.desk.rows import address
from tests.desk.world_of_roles import World

# Administrators open everything.
OTHERS = [role for role in ROLES if role != "administrator"]


def pages(world: World, who: str) -> Iterator[str]:
    """Yield every kind of page from which one goes on."""
    yield "/admin/"
    for model in registered():
        yield address(model, "changelist")
        yield address(model, "add")
    for _kind, row in and_ones_own(world, who, "here"):
        if type(row) in site._registry:
            yield address(type(row), "change", row.pk)
            yield address(type(row), "history", row.pk)


def linked(body: str, there: str) -> Iterator[str]:
    """Yield where the links of a page lead, but for the page itself in another order."""
    for href in re.findall(r'<a\b[^>]*?\shref="([^"]*)"', body):
        found = urlsplit(urljoin(there, unescape(href)))
        if not found.netloc and found.path != there:
            yield found._replace(fragment="").geturl()


def opens(client: Client, there: str) -> bool:
    answer = client.get(there)
    return answer.status_code in {200, 302} and came_of(answer) != "not found"


@pytest.mark.parametrize("who", OTHERS)
def test_every_link_that_someone_is_shown_opens(who: str, world: World, db: None) -> None:
    client, closed = browser(world, who), []
    known: dict[str, bool] = {}
    for there in pages(world, who):
        page = client.get(there)
        if page.status_code != 200:
            continue
        for link in set(linked(page.content.decode(), there)) - known.keys():
            known[link] = opens(client, link)
            if not known[link]:
                closed.append(f"{there} → {link}")
    assert len(known) > 100
    assert closed == []


def test_a_person_is_linked_for_whoever_may_see_logins(world: World, db: None) -> None:
    comment = world.places["here"]["newsroom.Comment"]
    there = address(type(comment), "change", comment.pk)
    author = world.places["here"]["accounts.User"]
    link = f'<a href="/admin/accounts/user/{author.pk}/change/">{author}</a>'
    plain = f'<div class="readonly">{author}</div>'
    for client, shown, other in (
        (boss(), link, plain),
        (browser(world, "editor"), plain, link),
    ):
        page = client.get(there).content.decode()
        assert (shown in page, other in page) == (True, False)


def test_a_page_that_is_not_open_leads_back_to_the_desk(
    world: World, client: Client, db: None
) -> None:
    back = '<a href="/admin/">Back to the desk</a>'
    author = world.places["here"]["accounts.User"]
    there = address(type(author), "change", author.pk)
    closed = browser(world, "editor").get(there)
    assert (closed.status_code, back in closed.content.decode()) == (403, True)
    # Who does not work here has no desk to go back to.
    client.force_login(author)
    closed = client.get(there, follow=True)
    assert (closed.status_code, back in closed.content.decode()) == (403, False)


def test_a_partner_is_linked_to_nothing_of_another_place(world: World, db: None) -> None:
    piece: Any = world.places["here"]["evidence.Evidence, public"]
    elsewhere: Any = world.places["there"]["pledges.Pledge, public"]
    given = {"by": world.people["editor"], "now": record.NOW}
    link = EvidenceLink(pledge=elsewhere, evidence=piece, stance="context")
    save_evidence_link(link=link, **given)
    link.stance = "supports"
    (correction,) = correct_evidence_link(link=link, kind="correction", note="Misread.", **given)
    there = address(type(correction), "change", correction.pk)
    for who, is_linked in (("researcher", True), ("partner", False)):
        found = set(linked(browser(world, who).get(there).content.decode(), there))
        assert address(type(piece), "change", piece.pk) in found, who
        assert (address(type(elsewhere), "change", elsewhere.pk) in found) is is_linked, who
