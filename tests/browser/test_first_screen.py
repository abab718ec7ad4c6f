"""On a small phone the first screen answers: was it kept, says who, since when, how to check.

So does a frame of the height that is given for it, and in a lower one the way to the record stays.
"""

from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from promises.common.dates import utc_date
from promises.officials.models import Person
from promises.pledges.models import Pledge
from promises.site.pages.embeds import HEIGHTS
from tests.browser.conftest import Opener

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOWEST = "() => document.querySelector('.says > div:last-child').getBoundingClientRect().bottom"


def longest_titles() -> list[Pledge]:
    """Return of the seed record the longest title with each status, and the three longest."""
    pledges = sorted(Pledge.objects.published(), key=lambda pledge: -len(pledge.title))
    longest: dict[str, Pledge] = {}
    for pledge in pledges:
        longest.setdefault(pledge.shown_on(utc_date(timezone.now())), pledge)
    return list(dict.fromkeys([*pledges[:3], *longest.values()]))


def test_the_way_to_check_is_on_the_first_screen_of_a_small_phone(
    live_server: Any, open_page: Opener
) -> None:
    call_command("load_seeds", verbosity=0)
    asked = longest_titles()
    assert len(asked) >= 6
    page = open_page(live_server.url, width=320)
    below = {}
    for pledge in asked:
        for language in ("", "/es"):
            address = f"{language}/pledges/{pledge.slug}/"
            page.goto(f"{live_server.url}{address}")
            assert page.locator(".says > div:last-child a").get_attribute("href") == "#evidence"
            if (bottom := page.evaluate(LOWEST)) > 568:
                below[address] = bottom
    assert below == {}
    # The menus are all there, in a row that scrolls to what is focused; the other language stays.
    *menus, tongue = page.locator(".top nav a").all()
    starts = tongue.bounding_box()["x"]
    ends = starts + tongue.bounding_box()["width"]
    assert (tongue.inner_text(), ends <= 320) == ("English", True)
    for menu in menus:
        menu.focus()
        box = menu.bounding_box()
        assert (box["x"] >= 0, box["x"] + box["width"] <= starts) == (True, True), menu.inner_text()


def test_a_frame_of_the_given_height_shows_all_of_it_and_the_way_on_in_a_lower_one(
    live_server: Any, open_page: Opener
) -> None:
    call_command("load_seeds", verbosity=0)
    names = [f"pledges/{pledge.slug}" for pledge in longest_titles()]
    names += [f"prosecutors/{person.slug}" for person in Person.objects.prosecutors()]
    assert len(names) >= 14
    page = open_page(live_server.url)
    cut, hidden = [], []
    for name in [f"{language}/embed/{name}/" for name in names for language in ("", "/es")]:
        page.goto(f"{live_server.url}{name}")
        for width, height in HEIGHTS:
            page.set_viewport_size({"width": width, "height": height})
            high = page.evaluate("document.documentElement.scrollHeight")
            cut += [(name, width, high)] if high > height else []
        page.set_viewport_size({"width": 300, "height": 200})
        bottom = page.evaluate("document.querySelector('.from a').getBoundingClientRect().bottom")
        hidden += [(name, bottom)] if bottom > 200 else []
    assert (cut, hidden) == ([], [])
