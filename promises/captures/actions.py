"""The life of a copy: asked for, taken into hand, brought or put off."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from promises.accounts.models import User
from promises.captures.choices import CaptureState, How
from promises.captures.copies import Copy, Stored
from promises.captures.models import Capture, CaptureWaiver, StoredFile
from promises.captures.querysets import CaptureQuerySet
from promises.captures.rules import LEASE, pause_after
from promises.captures.telling import locked_with_pledges, tell_of_copy
from promises.common.refusals import Refused
from promises.common.text import without_control_characters
from promises.common.writes import write
from promises.evidence.models import Evidence
from promises.sources.actions import kept_texts
from promises.sources.entering import host_of


class NothingToFetch(Refused):
    """The evidence has no web address."""


@write
def ask_for_capture(*, evidence: Evidence, by: User, now: datetime) -> Capture:
    """Ask for a copy now; one that waits already is tried now. Raises NothingToFetch."""
    rows = Evidence.objects.select_for_update(of=("self",), no_key=True)
    evidence = rows.get(pk=evidence.pk)
    if not evidence.url:
        raise NothingToFetch(_("It has no web address to fetch. Upload a file, or waive the copy."))
    waiting = Capture.objects.waiting().select_for_update().filter(evidence=evidence).first()
    if waiting is None:
        return Capture.objects.create(
            evidence=evidence,
            how=How.FETCHED,
            asked_url=evidence.url,
            asked_at=now,
            asked_by=by,
            next_try_at=now,
        )
    waiting.next_try_at = now
    waiting.save(update_fields=["next_try_at"])
    return waiting


@write
def ask_for_missing(*, limit: int, by: User, now: datetime) -> int:
    """Ask for copies of public evidence that has none; return of how many pieces.

    Two at once ask for each piece once.
    """
    there = Capture.objects.of_its_address().exclude(how=How.UPLOADED, state=CaptureState.SET_ASIDE)
    missing = (
        Evidence.objects.published()
        .exclude(url="")
        .exclude(pk__in=there.values("evidence"))
        .exclude(pk__in=Capture.objects.waiting().values("evidence"))
        .exclude(pk__in=CaptureWaiver.objects.in_force().values("evidence"))
        .order_by("pk")[:limit]
    )
    wanted = [
        Capture(
            evidence=evidence,
            how=How.FETCHED,
            asked_url=evidence.url,
            asked_at=now,
            asked_by=by,
            next_try_at=now,
        )
        for evidence in missing
    ]
    Capture.objects.bulk_create(wanted, ignore_conflicts=True)
    return len(wanted)


@write
def lease_captures(
    *, limit: int, by: User, now: datetime, only: int | None = None
) -> list[Capture]:
    """Take up to `limit` due captures into one's hands and count the try; one a host.

    `only` takes the one of that id. What is in another worker's hands is passed over. The
    address is the one that the evidence names today.
    """
    due: CaptureQuerySet = Capture.objects.due(now)
    if only is not None:
        due = due.filter(pk=only)
    rows = due.select_related("evidence").select_for_update(of=("self",), skip_locked=True)
    taken: dict[str, Capture] = {}
    for capture in rows[: limit * 5]:
        url = capture.evidence.url
        host = host_of(url)
        if len(taken) == limit or host in taken:
            continue
        taken[host] = capture
        capture.attempts += 1
        capture.leased_until = now + LEASE
        capture.asked_url = url
        capture.save(update_fields=["attempts", "leased_until", "asked_url"])
    return list(taken.values())


@write
def put_off(
    *, capture: Capture, code: str, error: str, chance: float, by: User, now: datetime
) -> bool:
    """Note why no copy came, and plan the next try; `chance` spreads the tries.

    False when the capture is no longer in the caller's hands.
    """
    return (
        _in_hand(capture).update(
            next_try_at=now + pause_after(capture.attempts, chance, code),
            leased_until=None,
            error_code=code[:30],
            last_error=error[:1000],
        )
        == 1
    )


@write
def keep_copy(*, capture: Capture, copy: Copy, by: User, now: datetime) -> bool:
    """Note the copy that was brought, and tell the public where it counts.

    False when the capture is no longer in the caller's hands; then nothing is noted.
    """
    evidence = locked_with_pledges(capture.evidence)
    note_files(files=[copy.body, copy.warc, copy.rendering], by=by, now=now)
    kept = _in_hand(capture).update(
        state=CaptureState.CAPTURED,
        next_try_at=None,
        leased_until=None,
        error_code="",
        last_error="",
        **_columns_of(copy),
    )
    if kept:
        tell_of_copy(capture.pk, evidence, by=by, now=now)
    return kept == 1


@write
def keep_upload(
    *, evidence: Evidence, copy: Copy, file_name: str, by: User, now: datetime
) -> Capture:
    """Keep a file that a person brings as a copy of evidence. Raises ValidationError."""
    evidence = locked_with_pledges(evidence)
    note_files(files=[copy.body, copy.rendering], by=by, now=now)
    capture = Capture(
        evidence=evidence,
        how=How.UPLOADED,
        state=CaptureState.CAPTURED,
        asked_at=now,
        asked_by=by,
        file_name=file_name[-200:],
        **_columns_of(copy),
    )
    without_control_characters(capture.file_name)
    capture.save(force_insert=True)
    tell_of_copy(capture.pk, evidence, by=by, now=now)
    return capture


@write
def note_files(*, files: Iterable[Stored | None], by: User, now: datetime) -> None:
    """Note files that are in the store. The same bytes are noted once."""
    rows = {
        file.sha256: StoredFile(sha256=file.sha256, size=file.size, stored_at=now)
        for file in files
        if file is not None
    }
    ordered = [rows[sha256] for sha256 in sorted(rows)]
    StoredFile.objects.bulk_create(ordered, ignore_conflicts=True)


def _columns_of(copy: Copy) -> dict[str, Any]:
    """Return what a copy says of itself, as columns; its text is stored once."""
    return {
        "requested_at": copy.requested_at,
        "captured_at": copy.captured_at,
        "final_url": copy.final_url[:8000],
        "http_status": copy.http_status,
        "headers": [list(pair) for pair in copy.headers],
        "media_type": copy.media_type[:100],
        "charset": copy.charset[:40],
        "body_id": copy.body.sha256,
        "warc_id": copy.warc.sha256 if copy.warc else None,
        "rendering_id": copy.rendering.sha256 if copy.rendering else None,
        "text": kept_texts([copy.text])[0] if copy.text else None,
        "verdict": copy.verdict,
        "is_suspect": copy.is_suspect,
    }


def _in_hand(capture: Capture) -> CaptureQuerySet:
    """Return the row if it is still on the try that the caller made."""
    return Capture.objects.waiting().filter(pk=capture.pk, attempts=capture.attempts)
