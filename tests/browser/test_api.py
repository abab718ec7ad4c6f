"""The documentation of the API as Chromium shows it, under our strict Content-Security-Policy."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests import record
from tests.browser.conftest import STRICT, Opener, accessibility_faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Not every browser asks for it, and it is no part of the API.
FAVICON = "/favicon.ico"


def complaints(page: Any) -> list[str]:
    return [line for line in page.complaints if FAVICON not in line]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_the_documentation_needs_no_script(
    width: int, scheme: str, live_server: Any, open_page: Opener
) -> None:
    page = open_page(f"{live_server.url}/api/docs/", width=width, scheme=scheme)
    assert page.locator("section#pledges h2").inner_text() == "pledges"
    order = page.locator("main section").evaluate_all("all => all.map(one => one.id)")
    assert order[-2:] == ["webhooks", "suggestions"]
    torn = r"all => all.filter(e => /^\w+$/.test(e.innerText) && e.getClientRects().length > 1)"
    assert page.locator("td:first-child code").evaluate_all(torn) == []
    assert page.locator("script").count() == 0
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wider) <= 0
    assert complaints(page) == []
    assert accessibility_faults(page, STRICT) == []


def test_a_request_can_be_tried_and_nothing_is_blocked(live_server: Any, open_page: Opener) -> None:
    record.pledge(by=record.user("author"), slug="end-cash-bail")
    page = open_page(f"{live_server.url}/api/docs/try/")
    operation = page.locator("#operations-pledges-list_pledges")
    operation.locator(".opblock-summary").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table td.response-col_description")
    answer = answer.filter(has=page.locator("pre")).first
    answer.wait_for()
    assert '"slug": "end-cash-bail"' in answer.inner_text()
    assert complaints(page) == []


def test_who_has_no_scripts_is_led_to_the_documentation(
    live_server: Any, open_page: Opener
) -> None:
    page = open_page(f"{live_server.url}/api/docs/try/", java_script_enabled=False)
    page.locator("noscript a").click()
    expect(page).to_have_title("API documentation")
