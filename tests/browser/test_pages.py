"""What only a browser shows of the public pages: colours, the first Tab, life without scripts."""

from typing import Any

import pytest

from promises.pledges.models import Pledge
from tests.browser.conftest import Opener

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_colours_follow_the_readers_scheme(
    live_server: Any, open_page: Opener, full_pledge: Pledge
) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    pages = [open_page(f"{live_server.url}/", scheme=scheme) for scheme in ("light", "dark")]
    assert [page.evaluate(paper) for page in pages] == ["rgb(252, 251, 249)", "rgb(19, 21, 25)"]


def test_the_first_tab_skips_to_the_content(
    live_server: Any, open_page: Opener, full_pledge: Pledge
) -> None:
    page = open_page(f"{live_server.url}/pledges/{full_pledge.slug}/")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.inner_text() == "Skip to the content"
    box = focused.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == str(full_pledge.person)


def test_pages_need_no_script(live_server: Any, open_page: Opener, full_pledge: Pledge) -> None:
    page = open_page(f"{live_server.url}/pledges/?q=example", java_script_enabled=False)
    page.get_by_label("Status").select_option("kept")
    page.get_by_role("button", name="Show").click()
    assert page.get_by_role("heading", level=2).first.inner_text() == "One pledge"
