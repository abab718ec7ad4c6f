"""What a field says that chooses a record: whoever may not add what is missing learns who may."""

from typing import Any

from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.utils.translation import gettext as _

from promises.accounts.rights import RIGHTS
from promises.desk.saving.forms import RecordAutocomplete


def offer_to_add(field: Any) -> None:
    """Let a choice offer to add and to look, not to change or delete elsewhere."""
    chooses = getattr(field, "widget", None)
    if not isinstance(chooses, RelatedFieldWidgetWrapper):
        return
    chooses.can_change_related = chooses.can_delete_related = False
    roles = RIGHTS.get(chooses.rel.model._meta.label, {}).get("add", ())
    if roles and not chooses.can_add_related and isinstance(chooses.widget, RecordAutocomplete):
        words = _("Not in the list? It can be added by: %(who)s.") % {"who": ", ".join(roles)}
        field.help_text = f"{field.help_text} {words}".strip()
