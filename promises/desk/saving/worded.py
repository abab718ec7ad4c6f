"""Values of the record in plain words: choices by their labels, rows by their names, dates."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.admin import AdminSite
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

if TYPE_CHECKING:
    Field = models.Field[Any, Any]
else:
    Field = models.Field

# What the desk and its guides call a slug.
PUBLIC_NAME = _lazy("Public name")


class Names:
    """The names of rows that others point to: each table is asked once."""

    def __init__(self, site: AdminSite, request: HttpRequest) -> None:
        self._site, self._request = site, request
        self._wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
        self._found: dict[tuple[type[models.Model], Any], str] = {}

    def want(self, field: Field, value: Any) -> None:
        """Note that the name of the row with this id will be needed."""
        if field.many_to_one and value is not None:
            self._wanted[_target(field)].add(value)

    def find(self) -> None:
        """Read all names that are wanted: one query a table."""
        for model, ids in self._wanted.items():
            admin: Any = self._site._registry.get(model)
            rows: Any = model._default_manager.all()
            name_of: Any = getattr(admin, "name_of", str)
            if hasattr(admin, "name_of"):
                rows = admin.get_queryset(self._request)
            for row in rows.filter(pk__in=ids):
                self._found[model, row.pk] = str(name_of(row))

    def of(self, field: Field, value: Any) -> str:
        """Return the name of the row that this value points to."""
        return self._found.get((_target(field), value)) or _("no. %(id)s") % {"id": value}


def _target(field: Field) -> type[models.Model]:
    assert field.related_model is not None
    return field.related_model


def label(field: Field) -> str:
    """Return what a field is called."""
    return str(PUBLIC_NAME if field.name == "slug" else capfirst(str(field.verbose_name)))


def in_words(field: Field, value: Any, names: Names) -> str:
    """Return a stored value of a field as a person would say it; nothing is ""."""
    if value is None or value == "":
        return ""
    if field.many_to_one:
        return names.of(field, value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    match value:
        case bool():
            return _("yes") if value else _("no")
        case datetime():
            return date_format(timezone.localtime(value), "DATETIME_FORMAT")
        case date():
            return date_format(value)
        case Decimal():
            return format(value.normalize(), "f")
        case _:
            return str(value)


def is_prose(field: Field) -> bool:
    """Tell whether people write sentences in a field."""
    return isinstance(field, models.CharField | models.TextField) and not field.choices


def shown_fields(model: type[models.Model], leaving_out: Iterable[str]) -> list[Field]:
    """Return the columns of a table that say something to a person."""
    silent = {"id", "version", *leaving_out}
    return [field for field in model._meta.concrete_fields if field.name not in silent]
