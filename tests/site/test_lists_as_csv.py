"""The pledges of a list as CSV, where the API means the same by every filter."""

import csv
import re
from html import unescape

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.api.resources.pledges import Pledges
from promises.site.pages.pledges import filter_options
from tests import record
from tests.site.test_filters import KEPT, titles

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def pledges(author: User) -> None:
    """Pledges that differ in what the filters ask for, two of them begun: one is holding."""
    parent = record.topic(by=author, slug="fairness")
    ann = record.term(by=author, who={"slug": "ann", "name": "Ann Example"})
    below = record.topic(by=author, slug="bail", parent=parent)
    kept = record.pledge(by=author, of=ann, topic=below, title="Alpha")
    record.published_update(by=author, of=kept, status="kept")
    record.pledge(by=author, of=ann, topic=parent, title="Beta", statement="She said so.")
    for kind in ("outcome", "standing"):
        begun = record.pledge(by=author, kind=kind, title=f"Begun {kind}")
        record.published_update(by=author, of=begun, status="in_the_works")


LISTS = (
    "", "status=kept", "topic=fairness", "prosecutor=ann&status=not_yet_rated", "stale=true",
    "stale=no_evidence", "status=in_the_works", "sort=made",
)  # fmt: skip


def test_the_pledges_of_a_list_are_offered_as_csv(client: Client) -> None:
    for query in LISTS:
        page = f"/pledges/?{query}"
        (link,) = re.findall(r'href="([^"]*)">These pledges as CSV<', client.get(page).text)
        rows = csv.DictReader(client.get(unescape(link)).text.splitlines())
        found = sorted(row["title"] for row in rows)
        assert found == sorted(titles(client, page)), query
        assert found, query


def test_every_filter_is_tried_is_on_the_page_and_in_the_api(client: Client) -> None:
    filters = set(filter_options([]))
    tried = {name for query in KEPT for name in re.findall(r"(\w+)=.", query)}
    fields = set(re.findall(r'<select id="f-\w+" name="(\w+)">', client.get("/pledges/").text))
    known = {parameter.name for parameter in Pledges.list_parameters()}
    assert (filters - tried, filters - fields, filters - known) == (set(), set(), {"sort"})


def test_none_is_offered_where_the_api_would_list_others_or_none(client: Client) -> None:
    for query in ("q=said", "status=holding", "status=broken"):
        page = client.get(f"/pledges/?{query}")
        assert page.status_code == 200, query
        assert "as CSV" not in page.text, query
