"""Steps on the page of evidence that bring copies of it, or say why there need be none."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.captures.actions import ask_for_capture, keep_upload
from promises.captures.copies import Copy
from promises.captures.deciding import end_waiver, waive_capture
from promises.captures.models import Capture, CaptureWaiver
from promises.common.bells import ring
from promises.common.refusals import Refused
from promises.desk.record_admin import Fact
from promises.desk.saving.forms import PlainTextarea
from promises.desk.saving.steps import Step, each
from promises.editorial.choices import State
from promises.evidence.models import Evidence, EvidenceLink


class CopyForm(forms.Form):
    """Asks for a file that is a copy of the evidence."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, web page, text, CSV or XLSX, up to 25 MB. Readers can download it."),
    )

    def clean_file(self) -> tuple[str, Copy]:
        """Store the file, before the transaction of the step; return its name and what it is."""
        # With it comes all that fetches pages, which the desk has no other use for.
        from promises.captures.capturing import read_upload

        file = self.cleaned_data["file"]
        try:
            copy = read_upload(file, said=file.content_type or "", now=timezone.now())
        except Refused as error:
            raise ValidationError(str(error)) from error
        return str(file.name), copy


class WaiverForm(forms.Form):
    """Asks why there need be no copy."""

    reason = forms.CharField(
        label=_("Why there need be no copy"),
        widget=PlainTextarea,
        help_text=_("Readers see it beside the source."),
    )


def _capture(records: Iterable[Evidence], *, by: User, now: datetime) -> None:
    for evidence in records:
        ask_for_capture(evidence=evidence, by=by, now=now)
    transaction.on_commit(partial(ring, "promises.captures.tasks.capture"))


def _upload(
    records: Iterable[Evidence], *, by: User, now: datetime, file: tuple[str, Copy]
) -> None:
    name, copy = file
    for evidence in records:
        copy = replace(copy, captured_at=now)
        keep_upload(evidence=evidence, copy=copy, file_name=name, by=by, now=now)


def _pledges(records: Iterable[Evidence]) -> Iterable[int]:
    """Return the pledges that these pieces of evidence speak about."""
    links = EvidenceLink.objects.filter(evidence__in=[piece.pk for piece in records])
    return links.values_list("pledge_id", flat=True)


def _is_kept(piece: Evidence, _person: User) -> bool:
    return piece.state != State.RETRACTED


def _waiver_of(piece: Evidence) -> CaptureWaiver | None:
    return CaptureWaiver.objects.in_force().filter(evidence=piece).first()


_shared = partial(Step, pledges=_pledges, is_aside=True, box=_("Copies"))
COPIES = (
    _shared(
        name="capture",
        label=_("Capture"),
        explains=_("A worker fetches a copy from its web address, within a minute or so."),
        done=_("Asked for a copy"),
        act=_capture,
        is_offered=lambda piece, person: bool(piece.url) and _is_kept(piece, person),
    ),
    _shared(
        name="upload",
        label=_("Upload a copy"),
        explains=_("A file that shows what the evidence says. It counts as captured."),
        done=_("Kept a copy"),
        act=_upload,
        asks=CopyForm,
        is_offered=_is_kept,
    ),
    _shared(
        name="waive",
        label=_("Waive the copy"),
        explains=_("The evidence may be cited for kept and broken without a copy."),
        done=_("Waived the copy"),
        act=each(waive_capture, "evidence"),
        asks=WaiverForm,
        is_offered=lambda piece, person: _is_kept(piece, person) and not _waiver_of(piece),
    ),
    _shared(
        name="end-waiver",
        label=_("End the waiver"),
        explains=_("From now on a copy is asked for again."),
        done=_("Ended the waiver"),
        act=each(end_waiver, "evidence"),
        is_offered=lambda piece, _person: _waiver_of(piece) is not None,
    ),
)


def copy_facts(piece: Evidence) -> list[Fact]:
    """Say whether there is a copy, and what stands in the way of one. Two queries."""
    captures = piece.captures.select_related("confirmed_by").newest_first()[:5]
    facts = [
        replace(what_came(one), address=reverse("admin:captures_capture_change", args=[one.pk]))
        for one in captures
    ]
    if waiver := _waiver_of(piece):
        facts.append(Fact(_("Copy waived"), waiver.reason))
    return facts or [Fact(_("Copy"), gettext("none yet"), is_warning=True)]


def what_came(capture: Capture) -> Fact:
    """Say what came of asking for a copy, and when."""
    words: dict[str, Any] = {
        "day": _moment(capture.captured_at),
        "next": _moment(capture.next_try_at),
        "why": capture.last_error or capture.error_code,
        "verdict": capture.looks_like,
    }
    if capture.set_aside_at:
        words |= {"when": _moment(capture.set_aside_at), "why": capture.set_aside_reason}
        return Fact(_("Copy"), gettext("set aside on %(when)s: %(why)s") % words)
    if capture.is_good and capture.confirmed_at:
        words |= {"who": capture.confirmed_by, "when": _moment(capture.confirmed_at)}
        text = gettext("captured on %(day)s; %(who)s confirmed it on %(when)s")
        return Fact(_("Copy"), text % words)
    if capture.is_good:
        return Fact(_("Copy"), gettext("captured on %(day)s") % words)
    if capture.captured_at:
        text = gettext("of %(day)s looks like %(verdict)s: someone has to look at it")
        return Fact(_("Suspect copy"), text % words, is_warning=True)
    if not words["why"]:
        return Fact(_("Copy"), gettext("asked for; a worker fetches it"))
    return Fact(_("Copy"), gettext("not captured: %(why)s Next try %(next)s") % words)


def _moment(at: datetime | None) -> str:
    return date_format(at, "DATETIME_FORMAT") if at else ""
