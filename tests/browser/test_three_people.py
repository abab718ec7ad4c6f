"""Three people bring a rating to the public, in three browsers, with the keyboard alone."""

from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from promises.accounts.actions import give_role, write_roles
from promises.accounts.models import User
from promises.evidence.models import Evidence
from promises.pledges.models import Pledge
from promises.updates.models import StatusUpdate
from tests import record
from tests.browser.conftest import STRICT, Opener, accessibility_faults, keep, settled, sideways
from tests.desk.entrance.conftest import PASSWORD, code_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PEOPLE = {
    "researcher": "researcher",
    "first-editor": "editor",
    "second-editor": "editor",
}
# Nothing on the way is further from where the keyboard stands than this many presses of Tab.
FAR = 40
WORDS = "The order of May opens every file, and a clerk of the court counted them."
SUMMARY = "The court orders every file to be opened."


@dataclass
class Person:
    """Someone at a browser, who has no mouse."""

    page: Any
    site: str
    # The pages that were looked at, and what axe found wrong with them; all three share it.
    found: dict[str, list[str]] = field(default_factory=dict)

    def go_to(self, target: Locator, key: str = "Tab") -> None:
        """Press Tab until the focus is there."""
        expect(target).to_be_attached()
        for _presses in range(FAR + 1):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{target} is further than {FAR} presses of Tab")

    def write(self, name: str, words: str) -> None:
        """Type into the field of this name; in a list, the first letters choose."""
        self.go_to(self.page.locator(f"[name={name}]"))
        self.page.keyboard.type(words)

    def choose(self, name: str, words: str) -> None:
        """Open an autocomplete, type, and take what it finds."""
        self.go_to(self.page.locator(f"#id_{name} + .select2 .select2-selection"))
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".select2-container--open .select2-search__field")).to_be_focused()
        self.page.keyboard.type(words)
        found = self.page.locator(".select2-results__option--highlighted", has_text=words)
        expect(found).to_be_visible()
        self.look("choose")
        self.page.keyboard.press("Enter")
        expect(self.page.locator(f"#id_{name} + .select2")).to_contain_text(words)

    def press(self, target: Locator, key: str = "Tab") -> None:
        """Go to a link or a button and press it."""
        self.go_to(target, key)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def begin(self, *, at_buttons: bool = False) -> None:
        """Leave the header, and the form, behind by the links that stand before them."""
        is_at_top = self.page.evaluate("document.activeElement === document.body")
        skips = {"main content": is_at_top, "the buttons": at_buttons}
        for where in [name for name, is_wanted in skips.items() if is_wanted]:
            self.go_to(self.page.get_by_role("link", name=f"Skip to {where}", exact=True))
            self.page.keyboard.press("Enter")

    def take(self, step: str, **answers: str) -> None:
        """Take a step: its button on the page, its questions, and the button below them."""
        self.look(f"before {step}")
        self.begin(at_buttons=True)
        self.press(self.page.locator(".submit-row .desk-step", has_text=step))
        self.look(step)
        for name, words in answers.items():
            self.write(name, words)
        self.press(self.page.get_by_role("button", name=step, exact=True))
        expect(self.page.locator(".messagelist .success")).to_be_visible()

    def look(self, name: str) -> None:
        """Ask axe, wide in light and narrow in dark; where pictures are wanted, take them."""
        page: Page = self.page
        if name in self.found:
            return
        faults, complaints = self.found.setdefault(name, []), len(self.page.complaints)
        for width, scheme in product((1280, 320), ("light", "dark")):
            shown: Any = scheme
            page.set_viewport_size({"width": width, "height": 900 if width > 320 else 568})
            page.emulate_media(color_scheme=shown)
            settled(page)
            if (width, scheme) in {(1280, "light"), (320, "dark")}:
                found = accessibility_faults(page, STRICT)
                faults += [f"{name} ({page.url}, {width}): {one}" for one in found]
            if width == 320 and (wider := sideways(page)):
                faults.append(f"{name} ({page.url}): {wider} pixels too wide")
            keep(page, f"{name.replace(' ', '-')}-{width}-{scheme}")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")
        # What axe and the camera bring along breaks the policy; the page itself must not.
        del self.page.complaints[complaints:]


@pytest.fixture
def pledge(transactional_db: None, settings: Any) -> Pledge:
    """A public pledge, and three people with their roles, who need a second factor."""
    settings.SECOND_FACTOR = "required"
    top = record.user("top", is_staff=True, is_superuser=True)
    write_roles(by=top, now=record.NOW)
    for name, role in PEOPLE.items():
        give_role(person=record.user(name), role=role, reason="Works here.", by=top, now=record.NOW)
    record.methodology(by=top)
    return record.pledge(by=top, title="Open the files")


def arrive(open_page: Opener, site: str, name: str, found: dict[str, list[str]]) -> Person:
    """Log in and set up an app with codes, as the desk asks everybody to."""
    person = Person(open_page(f"{site}/admin/"), site, found)
    page = person.page
    person.look("log in")
    person.go_to(page.get_by_label("Username"))
    page.keyboard.type(name)
    person.go_to(page.get_by_label("Password"))
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    person.look("second factor")
    person.press(page.get_by_role("link", name="Set up an app"))
    person.look("app")
    secret = page.locator(".key").inner_text().replace(" ", "")
    person.go_to(page.get_by_label("Authenticator code"))
    page.keyboard.type(code_of(secret))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    person.look("codes")
    person.press(page.get_by_role("link", name="I have kept them"))
    expect(page.get_by_role("heading", name="What waits", level=1)).to_be_visible()
    return person


