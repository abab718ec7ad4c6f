"""datapackage.json: the tables of a package described as Frictionless Data Package v2 wants it."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from promises.common.columns import Column, Table
from promises.packages.leaving import LEAVING, leaving_columns
from promises.packages.tables import ORDER, AnyField, leaf, shape_of

LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
_PROFILES = "https://datapackage.org/profiles/2.0"


def described(
    *, edition: int, created: str, home: str, files: dict[str, tuple[int, str]]
) -> dict[str, Any]:
    """Return the descriptor of a package; `files` are bytes and SHA-256 of each CSV file."""
    start = {
        "$schema": f"{_PROFILES}/datapackage.json",
        "name": "prosecutor-promise-tracker",
        "title": "Prosecutor Promise Tracker",
        "description": (
            "Campaign promises of elected prosecutors, the evidence on them and what became of"
            " them. Everything published in this edition and nothing else."
        ),
        "homepage": f"{home}/data/latest/",
        "version": str(edition),
        "licenses": [LICENCE],
        "citation": citation(edition, home),
        "contributors": [{"title": "Prosecutor Promise Tracker", "path": home}],
    }
    when = {"created": created} if created else {}
    resources = [_resource(table, files[f"{table.name}.csv"]) for table in LEAVING]
    return {**start, **when, "resources": resources}


def citation(edition: int, home: str) -> str:
    """Return how a package is cited."""
    return f"Prosecutor Promise Tracker, edition {edition}, {home}/data/, CC BY 4.0"


def primary_key(table: Table) -> tuple[str, ...]:
    """Return the columns that tell the rows of a table apart; none where a name may occur twice."""
    return table.key if table in ORDER or len(table.key) == 1 else ()


def references(table: Table) -> list[tuple[tuple[str, ...], str, tuple[str, ...]]]:
    """Return the foreign keys of a table: its columns, the other table, and the columns there."""
    if table in ORDER:
        shape = shape_of(table)
        return [(one.columns, one.target.name, one.target.key) for one in shape.references]
    return [found for column in leaving_columns(table) if (found := _reference(table, column))]


def type_of(table: Table, column: Column) -> str:
    """Return the type of a column, by its name in Table Schema."""
    return _type(leaf(table.model, column.source))


def _reference(table: Table, column: Column) -> tuple[tuple[str, ...], str, tuple[str, ...]] | None:
    """Return the other table whose key a column holds."""
    name, _, rest = column.source.partition("__")
    target = table.model._meta.get_field(name).related_model if rest else table.model
    for other in LEAVING:
        if other is not table and other.model is target and other.key == (rest or name,):
            return (column.name,), other.name, other.key
    return None


def _resource(table: Table, file: tuple[int, str]) -> dict[str, Any]:
    size, sha256 = file
    return {
        "name": table.name,
        "type": "table",
        "path": f"{table.name}.csv",
        "title": table.name.replace("_", " ").capitalize(),
        "description": table.about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{sha256}",
        "schema": _schema(table),
    }


def _schema(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "$schema": f"{_PROFILES}/tableschema.json",
        "fields": [_field(table, column) for column in leaving_columns(table)],
        "missingValues": [""],
    }
    if key := primary_key(table):
        schema["primaryKey"] = list(key)
    if keys := references(table):
        schema["foreignKeys"] = [
            {
                "fields": list(own),
                # An empty name means the table itself.
                "reference": {
                    "resource": other if other != table.name else "",
                    "fields": list(there),
                },
            }
            for own, other, there in keys
        ]
    return schema


def _field(table: Table, column: Column) -> dict[str, Any]:
    field = leaf(table.model, column.source)
    described: dict[str, Any] = {
        "name": column.name,
        "type": _type(field),
        "description": column.about,
    }
    if isinstance(field, ArrayField):
        described["itemType"] = _type(field.base_field)
    constraints: dict[str, Any] = {}
    if column.name in primary_key(table):
        constraints["required"] = True
        if len(table.key) == 1:
            constraints["unique"] = True
    if field.choices and "__" not in column.source:
        constraints["enum"] = [str(value) for value, _label in field.flatchoices if value]
    return {**described, "constraints": constraints} if constraints else described


def _type(field: AnyField) -> str:
    match field:
        case ArrayField():
            return "list"
        case models.BooleanField():
            return "boolean"
        case models.DateTimeField():
            return "datetime"
        case models.DateField():
            return "date"
        case models.IntegerField():
            return "integer"
        case models.DecimalField():
            return "number"
    return "string"
