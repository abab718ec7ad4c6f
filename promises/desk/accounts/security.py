"""The desk's page of the security log, and what administrators do to the logins of others."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from promises.accounts.actions import close_login, lock_logins, open_login
from promises.accounts.models import SecurityEvent, User
from promises.accounts.querysets import factors_of
from promises.accounts.security import (
    change_email,
    end_sessions_of,
    invite,
    record_password_set,
    remove_second_factor,
)
from promises.common.text import without_control_characters
from promises.desk.entrance.log import browser_name, means_words
from promises.desk.record_admin import ReadOnlyAdmin
from promises.desk.saving.steps import Step, WithSteps, each, editor

if TYPE_CHECKING:
    from django.contrib.auth.admin import UserAdmin

    StockUserAdmin = UserAdmin[User]
else:
    StockUserAdmin = object

# The pages that allauth brings along show keys and secrets.
admin.site.unregister([EmailAddress, Authenticator, UserSession])


@admin.register(SecurityEvent)
class SecurityEventAdmin(ReadOnlyAdmin):
    """What happened to whose login. It can only be read."""

    fields = ("happened_at", "kind", "person", "by", "with_what", "reason", "address", "browser")
    readonly_fields = ("with_what",)
    list_display = ("happened_at", "kind", "person", "with_what", "by", "address", "where")
    list_filter = ("kind", "happened_at")
    search_fields = ("person__username", "person__display_name", "address", "reason")
    ordering = ("-happened_at", "-pk")
    related = ("person", "by")

    @admin.display(description=_("with"))
    def with_what(self, event: SecurityEvent) -> str:
        """Return what was shown, in words."""
        return means_words(event.means)

    @admin.display(description=_("browser"))
    def where(self, event: SecurityEvent) -> str:
        """Return the browser, in words."""
        return browser_name(event.browser) if event.browser else ""


class WhyForm(forms.Form):
    """Why it is done. The person can read it."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        validators=[without_control_characters],
        help_text=_("Kept in the security log, where the person can read it."),
    )


def _is_other(person: User, by: User) -> bool:
    return person.pk != by.pk and not person.is_service


STEPS = (
    Step(
        name="invite",
        label=_("Send a link to set a password"),
        explains=_("The person gets a mail with a link that works once, for three days."),
        done=_("Link on its way to"),
        act=each(invite, "person"),
        asks=WhyForm,
        is_offered=lambda person, _by: (
            bool(person.email and person.is_active) and not person.is_service
        ),
    ),
    Step(
        name="end-sessions",
        label=_("End all sessions"),
        explains=_("The person is logged out everywhere at the next request."),
        done=_("Logged out everywhere"),
        act=each(end_sessions_of, "person"),
        asks=WhyForm,
        is_offered=_is_other,
    ),
    Step(
        name="remove-second-factor",
        label=_("Remove the second factor"),
        explains=_(
            "For someone who lost theirs. Make sure by voice or in person who asks. App, passkeys "
            "and recovery codes are removed, all sessions end, and the person gets a mail."
        ),
        done=_("Second factor removed"),
        act=each(remove_second_factor, "person"),
        asks=WhyForm,
        is_offered=lambda person, by: _is_other(person, by) and factors_of(person).exists(),
    ),
    Step(
        name="close",
        label=_("Close the login"),
        explains=_(
            "For someone who leaves. All sessions end at the next request, keys are revoked, "
            "webhooks closed, and what the person planned is not published."
        ),
        done=_("Login closed"),
        act=each(close_login, "person"),
        asks=WhyForm,
        is_offered=lambda person, by: person.is_active and _is_other(person, by),
    ),
    Step(
        name="open",
        label=_("Open the login again"),
        explains=_(
            "The person logs in as before, gets a mail, and makes new keys where they need any. "
            "Nothing else that closing has ended comes back by itself."
        ),
        done=_("Login opened again"),
        act=each(open_login, "person"),
        asks=WhyForm,
        is_offered=lambda person, _by: not person.is_active,
    ),
)


class WithLoginSteps(WithSteps, StockUserAdmin):
    """The page of a person, with steps on their login and what it is secured with."""

    steps: ClassVar[Sequence[Step]] = STEPS

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the second factor of a person."""
        sets = super().get_fieldsets(request, obj)
        return sets if obj is None else (*sets, (_("Second factor"), {"fields": ("factors",)}))

    @admin.display(description=_("Second factor"))
    def factors(self, person: User) -> str:
        """Return what a person has, by name."""
        return ", ".join(str(factor) for factor in factors_of(person)) or _now("none")

    def step_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Keep to what may be changed: nobody acts on someone with more rights."""
        person = self.get_object(request, object_id)
        if person is not None and not self.has_change_permission(request, person):
            raise PermissionDenied
        return super().step_view(request, object_id, name)

    def _take(self, request: HttpRequest, step: Step, record: Any, *given: Any) -> None:
        """Lock both logins before that of the step is compared: two who act on each other."""
        lock_logins(record, editor(request))
        super()._take(request, step, record, *given)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **given: Any
    ) -> HttpResponse:
        """Add the steps."""
        if context["original"] is not None:
            context["steps"] = self.steps_for(request, context["original"])
        return super().render_change_form(request, context, *args, **given)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save what was changed. Another address for mails is an act: the one before hears of it.

        Nothing else: the rest is as it was when this was read, and others may have changed it.
        """
        if change and "email" in form.changed_data:
            change_email(
                person=obj,
                email=obj.email,
                reason=_now("Address changed on the desk."),
                by=editor(request),
                now=timezone.now(),
            )
        if change:
            obj.save(update_fields=form.changed_data)
        else:
            super().save_model(request, obj, form, change)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Go on to the step whose button saved the page."""
        if step := self.step_named(request.POST.get("_step")):
            return HttpResponseRedirect(self.step_address(step, obj))
        return super().response_change(request, obj)

    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002 -- Django's name
        form_url: str = "",
    ) -> HttpResponse:
        """Keep that an administrator has set a password, and tell its owner.

        One's own needs the old one: it is changed on one's own page.
        """
        person = self.get_object(request, unquote(id))
        if person is not None and person.pk == request.user.pk:
            return HttpResponseRedirect(reverse("account_change_password"))
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
            if person is not None and _password_of(person) != person.password:
                record_password_set(
                    person=person,
                    reason=_now("Password set on the desk."),
                    by=editor(request),
                    now=timezone.now(),
                )
        return response


def _password_of(person: User) -> str:
    return User.objects.values_list("password", flat=True).get(pk=person.pk)
