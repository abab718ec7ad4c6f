"""The desk's page of roles and other groups: which permissions each one carries."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.db.models import ManyToManyField
from django.http import HttpRequest

from promises.desk.saving.seen_forms import SeenForm, WithSeenForm

if TYPE_CHECKING:
    ManyToMany = ManyToManyField[Any, Any]
else:
    ManyToMany = ManyToManyField

admin.site.unregister(Group)


@admin.register(Group)
class PlainGroupAdmin(WithSeenForm, GroupAdmin):
    """Django's page of groups, with boxes to tick.

    Its two lists and the arrows between them have no names for a screen reader, and are gone
    without JavaScript.
    """

    form = SeenForm
    change_form_template = "admin/record.html"
    filter_horizontal = ()
    fields = ("name", "permissions")

    def formfield_for_manytomany(
        self, db_field: ManyToMany, request: HttpRequest | None = None, **given: Any
    ) -> Any:
        """Offer every permission as a box of its own."""
        given["widget"] = forms.CheckboxSelectMultiple({"class": "desk-permissions"})
        field: Any = super().formfield_for_manytomany(db_field, request=request, **given)
        field.help_text = ""
        return field
