"""Filters of lists whose column alone would say too little: "By ended at: empty, not empty"."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promises.accounts.choices import Role
from promises.accounts.models import User
from promises.desk.saving.steps import editor


def whether(title: Any, *, empty: Any, filled: Any) -> type[admin.filters.EmptyFieldListFilter]:
    """Return a filter by whether a column is filled, which says what that means for a row."""

    class Whether(admin.filters.EmptyFieldListFilter):
        def __init__(self, *args: Any, **given: Any) -> None:
            super().__init__(*args, **given)
            self.title = title

        def choices(self, changelist: Any) -> Any:
            every, is_empty, is_filled = super().choices(changelist)
            yield every
            yield {**is_empty, "display": empty}
            yield {**is_filled, "display": filled}

    return Whether


IS_OVER = whether(_("whether it is over"), empty=_("in force"), filled=_("over"))
IS_CLOSED = whether(_("whether it is open"), empty=_("open"), filled=_("closed"))
IS_REVOKED = whether(_("whether it can be used"), empty=_("not revoked"), filled=_("revoked"))
IS_WITHDRAWN = whether(_("whether it stands"), empty=_("stands"), filled=_("withdrawn"))
IS_DAMAGED = whether(_("condition"), empty=_("not found damaged"), filled=_("found damaged"))


# A choice of a filter: its value in the address, what it is called, and which of these rows it
# keeps for this person at this moment.
Offer = tuple[str, Any, Callable[[Any, User, datetime], Any]]


class OfferFilter(admin.SimpleListFilter):
    """A filter whose choices each say what they keep."""

    offers: ClassVar[Sequence[Offer]]
    # What the list is called, and keeps, as long as nothing is chosen: everything, unless it says.
    unless_chosen: ClassVar[tuple[Any, Callable[[Any, User, datetime], Any]] | None] = None

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer them."""
        return [(value, label) for value, label, _keep in self.offers]

    def choices(self, changelist: Any) -> Any:
        """Call the default by its name."""
        first, *others = super().choices(changelist)
        yield {**first, "display": self.unless_chosen[0]} if self.unless_chosen else first
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep what was chosen."""
        keeps = {value: keep for value, _label, keep in self.offers}
        default = self.unless_chosen[1] if self.unless_chosen else None
        keep = keeps.get(self.value() or "", default)
        return keep(queryset, editor(request), timezone.now()) if keep else None


class OriginFilter(admin.BooleanFieldListFilter):
    """Keeps the ratings that came with an import, or those that were written here."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.title = _("where it was written")

    def choices(self, changelist: Any) -> Any:
        """Say what yes and no mean."""
        every, imported, written = super().choices(changelist)
        yield every
        yield {**imported, "display": _("elsewhere, and imported")}
        yield {**written, "display": _("here")}


class DeliveryFilter(OfferFilter):
    """Keeps the mails that wait, that were sent, or that nobody tries to send any more."""

    title = _("where it stands")
    parameter_name = "stands"
    offers = (
        ("waiting", _("waits"), lambda rows, person, now: rows.waiting()),
        ("given-up", _("given up"), lambda rows, person, now: rows.set_aside()),
        ("sent", _("sent"), lambda rows, person, now: rows.filter(sent_at__isnull=False)),
    )


class RoleFilter(admin.SimpleListFilter):
    """Keeps the people with one role, or without any."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer every role, and none."""
        return [*((role, role) for role in Role.values), ("none", _("none"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep them."""
        match self.value():
            case None:
                return None
            case "none":
                return queryset.exclude(groups__name__in=Role.values)
            case role:
                return queryset.filter(groups__name=role)
