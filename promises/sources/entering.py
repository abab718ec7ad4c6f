"""Sources follow their evidence: an address for each piece that has one, quotes for passages."""

from datetime import datetime
from urllib.parse import urlsplit

from django.db.models import F, Q

from promises.accounts.models import User
from promises.common.writes import write
from promises.editorial.choices import State
from promises.evidence.models import Evidence, EvidenceLink
from promises.sources.models import Host, Passage, Source

# Sources entered in one transaction.
_BATCH = 500


@write
def follow_evidence(*, by: User, now: datetime) -> int:
    """Make sources those of the evidence as it now is; return how many were entered or changed.

    A source for each web address, asked as soon as possible; a new address is a new beginning;
    what was withdrawn or lost its address is asked no more. Quotes of pledges become passages.
    Any number of times, by any number of hands.
    """
    living = Evidence.objects.exclude(state=State.RETRACTED).exclude(url="")
    fresh = living.filter(Q(source=None) | ~Q(source__url=F("url")))[:_BATCH]
    entered = 0
    for piece in fresh.select_for_update(of=("self",)):
        entered += _begin(piece, now)
    over = Source.objects.filter(next_check_at__isnull=False)
    over.filter(Q(evidence__state=State.RETRACTED) | Q(evidence__url="")).update(next_check_at=None)
    _follow_quotes(by, now)
    return entered


def _begin(piece: Evidence, now: datetime) -> bool:
    """Enter the address of a piece of evidence, forgetting what was known of another one."""
    name = host_of(piece.url)
    if not name:
        return False
    host, _is_new = Host.objects.get_or_create(name=name, defaults={"next_visit_at": now})
    fresh = Source(evidence=piece, url=piece.url, host=host, next_check_at=now)
    stored = Source.objects.filter(evidence=piece).select_for_update().first()
    if stored is not None and stored.url == piece.url:
        return False
    if stored is not None:
        fresh.pk = stored.pk
        Passage.objects.of_evidence(piece.pk).update(
            is_found=None, first_found_at=None, lost_at=None
        )
    fresh.save()
    return True


def host_of(url: str) -> str:
    """Return the name of the server in an address, in lower case, or ""."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")[:253]
    except ValueError:
        return ""


def _follow_quotes(by: User, now: datetime) -> None:
    """Make the passages that are quotes those of the pledges as they now are."""
    of_quotes = Passage.objects.filter(is_quote=True)
    of_quotes.exclude(link__is_source=True, exact=F("link__pledge__quote")).delete()
    links = EvidenceLink.objects.filter(is_source=True).exclude(pledge__quote="")
    links = links.exclude(passages__is_quote=True)
    Passage.objects.bulk_create(
        [
            Passage(
                link=link, exact=link.pledge.quote, is_quote=True, created_at=now, created_by=by
            )
            for link in links.select_related("pledge")[:_BATCH]
        ],
        ignore_conflicts=True,
    )
