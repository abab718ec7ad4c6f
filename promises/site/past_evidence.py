"""The evidence on a pledge as readers saw it on a past day, with the copies there were by then."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from promises.captures.choices import How
from promises.captures.models import Capture, CaptureWaiver
from promises.common.dates import end_of
from promises.evidence.choices import Stance
from promises.evidence.columns import EVIDENCE, EVIDENCE_LINKS
from promises.evidence.models import EvidenceLink
from promises.pledges.models import Pledge
from promises.site.past import subjects, worded
from promises.updates.as_of import rows_on
from promises.updates.models import Correction, Response, StatusUpdate


def evidence_then(
    pledge: Pledge, updates: Iterable[StatusUpdate], replies: Iterable[Response], day: date
) -> list[tuple[Stance, list[EvidenceLink]]]:
    """Return the evidence on a pledge by what it was then said to mean, in the words of that day.

    It also leaves the ratings and the replies the evidence that was public then, under its title
    of that day. Two queries.
    """
    links = _links_with_copies(pledge, end_of(day))
    cited = {piece["slug"] for each in updates for piece in each.cited}  # type: ignore[attr-defined]
    answered = {reply.evidence.slug for reply in replies if reply.evidence}
    rows = rows_on(
        subjects(EVIDENCE, {link.evidence.slug for link in links} | cited | answered)
        + subjects(EVIDENCE_LINKS, [f"{pledge.slug}/{link.evidence.slug}" for link in links]),
        day,
    )
    for update in updates:
        update.cited = [  # type: ignore[attr-defined]
            {**piece, "title": row["title"]}
            for piece in update.cited  # type: ignore[attr-defined]
            if (row := rows.get(f"evidence/{piece['slug']}"))
        ]
    for reply in replies:
        if reply.evidence:
            reply.evidence = worded(reply.evidence, EVIDENCE, rows)
    columns: dict[str, list[EvidenceLink]] = {stance: [] for stance in Stance}
    for link in links:
        if past := worded(link, EVIDENCE_LINKS, rows):
            past.evidence = worded(link.evidence, EVIDENCE, rows)
            past.captured_at = _captured_at(past)
            columns[past.stance].append(past)
    return [(stance, columns[stance]) for stance in Stance]


def corrections_of_links() -> QuerySet[Correction]:
    """Return, inside a query of links, the corrections of the evidence and of what it says here."""
    what_it_says = Q(pledge=None) | Q(pledge=OuterRef("pledge"))
    return Correction.objects.filter(what_it_says, evidence=OuterRef("evidence"))


def _links_with_copies(pledge: Pledge, until: datetime) -> list[EvidenceLink]:
    """Return what is now said of evidence that was public by then. One query.

    Each has `copies`: the newest of each address that counted by then, for nobody knows yet which
    address the evidence had.
    """
    corrections = corrections_of_links().filter(corrected_at__lt=until)
    counted = Q(is_suspect=False) | Q(confirmed_at__lt=until)
    copies = Capture.objects.good().filter(
        counted, evidence=OuterRef("evidence"), captured_at__lt=until
    )
    copies = copies.order_by("how", "asked_url", "-captured_at").distinct("how", "asked_url")
    waivers = CaptureWaiver.objects.filter(
        Q(ended_at=None) | Q(ended_at__gte=until),
        evidence=OuterRef("evidence"),
        waived_at__lt=until,
    )
    links = EvidenceLink.objects.published().filter(pledge=pledge, evidence__published_at__lt=until)
    return list(
        links.newest_first()
        .select_related("evidence", "pledge")
        .annotate(
            is_corrected=Exists(corrections),
            copies=ArraySubquery(
                copies.values(row=JSONObject(how="how", url="asked_url", at="captured_at"))
            ),
            waived_because=Subquery(waivers.values("reason")[:1]),
        )
    )


def _captured_at(link: Any) -> datetime | None:
    """Return when the newest copy was made of what the evidence of a link names."""
    moments = [
        datetime.fromisoformat(copy["at"])
        for copy in link.copies
        if copy["how"] == How.UPLOADED or copy["url"] == link.evidence.url
    ]
    return max(moments, default=None)
