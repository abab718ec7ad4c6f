"""The desk's page of the people who log in."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.accounts.choices import Role
from promises.accounts.models import User
from promises.desk.accounts.roles import WithRole
from promises.desk.accounts.security import WithLoginSteps
from promises.desk.lists.large import WithLongList
from promises.desk.lists.plain_filters import RoleFilter
from promises.desk.saving.forms import RecordForm
from promises.desk.saving.seen_forms import SeenForm, WithSeenForm

if TYPE_CHECKING:
    StockUserAdmin = UserAdmin[User]
    StockPasswordForm = AdminPasswordChangeForm[User]
    StockChangeForm = UserChangeForm[User]
    StockCreationForm = UserCreationForm[User]
else:
    StockUserAdmin = UserAdmin
    StockPasswordForm = AdminPasswordChangeForm
    StockChangeForm = UserChangeForm
    StockCreationForm = UserCreationForm

# What makes someone powerful: only who has every right already can give it.
# The roles themselves are given by a step.
POWERS = ("is_staff", "is_superuser", "is_service")


class NewPasswordForm(StockPasswordForm):
    """A password that an administrator sets for someone. To keep someone out, a login is closed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Django asks whether there is to be a password at all, for other ways in.
        self.fields.pop("usable_password", None)
        for field in self.fields.values():
            field.required = True

    def save(self, commit: bool = True) -> User:
        """Save the password and nothing else: others may have changed the login since."""
        person: User = super().save(commit=False)
        person.save(update_fields=["password"])
        return person


class NewLoginForm(StockCreationForm, RecordForm):
    """A new login. It has no password until its person sets one."""

    class Meta(UserCreationForm.Meta):
        help_texts: ClassVar[dict[str, Any]] = {
            "email": _("The link to set a password goes there.")
        }

    password1 = password2 = None  # type: ignore[assignment]

    def set_password_and_save(self, user: User, *args: Any, **given: Any) -> User:
        """Leave it without a password; the admin saves it."""
        user.set_unusable_password()
        return user


class LoginForm(StockChangeForm, SeenForm):
    """Django's form of a user, which knows what its page showed."""

    class Meta(UserChangeForm.Meta):
        # Django's own speak of a box that is not there and of a site of another name.
        help_texts: ClassVar[dict[str, Any]] = {
            "is_active": _("Changed by the steps that close a login and open it again."),
            "is_staff": _("Opens the desk. Whoever is given a role has it."),
            "is_superuser": _("Every right of the desk; the rules bind them all the same."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "password" in self.fields and not self.instance.has_usable_password():
            self.fields["password"].help_text = _how_to_get_a_password(self.instance)


def _how_to_get_a_password(person: User) -> Any:
    """Return where a link is sent from: its button stands on the page of an open login alone."""
    if person.is_service or not person.is_active:
        return ""
    if not person.email:
        return _("Enter an email address and save: then a link can be sent by a button.")
    return _("Send a link to set a password by the button below, or set one here.")


@admin.register(User)
class PersonWhoLogsInAdmin(WithSeenForm, WithRole, WithLoginSteps, WithLongList, StockUserAdmin):
    """Django's own page of users, with the public name. Nobody is deleted: records name them."""

    steps = (*WithRole.steps, *WithLoginSteps.steps)
    form, add_form = LoginForm, NewLoginForm
    add_form_template = "admin/record.html"
    change_user_password_template = "admin/password.html"  # noqa: S105 -- its address
    change_password_form = NewPasswordForm
    list_display = (
        "username",
        "display_name",
        "role",
        "email",
        "last_login",
        "is_active",
        "is_service",
    )
    list_filter = (RoleFilter, "is_active", "is_service", "is_staff", "is_superuser")
    search_fields = ("username", "display_name", "email")
    ordering = ("username", "pk")
    fieldsets = (
        (None, {"fields": ("username", "password", "display_name", "email")}),
        (_("Permissions"), {"fields": ("is_active", *POWERS)}),
        (_("Important dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "description": _("Then give a role, and send a link to set a password."),
                "fields": ("username", "display_name", "email"),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring the role that the list shows."""
        role = Group.objects.filter(user=OuterRef("pk"), name__in=Role.values)
        return super().get_queryset(request).annotate(role_name=Subquery(role.values("name")[:1]))

    @admin.display(description=_("role"))
    def role(self, person: Any) -> str:
        """Return what someone is at the desk."""
        if person.is_superuser:
            return gettext("every right")
        return person.role_name or "—"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Say nothing of a password to who cannot set it."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        (title, first), *others = fieldsets
        fields = [name for name in first["fields"] if name != "password"]
        return [(title, {**first, "fields": fields}), *others]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Let nobody raise themselves. Logins are closed and opened by steps, which say why."""
        fields = ("last_login", "date_joined", "factors", "is_active")
        return fields if request.user.is_superuser else (*fields, *POWERS)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let nobody take over the account of someone with more rights."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or request.user.is_superuser or not obj.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Switch an account off instead."""
        return False