def add_evidence(person: Person) -> None:
    """Write a report down, say what it means for the pledge, and hand it in."""
    page = person.page
    person.press(page.locator(".desk-nav").get_by_role("link", name="Evidence"))
    person.look("list")
    person.begin()
    person.press(page.get_by_role("link", name="Add evidence"))
    person.look("add evidence")
    person.write("title", "Order to open the files")
    person.write("summary", SUMMARY)
    person.write("publisher", "Example County Court")
    person.write("published_on", "2025-05-02")
    person.write("date_precision", "day")
    person.write("kind", "Court")
    person.write("provenance", "Independent")
    person.write("checked", "an excerpt")
    person.choose("links-0-pledge", "Open the files")
    person.write("links-0-stance", "supports")
    person.write("links-0-note", "All of them, by name.")
    person.press(page.get_by_role("button", name="Save and continue editing"))
    expect(page.locator(".messagelist .success")).to_be_visible()
    person.take("Hand in")


def propose(person: Person) -> None:
    """Write the rating and save it as a draft."""
    page = person.page
    person.press(page.locator(".desk-nav").get_by_role("link", name="Status updates"), "Shift+Tab")
    person.begin()
    person.press(page.get_by_role("link", name="Add status update"))
    person.look("add update")
    person.choose("pledge", "Open the files")
    person.write("status", "Kept")
    person.write("confidence", "High")
    person.write("effective_on", "2025-05-02")
    person.write("assessed_on", "2025-06-01")
    person.write("reasoning", WORDS)
    person.press(page.get_by_role("button", name="Save and continue editing"))
    expect(page.locator(".messagelist .success")).to_be_visible()


def from_the_front_page(person: Person, box: str, words: str) -> None:
    """Open what waits."""
    person.page.goto(f"{person.site}/admin/")
    person.look(f"front page {box}")
    person.begin()
    waits = person.page.locator(".desk-box", has_text=box)
    person.press(waits.get_by_role("link", name=words).first)


def save_over_each_other(researcher: Person, editor: Person) -> None:
    """Both open the evidence; the second to save sees before, mine and theirs, and adds theirs.

    Not the rating: who saves a draft of it is its author, and approves it no more.
    """
    editor.page.goto(researcher.page.url.partition("#")[0])
    editor.begin()
    editor.write("summary", "")
    editor.page.keyboard.press("Control+End")
    editor.page.keyboard.type(" So says the clerk.")
    editor.press(editor.page.get_by_role("button", name="Save and continue editing"))
    expect(editor.page.locator(".messagelist .success")).to_be_visible()

    page = researcher.page
    # Behind the buttons the page ends, and its first link comes next.
    page.evaluate("document.activeElement.blur()")
    researcher.begin()
    researcher.write("summary", "")
    page.keyboard.press("Control+End")
    page.keyboard.type(" So says the court.")
    researcher.press(page.get_by_role("button", name="Save and continue editing"))
    sides = page.locator(".desk-meanwhile tbody tr")
    expect(sides.locator("td")).to_have_text(
        [SUMMARY, f"{SUMMARY} So says the court.", f"{SUMMARY} So says the clerk."]
    )
    expect(page.locator("[name=summary]")).to_have_value(f"{SUMMARY} So says the court.")
    assert Evidence.objects.get().summary == f"{SUMMARY} So says the clerk."
    researcher.look("meanwhile")
    researcher.begin()
    researcher.write("summary", "")
    page.keyboard.press("Control+End")
    page.keyboard.type(" The clerk agrees.")
    researcher.press(page.get_by_role("button", name="Save and continue editing"))
    expect(page.locator(".messagelist .success")).to_be_visible()


def test_three_people_with_the_keyboard_alone(
    live_server: Any, open_page: Opener, pledge: Pledge
) -> None:
    site: str = live_server.url
    found: dict[str, list[str]] = {}
    researcher = arrive(open_page, site, "researcher", found)
    add_evidence(researcher)
    editor = arrive(open_page, site, "first-editor", found)
    save_over_each_other(researcher, editor)
    propose(researcher)
    researcher.take("Hand in for approval")
    expect(researcher.page.locator(".desk-facts")).to_contain_text("others have to approve it")

    from_the_front_page(editor, "Evidence to look over", "Order to open the files")
    editor.take("Publish")
    # Kept needs a copy of its source; a worker would bring one.
    record.copy_of(Evidence.objects.get(), by=User.objects.get(username="first-editor"))
    from_the_front_page(editor, "Waits for my approval", "Open the files")
    editor.take("Approve", note="I have read the order.")
    expect(editor.page.locator(".desk-facts")).to_contain_text("1 of 2")

    second = arrive(open_page, site, "second-editor", found)
    from_the_front_page(second, "Waits for my approval", "Open the files")
    second.take("Approve")
    second.take("Publish")
    expect(second.page.locator(".desk-facts")).to_contain_text("published")

    update = StatusUpdate.objects.get()
    pledge.refresh_from_db()
    assert (update.state, update.status, pledge.status) == ("published", "kept", "kept")
    assert update.reasoning == WORDS
    people = [update.created_by, *(one.approved_by for one in update.approvals.order_by("pk"))]
    assert [person.username for person in people] == [*PEOPLE]
    piece = Evidence.objects.get()
    assert piece.summary == f"{SUMMARY} So says the court. The clerk agrees."
    assert piece.published_by == User.objects.get(username="first-editor")

    reader = Person(open_page(f"{site}/pledges/{pledge.slug}/"), site, found)
    for words in ("Kept", update.reasoning, "Order to open the files", "2 May 2025"):
        expect(reader.page.locator("main")).to_contain_text(words)
    reader.look("public page")
    for person in (researcher, editor, second, reader):
        assert person.page.complaints == []
    assert {name: faults for name, faults in found.items() if faults} == {}
