"""The desk's pages of copies: what waits, what is suspect, which files are damaged."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.captures.choices import CaptureState
from promises.captures.deciding import confirm_capture, set_aside_capture
from promises.captures.models import Capture, CaptureWaiver, StoredFile
from promises.captures.previews import preview_address
from promises.captures.store import NotStored, the_store
from promises.desk.captures.steps import what_came
from promises.desk.front import Waiting
from promises.desk.lists.plain_filters import IS_DAMAGED, IS_OVER, OfferFilter
from promises.desk.record_admin import Fact, ReadOnlyAdmin
from promises.desk.saving.forms import PlainTextarea, ReasonForm
from promises.desk.saving.steps import Step, each
from promises.evidence.models import EvidenceLink

# Words of a copy that are shown for a first look.
SHOWN = 3000


class ConfirmForm(forms.Form):
    """Asks why a suspect copy counts."""

    note = forms.CharField(
        label=_("Why it counts"), widget=PlainTextarea, help_text=_("For the desk.")
    )


class StandsFilter(OfferFilter):
    """Keeps captures by what they wait for."""

    title = _("where it stands")
    parameter_name = "stands"
    offers = (
        (
            "waiting",
            _("waits for a worker or its next try"),
            lambda rows, person, now: rows.waiting(),
        ),
        (
            "failed",
            _("tried, without a copy so far"),
            lambda rows, person, now: rows.waiting().exclude(error_code=""),
        ),
        (
            "hand",
            _("in a worker's hands"),
            lambda rows, person, now: rows.waiting().filter(leased_until__gt=now),
        ),
        ("suspect", _("suspect, to look at"), lambda rows, person, now: rows.suspect()),
        ("good", _("counts as captured"), lambda rows, person, now: rows.good()),
        (
            "aside",
            _("set aside"),
            lambda rows, person, now: rows.filter(state=CaptureState.SET_ASIDE),
        ),
    )


def _suspect(_person: User, _now: datetime) -> Any:
    return Capture.objects.suspect().select_related("evidence").order_by("pk")


def _pledges(records: Any) -> Any:
    links = EvidenceLink.objects.filter(evidence__in=[row.evidence_id for row in records])
    return links.values_list("pledge_id", flat=True)


@admin.register(Capture)
class CaptureAdmin(ReadOnlyAdmin):
    """Copies of evidence, and the wishes for them."""

    boxes = (
        Waiting(
            47,
            _("Suspect copies to look at"),
            _suspect,
            "stands=suspect",
            lambda capture: str(capture.evidence),
            lambda capture, _now: capture.looks_like,
            needs="captures.confirm_capture",
        ),
    )
    fields = (
        "about",
        ("how", "looks_like"),
        ("asked_url", "final_url"),
        ("asked_at", "asked_by"),
        ("requested_at", "captured_at", "http_status"),
        ("media_type", "charset", "file_name"),
        "files",
        "beginning",
        "said",
        ("attempts", "next_try_at", "leased_until"),
        ("error_code", "last_error"),
        ("confirmed_at", "confirmed_by", "confirmation_note"),
        ("set_aside_at", "set_aside_by", "set_aside_reason"),
    )
    readonly_fields = ("about", "looks_like", "files", "beginning", "said")
    list_display = ("__str__", "how", "captured_at", "verdict", "attempts", "next_try_at", "reason")
    list_filter = (StandsFilter, "how", "verdict")
    search_fields = ("evidence__title", "evidence__slug", "asked_url")
    list_select_related = ("evidence",)
    ordering = ("-pk",)
    steps = (
        Step(
            name="confirm",
            label=_("It counts"),
            explains=_("You have looked at the copy, and it shows what the evidence says."),
            done=_("Confirmed"),
            act=each(confirm_capture, "capture"),
            asks=ConfirmForm,
            is_offered=lambda capture, _person: capture.is_to_look_at,
            pledges=_pledges,
        ),
        Step(
            name="set-aside",
            label=_("Set aside"),
            explains=_("It counts no more. Its files stay."),
            done=_("Set aside"),
            act=each(set_aside_capture, "capture"),
            asks=ReasonForm,
            is_offered=lambda capture, _person: capture.state != CaptureState.SET_ASIDE,
            pledges=_pledges,
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        """Add the files of a copy."""
        view = self.admin_site.admin_view(self.file_view)
        there = path("<int:pk>/<slug:kind>.bin", view, name="captures_capture_file")
        return [there, *super().get_urls()]

    def file_view(self, request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
        """Hand out a file of a copy as a download."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        capture = self.get_object(request, str(pk))
        name = getattr(capture, f"{kind}_id", None) if kind in _KINDS else None
        if capture is None or not name:
            raise Http404
        try:
            file = the_store().open(name)
        except NotStored as error:
            raise Http404(gettext("The file is gone from the store.")) from error
        return FileResponse(
            file,
            as_attachment=True,
            filename=f"{capture.evidence.slug}-{kind}.{_KINDS[kind]}",
            content_type="application/octet-stream",
        )

    def facts(self, request: HttpRequest, record: Capture) -> list[Fact]:
        """Say what came of it and when, and how many wait before and beside it."""
        lines = [what_came(record)]
        if record.state == CaptureState.WAITING:
            waiting = Capture.objects.waiting().count()
            lines.append(Fact(_("Waiting in all"), str(waiting)))
        return lines

    @admin.display(description=_("evidence"))
    def about(self, capture: Capture) -> str:
        """Return the evidence, linked to its page."""
        address = reverse("admin:evidence_evidence_change", args=[capture.evidence_id])
        return format_html('<a href="{}">{}</a>', address, capture.evidence)

    @admin.display(description=_("what it looks like"))
    def looks_like(self, capture: Capture) -> str:
        """Return what came, in words."""
        return capture.looks_like or self.get_empty_value_display()

    @admin.display(description=_("files"))
    def files(self, capture: Capture) -> str:
        """Return the files, each with its hash."""
        named = [
            (
                reverse("admin:captures_capture_file", args=[capture.pk, kind]),
                label,
                getattr(capture, f"{kind}_id"),
            )
            for kind, label in _LABELS.items()
            if getattr(capture, f"{kind}_id")
        ]
        rows = format_html_join("\n", '<p><a href="{}">{}</a> {}</p>', named)
        found = format_html("{}{}", rows, self._look(capture))
        return found or self.get_empty_value_display()

    def _look(self, capture: Capture) -> str:
        """Return a link to the copy on its own origin, where there is one."""
        address = capture.body_id and preview_address(capture.body_id)
        if not address:
            return ""
        words = _("Look at the copy (the link works for ten minutes)")
        return format_html('<p><a href="{}">{}</a></p>', address, words)

    @admin.display(description=_("its beginning"))
    def beginning(self, capture: Capture) -> str:
        """Return the first words that were read from it, as text: nothing of it runs here."""
        text = capture.text.text[:SHOWN] if capture.text else ""
        return text or str(self.get_empty_value_display())

    @admin.display(description=_("headers"))
    def said(self, capture: Capture) -> str:
        """Return what the server said of it."""
        return (
            "\n".join(f"{name}: {value}" for name, value in capture.headers)
            or self.get_empty_value_display()
        )

    @admin.display(description=_("why not"))
    def reason(self, capture: Capture) -> str:
        """Return why there is no copy yet."""
        return str(capture.last_error or capture.error_code)


