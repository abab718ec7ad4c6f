"""JSON: a list of records, an object of records, records inside another object, or one a line."""

import json
import re
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from promises.common.text import FORBIDDEN
from promises.imports.sheets import (
    MAX_COLUMNS,
    MAX_ROWS,
    RawRow,
    Reading,
    Sheet,
    UnreadableFile,
    build_sheet,
)

# Objects within objects become columns ("source.url") down to this depth; below it, their JSON.
MAX_DEPTH = 4
# Objects of a list of objects that become columns of their own ("sources.1.url").
MAX_ITEMS = 3
KEY = "key"
_NAMES = -1


def read_json(text: str, *, encoding: str, remarks: list[str]) -> Sheet:
    """Return the records of a text as a table: names of columns are dotted paths.

    Raises UnreadableFile.
    """
    records = _records(_parsed(text), remarks)
    if len(records) > MAX_ROWS:
        raise UnreadableFile(
            _("The file has %(rows)d records; %(limit)d fit into one import. Split it.")
            % {"rows": len(records), "limit": MAX_ROWS}
        )
    columns: dict[str, None] = {}
    flat = []
    for record in records:
        cells: dict[str, str] = {}
        _flatten(record, "", 0, cells)
        columns.update(dict.fromkeys(cells))
        flat.append(cells)
        if len(columns) > MAX_COLUMNS:
            raise UnreadableFile(
                _("The records have more than %(limit)d different fields.") % {"limit": MAX_COLUMNS}
            )
    names = list(columns)
    rows = [
        RawRow(number, [cells.get(name, "") for name in names])
        for number, cells in enumerate(flat, start=1)
    ]
    if not names or not any(row.filled for row in rows):
        raise UnreadableFile(_("The file holds no records. Check that it is the right one."))
    # The names of the fields are no row of the file: they stand before the first.
    above = Reading(encoding, header_row=_NAMES)
    sheet = build_sheet([RawRow(_NAMES, names), *rows], form="json", remarks=remarks, reading=above)
    return replace(sheet, reading=Reading(encoding))


def _parsed(text: str) -> Any:
    """Return the JSON of a text, or a list of what its lines hold. Raises UnreadableFile."""
    try:
        return _loads(text)
    except UnreadableFile as error:
        # Other signs that end a line may stand in a text, as they are.
        lines = [line for line in re.split(r"[\r\n]", text) if line.strip()]
        if len(lines) < 2 or not lines[0].lstrip().startswith("{"):
            raise
        try:
            return [_loads(line) for line in lines]
        except UnreadableFile:
            raise error from None


def _loads(text: str) -> Any:
    """Parse JSON; numbers stay the text they are."""
    try:
        return json.loads(
            text,
            parse_int=str,
            parse_float=str,
            parse_constant=_not_a_number,
            object_pairs_hook=_once_each,
        )
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            _("This is not JSON: line %(line)d, character %(character)d. Export it again.")
            % {"line": error.lineno, "character": error.colno}
        ) from error
    except RecursionError as error:
        raise UnreadableFile(_("The JSON is nested too deeply to be a table.")) from error


def _not_a_number(word: str) -> Any:
    raise UnreadableFile(
        _("The JSON holds %(word)s, which is no value. Replace it by null.") % {"word": word}
    )


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a record that gives a field twice: which of the two counts is anyone's guess."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise UnreadableFile(
            _("A record gives the field “%(field)s” twice. Remove one.")
            % {"field": FORBIDDEN.sub("�", twice[:60])}
        )
    return found


def _records(value: Any, remarks: list[str]) -> list[dict[str, Any]]:
    """Find the records: a list of them, an object of them, or the longest list inside."""
    if _is_records(value):
        return list(value)
    if isinstance(value, dict) and value:
        values = list(value.values())
        if all(isinstance(one, dict) for one in values) and set.intersection(*map(set, values)):
            # Records by their ids: they have fields in common.
            return [{KEY: name, **record} for name, record in value.items()]
        if all(_is_records(one) for one in values) and len(values) > 1:
            remarks.append(_("The file holds lists by name; the name is in the column “key”."))
            return [{KEY: name, **one} for name, many in value.items() for one in many]
        found = max(_lists_in(value), key=lambda item: len(item[1]), default=None)
        if found is not None:
            words = _("The records were found under “%(path)s”.")
            remarks.append(words % {"path": FORBIDDEN.sub("�", found[0])})
            return list(found[1])
        if any(not isinstance(one, dict | list) for one in values):
            return [value]
    raise UnreadableFile(_("The JSON holds no list of records."))


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _lists_in(value: Any, path: str = "", depth: int = 0) -> list[tuple[str, list[Any]]]:
    """Return every list of records inside an object, not deeper than three steps."""
    if not isinstance(value, dict) or depth > 2:
        return []
    found: list[tuple[str, list[Any]]] = []
    for name, one in value.items():
        here = f"{path}.{name}" if path else name
        if _is_records(one):
            found.append((here, one))
        else:
            found += _lists_in(one, here, depth + 1)
    return found


def _flatten(value: Any, path: str, depth: int, cells: dict[str, str]) -> None:
    """Write a value into the cells of its record, under its dotted path."""
    if isinstance(value, dict) and depth < MAX_DEPTH and (value or not path):
        for name, one in value.items():
            _flatten(one, f"{path}.{name}" if path else name, depth + 1, cells)
    elif _is_records(value) and depth < MAX_DEPTH:
        for number, one in enumerate(value[:MAX_ITEMS], start=1):
            _flatten(one, f"{path}.{number}", depth + 1, cells)
        if len(value) > MAX_ITEMS:
            cells[f"{path}.more"] = _as_json(value[MAX_ITEMS:])
    elif isinstance(value, list) and not any(isinstance(one, dict | list) for one in value):
        cells[path] = "; ".join(_plain(one) for one in value)
    else:
        cells[path] = _plain(value)


def _plain(value: Any) -> str:
    """Return a value as the text of a cell."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value.replace("\r\n", "\n").replace("\r", "\n")
        case _:
            return _as_json(value)


def _as_json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError as error:
        raise UnreadableFile(_("The JSON is nested too deeply to be a table.")) from error
