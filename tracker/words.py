"""Collects what is to be translated into locale/: `make words`. Needs no gettext of the machine.

New messages are added without a translation, which the tests do not let pass; what is said
nowhere any more is taken out. Nothing is guessed from messages that look alike.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation import templatize

ROOT = Path(__file__).resolve().parent.parent
# One for each language beside English.
CATALOGS = sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po"))
# What only the desk and the API show, which speak English: rooms, then kinds of files.
ENGLISH = {
    "promises/desk", "promises/imports", "promises/accounts", "promises/newsroom",
    "promises/outbox", "promises/discovery", "promises/api", "templates/account",
    "templates/admin", "templates/mfa",
}  # fmt: skip
OF_THE_DESK = {
    "models", "apps", "actions", "capturing", "correcting", "deciding", "digests", "policies",
    "stale_digest",
}  # fmt: skip
# Strangers are refused by the actions of these.
OPEN_TO_ALL = {"promises/alerts/actions.py", "promises/suggestions/actions.py"}
_AS_LAZY = {f"{name}_lazy": places for name, places in DEFAULT_KEYWORDS.items()}
KEYWORDS = {**DEFAULT_KEYWORDS, **_AS_LAZY, "_lazy": None, "_counted": (1, 2)}
# Whose columns readers see by their sentences: what changed in the words of a pledge.
SHOWN_COLUMNS = {"promises/pledges/columns.py"}
COLUMNS = {"Column": (2,)}
Message = tuple[str, int, str | tuple[str, ...], str | None]


def sources() -> list[Path]:
    """Return the files that hold words of the public pages."""
    found = [*(ROOT / "promises").rglob("*.py"), *(ROOT / "templates").rglob("*.*")]
    return sorted(path for path in found if _is_public(path.relative_to(ROOT)))


def _is_public(path: Path) -> bool:
    if str(path) in OPEN_TO_ALL:
        return True
    names = {*path.parts, path.stem}
    return "/".join(path.parts[:2]) not in ENGLISH and not names & {"migrations", *OF_THE_DESK}


def messages() -> Iterator[Message]:
    """Return each message: its file, line, words (two where it counts) and context."""
    for path in sources():
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # Django's own way to make a template look like Python; indents would mean something.
            text = re.sub(r"^[^\S\n]+", "", templatize(text), flags=re.MULTILINE)
        lines = BytesIO(text.encode())
        keywords = KEYWORDS | (COLUMNS if str(path.relative_to(ROOT)) in SHOWN_COLUMNS else {})
        for number, words, _comments, context in extract("python", lines, keywords):
            yield str(path.relative_to(ROOT)), number, words, context


def collected(known: Catalog) -> Catalog:
    """Return a catalog of all messages, with the translations that are known."""
    language = known.locale
    assert language is not None, "It is read for a language."
    catalog = Catalog(
        locale=language,
        charset="utf-8",
        header_comment=f"# The public pages in {language.english_name}. See docs/translation.md.",
        project="Prosecutor promise tracker",
        version="1",
        fuzzy=False,
        **dict.fromkeys(("last_translator", "language_team", "msgid_bugs_address"), "editors"),
    )
    # Otherwise the file would change by being written.
    catalog.creation_date, catalog.revision_date = known.creation_date, known.revision_date
    said: dict[tuple[str, str | None], str | tuple[str, ...]] = {}
    for path, _line, words, context in messages():
        first = words if isinstance(words, str) else words[0]
        if said.setdefault((first, context), words) != words:
            raise ValueError(f"{first!r} is said in two ways ({path}): give one of them a context.")
        old = known.get(words, context)
        # What is counted now and was not before says something else.
        is_same = old is not None and old.pluralizable == isinstance(words, tuple)
        string = old.string if old and is_same else ""
        catalog.add(words, string, locations=[(path, 0)], context=context)
    return catalog


def read(path: Path) -> Catalog:
    """Return the translations as they stand: locale/<language>/LC_MESSAGES/django.po."""
    with path.open("rb") as file:
        catalog = read_po(file, charset="utf-8")
    # A copied file still says what it was copied from.
    catalog.locale = path.parts[-3]
    return catalog


def written(catalog: Catalog) -> bytes:
    """Return a catalog as it stands in its file, file by file, without numbers of lines."""
    text = BytesIO()
    write_po(text, catalog, width=100, omit_header=False, include_lineno=False, sort_by_file=True)
    return text.getvalue()


if __name__ == "__main__":
    for catalog in CATALOGS:
        catalog.write_bytes(written(collected(read(catalog))))
