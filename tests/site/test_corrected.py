"""Reasoning that was corrected says so wherever it is repeated, and leads to what it should say."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from promises.accounts.models import User
from promises.pledges.models import Pledge
from promises.updates.correcting import correct_status_update
from promises.updates.models import StatusUpdate
from tests import record
from tests.record import NOW
from tests.site.test_home import founding_document

pytestmark = pytest.mark.django_db
CORRECTED_AT = NOW + timedelta(days=2)
LATER = NOW + timedelta(days=9)


@pytest.fixture
def rated(author: User) -> StatusUpdate:
    """The rating of a pledge of the founding document."""
    pledge = record.pledge(by=author)
    founding_document(by=author, of=[pledge])
    return record.published_update(
        by=author, of=pledge, status="kept", reasoning="All of it was done."
    )


def corrected(update: StatusUpdate, new_text: str, *, by: User) -> None:
    correct_status_update(
        update=update, new_text=new_text, kind="correction", note="N.", by=by, now=CORRECTED_AT
    )


def pages_of(pledge: Pledge) -> list[str]:
    """The addresses of all pages but the pledge's that say why its rating is what it is."""
    cited = pledge.status_updates.get().citations.get().evidence
    return [
        "/",
        f"/topics/{pledge.topic.slug}/",
        "/updates/",
        f"/evidence/{cited.slug}/",
        f"/pledges/{pledge.slug}/challenge/",
    ]


@time_machine.travel(LATER)
def test_wherever_corrected_reasoning_stands_it_leads_to_the_correction(
    client: Client, author: User, rated: StatusUpdate
) -> None:
    pages = pages_of(rated.pledge)
    tag = f' <a class="tag" href="/pledges/{rated.pledge.slug}/#update-{rated.slug}">corrected</a>'

    def found() -> list[tuple[int, int]]:
        texts = [client.get(page).content.decode() for page in pages]
        return [(text.count("All of it was done."), text.count(tag)) for text in texts]

    assert found() == [(1, 0)] * len(pages)
    corrected(rated, "Half of it was done.", by=author)
    assert found() == [(1, 1)] * len(pages)
    for page in pages:
        assert f"All of it was done.{tag}" in client.get(page).content.decode()


@time_machine.travel(LATER)
def test_a_past_day_marks_what_was_corrected_by_then(
    client: Client, author: User, rated: StatusUpdate
) -> None:
    corrected(rated, "Half of it was done.", by=author)
    topic = f"/topics/{rated.pledge.topic.slug}/"
    day_before, same_day = (
        client.get(f"{topic}?as_of={day}").content.decode() for day in ("2026-03-03", "2026-03-04")
    )
    assert day_before.count("All of it was done.") == same_day.count("All of it was done.") == 1
    assert ">corrected</a>" not in day_before
    href = f"/pledges/{rated.pledge.slug}/?as_of=2026-03-04#update-{rated.slug}"
    assert f'All of it was done. <a class="tag" href="{href}">corrected</a>' in same_day
    assert f'id="update-{rated.slug}"' in client.get(href).content.decode()


def test_linked_data_say_what_the_reasoning_should_say(
    client: Client, author: User, rated: StatusUpdate
) -> None:
    def body() -> Any:
        page = client.get(f"/pledges/{rated.pledge.slug}/").content.decode()
        (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
        return json.loads(block)["@graph"][1]["reviewBody"]

    said = [body()]
    for words in ("Half of it was done.", "A third of it was done."):
        corrected(rated, words, by=author)
        said.append(body())
    assert said == ["All of it was done.", "Half of it was done.", "A third of it was done."]
