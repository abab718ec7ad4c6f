"""What a browser would send for a page that it shows."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client


class _Fields(HTMLParser):
    """Collects the fields of every form of a page with their present values."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self._select = self._textarea = ""
        self._text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        name = given.get("name") or ""
        if tag == "textarea":
            self._textarea, self._text = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self._add(self._select, given.get("value") or "")
        elif tag == "input" and name and "disabled" not in given:
            self._input(name, given)

    def _input(self, name: str, given: dict[str, str | None]) -> None:
        kind = given.get("type")
        if kind == "submit" or (kind in {"checkbox", "radio"} and "checked" not in given):
            return
        self._add(name, given.get("value") or ("on" if kind == "checkbox" else ""))

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # The first line break after the tag is not part of the text; browsers send CR LF.
            text = self._text.removeprefix("\n")
            self.values[self._textarea] = text.replace("\r\n", "\n").replace("\n", "\r\n")
        elif tag == "select":
            self._select = ""

    def _add(self, name: str, value: str) -> None:
        if name in self.values and name != "csrfmiddlewaretoken":
            before = self.values[name]
            self.values[name] = [*(before if isinstance(before, list) else [before]), value]
        else:
            self.values[name] = value


def page(browser: Client, address: str, **changes: Any) -> dict[str, Any]:
    """Return what is sent when the page at `address` is saved with these changes."""
    return {**fields_of(browser.get(address).content.decode()), **changes}


def fields_of(body: str) -> dict[str, Any]:
    """Return the fields that a page shows, with their values."""
    fields = _Fields()
    fields.feed(body)
    return fields.values


def step(browser: Client, there: str, **answers: Any) -> Any:
    """Answer the page of a step, as it is now shown, and press its button."""
    return browser.post(there, {**fields_of(browser.get(there).content.decode()), **answers})


def previewed(browser: Client, there: str, step: str, rows: Any, **answers: Any) -> Any:
    """Tick rows of a list, answer what the step asks, and return the page it leads to."""
    chosen = {"action": step, "_selected_action": [row.pk for row in rows], "index": "0"}
    page = browser.post(there, chosen)
    assert page.status_code == 200
    if page.context["is_answered"]:
        return page
    return browser.post(page.context["address"], {**fields_of(page.content.decode()), **answers})


def confirmed(browser: Client, page: Any) -> Any:
    """Press the button below a preview."""
    fields = {**fields_of(page.content.decode()), "_confirm": "1"}
    return browser.post(page.context["address"], fields)
