"""Pages that name every official or every pledge stay pages when there are many."""

import re
from typing import Any

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.pledges.models import Pledge, Topic
from promises.site import parameters
from promises.site.pages import home, prosecutors, topics
from tests import record
from tests.site import whole
from tests.site.reading import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic(author: User) -> Topic:
    """A topic on which three officials promised one thing each, and the last one two."""
    made: Any = record.topic(by=author, slug="bail", name="Bail")
    for _number in range(3):
        last = record.term(by=author)
        record.pledge(by=author, of=last, topic=made)
    kept = record.pledge(by=author, of=last, topic=made)
    record.published_update(by=author, of=kept, status="kept")
    return made  # type: ignore[no-any-return]


def named(client: Client, address: str) -> list[str]:
    """Return the links to officials of a page, in order."""
    main = client.get(address).content.decode().partition('id="main"')[2]
    return re.findall(r'href="/prosecutors/([^"/]+)/"', main)


def test_the_first_page_names_some_officials_and_leads_to_all(
    client: Client, topic: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    everyone = named(client, "/")
    assert len(everyone) == 3
    assert "All officials" not in words(client.get("/"))
    monkeypatch.setattr(home, "OFFICIALS", 2)
    assert named(client, "/") == everyone[:2]
    assert "All officials" in words(client.get("/"))


def test_officials_come_page_by_page(
    client: Client, topic: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    everyone = named(client, "/prosecutors/")
    monkeypatch.setattr(prosecutors, "PAGE", 2)
    assert named(client, "/prosecutors/") == everyone[:2]
    assert named(client, "/prosecutors/?page=2") == everyone[2:]
    assert "Page 1 of 2" in words(client.get("/prosecutors/"))
    assert client.get("/prosecutors/?page=3").status_code == 404
    assert client.get("/prosecutors/?page=x").status_code == 400


def test_a_topic_comes_page_by_page_and_counts_all_of_it(
    client: Client, topic: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = words(client.get("/topics/bail/"))
    assert "4 pledges by 3 officials" in whole
    assert "1 of 4 kept, 3 not yet rated." in whole
    monkeypatch.setattr(topics, "PAGE", 3)
    first, second = (words(client.get(f"/topics/bail/?page={number}")) for number in (1, 2))
    for text in (first, second):
        assert "4 pledges by 3 officials" in text
        assert "1 of 4 kept, 3 not yet rated." in text
    assert ("Page 1 of 2" in first, "Page 2 of 2" in second) == (True, True)
    titles = [
        re.findall("<title>(.*?) · Prosecutor", client.get(f"/topics/bail/{page}").content.decode())
        for page in ("", "?page=2")
    ]
    assert titles == [["Bail"], ["Bail · Page 2 of 2"]]
    assert len(named(client, "/topics/bail/?page=1")) == 3
    assert len(named(client, "/topics/bail/?page=2")) == 1
    assert client.get("/topics/bail/?page=3").status_code == 404
    for query, address in (("", ""), ("?page=1", ""), ("?page=2", "?page=2")):
        head = client.get(f"/topics/bail/{query}").content.decode().partition("</head>")[0]
        assert re.findall(r'rel="canonical" href="[^"?]*/topics/bail/([^"]*)"', head) == [address]


def test_a_page_of_a_long_list_shows_the_rows_that_it_would_of_a_short_one(
    client: Client, topic: Topic, author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for pledge in Pledge.objects.filter(topic=topic).order_by("pk")[:3]:
        record.published_update(by=author, of=pledge, status="in_the_works")
    whole.pledge(by=author)
    monkeypatch.setattr(parameters.listing, "__defaults__", (2,))
    monkeypatch.setattr(prosecutors, "PAGE", 2)
    for address in (
        "/pledges/?", "/pledges/?sort=made&q=thing&", "/pledges/?sort=since&",
        "/pledges/?sort=reviewed&", "/updates/?", "/stale/?", "/prosecutors/?",
    ):  # fmt: skip
        assert "Page 1 of" in words(client.get(address)), address
        short = [words(client.get(f"{address}page={number}")) for number in (1, 2)]
        with monkeypatch.context() as long:
            long.setattr(parameters, "LONG", 0)
            found = [words(client.get(f"{address}page={number}")) for number in (1, 2)]
        assert found == short, address
