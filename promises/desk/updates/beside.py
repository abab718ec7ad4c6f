"""What an approver reads beside a rating: the promise, its criteria, the status so far, sources."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.captures.secured import not_secured
from promises.editorial.choices import State
from promises.evidence.models import Evidence, EvidenceLink
from promises.pledges.models import Criterion
from promises.updates.models import StatusUpdate
from promises.updates.standing import corrected_reasoning

if TYPE_CHECKING:
    StockAdmin = admin.ModelAdmin[StatusUpdate]
else:
    StockAdmin = object

# The fields of the page, in the order in which they are read.
PROMISE = ("promised", "criteria", "public_now")
UNPUBLISHED = {State.DRAFT, State.IN_REVIEW}


class BesideUpdate(StockAdmin):
    """Shows on the page of a status update what it has to be held against."""

    @admin.display(description=_("what was promised"))
    def promised(self, update: StatusUpdate) -> str:
        """Return the statement of the pledge."""
        return update.pledge.statement or "—"

    @admin.display(description=_("criteria"))
    def criteria(self, update: StatusUpdate) -> str:
        """Return what would count as kept, compromise or broken, and what of it is met."""
        found = update.pledge.criteria.order_by("position")
        return _listed([(one.text, " · ".join(_about_criterion(one))) for one in found])

    @admin.display(description=_("public now"))
    def public_now(self, update: StatusUpdate) -> str:
        """Return the rating that readers see until this one is published, linked to its page."""
        published = StatusUpdate.objects.filter(pledge=update.pledge_id, state=State.PUBLISHED)
        rating = published.newest_first().first()
        if rating is None:
            return gettext("not rated yet")
        is_confirmed = not update.pledge.status_is_provisional
        origin = "" if is_confirmed else gettext(" (imported, not confirmed here yet)")
        return format_html(
            '<a href="{}">{}</a>{}: {}',
            reverse("admin:updates_statusupdate_change", args=[rating.pk]),
            gettext("%(status)s, since %(day)s")
            % {"status": rating.get_status_display(), "day": date_format(rating.effective_on)},
            origin,
            corrected_reasoning(rating),
        )

    @admin.display(description=_("rests on"))
    def rests_on(self, update: StatusUpdate) -> str:
        """Return the evidence it cites, linked: whoever approves a rating reads it first."""
        pieces = Evidence.objects.filter(citations__status_update=update)
        links = EvidenceLink.objects.filter(pledge=update.pledge_id)
        stances = {link.evidence_id: link for link in links}
        open_copies = set(not_secured(pieces.values("pk"))) if update.state in UNPUBLISHED else ()
        return _listed(
            [
                (
                    format_html(
                        '<a href="{}">{}</a>',
                        reverse("admin:evidence_evidence_change", args=[piece.pk]),
                        piece,
                    ),
                    " · ".join(
                        about_piece(
                            piece, stances.get(piece.pk), has_copy=piece.pk not in open_copies
                        )
                    ),
                )
                for piece in pieces.order_by("citations__position")
            ]
        )


def about_piece(piece: Evidence, link: EvidenceLink | None, *, has_copy: bool = True) -> list[str]:
    """Return what an approver weighs before opening a piece of evidence."""
    said = (
        link.get_stance_display() if link else "",
        piece.get_kind_display(),
        piece.publisher,
        piece.published_in_words,
        link.locator if link else "",
        "" if piece.state == State.PUBLISHED else piece.get_state_display(),
        "" if has_copy else _("no copy yet"),
    )
    return [str(words) for words in said if words]


def _about_criterion(criterion: Criterion) -> list[str]:
    """Return for what a criterion speaks, how it is verified, and whether it is met."""
    met = {True: _("met"), False: _("not met"), None: _("not assessed")}[criterion.is_met]
    speaks_for = criterion.get_verdict_display() or _("threshold not written yet")
    said = (speaks_for, criterion.get_aspect_display(), met, criterion.how_to_verify)
    return [str(words) for words in said if words]


def _listed(rows: list[tuple[str, str]]) -> str | SafeString:
    """Return lines, each with what is to be known about it; a dash where there are none."""
    lines = format_html_join("", '<li>{} <span class="quiet">{}</span></li>', rows)
    return format_html('<ul class="desk-rests-on">{}</ul>', lines) if rows else "—"
