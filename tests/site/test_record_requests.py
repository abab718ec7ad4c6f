"""What readers see of requests for records."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from promises.accounts.models import User
from promises.pledges.actions import save_general_term
from promises.pledges.models import GeneralTerm, Pledge
from promises.record_requests import stages
from promises.record_requests.models import RecordRequest
from promises.site.pages.pledge import REQUESTS_SHOWN
from tests import record
from tests.record import NOW
from tests.record_requests import filed

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge(author: User) -> Pledge:
    """A public pledge."""
    return record.pledge(by=author)


def text_of(client: Client, address: str) -> str:
    """Return the page with its spaces made even."""
    return " ".join(client.get(address).content.decode().split())


def acted(act: Any, made: RecordRequest, by: User, **more: Any) -> None:
    """Take a step."""
    act(record_request=made, by=by, now=NOW, **more)


def test_a_pledge_without_requests_says_nothing_of_them(client: Client, pledge: Pledge) -> None:
    assert "Records requested" not in text_of(client, f"/pledges/{pledge.slug}/")


def test_a_waiting_request_stands_on_the_page_of_its_pledge(
    client: Client, author: User, pledge: Pledge
) -> None:
    made = filed.request(by=author, about=pledge, subject="Bail asked for in 2025.")
    with time_machine.travel(NOW):
        page = text_of(client, f"/pledges/{pledge.slug}/")
    assert f'<a class="row-title" href="/record-requests/{made.slug}/">Bail asked' in page
    assert f"{made.sent_to}, asked on 2 March 2026" in page
    assert "No answer yet; one is due by 12 March 2026." in page
    assert "overdue</span>" not in page
    with time_machine.travel(date(2026, 3, 13)):
        pages = [f"/pledges/{pledge.slug}/", "/record-requests/", f"/record-requests/{made.slug}/"]
        late = 'No answer yet; one was due by 12 March 2026. <span class="tag warn">overdue</span>'
        assert [late in text_of(client, one) for one in pages] == [True] * 3


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        (
            [(stages.answer_request, {"outcome": "denied", "answer": "", "not_recorded": ""})],
            "Answered on 12 March 2026: denied.",
        ),
        (
            [
                (
                    stages.answer_request,
                    {
                        "outcome": "not_recorded",
                        "answer": "",
                        "not_recorded": "the bail it asks for",
                    },
                )
            ],
            "The office says that it does not record the bail it asks for.",
        ),
        (
            [(stages.appeal_request, {"appealed_to": "Example Court", "appeal_due_on": None})],
            "Appealed on 12 March 2026.",
        ),
        (
            [
                (
                    stages.appeal_request,
                    {"appealed_to": "Example Court", "appeal_due_on": date(2026, 4, 1)},
                )
            ],
            "A decision is due by 1 April 2026.",
        ),
        (
            [
                (
                    stages.appeal_request,
                    {"appealed_to": "Example Court", "appeal_due_on": None},
                ),
                (stages.decide_appeal, {"decision": "Release it."}),
            ],
            "An appeal was decided on 12 March 2026.",
        ),
        ([(stages.withdraw_request, {})], "We took it back on 12 March 2026."),
    ],
)
def test_each_outcome_is_said_in_a_sentence(
    client: Client, author: User, pledge: Pledge, steps: list[Any], sentence: str
) -> None:
    made = filed.request(by=author, about=pledge)
    for act, more in steps:
        acted(act, made, author, on=date(2026, 3, 12), **more)
    for address in (
        f"/pledges/{pledge.slug}/",
        "/record-requests/",
        f"/record-requests/{made.slug}/",
    ):
        assert sentence in text_of(client, address), address


def test_a_request_without_a_day_says_so(client: Client, author: User, pledge: Pledge) -> None:
    filed.request(by=author, about=pledge, statute="Example Charter", due_basis="none")
    page = text_of(client, f"/pledges/{pledge.slug}/")
    assert "No answer yet; the law names no day for one." in page


def test_the_page_of_a_request_tells_its_course(
    client: Client, author: User, pledge: Pledge
) -> None:
    law = filed.law(
        by=author, name="Example Act", citation="Code 1", url="https://law.example.org/"
    )
    made = filed.request(by=author, about=pledge, law=law, reference="RR-17", note="Filed by us.")
    acted(
        stages.extend_request, made, author,
        announced_on=date(2026, 3, 10), due_on=date(2026, 4, 10), reason="Volume.",
    )  # fmt: skip
    with time_machine.travel(NOW, tick=False):
        page = text_of(client, f"/record-requests/{made.slug}/")
    for words in (
        "2 March 2026, by email",
        '<a href="https://law.example.org/" rel="nofollow noopener noreferrer">Example Act',
        "12 March 2026, counted from the days that the law gives",
        "On 10 March 2026 it moved its answer to 10 April 2026.",
        "Reason given: Volume.",
        "RR-17",
        "Filed by us.",
        f'href="/pledges/{pledge.slug}/"',
        "No answer yet; one is due by 10 April 2026.",
    ):
        assert words in page, words


def test_a_pledge_with_many_requests_leads_to_all(
    client: Client, author: User, pledge: Pledge
) -> None:
    law = filed.law(by=author)
    for _ in range(REQUESTS_SHOWN):
        filed.request(by=author, about=pledge, law=law)
    address = f"/pledges/{pledge.slug}/"
    assert "All requests for records" not in text_of(client, address)
    filed.request(by=author, about=pledge, law=law)
    page = text_of(client, address)
    assert page.count('href="/record-requests/request-') == REQUESTS_SHOWN
    assert "All requests for records" in page


def test_in_spanish_the_office_is_called_by_its_spanish_name_or_marked(
    client: Client, author: User, pledge: Pledge
) -> None:
    made = filed.request(by=author, about=pledge)
    addresses = [
        f"/es/pledges/{pledge.slug}/",
        "/es/record-requests/",
        f"/es/record-requests/{made.slug}/",
    ]
    for address in addresses:
        assert f'<span lang="en">{made.sent_to}</span>' in text_of(client, address), address
    words = "Fiscal de distrito de Example"
    term = GeneralTerm(slug="es-1", language="es", english=made.sent_to, words=words)
    save_general_term(term=term, by=author, now=NOW)
    for address in addresses:
        page = text_of(client, address)
        assert (words in page, made.sent_to in page) == (True, False), address
