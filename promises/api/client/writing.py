"""Writes the client that is handed out: one file of Python that needs nothing but Python.

Types and methods come from the OpenAPI schema, so they are never behind the API. What asks and
what keeps a copy is written by hand, in `asking` and `mirror`.
"""

import ast
import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from textwrap import wrap
from typing import Any

from promises.api.client import asking, mirror
from promises.api.client.mirror import Mirrored
from promises.api.client.tables import mirrored
from promises.api.whole_schema import schema

_TYPES = {"string": "str", "integer": "int", "boolean": "bool", "number": "float", "null": "None"}
_HEAD = '''\
"""A client of the promise tracker's API {version}, and a copy of the record that follows it.

Made from the OpenAPI schema; it needs Python 3.11 or newer and nothing else. As a program it keeps
a copy of the whole record in a file, and brings it up to date each time it runs:

    python3 client.py https://tracker.example record.sqlite
"""

from __future__ import annotations

{imports}
'''
_TAIL = """

if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("Usage: client.py ADDRESS FILE")
    try:
        print("The copy stands at edition", Mirror.follow(*sys.argv[1:]))
    except (OSError, ProblemError) as fault:
        sys.exit(f"The copy is not up to date; run this again later. {fault}")
"""


@cache
def client_source() -> str:
    """Return the whole file. It follows from the code alone, so it is made once."""
    imports, by_hand = _typing(), []
    for module in (asking, mirror):
        source = inspect.getsource(module)
        found, start = _imports(source)
        for name, names in found.items():
            imports.setdefault(name, set()).update(names)
        by_hand.append("\n".join(source.splitlines()[start:]).strip() + "\n")
    head = _HEAD.format(version=schema()["info"]["version"], imports=_written(imports))
    parts = [by_hand[0], _types(), _tracker(), by_hand[1], _mirror() + _TAIL]
    return head + "\n" + "\n\n".join(parts)


def _typing() -> dict[str, set[str]]:
    """Return what the generated part imports: module → names, none for the module itself."""
    return {"sys": set(), "typing": {"NotRequired", "TypedDict"}}


