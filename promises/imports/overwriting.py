"""Many rows changed by one statement: bulk_update writes a CASE for every row and column."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Model


def overwrite(model: type[Model], rows: Sequence[Any], names: Sequence[str]) -> None:
    """Write these fields of rows that are stored already."""
    if not rows:
        return
    fields: list[Any] = [model._meta.pk, *(model._meta.get_field(name) for name in names)]
    quote = connection.ops.quote_name
    columns = [quote(field.column) for field in fields]
    arrays = ", ".join(f"%s::{_type(field)}[]" for field in fields)
    values = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows]
        for field in fields
    ]
    table = quote(model._meta.db_table)
    settings = ", ".join(f"{column} = given.{column}" for column in columns[1:])
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {settings}"  # noqa: S608 -- names of our own columns only
            f" FROM unnest({arrays}) AS given ({', '.join(columns)})"
            f" WHERE {table}.{columns[0]} = given.{columns[0]}",
            values,
        )


def _type(field: Any) -> str:
    """Return the type of a column, as the database calls it."""
    is_key = field.is_relation or field.primary_key
    return str(field.rel_db_type(connection) if is_key else field.db_type(connection))
