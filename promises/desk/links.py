"""Links from a field that is only shown: to pages that open for whoever looks at it."""

from typing import Any

from django.contrib.admin.helpers import AdminReadonlyField
from django.db.models import Model
from django.http import HttpRequest

from promises.desk.reach import within_reach, works_in_every
from promises.desk.saving.steps import editor

_linked = AdminReadonlyField.get_admin_url


def link_what_opens() -> None:
    """Have Django ask for rights before it links a row: it links whatever has a page."""
    AdminReadonlyField.get_admin_url = _linked_if_open  # type: ignore[assignment,method-assign]


def _linked_if_open(field: Any, remote_field: Any, remote_obj: Any) -> str:
    """Return the name of a row, linked to its page where that opens."""
    request = getattr(field.form, "shown_to", None)
    page = field.model_admin.admin_site._registry.get(type(remote_obj))
    if page is None or request is None or not _opens(page, request, remote_obj):
        return str(remote_obj)
    return _linked(field, remote_field, remote_obj)


def _opens(page: Any, request: HttpRequest, row: Model) -> bool:
    person = editor(request)
    if not page.has_view_permission(request, row):
        return False
    # Asked only for whom it can be otherwise.
    rows = type(row)._default_manager.filter(pk=row.pk)
    return works_in_every(person) or within_reach(rows, person).exists()
