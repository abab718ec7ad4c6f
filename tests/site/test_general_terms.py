"""Topics and offices in Spanish where the record has words for them; the rest is marked."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from promises.accounts.models import User
from promises.ledger.models import Entry
from promises.pledges.actions import save_general_term, save_topic
from promises.pledges.models import GeneralTerm, Pledge
from promises.site.general_terms import term_for, terms_in
from tests import record
from tests.record import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge(author: User) -> Pledge:
    """A pledge whose topic and office have general names."""
    pledge = record.pledge(by=author)
    assert pledge.term is not None
    pledge.topic.name, pledge.topic.about = "Cash bail", "Who waits in jail."
    save_topic(topic=pledge.topic, by=author, now=NOW)
    return pledge


def translate(english: str, words: str, by: User) -> GeneralTerm:
    term = GeneralTerm(slug=f"es-{len(english)}", language="es", english=english, words=words)
    return save_general_term(term=term, by=by, now=NOW)


def page(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_a_topic_is_called_by_its_spanish_name(
    client: Client, author: User, pledge: Pledge
) -> None:
    translate("Cash bail", "Fianza en efectivo", author)
    html = page(client, f"/es/topics/{pledge.topic.slug}/")
    assert "<h1>Fianza en efectivo</h1>" in html
    assert "<title>Fianza en efectivo ·" in html
    assert '<meta property="og:title" content="Fianza en efectivo' in html
    assert "Cash bail" not in html
    # Its sentence is not translated, and says so.
    assert '<span lang="en">Who waits in jail.</span>' in html
    for path in ("topics/", "pledges/", f"prosecutors/{pledge.person.slug}/", "search/?q=example"):
        assert "Fianza en efectivo" in page(client, f"/es/{path}"), path
        assert "Cash bail" not in page(client, f"/es/{path}"), path


def test_an_office_is_called_by_its_spanish_name(
    client: Client, author: User, pledge: Pledge
) -> None:
    assert pledge.term is not None
    title = pledge.term.office.title
    pledge_page = f"/es/pledges/{pledge.slug}/"
    assert f'<span lang="en">{title}</span>' in page(client, pledge_page)
    translate(title, "Fiscal de distrito de Example", author)
    for path in (pledge_page, f"/es/prosecutors/{pledge.person.slug}/", "/es/prosecutors/"):
        html = page(client, path)
        assert "Fiscal de distrito de Example" in html, path
        assert title not in html, path


def test_the_filter_marks_only_what_nobody_translated(
    client: Client, author: User, pledge: Pledge
) -> None:
    slug = pledge.topic.slug
    assert f'<option value="{slug}" lang="en">Cash bail</option>' in page(client, "/es/pledges/")
    translate("Cash bail", "Fianza en efectivo", author)
    html = page(client, "/es/pledges/")
    assert f'<option value="{slug}">Fianza en efectivo</option>' in html


def test_once_the_english_says_something_else_it_is_shown(
    client: Client, author: User, pledge: Pledge
) -> None:
    translate("Cash bail", "Fianza en efectivo", author)
    pledge.topic.name = "Money bail"
    save_topic(topic=pledge.topic, by=author, now=NOW)
    assert '<h1><span lang="en">Money bail</span></h1>' in page(
        client, f"/es/topics/{pledge.topic.slug}/"
    )


def test_english_pages_stay_as_they_are(client: Client, author: User, pledge: Pledge) -> None:
    translate("Cash bail", "Fianza en efectivo", author)
    html = page(client, f"/topics/{pledge.topic.slug}/")
    assert "<h1>Cash bail</h1>" in html
    assert "Fianza" not in html


def test_they_are_read_once_and_only_where_they_are_needed(
    author: User, django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    translate("Cash bail", "Fianza en efectivo", author)
    with terms_in("es"), django_assert_num_queries(1):
        assert [term_for("Cash bail"), term_for("Bail")] == ["Fianza en efectivo", None]
    with django_assert_num_queries(0):
        with terms_in("en"):
            assert term_for("Cash bail") is None
        with terms_in("es"):
            pass
        assert term_for("Cash bail") is None


def test_the_ledger_tells_of_a_term(author: User) -> None:
    term = translate("Cash bail", "Fianza en efectivo", author)
    entry = Entry.objects.latest("edition")
    assert (entry.event, entry.subject) == ("general_term:saved", f"general_terms/{term.slug}")


def test_a_past_day_calls_them_as_the_present_does(
    client: Client, author: User, pledge: Pledge
) -> None:
    assert pledge.term is not None
    translate("Cash bail", "Fianza en efectivo", author)
    translate(pledge.term.office.title, "Fiscal de distrito de Example", author)
    with time_machine.travel(NOW + timedelta(days=9), tick=False):
        then = f"?as_of={NOW + timedelta(days=2):%Y-%m-%d}"
        for path in (f"topics/{pledge.topic.slug}/", f"prosecutors/{pledge.person.slug}/"):
            html = page(client, f"/es/{path}{then}")
            assert ("Fianza en efectivo" in html, "Cash bail" in html) == (True, False), path
            assert "Fiscal de distrito de Example" in html, path
        html = page(client, f"/es/pledges/{pledge.slug}/{then}")
    assert "Fiscal de distrito de Example" in html
    assert pledge.term.office.title not in html


def test_feeds_and_forms_call_a_topic_by_its_spanish_name(
    client: Client, author: User, pledge: Pledge
) -> None:
    translate("Cash bail", "Fianza en efectivo", author)
    feed = page(client, f"/es/topics/{pledge.topic.slug}/updates.atom")
    assert "Fianza en efectivo" in feed.partition("</title>")[0]
    form = page(client, f"/es/follow/?topic={pledge.topic.slug}")
    assert "<title>Seguir por correo · Fianza en efectivo ·" in form
    assert "Cash bail" not in form
