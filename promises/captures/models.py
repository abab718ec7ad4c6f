import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from promises.captures import triggers
from promises.captures.choices import CaptureState, Damage, How
from promises.captures.querysets import (
    CaptureQuerySet,
    CaptureWaiverQuerySet,
    StoredFileQuerySet,
)
from promises.common.history import never_truncated, with_history
from promises.common.text import no_control_characters, without_control_characters
from promises.editorial.models import paired
from promises.evidence.models import Evidence
from promises.sources.choices import Verdict
from promises.sources.models import PageText

PLAIN = [without_control_characters]


@with_history(leaving_out=["last_verified_at"])
class StoredFile(models.Model):
    """One file in the store, named by the SHA-256 of its bytes: the same bytes are one file."""

    sha256 = models.CharField(_("SHA-256"), primary_key=True, max_length=64)
    size = models.BigIntegerField(_("size"), help_text=_("In bytes."))
    stored_at = models.DateTimeField(_("stored at"))
    last_verified_at = models.DateTimeField(_("last read and found whole at"), null=True)
    damaged_at = models.DateTimeField(_("found damaged at"), null=True)
    damage = models.CharField(_("damage"), max_length=10, choices=Damage.choices, blank=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "stored files"
        ordering = ["sha256"]
        indexes = [
            # Read by the scrub, the longest unread first.
            models.Index(
                F("last_verified_at").asc(nulls_first=True), "sha256", name="captures_file_scrub"
            ),
            # Read by the desk.
            models.Index(
                fields=["damaged_at"],
                condition=Q(damaged_at__isnull=False),
                name="captures_file_damaged",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="captures_storedfile_is_a_hash"
            ),
            models.CheckConstraint(condition=Q(size__gte=0), name="captures_storedfile_has_a_size"),
            models.CheckConstraint(
                condition=Q(damaged_at__isnull=True, damage="")
                | Q(damaged_at__isnull=False, damage__in=Damage.values),
                name="captures_storedfile_damage_has_a_kind",
            ),
        ]
        triggers = [
            triggers.A_FILE_STAYS_WHAT_IT_IS,
            pgtrigger.Protect(name="files_stay", operation=pgtrigger.Delete),
            never_truncated(),
        ]

    def __str__(self) -> str:
        return self.sha256


@with_history(leaving_out=["is_good", "attempts", "leased_until", "next_try_at", "last_error"])
class Capture(models.Model):
    """A copy of evidence, or the wish for one. `is_good` copies count as captured.

    A copy of what looks like a bot wall or an empty page is suspect and does not count until a
    person has looked at it.
    """

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="captures")
    how = models.CharField(_("how"), max_length=10, choices=How.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=CaptureState.choices, default=CaptureState.WAITING
    )
    asked_at = models.DateTimeField(_("asked for at"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_url = models.CharField(_("address asked for"), max_length=1000, blank=True)
    next_try_at = models.DateTimeField(_("next try at"), null=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    leased_until = models.DateTimeField(_("in a worker's hands until"), null=True)
    error_code = models.CharField(_("what went wrong"), max_length=30, blank=True)
    last_error = models.TextField(_("last error"), blank=True)

    requested_at = models.DateTimeField(_("requested at"), null=True)
    captured_at = models.DateTimeField(_("captured at"), null=True)
    final_url = models.CharField(_("address in the end"), max_length=8000, blank=True)
    http_status = models.PositiveSmallIntegerField(_("status of HTTP"), null=True)
    headers = models.JSONField(_("headers"), default=list)
    media_type = models.CharField(_("media type"), max_length=100, blank=True)
    charset = models.CharField(_("encoding"), max_length=40, blank=True)
    file_name = models.CharField(_("file name"), max_length=200, blank=True, validators=PLAIN)
    body = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="captures_as_body")
    warc = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="captures_as_warc")
    rendering = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="captures_as_rendering"
    )

    text = models.ForeignKey(PageText, models.PROTECT, null=True, related_name="captures")
    verdict = models.CharField(_("what it looks like"), max_length=20, blank=True)
    is_suspect = models.BooleanField(_("suspect"), default=False)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    confirmation_note = models.TextField(_("why it counts"), blank=True, validators=PLAIN)
    set_aside_at = models.DateTimeField(_("set aside at"), null=True)
    set_aside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    set_aside_reason = models.TextField(_("why set aside"), blank=True, validators=PLAIN)
    is_good = models.GeneratedField(
        expression=Q(state=CaptureState.CAPTURED)  # type: ignore[arg-type] # Django takes a Q
        & (Q(is_suspect=False) | Q(confirmed_at__isnull=False)),
        output_field=models.BooleanField(_("counts as captured")),
        db_persist=True,
    )

    objects = CaptureQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            # Read at every tick: as small as what waits.
            models.Index(
                fields=["next_try_at", "id"],
                condition=Q(next_try_at__isnull=False),
                name="captures_waiting",
            ),
            # Read beside every source, and by whoever asks whether a source is captured.
            models.Index(
                fields=["evidence", "-captured_at"],
                condition=Q(is_good=True),
                name="captures_good",
            ),
            # Read by the front page of the desk.
            models.Index(
                fields=["id"],
                condition=Q(state="captured", is_suspect=True, confirmed_at__isnull=True),
                name="captures_to_look_at",
            ),
        ]
        constraints = [
            no_control_characters("file_name", "confirmation_note", "set_aside_reason"),
            paired("confirmed_at", "confirmed_by"),
            paired("set_aside_at", "set_aside_by"),
            models.UniqueConstraint(
                fields=["evidence"],
                condition=Q(state="waiting"),
                name="captures_capture_one_waits_per_evidence",
            ),
            models.UniqueConstraint(
                fields=["evidence", "captured_at"], name="captures_capture_one_at_a_moment"
            ),
            models.CheckConstraint(
                condition=Q(how__in=How.values) & Q(state__in=CaptureState.values),
                name="captures_capture_choices_known",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", next_try_at__isnull=False, captured_at=None, body=None)
                | Q(state="captured", next_try_at=None, captured_at__isnull=False)
                & Q(body__isnull=False)
                | Q(state="set_aside", next_try_at=None),
                name="captures_capture_waits_or_has_a_body",
            ),
            models.CheckConstraint(
                condition=Q(how="uploaded", is_suspect=False, warc=None)
                & Q(requested_at=None, http_status=None, body__isnull=False)
                | Q(how="fetched", body=None, warc=None)
                | Q(how="fetched", body__isnull=False, warc__isnull=False)
                & Q(requested_at__isnull=False, http_status__isnull=False),
                name="captures_capture_has_what_its_kind_has",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmation_note="")
                | Q(confirmed_at__isnull=False, is_suspect=True) & ~Q(confirmation_note=""),
                name="captures_capture_confirmed_with_a_note",
            ),
            models.CheckConstraint(
                condition=Q(set_aside_at=None, set_aside_reason="") & ~Q(state="set_aside")
                | Q(set_aside_at__isnull=False, state="set_aside") & ~Q(set_aside_reason=""),
                name="captures_capture_set_aside_with_a_reason",
            ),
        ]
        triggers = [
            triggers.WHAT_WAS_CAPTURED_STAYS,
            triggers.A_PERSON_CONFIRMS,
            triggers.GOES_ONLY_WITH_A_DRAFT,
            never_truncated(),
        ]

    def __str__(self) -> str:
        return f"{self.evidence}: {self.get_state_display()}"

    @property
    def looks_like(self) -> str:
        """What came, in words."""
        return str(Verdict(self.verdict).label) if self.verdict in Verdict.values else self.verdict

    @property
    def is_to_look_at(self) -> bool:
        """Whether it waits for a person's word."""
        is_open = self.is_suspect and self.confirmed_at is None
        return is_open and self.state == CaptureState.CAPTURED


