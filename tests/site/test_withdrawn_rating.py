"""A rating that was withdrawn: its words are gone; that it stood there, and the reason, stay."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from promises.accounts.models import User
from promises.updates.actions import retract_status_update
from tests import record
from tests.record import NOW
from tests.site.reading import words

pytestmark = pytest.mark.django_db
NONE = "It has no rating."


def test_a_rating_that_was_withdrawn_leaves_a_line_that_says_when_and_why(
    client: Client, author: User
) -> None:
    pledge = record.pledge(by=author)
    first = record.published_update(by=author, of=pledge, reasoning="She opened one file.")
    address = f"/pledges/{pledge.slug}/"
    assert "withdrawn" not in words(client.get(address))
    retract_status_update(update=first, reason="The memo <b>was misread.", by=author, now=NOW)
    page = client.get(address)
    said = "A rating that stood here was withdrawn on 2 March 2026: The memo <b>was misread."
    assert words(page).count(said) == 1
    assert b"memo <b>" not in page.content
    assert "She opened one file." not in words(page)
    spanish = "Una calificación que estaba aquí se retiró el 2 de marzo de 2026: The memo <b>was"
    assert words(client.get(f"/es{address}")).count(spanish) == 1


def test_no_page_says_that_nobody_has_rated_what_was_rated(client: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    path, topic = f"/pledges/{pledge.slug}/", f"/topics/{pledge.topic.slug}/"
    assert words(client.get(path)).count(NONE) == 2
    first = record.published_update(by=author, of=pledge, reasoning="She opened one file.")
    shown = [path, f"{path}challenge/", topic]
    assert [NONE in words(client.get(each)) for each in shown] == [False] * 3
    gone_at = NOW + timedelta(days=2)
    retract_status_update(update=first, reason="Misread.", by=author, now=gone_at)
    shown += [f"{each}?as_of=2026-03-0{day}" for each in (path, topic) for day in (3, 4, 5)]
    with time_machine.travel(gone_at + timedelta(days=5), tick=False):
        pages = [words(client.get(each)) for each in shown]
    assert [NONE in page for page in pages] == [True] * len(shown)
    assert not [page for page in pages if "Nobody has rated" in page]
