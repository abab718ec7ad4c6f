"""Filters by what waits for whom before readers see it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from promises.desk.steps import editor


class ItemWaitsFilter(admin.SimpleListFilter):
    """Keeps the pledges or evidence that wait for a person."""

    title = _("what it waits for")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer what the front page counts."""
        return [("review", _("for a second person")), ("author", _("came back to me"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Ask the reads of the front page."""
        match self.value():
            case "review":
                return queryset.handed_in_by_others(editor(request))
            case "author":
                return queryset.returned_to(editor(request))
            case _:
                return None


class WorkFilter(admin.SimpleListFilter):
    """Keeps the work that is still to be done, or mine."""

    title = _("whose hands it is in")
    parameter_name = "hands"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer mine, and whatever is open."""
        return [("mine", _("me")), ("open", _("anyone, not yet done"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep it."""
        match self.value():
            case "mine":
                return queryset.given_to(editor(request))
            case "open":
                return queryset.open()
            case _:
                return None


class PlanFilter(admin.SimpleListFilter):
    """Keeps the plans that someone should know of."""

    title = _("plan")
    parameter_name = "plan"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer those that are not over."""
        return [("waiting", _("to come, or set aside"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep them."""
        return queryset.waiting() if self.value() == "waiting" else None
