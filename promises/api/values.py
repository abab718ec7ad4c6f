"""How the values of a query are written. Each is read strictly: refused, never ignored.

No database here: a value says how it is read and how the schema describes it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Any, Protocol

from promises.common.text import UNREADABLE

MOST_VALUES = 100
LONGEST_WORDS = 200
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,200}")
_NUMBER = re.compile(r"[0-9]{1,18}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)

# The signs of UNREADABLE, as JSON Schema writes them.
_CONTROL = r"\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff"


def nearest_of(text: str, words: Iterable[str]) -> str | None:
    """Return the word that is spelled much like a text, if there is one."""
    return next(iter(get_close_matches(text.lower(), words, n=1)), None)


class BadValueError(Exception):
    """The text is not such a value. `allowed` lists the possible ones where they are few."""

    def __init__(self, detail: str, allowed: Iterable[str] = ()) -> None:
        super().__init__(detail)
        self.detail, self.allowed = detail, list(allowed)


class Value(Protocol):
    """How one value is written."""

    def read(self, text: str) -> Any:
        """Return what the text means. Raises BadValueError."""

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""


@dataclass(frozen=True)
class Flag:
    """true or false."""

    def read(self, text: str) -> bool:
        """Return the truth value."""
        if text not in {"true", "false"}:
            raise BadValueError("Write true or false.", ["true", "false"])
        return text == "true"

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        return {"type": "boolean"}


@dataclass(frozen=True)
class Day:
    """A day of the calendar, like 2026-03-02."""

    def read(self, text: str) -> date:
        """Return the day."""
        try:
            if not _DAY.fullmatch(text):
                raise ValueError
            return date.fromisoformat(text)
        except ValueError as error:
            raise BadValueError("Write a day of the calendar as YYYY-MM-DD.") from error

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        return {"type": "string", "format": "date"}


@dataclass(frozen=True)
class Moment:
    """A moment with its time zone, like 2026-03-02T12:00:00Z, or a day, which begins in UTC."""

    def read(self, text: str) -> datetime:
        """Return the moment in UTC."""
        try:
            if _DAY.fullmatch(text):
                return datetime.fromisoformat(text).replace(tzinfo=UTC)
            if not _MOMENT.fullmatch(text):
                raise ValueError
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise BadValueError(
                "Write a moment with its time zone as YYYY-MM-DDThh:mm:ssZ, or a day as"
                " YYYY-MM-DD. In an address the + of a time zone is written %2B."
            ) from error

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        formats = [{"type": "string", "format": name} for name in ("date-time", "date")]
        return {"anyOf": formats}


@dataclass(frozen=True)
class Number:
    """A whole number between two others."""

    at_least: int
    at_most: int
    default: int | None = None

    def read(self, text: str) -> int:
        """Return the number."""
        if not _NUMBER.fullmatch(text) or not self.at_least <= int(text) <= self.at_most:
            raise BadValueError(f"Write a whole number from {self.at_least} to {self.at_most}.")
        return int(text)

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        schema = {"type": "integer", "minimum": self.at_least, "maximum": self.at_most}
        return schema if self.default is None else {**schema, "default": self.default}


@dataclass(frozen=True)
class Slug:
    """The public name of a record, as it stands in its `slug`."""

    def read(self, text: str) -> str:
        """Return the name."""
        if not _SLUG.fullmatch(text):
            raise BadValueError("Write the public name of a record: letters, digits, - and _.")
        return text

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        return {"type": "string", "pattern": f"^{_SLUG.pattern}$"}


@dataclass(frozen=True)
class Words:
    """Words to look for, or another short text."""

    longest: int = LONGEST_WORDS

    def read(self, text: str) -> str:
        """Return the words."""
        if not text.strip() or len(text) > self.longest or UNREADABLE.search(text):
            raise BadValueError(
                f"Write one or more words, together at most {self.longest} characters,"
                " without control characters."
            )
        return text

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        return {
            "type": "string",
            "minLength": 1,
            "maxLength": self.longest,
            "pattern": f"^[^{_CONTROL}]*[^{_CONTROL}\\s][^{_CONTROL}]*$",
        }


@dataclass(frozen=True)
class Opaque(Words):
    """A text that means something only to us: it comes back as it was given out."""

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        return {"type": "string", "maxLength": self.longest, "pattern": "^[-A-Za-z0-9_]+$"}


@dataclass(frozen=True)
class OneOf:
    """One of a few words."""

    words: tuple[str, ...] = field()
    default: str | None = None

    def read(self, text: str) -> str:
        """Return the word."""
        if text not in self.words:
            nearest = nearest_of(text, self.words)
            detail = f"Did you mean {nearest}?" if nearest else "Take one of those allowed."
            raise BadValueError(detail, self.words)
        return text

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        schema = {"type": "string", "enum": list(self.words)}
        return schema if self.default is None else {**schema, "default": self.default}


@dataclass(frozen=True)
class Several:
    """One or more values of the same kind, separated by commas."""

    of: Value

    def read(self, text: str) -> list[Any]:
        """Return the values, in the order given."""
        parts = text.split(",")
        if len(parts) > MOST_VALUES:
            raise BadValueError(f"Write at most {MOST_VALUES} values, separated by commas.")
        return [self._read(part) for part in parts]

    def _read(self, part: str) -> Any:
        try:
            return self.of.read(part)
        except BadValueError as error:
            detail = f"{part!r} is not allowed. {error.detail}"
            raise BadValueError(detail, error.allowed) from error

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        items = self.of.schema()
        return {"type": "array", "items": items, "minItems": 1, "maxItems": MOST_VALUES}
