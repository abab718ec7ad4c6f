"""The parameter `q`: the letters of every word, found by the index of words where they are few."""

from urllib.parse import quote

import pytest

from promises.accounts.models import User
from promises.updates.models import Response
from promises.updates.responding import publish_response, save_response
from tests import record
from tests.api.conftest import Api
from tests.api.test_paging import walk, walk_back
from tests.record import NOW
from tests.vocabulary import gather

pytestmark = pytest.mark.django_db

TITLE = "Pretrial release: 50% by FY2024-25, not 3.75% (police/community)"
SUMMARY = "O'Sample of “Núñez & Example” said stop-and-frisk_logs stay; docket CP-51-000123."

FOUND = [
    "pretrial", "PRETRIAL", "trial", "etria", "rel", "release:", "RELEASE not", "50%", "%", "50",
    "fy2024-25", "FY20", "25", "3.75", "3.75%", "(police/community)", "community", "police/comm",
    "O'Sample", "sample", "“Núñez", "núñez", "&", "stop-and-frisk", "and-frisk", "frisk_logs",
    "_", "logs", "CP-51-000123", "000123", "51-000", "s", "trial community docket frisk said",
    "The Example Times",
]  # fmt: skip
NOT_FOUND = [
    "pretrail", "trials", "50_", "r%l", "3_75", "nunez", "frisk logs bail", "000124", "release;",
    "' | 'release", "release & !bail", "release:*", "''", '"', "\\", "relea\\se", "<->", "zz",
    "stop and-frisking", "a:b", "!!", "((", "' OR 1=1 --", "trial zebra",
]  # fmt: skip


@pytest.fixture(params=[5000, 0])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that are few enough to be looked up, and such as are met on the way."""
    for place in ("promises.common.words", "promises.api.searching"):
        monkeypatch.setattr(f"{place}.FEW", request.param)


@pytest.fixture
def piece(author: User) -> str:
    """Evidence with these words, beside some with none of them."""
    pledge = record.pledge(by=author, title="Publish the figures")
    # Its summary would have a number, in which "25" may stand.
    other = {"title": "Another paper", "publisher": "The Other Paper", "summary": "Nothing."}
    record.evidence(by=author, about=pledge, **other)
    made = record.evidence(
        by=author, about=pledge, title=TITLE, summary=SUMMARY, publisher="The Example Times"
    )
    gather()
    return made.slug


def test_every_word_is_held_letter_by_letter(api: Api, piece: str, few: None) -> None:
    found = {text: api.names(f"evidence/?q={quote(text)}") for text in [*FOUND, *NOT_FOUND]}
    assert found == {text: [piece] if text in FOUND else [] for text in found}


def test_a_new_word_is_found_by_its_beginning_at_once_and_by_its_middle_once_gathered(
    api: Api, author: User
) -> None:
    pledge = record.pledge(by=author, title="Fund the quillfeather", slug="fund-it")
    assert api.names("pledges/?q=quillf") == [pledge.slug]
    assert api.names("pledges/?q=feather") == []
    gather()
    assert api.names("pledges/?q=feather") == [pledge.slug]


def test_pledges_are_found_by_their_texts_and_who_made_them(
    api: Api, author: User, few: None
) -> None:
    term = record.term(by=author, who={"name": "Jo Núñez"})
    topic = record.topic(by=author, slug="zebras", name="Zebras")
    made = record.pledge(
        by=author, of=term, topic=topic, title="End bail", statement="No money.", quote="Never!",
        quote_attribution="Jo Núñez", slug="an-address",
    )  # fmt: skip
    record.pledge(by=author, title="Keep bail", slug="two")
    gather()
    for text in ("núñez bail", "ñez end", "money NEVER", "end jo"):
        assert api.names(f"pledges/?q={quote(text)}") == [made.slug], text
    # What it belongs to otherwise has filters of its own, and its address is no text.
    for text in ("zebra bail", "address"):
        assert api.names(f"pledges/?q={quote(text)}") == [], text


def test_ratings_and_replies_are_found_by_their_own_words(
    api: Api, author: User, few: None
) -> None:
    pledge = record.pledge(by=author, title="Open zebra files")
    update = record.published_update(by=author, of=pledge, reasoning="The memorandum says so.")
    reply = Response(
        pledge=pledge, slug="reply", said_by="Jo Example", text="We will replace it.",
        published_on=NOW.date(), evidence=record.evidence(by=author, about=pledge),
    )  # fmt: skip
    reply = publish_response(
        response=save_response(response=reply, by=author, now=NOW), by=author, now=NOW
    )
    gather()
    assert api.names("status-updates/?q=memoran") == [update.slug]
    assert api.names("responses/?q=example%20replace") == [reply.slug]
    assert api.names("status-updates/?q=zebra") == api.names("responses/?q=zebra") == []


def test_pages_of_what_was_found_hold_every_row_once(api: Api, author: User, few: None) -> None:
    slugs = [f"bail-{number}" for number in range(5)]
    for slug in slugs:
        record.pledge(by=author, title="End cash bail", slug=slug)
    record.pledge(by=author, title="Something else", slug="bail-other")
    gather()
    for sign, expected in (("slug", slugs), ("-slug", slugs[::-1])):
        path = f"pledges/?q=cash%20ail&page_size=2&ordering={sign}"
        assert [row["slug"] for row in walk(api, path)] == expected
        assert [row["slug"] for row in walk_back(api, path)] == expected
