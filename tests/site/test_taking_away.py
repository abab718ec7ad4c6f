"""What readers take away from the page of a pledge: a citation, a file, every wording it had."""

import csv
import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from promises.accounts.models import User
from promises.updates.correcting import correct_criterion, correct_pledge
from tests import record
from tests.record import NOW
from tests.site import whole
from tests.site.reading import words

pytestmark = pytest.mark.django_db


def test_how_a_pledge_is_cited(client: Client, author: User) -> None:
    pledge = record.pledge(by=author, title="End 50% of {cash} bail_\\~^")
    record.published_update(by=author, of=pledge, status="kept")
    pledge.refresh_from_db()
    page = f"/pledges/{pledge.slug}/"
    response = client.get(page)
    sentence = (
        f"“{pledge.title}” ({pledge.person}): Kept since 1 June 2025. Prosecutor Promise Tracker, "
        f"edition {pledge.edition}, 2 March 2026. {settings.SITE_URL}{page}"
    )
    assert sentence in words(response)
    html = unescape(response.content.decode())
    for name, content in (
        ("DC.title", f"{pledge.title} ({pledge.person})"),
        ("DC.date", "2026-03-02"),
        ("DC.identifier", f"{settings.SITE_URL}{page}"),
        ("citation_publication_date", "2026/03/02"),
        ("citation_author", "Prosecutor Promise Tracker"),
    ):
        assert f'<meta name="{name}" content="{content}">' in html, name
    entry = client.get(f"{page}cite.bib")
    assert entry.headers["Content-Type"] == "application/x-bibtex; charset=utf-8"
    assert entry.content.decode() == (
        f"@misc{{{pledge.slug},\n"
        "  author = {{Prosecutor Promise Tracker}},\n"
        "  title = {{End 50\\% of \\{cash\\} bail\\_\\textbackslash{}\\textasciitilde{}"
        f"\\textasciicircum{{}} ({pledge.person})}}}},\n"
        "  year = {2026},\n"
        "  month = mar,\n"
        f"  url = {{{settings.SITE_URL}{page}}},\n"
        f"  note = {{Kept since 1 June 2025; edition {pledge.edition} of the record}},\n"
        "}\n"
    )


def test_the_ratings_of_one_pledge_as_a_file(client: Client, author: User) -> None:
    pledge = whole.pledge(by=author)
    record.published_update(by=author, of=record.pledge(by=author))
    response = client.get(f"/pledges/{pledge.slug}/ratings.csv")
    rows = list(csv.DictReader(response.content.decode().splitlines()))
    assert [(row["status"], row["effective_on"], row["is_imported"]) for row in rows] == [
        ("stalled", "2025-01-08", "true"),
        ("compromise", "2025-06-01", "false"),
    ]


def test_pledges_as_csv_come_with_their_statuses(client: Client, author: User) -> None:
    kept = record.pledge(by=author)
    record.published_update(by=author, of=kept, status="kept")
    other = record.pledge(by=author)
    for page, expected in (
        (f"/prosecutors/{kept.person.slug}/", [(kept.slug, "kept", "2025-06-01")]),
        ("/data/", [(kept.slug, "kept", "2025-06-01"), (other.slug, "not_yet_rated", "")]),
    ):
        html = client.get(page).content.decode()
        (link,) = re.findall(r'href="([^"]*)">Pledges as CSV<', html)
        rows = csv.DictReader(client.get(unescape(link)).content.decode().splitlines())
        found = [(row["slug"], row["status"], row["status_since"]) for row in rows]
        assert sorted(found) == sorted(expected), page


def test_every_change_of_wording_is_kept(client: Client, author: User) -> None:
    pledge = record.pledge(by=author, title="Do the thing", due_on=date(2027, 1, 31))
    pledge.title, pledge.due_on = "Do the other thing", None
    later = NOW + timedelta(days=1)
    correct_pledge(pledge=pledge, kind="typo", note="Misread.", by=record.user("bea"), now=later)
    criterion = pledge.criteria.get()
    criterion.is_met = True
    given: dict[str, Any] = {"by": author, "now": NOW + timedelta(days=2)}
    correct_criterion(criterion=criterion, kind="update", note="It is.", **given)
    response = client.get(f"/pledges/{pledge.slug}/wording/")
    text = words(response)
    newest, changed, criterion, first = text.split("Edition ")[1:]
    assert "4 March 2026 Changed · Author Whether it is met; empty until someone" in newest
    assert newest.split("has checked ")[1].startswith("met ")
    assert "3 March 2026 Changed · Bea The pledge in a few words Do the other thing" in changed
    assert "Deadline, where one was named 31 January 2027" in changed
    assert "What was promised" not in changed
    assert "2 March 2026 First words · Author " in first
    assert "The pledge in a few words Do the thing What was promised, in plain words" in first
    assert "2 March 2026 First words · Author The letter of the pledge" in criterion
    assert b"<ins>other </ins>" in response.content
    assert b"<del>31 January 2027</del>" in response.content
    # What the ledger has as names for machines stands there in words.
    assert f"{pledge.term.office}, term from 1 January 2024" in first
    assert pledge.topic.name in first
    assert pledge.get_kind_display() in first
    assert pledge.slug not in first


def test_a_spanish_page_quotes_only_words_of_the_record(client: Client, author: User) -> None:
    pledge = record.pledge(by=author, title="Do the thing", due_on=date(2027, 1, 31))
    assert pledge.term is not None
    office, topic = pledge.term.office, pledge.topic
    pledge.kind, pledge.due_on = "standing", None
    correct_pledge(pledge=pledge, kind="typo", note="Misread.", by=author, now=NOW)
    html = client.get(f"/es/pledges/{pledge.slug}/wording/").content.decode()
    assert '<dd lang="en">Do the thing</dd>' in html
    assert f'<dd><span lang="en">{office}</span>, mandato desde el 1 de enero de 2024</dd>' in html
    assert f'<dd><span lang="en">{topic}</span></dd>' in html
    assert "<dd>en la campaña</dd>" in html
    # Values are named as the page of the pledge names them, not as programs do.
    assert "<dt>Clase de promesa</dt><dd>" in html
    assert "<dt>Quién controla el resultado</dt><dd>" in html
    assert not {"outcome", "standing", "shared", "others"} & set(re.findall(r"\w+", html))
    assert "<dd><del>31 de enero de 2027</del></dd>" in html
    assert (
        "<dd><del>resultado: conseguir algo</del>"
        "<ins>permanente: siempre o nunca, hasta que acabe el mandato</ins></dd>" in html
    )
    assert "&lt;" not in html
