from collections.abc import Sequence
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction
from django.db.models import CheckConstraint, Q
from django.db.models.sql import Query


def clean(row: models.Model) -> None:
    """Validate a row as full_clean does, with one statement for all its checks.

    Django asks the database check by check, each between savepoints of its own: for some rows that
    was more than all else a write does. It still finds the words where something is wrong. Raises
    ValidationError.
    """
    try:
        row.full_clean(validate_constraints=False)
        if _constraints_hold(row):
            return
    except ValidationError:
        pass
    row.full_clean()


def _constraints_hold(row: models.Model) -> bool:
    """Tell whether a row keeps all constraints of its model, or raise ValidationError."""
    for constraint in row._meta.constraints:
        if not isinstance(constraint, CheckConstraint):
            constraint.validate(type(row), row)
    question, parameters, fields = _checks_of(type(row))
    values = [field.get_db_prep_value(getattr(row, field.attname), connection) for field in fields]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(question, [*parameters, *values])
            return bool(cursor.fetchone()[0])
    except DatabaseError:
        # No check can be asked about values like these.
        return False


@cache
def _checks_of(model: type[models.Model]) -> tuple[str, Sequence[Any], list[Any]]:
    """Return SQL that tells of values whether a row keeps all checks, its parameters and fields.

    It is the same for every row, and takes longer to write than to answer. What is neither true
    nor false is let through, as the database does.
    """
    checks = [one.condition for one in model._meta.constraints if isinstance(one, CheckConstraint)]
    if not checks:
        return "SELECT true", (), []
    query = Query(model, alias_cols=False)
    where = query.build_where(Q(*checks))
    sql, parameters = where.as_sql(query.get_compiler(connection=connection), connection)
    columns = {
        connection.ops.quote_name(str(one.column)): one for one in model._meta.concrete_fields
    }
    asked = {column: field for column, field in columns.items() if column in sql}
    values = [f"%s::{field.cast_db_type(connection)} AS {name}" for name, field in asked.items()]
    question = f"SELECT COALESCE({sql}, true) FROM (SELECT {', '.join(values)}) given"  # noqa: S608 -- of our own models
    return question, parameters, list(asked.values())
