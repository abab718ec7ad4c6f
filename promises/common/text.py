"""What may stand in a text field, checked in forms and again by the database."""

import re
from itertools import islice

from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext as _

# Everything below the space but tab and line feed, the C1 block, and the two non-characters
# that XML 1.0 forbids: one of them in a title makes every feed that shows it unreadable. And halves
# of a pair, which JSON can write and UTF-8 cannot.
_UNREADABLE = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
UNREADABLE = re.compile(f"[{_UNREADABLE}]")
# What may not be written into the record: those, and what nobody sees but what turns the words
# around it or makes two texts that look alike differ. What joins letters of some scripts stays.
FORBIDDEN = re.compile(f"[{_UNREADABLE}\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
# What is unreadable, for PostgreSQL, whose texts cannot hold NUL and halves of a pair at all.
_UNREADABLE_SQL = "[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]"

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

_OF_A_STATE = re.compile("[A-Z]{2}")

# How many of them are named at once, and how much of the text on either side.
_NAMED = 5
_AROUND = 20


def is_storable(value: str) -> bool:
    """Tell whether the database can hold a text at all, whatever it says."""
    return not _UNSTORABLE.search(value)


def without_control_characters(value: str) -> None:
    """Raise ValidationError that names each character nobody can see, up to five of them."""
    faults = [_named(found) for found in islice(FORBIDDEN.finditer(value), _NAMED)]
    if faults:
        raise ValidationError(faults)


def _named(found: re.Match[str]) -> ValidationError:
    """Say which character it is and, as nobody sees it, between which words it stands."""
    start, end = found.span()
    before = _seen(found.string[max(0, start - _AROUND) : start])
    after = _seen(found.string[end : end + _AROUND])
    words = _(
        "Remove the invisible control character at position %(position)d (U+%(code)s), between"
        " “%(before)s” and “%(after)s”."
    )
    said = {"position": start + 1, "code": f"{ord(found.group()):04X}"}
    said |= {"before": before, "after": after}
    return ValidationError(words, code="control_character", params=said)


def _seen(text: str) -> str:
    return " ".join(FORBIDDEN.sub("", text).split())


def of_a_state(value: str) -> None:
    """Raise ValidationError unless the text is the two capital letters of a state, like PA.

    One that does not fit its column is told so anyway.
    """
    if len(value) <= 2 and not _OF_A_STATE.fullmatch(value):
        raise ValidationError(_("Two capital letters, like PA."), code="state")


def no_control_characters(*fields: str) -> CheckConstraint:
    """Return the constraint that keeps what is unreadable out of these fields of a model."""
    condition = Q()
    for field in fields:
        condition &= ~Q(**{f"{field}__regex": _UNREADABLE_SQL})
    return CheckConstraint(condition=condition, name="%(app_label)s_%(class)s_plain_text")