class Timestamp(models.Model):
    """What a timestamp authority signed about a stored file (RFC 3161)."""

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="timestamps")
    authority = models.CharField(_("authority"), max_length=1000)
    signed_at = models.DateTimeField(_("signed at"), help_text=_("The time that it says."))
    received_at = models.DateTimeField(_("received at"))
    token = models.BinaryField(_("answer"), help_text=_("A TimeStampResp in DER."))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "authority"], name="captures_timestamp_once_per_authority"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="timestamps_stay", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            never_truncated(),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} at {self.signed_at:%Y-%m-%d %H:%M:%S}"


@with_history()
class CaptureWaiver(models.Model):
    """Why evidence may be cited without a copy of it. Readers see the reason."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="capture_waivers")
    reason = models.TextField(_("reason"), validators=PLAIN)
    waived_at = models.DateTimeField(_("waived at"))
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = CaptureWaiverQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            no_control_characters("reason"),
            paired("ended_at", "ended_by"),
            models.UniqueConstraint(
                fields=["evidence"],
                condition=Q(ended_at__isnull=True),
                name="captures_capturewaiver_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["evidence", "waived_at"], name="captures_capturewaiver_one_at_a_moment"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="captures_capturewaiver_says_why"),
        ]
        triggers = [
            triggers.A_PERSON_WAIVES,
            triggers.WAIVERS_ONLY_END,
            triggers.GOES_ONLY_WITH_A_DRAFT,
            never_truncated(),
        ]

    def __str__(self) -> str:
        return f"{self.evidence}: {self.reason}"
