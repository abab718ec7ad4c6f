"""Files of translations are whole: every message has words, with the same things to fill in."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from django.conf import settings

from promises.pledges.choices import Language
from tracker import words

FILLED_IN = re.compile(r"%\(\w+\)[sd]|%[sd]|%%|\{\w*\}")
LINKS = re.compile(r"<[^>]*>")
FORMATS = words.ROOT / "tracker" / "formats"


def forms(text: object) -> list[str]:
    """Return a message's words in each of its numbers."""
    return [text] if isinstance(text, str) else [str(each) for each in text]  # type: ignore[attr-defined]


def faults(message: Message) -> list[str]:
    """Return what is wrong with one translation."""
    english, spanish = forms(message.id), forms(message.string or "")
    found = []
    if not all(spanish) or len(spanish) != len(english):
        return ["not translated"]
    if message.fuzzy:
        found.append("fuzzy")
    # One of something may be said in words: "a pledge". More of it may not.
    if set(FILLED_IN.findall(english[-1])) != set(FILLED_IN.findall(spanish[-1])):
        found.append("other things to fill in")
    if not set(FILLED_IN.findall(spanish[0])) <= {*FILLED_IN.findall("".join(english))}:
        found.append("something to fill in that there is not")
    if LINKS.findall(english[-1]) != LINKS.findall(spanish[-1]):
        found.append("other links")
    for one, other in zip(english, spanish, strict=True):
        if (one[:1].isspace(), one[-1:].isspace()) != (other[:1].isspace(), other[-1:].isspace()):
            found.append("other spaces at its ends")
    if set('«»"') & set("".join(spanish)) and not LINKS.search(spanish[-1]):
        found.append("other quotation marks than “ ”")
    return found


def test_each_language_has_its_words_its_formats_and_words_of_the_record() -> None:
    languages = {code for code, _name in settings.LANGUAGES}
    assert {path.parent.name for path in FORMATS.glob("*/formats.py")} == languages
    others = languages - {settings.LANGUAGE_CODE}
    assert {path.parts[-3] for path in words.CATALOGS} == others == set(Language.values)


@pytest.mark.parametrize("path", words.CATALOGS, ids=lambda path: path.parts[-3])
def test_every_message_is_translated_with_the_same_things_to_fill_in(path: Path) -> None:
    messages = [message for message in words.read(path) if message.id]
    assert len(messages) > 1000
    wrong = {str(message.id): faults(message) for message in messages if faults(message)}
    assert wrong == {}


@pytest.mark.parametrize("path", words.CATALOGS, ids=lambda path: path.parts[-3])
def test_make_words_would_change_nothing(path: Path) -> None:
    assert words.written(words.collected(words.read(path))) == path.read_bytes()


def test_no_message_stands_inside_an_f_string() -> None:
    """There Python 3.11 does not find it, and newer ones do."""
    for path in words.sources():
        if path.suffix == ".py":
            for each in ast.walk(ast.parse(path.read_text())):
                if isinstance(each, ast.JoinedStr):
                    called = {
                        ast.unparse(it.func) for it in ast.walk(each) if isinstance(it, ast.Call)
                    }
                    assert not called & words.KEYWORDS.keys(), (path, each.lineno)


def test_what_is_new_has_no_words_and_what_is_gone_is_taken_out() -> None:
    known = words.read(words.CATALOGS[0])
    known.add("Something that is said nowhere.", "Algo que no se dice.")
    known.delete("Kept")
    catalog = words.collected(known)
    assert catalog.get("Something that is said nowhere.") is None
    new = catalog.get("Kept")
    assert new is not None
    assert (new.string, faults(new)) == ("", ["not translated"])
