"""Filters of lists whose column alone would say too little: "By ended at: empty, not empty"."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from promises.accounts.choices import Role


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


class DeliveryFilter(admin.SimpleListFilter):
    """Keeps the mails that wait, that were sent, or that nobody tries to send any more."""

    title = _("where it stands")
    parameter_name = "stands"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the three ends of a mail."""
        return [("waiting", _("waits")), ("given-up", _("given up")), ("sent", _("sent"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep them."""
        match self.value():
            case "waiting":
                return queryset.waiting()
            case "given-up":
                return queryset.set_aside()
            case "sent":
                return queryset.filter(sent_at__isnull=False)
            case _:
                return None


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
