"""A long page that was refused lists what is to be mended, each line leading to its field."""

import re
from html import unescape

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.officials.models import Person
from promises.pledges.models import Pledge
from tests import record
from tests.desk import sent

ADD = "/admin/pledges/pledge/add/"
LISTED = re.compile(r'<li><a href="#([^"]+)">([^<]+)</a>: ([^<]+)</li>')


@pytest.mark.django_db
def test_what_is_to_be_mended_is_listed_and_leads_to_the_fields(desk: Client) -> None:
    row = {"evidence_links-0-title": "A memo", "evidence_links-0-published_on": "2025-05-02"}
    typed = {"made_on": "someday", **row}
    answer = desk.post(ADD, sent.page(desk, ADD, **typed))
    body = answer.content.decode()
    listed = [tuple(map(unescape, line)) for line in LISTED.findall(body)]
    needed = "This field is required."
    assert listed == [
        ("id_person", "Prosecutor", needed),
        ("id_title", "Title", needed),
        ("id_slug", "Public name", needed),
        ("id_statement", "Statement", needed),
        ("id_topic", "Topic", needed),
        ("id_controlled_by", "Controlled by", needed),
        ("id_made_on", "Made on", "Write the date like 2018-07-31."),
        ("id_origin", "Origin", needed),
        ("id_evidence_links-0-stance", "New evidence #1, Stance", needed),
        ("id_evidence_links-0-summary", "New evidence #1, Summary", needed),
        ("id_evidence_links-0-kind", "New evidence #1, Kind", needed),
        ("id_evidence_links-0-provenance", "New evidence #1, Provenance", needed),
        ("id_evidence_links-0-checked", "New evidence #1, How the summary was checked", needed),
    ]
    for at, _name, _text in listed:
        assert body.count(f'id="{at}"') == 1
    assert Pledge.objects.count() == 0


@pytest.mark.django_db
def test_what_stands_on_top_already_is_not_listed_again(desk: Client, person: User) -> None:
    pledge = record.pledge(by=person)
    record.methodology(by=person)
    there = f"/admin/pledges/pledge/{pledge.pk}/change/"
    assert LISTED.findall(desk.get(there).content.decode()) == []
    typed = {
        "status_updates-0-status": "stalled",
        "status_updates-0-confidence": "low",
        "status_updates-0-effective_on": "2025-01-08",
        "status_updates-0-assessed_on": "2025-01-09",
        "status_updates-0-reasoning": "Nothing is heard of it.",
    }
    body = desk.post(there, sent.page(desk, there, **typed)).content.decode()
    assert LISTED.findall(body) == []
    assert unescape(body).count("choose a reason.") == 2


@pytest.mark.django_db
def test_rows_that_are_the_same_are_listed_under_the_name_of_all(
    desk: Client, person: User
) -> None:
    office = record.term(by=person).office
    there = "/admin/officials/person/add/"
    row = {"office": office.pk, "slug": "twice", "end_reason": "resigned"}
    days = [("2011-01-06", "2012-01-06"), ("2013-01-06", "2014-01-06")]
    typed = {"name": "Jan Example", "slug": "jan-example", "terms-TOTAL_FORMS": "2"}
    for number, (first, last) in enumerate(days):
        one = {**row, "started_on": first, "ends_on": last}
        typed |= {f"terms-{number}-{name}": str(value) for name, value in one.items()}
    body = desk.post(there, sent.page(desk, there, **typed)).content.decode()
    assert LISTED.findall(body) == [
        ("terms-1", "Term #2", "Please correct the duplicate values below."),
        ("terms-group", "Terms", "Please correct the duplicate data for slug."),
    ]
    assert body.count('id="terms-group"') == body.count('id="terms-1"') == 1
    assert not Person.objects.filter(slug="jan-example").exists()
