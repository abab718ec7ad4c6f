"""Visits of sources made up for tests of what is shown of them."""

from datetime import datetime

from promises.accounts.models import User
from promises.evidence.models import Evidence
from promises.sources.actions import claim_source, record_visit
from promises.sources.choices import Verdict
from promises.sources.comparing import Text, difference
from promises.sources.entering import follow_evidence
from promises.sources.models import Host, Passage, Source
from promises.sources.visits import TextFound, Visit

GONE = Visit(Verdict.GONE, status=404, is_answered=True)


def found(text: str, *, before: str = "", passages: dict[int, bool] | None = None) -> Visit:
    """A visit that found this text, and before it already; `before` is the accepted one."""
    changed = difference(Text(before or text, before or text), Text(text, text), is_page=True)
    return Visit(
        Verdict.OK,
        status=200,
        is_answered=True,
        text=TextFound(text, text),
        difference=changed,
        is_confirmed=True,
        passages=passages or {},
    )


def visited(piece: Evidence, visit: Visit, *, by: User, now: datetime) -> Source:
    """Enter the source of evidence and write down a visit of it."""
    follow_evidence(by=by, now=now)
    source = Source.objects.get(evidence=piece)
    Source.objects.filter(pk=source.pk).update(next_check_at=now)
    Host.objects.filter(pk=source.host_id).update(next_visit_at=now, leased_until=None)
    claimed = claim_source(by=by, now=now, among=Source.objects.filter(pk=source.pk))
    assert claimed is not None
    assert record_visit(source=claimed, visit=visit, chance=0.5, by=by, now=now) is not None
    return Source.objects.get(pk=source.pk)


def passages_of(piece: Evidence) -> dict[int, bool]:
    """Return the passages of evidence, all of them found."""
    return {passage.pk: True for passage in Passage.objects.of_evidence(piece.pk)}
