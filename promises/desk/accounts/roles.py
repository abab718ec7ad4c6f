"""The role of someone who logs in, as their page on the desk shows and changes it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.accounts.actions import give_role
from promises.accounts.choices import Role
from promises.accounts.models import RoleGrant, User
from promises.desk.inlines import ShownRows
from promises.desk.record_admin import Fact
from promises.desk.saving.forms import PlainTextarea
from promises.desk.saving.steps import Step, WithSteps
from promises.officials.actions import set_partnerships
from promises.officials.models import Jurisdiction


class RoleForm(forms.Form):
    """Asks which role, where a partner works, and why."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=[("", _("No role: no access to the desk")), *Role.choices],
        widget=forms.RadioSelect,
        required=False,
    )
    jurisdictions = forms.ModelMultipleChoiceField(
        Jurisdiction.objects.all(),
        label=_("Jurisdictions of a partner"),
        required=False,
        widget=forms.SelectMultiple({"size": 8}),
        help_text=_("Only for the role of a partner, who sees and edits nothing else."),
    )
    reason = forms.CharField(
        label=_("Why"), widget=PlainTextarea, help_text=_("It stays in the history.")
    )

    def clean(self) -> dict[str, Any]:
        """A partner has at least one jurisdiction; nobody else has any."""
        cleaned = super().clean() or self.cleaned_data
        is_partner, places = cleaned.get("role") == Role.PARTNER, cleaned.get("jurisdictions")
        if is_partner and not places:
            self.add_error("jurisdictions", gettext("Choose where this partner works."))
        if not is_partner and places:
            self.add_error("jurisdictions", gettext("Only partners are held to jurisdictions."))
        return cleaned


def _give(
    records: Any, *, role: str, jurisdictions: Any, reason: str, by: User, now: datetime
) -> None:
    for person in records:
        give_role(person=person, role=role, reason=reason, by=by, now=now)
        set_partnerships(person=person, jurisdictions=jurisdictions, by=by, now=now)


def _present(person: User) -> dict[str, Any]:
    """Return the role and the jurisdictions that someone has now."""
    group = person.groups.filter(name__in=Role.values).first()
    places = person.partnerships.values_list("jurisdiction_id", flat=True)
    return {"role": group.name if group else "", "jurisdictions": list(places)}


class RoleRows(ShownRows):
    """Which roles someone was given, newest first."""

    model = RoleGrant
    fk_name = "person"
    fields = ("given_at", "role_in_words", "given_by", "reason")
    readonly_fields = fields
    verbose_name_plural = _("roles so far")
    related = ("given_by", "person")

    def role_in_words(self, grant: RoleGrant) -> str:
        """Return the role, or that there is none."""
        return grant.get_role_display() or gettext("none")

    role_in_words.short_description = _("role")  # type: ignore[attr-defined]


class WithRole(WithSteps):
    """The page of a person who logs in, with their role."""

    change_form_template = "admin/record.html"
    steps: ClassVar[Sequence[Step]] = (
        Step(
            name="role",
            label=_("Give a role"),
            explains=_(
                "It takes the place of the role so far. Whatever the role: nobody approves their"
                " own status update."
            ),
            done=_("Role given"),
            act=_give,
            asks=RoleForm,
            initial=_present,
        ),
    )

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the roles of someone who exists."""
        return [RoleRows] if obj else []

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **given: Any
    ) -> HttpResponse:
        """Add the role, the step that changes it and the log."""
        person = context["original"]
        if person is not None:
            context["facts"] = _facts(person)
            context["steps"] = self.steps_for(request, person)
            context["happened"] = LogEntry.objects.filter(
                content_type=ContentType.objects.get_for_model(User), object_id=str(person.pk)
            ).select_related("user", "content_type")[:5]
        return super().render_change_form(request, context, *args, **given)


def _facts(person: User) -> list[Fact]:
    """Say what someone may do, and where."""
    if person.is_superuser:
        return [
            Fact(_("Role"), gettext("Every right of the desk; the rules bind them all the same"))
        ]
    role = _present(person)["role"]
    words = str(Role(role).label) if role else gettext("None")
    lines = [Fact(_("Role"), words)]
    if role == Role.PARTNER:
        places = person.partnerships.select_related("jurisdiction")
        lines.append(Fact(_("Works in"), "; ".join(str(one.jurisdiction) for one in places)))
    return lines