def _imports(source: str) -> tuple[dict[str, set[str]], int]:
    """Return what a module imports from elsewhere, and the line after its imports."""
    found: dict[str, set[str]] = {}
    last = 0
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import):
            found |= {alias.name: set() for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            if not node.module.startswith(("promises", "__future__")):
                found.setdefault(node.module, set()).update(alias.name for alias in node.names)
        else:
            continue
        last = node.end_lineno or 0
    return found, last


def _written(imports: Mapping[str, set[str]]) -> str:
    whole = [f"import {name}" for name, names in sorted(imports.items()) if not names]
    parts = [
        f"from {name} import {', '.join(sorted(names, key=lambda one: (not one.isupper(), one)))}"
        for name, names in sorted(imports.items())
        if names
    ]
    return "\n".join([*whole, *parts])


def _operations() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield what can be read: address and description."""
    for path, methods in schema()["paths"].items():
        if "get" in methods:
            yield path, methods["get"]


def _answer(operation: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return found


def _component(shape: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    name = shape["$ref"].rsplit("/", 1)[1]
    return name, schema()["components"]["schemas"][name]


def _row_of(operation: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """Return the shape of what an operation gives, and whether it gives many in pages."""
    shape = _answer(operation)
    properties = _component(shape)[1]["properties"]
    if "results" in properties:
        return properties["results"]["items"], True
    return shape, False


def _types() -> str:
    """Return the rows as classes: those that answers hold, and what hangs on them."""
    found: dict[str, dict[str, Any]] = {}
    waiting: list[dict[str, Any]] = [{"$ref": "#/components/schemas/Problem"}]
    waiting += [_row_of(operation)[0] for _, operation in _operations()]
    while waiting:
        shape = waiting.pop()
        inner = [*shape.get("oneOf", ()), *shape.get("allOf", ()), *shape.get("anyOf", ())]
        waiting += [*inner, *([shape["items"]] if "items" in shape else [])]
        if "$ref" in shape:
            name, component = _component(shape)
            if name not in found and "properties" in component:
                found[name] = component
                waiting += component["properties"].values()
    return "\n\n".join(_class(name, found[name]) for name in sorted(found))


def _class(name: str, component: Mapping[str, Any]) -> str:
    required = component.get("required", ())
    lines = [f"class {name}(TypedDict):", *_docstring(component.get("description", name), 4), ""]
    for field, shape in component["properties"].items():
        about = _plain(shape.get("description", ""))
        lines += wrap(about, 92, initial_indent="    # ", subsequent_indent="    # ")
        type_ = _type(shape) if field in required else f"NotRequired[{_type(shape)}]"
        lines.append(f"    {field}: {type_}")
    return "\n".join(lines) + "\n"


def _type(shape: Mapping[str, Any]) -> str:
    """Return a type. Words of a choice are plain texts: there may be new ones any day."""
    if "$ref" in shape:
        name, component = _component(shape)
        return name if "properties" in component else _type(component)
    if "allOf" in shape:
        return _type(shape["allOf"][0])
    if parts := [*shape.get("oneOf", ()), *shape.get("anyOf", ())]:
        return " | ".join(dict.fromkeys(map(_type, parts)))
    if "enum" in shape and set(shape["enum"]) == {None}:
        return "None"
    types = shape.get("type", "object")
    names = [_named(one, shape) for one in (types if isinstance(types, list) else [types])]
    return " | ".join(names)


def _named(name: str, shape: Mapping[str, Any]) -> str:
    if name == "array":
        return f"list[{_type(shape['items'])}]"
    return _TYPES.get(name, "dict[str, Any]")


def _tracker() -> str:
    head = [
        "class Tracker(Client):",
        *_docstring(
            "Reads one tracker: lists as iterators that follow the pages, single rows by name."
            " With `fields` a row holds only these. Several values of a filter are a list.",
            4,
        ),
    ]
    return "\n".join([*head, *(line for one in _operations() for line in _method(*one))]) + "\n"


def _method(path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of the method for one operation."""
    shape, is_list = _row_of(operation)
    parts = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"]
    query = {
        one["name"]: _argument(one)
        for one in sorted(operation.get("parameters", ()), key=_is_optional)
        if one["in"] == "query" and one["name"] not in ("cursor", "format")
    }
    yield f"\n    def {operation['operationId']}("
    yield "        self,"
    for name in parts:
        yield f"        {name}: {'int' if name == 'edition' else 'str'},"
    if query:
        yield "        *,"
    yield from (f"        {argument}," for argument in query.values())
    returned = f"Iterator[{_type(shape)}]" if is_list else _type(shape)
    yield f"    ) -> {returned}:"
    yield from _docstring(f"{operation['summary']}. {operation['description']}", 8)
    yield f"        path = {_quoted(path)}"
    if parts:
        put_in = ["path", *(f"{name}={name}" for name in parts)]
        yield from _listed("        path = filled(", put_in, ")")
    yield from _listed("        query: Query = {", [f"{_quoted(n)}: {n}" for n in query], "}")
    yield f"        found: {returned} = self.{'rows' if is_list else 'read'}(path, query)"
    yield "        return found"


def _listed(start: str, items: Sequence[str], end: str) -> Iterator[str]:
    """Yield the lines of a collection, on one line where there is room."""
    line = f"{start}{', '.join(items)}{end}"
    if len(line) <= 100:
        yield line
        return
    margin = " " * (len(start) - len(start.lstrip()))
    yield start
    yield from (f"{margin}    {item}," for item in items)
    yield margin + end


def _is_optional(parameter: Mapping[str, Any]) -> bool:
    return not parameter.get("required", False)


def _argument(parameter: Mapping[str, Any]) -> str:
    shape = parameter["schema"]
    type_ = "str | Sequence[str]" if shape.get("type") == "array" else _type(shape)
    name = parameter["name"]
    return f"{name}: {type_}" if parameter.get("required") else f"{name}: {type_} | None = None"


def _mirror() -> str:
    tables = "".join(map(_table, mirrored()))
    about = "\n".join(_docstring("A copy of this tracker's record; see Copy.", 4))
    return f"class Mirror(Copy):\n{about}\n\n    tables = (\n{tables}    )\n"


def _table(table: Mirrored) -> str:
    """Return one table of the copy as Python."""
    lines = [" " * 8 + "Mirrored("]
    for field in fields(table):
        value = getattr(table, field.name)
        start, margin = f"{field.name}=", " " * 12
        if isinstance(value, tuple):
            items = [*map(_quoted, value), *([""] if len(value) == 1 else [])]
            lines += _listed(f"{margin}{start}(", items, "),")
        elif isinstance(value, str):
            lines.append(f"{margin}{start}{_quoted(value)},")
        else:
            items = [f"{_quoted(name)}: {_quoted(of)}" for name, of in value.items()]
            lines += _listed(f"{margin}{start}{{", items, "},")
    return "\n".join([*lines, " " * 8 + "),", ""]).replace(", ),", ",),")


def _docstring(text: str, margin: int) -> list[str]:
    lines = wrap(f'"""{_plain(text)}', 100 - margin - 3)
    return [" " * margin + line for line in [*lines[:-1], f'{lines[-1]}"""']]


def _plain(text: str) -> str:
    """Return a description without its list of choices, on one line."""
    return " ".join(text.split("\n\n*")[0].split()).replace("\\", "\\\\").replace('"""', "'''")


def _quoted(text: str) -> str:
    return f'"{text}"'
