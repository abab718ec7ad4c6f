"""What only a browser shows of the public pages: colours, the first Tab, life without scripts."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from promises.metrics.actions import add_observation
from promises.metrics.models import Observation
from promises.pledges.models import Pledge
from tests import record
from tests.browser.conftest import Opener, sideways
from tests.record import NOW
from tests.vocabulary import gather

# From where to where each text that is shown reaches, from left to right.
SIDES = """selector => [...document.querySelectorAll(selector)].flatMap((text) => {
    const range = document.createRange();
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    const isShown = box.width && getComputedStyle(text).visibility === "visible";
    return isShown ? [[box.left, box.right]] : [];
})"""

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


def test_the_mark_of_untranslated_words_is_explained_only_where_it_stands(
    live_server: Any, open_page: Opener, full_pledge: Pledge
) -> None:
    shown = {
        path: open_page(f"{live_server.url}/es/{path}").locator(".untranslated").is_visible()
        for path in (f"pledges/{full_pledge.slug}/", "suggest/", "about/")
    }
    assert shown == {f"pledges/{full_pledge.slug}/": True, "suggest/": False, "about/": False}


def test_tab_goes_through_a_search_the_way_it_is_read(live_server: Any, open_page: Opener) -> None:
    author = record.user("author")
    for _ in range(2):
        record.pledge(by=author, title="Reform cash bail")
    gather()
    for width in (320, 1280):
        page = open_page(f"{live_server.url}/search/?q=bail", width=width)
        order = page.locator(".found a").evaluate_all("all => all.map(one => one.className)")
        assert order[:3] == ["row-title", "row-title", ""]
        where = "all => all.map(one => one.getBoundingClientRect())"
        found, narrow = page.locator(".found > *").evaluate_all(where)
        assert (narrow["y"] >= found["bottom"]) == (width == 320)
        assert (narrow["x"] >= found["right"]) == (width == 1280)


def test_the_years_of_a_strip_stand_apart_on_a_small_phone(
    live_server: Any, open_page: Opener, full_pledge: Pledge
) -> None:
    term = record.term(by=full_pledge.created_by, started_on=date(2018, 1, 2))
    pledge = record.pledge(by=full_pledge.created_by, of=term)
    record.published_update(by=full_pledge.created_by, of=pledge)
    page = open_page(f"{live_server.url}/prosecutors/{term.person.slug}/", width=320)
    ends = page.evaluate(SIDES, ".of-years text")
    assert len(ends) > 2
    assert all(right < left for (_, right), (left, _) in pairwise(ends))


def test_a_table_of_values_fits_a_small_phone_whatever_its_source_is_called(
    live_server: Any, open_page: Opener, full_pledge: Pledge
) -> None:
    metric = full_pledge.metrics.get()
    value = Observation(
        metric=metric, observed_on=date(2016, 1, 1), period="month", value=Decimal(2000),
        vintage_on=date(2025, 9, 30), source="example/future_years_of_incarceration",
    )  # fmt: skip
    add_observation(observation=value, by=full_pledge.created_by, now=NOW)
    page = open_page(f"{live_server.url}/es/metrics/{metric.slug}/", width=320)
    assert sideways(page) == 0
    ends = page.evaluate(SIDES, ".axis-x li")
    assert all(right < left for (_, right), (left, _) in pairwise(ends))


def test_a_tag_that_can_be_pressed_is_large_enough(
    live_server: Any, open_page: Opener, full_pledge: Pledge
) -> None:
    page = open_page(f"{live_server.url}/pledges/{full_pledge.slug}/", width=320)
    box = page.get_by_role("link", name="promise made here").first.bounding_box()
    assert box is not None
    assert box["height"] >= 24


def test_the_frame_of_a_status_is_whole_where_readers_choose_the_colours(
    live_server: Any, open_page: Opener, full_pledge: Pledge
) -> None:
    page = open_page(f"{live_server.url}/pledges/{full_pledge.slug}/", forced_colors="active")
    chip = page.locator(".status .chip")
    frame = chip.bounding_box()
    # Behind letters there is a plate then, as high as they can be: it covers what it reaches.
    plate = chip.evaluate(
        "chip => {const letters = document.createRange(); letters.selectNode(chip.lastChild);"
        "return letters.getBoundingClientRect()}"
    )
    assert frame is not None
    assert frame["y"] < plate["top"] < plate["bottom"] < frame["y"] + frame["height"]
