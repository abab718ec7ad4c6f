from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CheckConstraint, Q, Value
from django.db.models.functions import Coalesce


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
    constraints = row._meta.constraints
    for constraint in constraints:
        if not isinstance(constraint, CheckConstraint):
            constraint.validate(type(row), row)
    # What is neither true nor false is let through, as the database does.
    checks = [
        Coalesce(constraint.condition, True, output_field=models.BooleanField())
        for constraint in constraints
        if isinstance(constraint, CheckConstraint)
    ]
    values = {
        field.name: Value(getattr(row, field.attname), field)
        for field in row._meta.concrete_fields
        if not field.generated
    }
    return not checks or Q(*checks).check(values)
