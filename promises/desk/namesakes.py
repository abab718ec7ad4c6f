"""Records of one name in one choice: each is told from the others by what differs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any

from django.utils.formats import date_format


def told_apart(names: Mapping[Any, str], tells: Sequence[str]) -> dict[Any, str]:
    """Return by record the names that are offered together, longer where several are the same.

    `tells` are attributes, "office.jurisdiction" too. The first one is added by which all of a
    name differ.
    """
    namesakes: dict[str, list[Any]] = defaultdict(list)
    for record, name in names.items():
        namesakes[name].append(record)
    told = dict(names)
    for name, records in namesakes.items():
        if len(records) > 1:
            told |= {record: f"{name} · {words}" for record, words in _differing(records, tells)}
    return told


def _differing(records: Sequence[Any], tells: Sequence[str]) -> Iterable[tuple[Any, str]]:
    for attribute in tells:
        words = [_words(record, attribute) for record in records]
        if all(words) and len(set(words)) == len(words):
            return zip(records, words, strict=True)
    return ()


def _words(record: Any, attribute: str) -> str:
    value = attrgetter(attribute)(record)
    if isinstance(value, date):
        return date_format(value)
    return "" if value is None else str(value)
