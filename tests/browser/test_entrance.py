"""Logging in as Chromium does it: a passkey, an app with codes, pages everyone can use."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from promises.accounts.models import SecurityEvent
from tests import record
from tests.browser.conftest import STRICT, Opener, accessibility_faults, sideways
from tests.desk.entrance.conftest import PASSWORD, code_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# As a computer with a fingerprint reader: it keeps keys and knows its owner.
READER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    """The site as a browser allows passkeys on it, and as production asks for them."""
    settings.SECOND_FACTOR = "required"
    return str(live_server.url.replace("127.0.0.1", "localhost"))


def give_reader(page: Page) -> None:
    """Plug an authenticator into the browser."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": READER})


def type_password(page: Page, name: str = "jane") -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def test_a_passkey_opens_the_desk_and_lets_one_in_alone(site: str, open_page: Opener) -> None:
    record.user("jane", is_staff=True, is_superuser=True)
    page = open_page(f"{site}/admin/")
    give_reader(page)
    type_password(page)
    expect(page.get_by_role("heading", name="One more step before the desk opens")).to_be_visible()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("Jane's laptop")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("heading", name="What waits", level=1)).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="What waits", level=1)).to_be_visible()
    page.goto(f"{site}/account/")
    expect(page.get_by_text("Jane's laptop")).to_be_visible()
    # As second step after a password, too.
    page.get_by_role("link", name="Log out").click()
    page.get_by_role("button", name="Log out").click()
    type_password(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="What waits", level=1)).to_be_visible()
    assert page.complaints == []
    kept = SecurityEvent.objects.filter(kind="logged_in").order_by("pk")
    assert list(kept.values_list("means", flat=True)) == [
        "password", "webauthn", "password+webauthn",
    ]  # fmt: skip


def test_a_passkey_is_listed_renamed_and_removed(site: str, open_page: Opener) -> None:
    record.user("jane", is_staff=True, is_superuser=True)
    page = open_page(f"{site}/account/login/")
    give_reader(page)
    type_password(page)
    page.goto(f"{site}/account/passkeys/add/")
    page.get_by_label("Name").fill("Phone")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    page.goto(f"{site}/account/")
    keys = page.locator("section", has=page.get_by_role("heading", name="Passkeys"))
    expect(keys.locator("li")).to_contain_text(["Phone added"])
    page.get_by_role("link", name="Rename Phone").click()
    page.get_by_label("Name").fill("Lost phone")
    page.get_by_role("button", name="Rename").click()
    expect(keys.locator("li strong")).to_have_text(["Lost phone"])
    page.get_by_role("link", name="Remove Lost phone").click()
    expect(page.locator("main")).to_contain_text("“Lost phone” will not let you in any more.")
    page.get_by_role("button", name="Remove").click()
    expect(keys).to_contain_text("None yet.")
    # Without a second factor the desk closes, and the key in the reader opens nothing.
    page.goto(f"{site}/admin/")
    expect(page.get_by_role("heading", name="One more step before the desk opens")).to_be_visible()
    page.goto(f"{site}/account/logout/")
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator(".told.error:visible")).to_have_count(1)
    page.goto(f"{site}/account/")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert page.complaints == []
    kinds = SecurityEvent.objects.filter(means="webauthn").order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == [
        "factor_added", "factor_removed", "login_failed",
    ]  # fmt: skip


def test_a_passkey_that_is_not_given_says_so(site: str, open_page: Opener) -> None:
    page = open_page(f"{site}/account/login/")
    give_reader(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_have_text(
        "The passkey was not used. Try again, or choose another way."
    )


def test_an_app_is_set_up_and_used_without_javascript(site: str, open_page: Opener) -> None:
    record.user("jane", is_staff=True, is_superuser=True)
    page = open_page(f"{site}/admin/", java_script_enabled=False)
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    type_password(page)
    page.get_by_role("link", name="Set up an app").click()
    drawing = page.locator(".drawing svg").bounding_box()
    assert drawing is not None
    assert 150 < drawing["width"] == drawing["height"]
    secret = page.locator(".key").inner_text().replace(" ", "")
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Set up").click()
    expect(page.locator(".codes li")).to_have_count(10)
    codes = page.locator(".codes li").all_inner_texts()
    assert len(set(codes)) == 10
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("heading", name="What waits", level=1)).to_be_visible()
    other = open_page(f"{site}/admin/", java_script_enabled=False)
    type_password(other)
    other.get_by_label("Code").fill(codes[0])
    other.get_by_role("button", name="Log in", exact=True).click()
    expect(other.get_by_role("heading", name="What waits", level=1)).to_be_visible()
    assert [*page.complaints, *other.complaints] == []


def test_the_pages_of_the_entrance_can_be_used_by_everyone(site: str, open_page: Opener) -> None:
    found = {}
    for width, scheme in ((1280, "light"), (320, "dark")):
        name = f"jane-{width}-{scheme}"
        record.user(name, is_staff=True)
        page = open_page(f"{site}/account/login/", width=width, scheme=scheme)
        found |= faults_of(page, "login", width, scheme)
        give_reader(page)
        type_password(page, name)
        for address in PAGES:
            page.goto(f"{site}/account/{address}")
            found |= faults_of(page, address, width, scheme)
            if address == "passkeys/add/":
                page.get_by_role("button", name="Add").click()
                expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
                found |= faults_of(page, "codes", width, scheme)
    assert found == {}


PAGES = (
    "second-factor/needed/",
    "second-factor/app/",
    "passkeys/add/",
    "",
    "sessions/",
    "log/",
    "password/",
    "logout/",
    "confirm/",
)


def faults_of(page: Any, name: str, width: int, scheme: str) -> dict[Any, Any]:
    """Return what is wrong with a page, if anything."""
    faults = [*page.complaints, *accessibility_faults(page, STRICT)]
    if wider := sideways(page):
        faults.append(f"{wider} pixels too wide")
    return {(name, width, scheme): faults} if faults else {}


def test_a_box_to_tick_stands_before_its_words(live_server: Any, open_page: Opener) -> None:
    """Above them, in the middle of the form, nobody sees which words a box belongs to."""
    record.user("jane", is_staff=True, is_superuser=True)
    page = open_page(f"{live_server.url}/account/login/")
    type_password(page)
    page.goto(f"{live_server.url}/account/keys/new/")
    for box in page.get_by_role("checkbox").all():
        label, its = box.locator("xpath=.."), box.bounding_box()
        around = label.bounding_box()
        assert its is not None
        assert around is not None
        assert its["x"] - around["x"] < its["width"]
        assert its["width"] < around["height"]
