"""The pages of an import in a real browser: everyone can use them, nothing breaks the policy."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from promises.accounts.models import User
from promises.pledges.models import Pledge
from tests import record
from tests.browser.conftest import MODES, Opener, accessibility_faults, settled
from tests.browser.test_desk import log_in
from tests.imports.conftest import COLUMNS, World, table

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Whether a button reaches out of its row.
WIDE_BUTTON = """[...document.querySelectorAll(".submit-row input, .submit-row button")].some(
    (button) => button.getBoundingClientRect().right
        > button.parentElement.getBoundingClientRect().right)"""


def bring_a_file(site: str, page: Any, folder: Path, look: Callable[[Any, str], None]) -> None:
    """Upload, map, try and import a file with the keyboard; look at every page."""
    by = User.objects.get(username="researcher")
    world = World(by, record.term(by=by).person, record.topic(by=by, name="Open data"))
    rows = [world.row(number) for number in range(1, 9)]
    rows += [world.row(9, date="some day"), world.row(10, title="Open file 1")]
    rows += [world.row(11, status="7")]
    file = folder / "Example meter, export.csv"
    file.write_bytes(b"Promises of Jane Example\n" + table(COLUMNS, *rows))

    page.goto(f"{site}/admin/imports/import/add/")
    look(page, "upload")
    page.get_by_label("File").set_input_files(file)
    page.get_by_label("Source").fill("Example meter 2024")
    page.get_by_role("button", name="Upload").press("Enter")
    expect(page.get_by_role("heading", name="Which column holds what").first).to_be_visible()
    page.get_by_role("button", name="Go on").press("Enter")
    fault = "Choose a column, or give one value for all rows."
    expect(page.locator(".errorlist")).to_have_text(fault)
    look(page, "columns")
    page.get_by_label("For rows without: Controlled by").select_option("office")
    page.get_by_role("button", name="Go on").press("Enter")
    expect(page.get_by_label("Meaning of “Kept”")).to_have_value("kept")
    look(page, "words")
    page.get_by_role("button", name="Try it").press("Enter")
    expect(page.locator(".import-counts")).to_contain_text("refused 4")
    look(page, "report")
    page.get_by_label("leave these rows out").check()
    page.get_by_role("button", name="Import 7 rows as drafts").press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("Imported as drafts.")
    look(page, "imported")
    assert Pledge.objects.count() == 7


def test_a_file_is_imported_with_the_keyboard(
    live_server: Any, open_page: Opener, tmp_path: Path
) -> None:
    record.user("researcher", is_staff=True, is_superuser=True)
    page = log_in(open_page, live_server.url, "researcher")
    bring_a_file(live_server.url, page, tmp_path, lambda _page, _name: None)
    # Nothing runs against the content security policy.
    assert page.complaints == []


def test_the_same_file_again_changes_nothing(
    live_server: Any, open_page: Opener, tmp_path: Path
) -> None:
    record.user("researcher", is_staff=True, is_superuser=True)
    site = live_server.url
    page = log_in(open_page, site, "researcher")
    bring_a_file(site, page, tmp_path, lambda _page, _name: None)
    # Each row leads to its draft.
    page.locator(".import-lines a", has_text="Open file 2").click()
    expect(page.locator("[name=title]")).to_have_value("Open file 2")
    expect(page.locator(".desk-facts")).to_contain_text("draft")
    page.goto(f"{site}/admin/pledges/pledge/")
    expect(page.locator("#result_list tbody tr")).to_have_count(7)
    expect(page.locator("#result_list .field-state")).to_have_text(["draft"] * 7)
    page.locator("#result_list").get_by_role("link", name="Open file 3").click()
    page.locator("#id_title").fill("Open the third file")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()

    page.goto(f"{site}/admin/imports/import/add/")
    page.get_by_label("File").set_input_files(tmp_path / "Example meter, export.csv")
    page.get_by_label("Source").fill("Example meter 2024")
    for button in ("Upload", "Go on", "Try it"):
        page.get_by_role("button", name=button).click()
    # The answers of the first time are still there, and so is what was edited here.
    expect(page.locator(".import-counts")).to_contain_text("new 0changed 0unchanged 7")
    expect(page.get_by_role("button", name="Import", exact=False)).to_have_count(0)
    titles = [*Pledge.objects.order_by("pk").values_list("title", flat=True)]
    assert titles[1] == "Open the third file"
    assert len(titles) == 7
    assert page.complaints == []


def test_everyone_can_use_the_pages_of_an_import(
    live_server: Any, open_page: Opener, tmp_path: Path
) -> None:
    record.user("researcher", is_staff=True, is_superuser=True)
    faults: list[str] = []

    def look(page: Any, name: str) -> None:
        for width, scheme in MODES:
            page.set_viewport_size({"width": width, "height": 568 if width < 600 else 900})
            page.emulate_media(color_scheme=scheme)
            settled(page)
            faults.extend(accessibility_faults(page))
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                faults.append(f"{name}, {scheme}: wider than the window of {width}")
            if page.evaluate(WIDE_BUTTON):
                faults.append(f"{name}, {scheme}: a button is cut off at {width}")

    page = log_in(open_page, live_server.url, "researcher")
    bring_a_file(live_server.url, page, tmp_path, look)
    assert faults == []