_KINDS = {"body": "bin", "warc": "warc.gz", "rendering": "pdf"}
_LABELS = {"body": _("the file"), "warc": _("WARC"), "rendering": _("print")}


@admin.register(CaptureWaiver)
class CaptureWaiverAdmin(ReadOnlyAdmin):
    """Why evidence may be cited without a copy."""

    list_display = ("__str__", "waived_at", "waived_by", "ended_at")
    list_filter = (("ended_at", IS_OVER),)
    search_fields = ("evidence__title", "evidence__slug", "reason")
    list_select_related = ("evidence", "waived_by")
    ordering = ("-pk",)


@admin.register(StoredFile)
class StoredFileAdmin(ReadOnlyAdmin):
    """Files of copies, and what the nightly scrub found of them."""

    list_display = ("sha256", "size", "stored_at", "last_verified_at", "damaged_at", "damage")
    list_filter = (("damaged_at", IS_DAMAGED),)
    search_fields = ("sha256",)
    ordering = ("-pk",)

    def facts(self, request: HttpRequest, record: StoredFile) -> list[Fact]:
        """Say when the file was signed, and by whom."""
        return [
            Fact(_("Signed"), f"{stamp.signed_at:%Y-%m-%d %H:%M:%S} UTC, {stamp.authority}")
            for stamp in record.timestamps.all()
        ]
