"""The admin site itself: its name, its order, its front page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from promises.common.numbers import whole_number
from promises.desk.entrance.factors import shows_second_factor, way_in
from promises.desk.front import front_boxes, handed_in
from promises.desk.namesakes import told_apart
from promises.desk.saving.steps import editor
from promises.officials.models import Term

# Kept lists of tables: a few roles in a few languages.
_MOST_KEPT = 100
# The order in which people work, not the alphabet.
ORDER = (
    "pledges.Pledge",
    "pledges.PledgeTranslation",
    "pledges.Topic",
    "pledges.GeneralTerm",
    "evidence.Evidence",
    "sources.Source",
    "imports.Import",
    "discovery.Candidate",
    "discovery.Feed",
    "record_requests.RecordRequest",
    "record_requests.RecordsLaw",
    "updates.StatusUpdate",
    "updates.Review",
    "updates.Correction",
    "updates.Response",
    "captures.Capture",
    "captures.CaptureWaiver",
    "captures.StoredFile",
    "updates.MethodologyVersion",
    "newsroom.Assignment",
    "newsroom.PlannedPublication",
    "newsroom.Embargo",
    "newsroom.Comment",
    "suggestions.Challenge",
    "suggestions.Suggestion",
    "staleness.StaleFlag",
    "staleness.ReviewPolicy",
    "staleness.ReviewBy",
    "staleness.MetricLimit",
    "staleness.Watched",
    "staleness.Lapse",
    "staleness.Sweep",
    "officials.Person",
    "officials.Term",
    "officials.Office",
    "officials.Jurisdiction",
    "officials.Election",
    "officials.ResultReport",
    "officials.ConflictOfInterest",
    "metrics.Metric",
    "metrics.MetricSource",
    "metrics.MetricAnnotation",
    "metrics.Observation",
    "ledger.Entry",
    "outbox.Delivery",
    "alerts.Subscriber",
    "webhooks.Endpoint",
    "accounts.User",
    "accounts.ApiKey",
    "accounts.SecurityEvent",
    "auth.Group",
)


class NamedAutocomplete(AutocompleteJsonView):
    """Django's answers to autocompletes, with the names of `RecordAdmin.name_of`."""

    def get_queryset(self) -> Any:
        """Offer the terms of the person who is chosen beside them, where one is."""
        rows = super().get_queryset()
        person = whole_number(self.request.GET.get("person", ""))
        is_of_person = person is not None and self.model_admin.model is Term
        return rows.filter(person=person) if is_of_person else rows

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """Name the records that are offered together, each told from the others."""
        context = super().get_context_data(**given)
        name_of = getattr(self.model_admin, "name_of", str)
        names = {record: name_of(record) for record in context["object_list"]}
        self.names = told_apart(names, getattr(self.model_admin, "tells_apart", ()))
        return context

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        """Return one choice."""
        return {**super().serialize_result(obj, to_field_name), "text": self.names[obj]}


class DeskSite(AdminSite):
    """The desk: stock Django admin with a front page of what waits."""

    site_header = _("Promise tracker desk")
    site_title = _("Desk")
    index_title = _("What waits")
    empty_value_display = "—"
    # The tables stand in the header instead: lists and forms need the room.
    enable_nav_sidebar = False

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        # Deleting in bulk would pass by the actions.
        self.disable_action("delete_selected")
        self._tables_of: dict[Any, list[Any]] = {}

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in who works here and, where it is asked for, has shown a second factor."""
        return super().has_permission(request) and shows_second_factor(request)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Refuse an address with a NUL before any page or filter asks the database for it."""
        page = super().admin_view(view, cacheable)

        @wraps(page)
        def answered(request: HttpRequest, *args: Any, **given: Any) -> Any:
            if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path:
                raise BadRequest("The address holds a NUL.")
            return page(request, *args, **given)

        return answered

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Lead to the entrance, which has the only form to log in."""
        if request.user.is_authenticated and not super().has_permission(request):
            raise PermissionDenied
        return way_in(request)

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        """Log out as everywhere, which keeps it in the log."""
        if request.method == "POST":
            get_adapter(request).logout(request)
        return HttpResponseRedirect(reverse("account_login"))

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Lead to the page that asks for the old password and tells the owner."""
        return HttpResponseRedirect(reverse("account_change_password"))

    def get_app_list(self, request: Any, app_label: str | None = None) -> list[Any]:
        """Return apps and tables in the order of the work.

        They follow from a person's rights and the language alone, so they are kept: every page of
        the desk shows them, and asking fifty tables for rights and addresses takes a third of it.
        """
        person = request.user
        rights = None if person.is_superuser else frozenset(person.get_all_permissions())
        shown_to = (app_label, person.is_active, rights, get_language(), get_script_prefix())
        found = self._tables_of.get(shown_to)
        if found is None:
            if len(self._tables_of) >= _MOST_KEPT:
                self._tables_of.clear()
            found = self._tables_of[shown_to] = self._ordered(request, app_label)
        return found

    def _ordered(self, request: Any, app_label: str | None) -> list[Any]:
        apps = list(self._build_app_dict(request, app_label).values())
        for app in apps:
            app["models"].sort(key=lambda table: ORDER.index(table["model"]._meta.label))
        return sorted(apps, key=lambda app: ORDER.index(app["models"][0]["model"]._meta.label))

    def autocomplete_view(self, request: HttpRequest) -> Any:
        """Answer autocompletes with the names that the admin of a table gives its rows."""
        return NamedAutocomplete.as_view(admin_site=self)(request)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show what waits, above the list of tables."""
        boxes = front_boxes(site=self, request=request, now=timezone.now())
        lists = handed_in(site=self, person=editor(request))
        shown = {"boxes": boxes, "handed_in": lists, **(extra_context or {})}
        return super().index(request, shown)
