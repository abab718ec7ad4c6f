"""What a partner can reach: the records of their own jurisdictions, and no other.

Every list, page, step, autocomplete and choice of the desk reads through `within_reach`, so an id
that was typed or forged leads nowhere. Who has no role reaches nothing either.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from promises.accounts.models import User
from promises.accounts.rights import right
from promises.common.refusals import Refused
from promises.evidence.models import EvidenceLink
from promises.officials.models import Candidacy, Partnership, Term
from promises.pledges.models import Pledge
from promises.record_requests.models import RecordRequest, RequestPledge

WORKS_IN_EVERY = right("officials.Jurisdiction", "work_in_every")


class OutOfReach(Refused):
    """Work is not given to someone who cannot see what it is about."""


# The ids of jurisdictions, as a read inside another read.
Places = QuerySet[Partnership, int]


def _officials(places: Places) -> Q:
    """People who held, hold or sought an office there."""
    held = Term.objects.filter(office__jurisdiction__in=places)
    sought = Candidacy.objects.filter(election__office__jurisdiction__in=places)
    return Q(pk__in=held.values("person")) | Q(pk__in=sought.values("person"))


def _pledges(places: Places) -> Q:
    """Pledges for a term there; without a term, those of the officials of the place."""
    held = Term.objects.filter(office__jurisdiction__in=places)
    sought = Candidacy.objects.filter(election__office__jurisdiction__in=places)
    theirs = Q(person__in=held.values("person")) | Q(person__in=sought.values("person"))
    return Q(term__in=held) | Q(term__isnull=True) & theirs


def _of_pledges(places: Places) -> Q:
    return Q(pledge__in=Pledge.objects.filter(_pledges(places)).values("pk"))


def _about_pledges(places: Places) -> Q:
    """Evidence of pledges there."""
    return Q(pk__in=EvidenceLink.objects.filter(_of_pledges(places)).values("evidence"))


def _of_evidence(places: Places) -> Q:
    """What is known and kept of evidence on pledges there."""
    linked = EvidenceLink.objects.filter(_of_pledges(places))
    return Q(evidence__in=linked.values("evidence"))


def _corrections(places: Places) -> Q:
    linked = EvidenceLink.objects.filter(_of_pledges(places))
    return _of_pledges(places) | Q(evidence__in=linked.values("evidence"))


def _record_requests(places: Places) -> Q:
    """Requests for records about pledges there."""
    linked = RequestPledge.objects.filter(_of_pledges(places))
    return Q(pk__in=linked.values("record_request"))


def _of_items(places: Places) -> Q:
    """What is said of pledges there, of their evidence and of their status updates."""
    pledges = Pledge.objects.filter(_pledges(places)).values("pk")
    evidence = EvidenceLink.objects.filter(_of_pledges(places)).values("evidence")
    return Q(pledge__in=pledges) | Q(status_update__pledge__in=pledges) | Q(evidence__in=evidence)


# Kind of object → what of it lies in these jurisdictions. What is not listed is out of reach.
_THERE: dict[str, Callable[[Places], Q]] = {
    "pledges.Pledge": _pledges,
    "pledges.Criterion": _of_pledges,
    "evidence.Evidence": _about_pledges,
    "evidence.EvidenceLink": _of_pledges,
    "captures.Capture": _of_evidence,
    "captures.CaptureWaiver": _of_evidence,
    "sources.Source": _of_evidence,
    "updates.StatusUpdate": _of_pledges,
    "updates.Review": _of_pledges,
    "updates.Response": _of_pledges,
    "pledges.PledgeTranslation": _of_pledges,
    "updates.Correction": _corrections,
    "updates.Approval": lambda places: Q(
        status_update__pledge__in=Pledge.objects.filter(_pledges(places)).values("pk")
    ),
    "staleness.StaleFlag": _of_pledges,
    "discovery.Candidate": _of_pledges,
    "record_requests.RecordRequest": _record_requests,
    "record_requests.RequestPledge": _of_pledges,
    "record_requests.RequestDocument": lambda places: Q(
        record_request__in=RecordRequest.objects.filter(_record_requests(places)).values("pk")
    ),
    "record_requests.Extension": lambda places: Q(
        record_request__in=RecordRequest.objects.filter(_record_requests(places)).values("pk")
    ),
    "newsroom.Assignment": _of_items,
    "newsroom.Comment": _of_items,
    "officials.Jurisdiction": lambda places: Q(pk__in=places),
    "officials.Office": lambda places: Q(jurisdiction__in=places),
    "officials.Person": _officials,
    "officials.Term": lambda places: Q(office__jurisdiction__in=places),
    "officials.Election": lambda places: Q(office__jurisdiction__in=places),
    "officials.Candidacy": lambda places: Q(election__office__jurisdiction__in=places),
    "officials.ResultReport": lambda places: Q(election__office__jurisdiction__in=places),
    "metrics.Metric": lambda places: Q(jurisdiction__in=places),
    "metrics.MetricPledge": lambda places: Q(metric__jurisdiction__in=places),
    "metrics.Observation": lambda places: Q(metric__jurisdiction__in=places),
}
# The same for everybody: words that every jurisdiction shares, and one's own conflicts.
_EVERYWHERE = {
    "pledges.Topic",
    "pledges.GeneralTerm",
    "record_requests.RecordsLaw",
    "updates.MethodologyVersion",
    "officials.ConflictOfInterest",
}
# What is written before it is linked to a pledge: until then its writer reaches it. Asked without
# a join, by which each row would come as often as it has links.
_LINKS: dict[str, tuple[type[Model], str]] = {
    "evidence.Evidence": (EvidenceLink, "evidence"),
    "record_requests.RecordRequest": (RequestPledge, "record_request"),
}


def works_in_every(person: User) -> bool:
    """Tell whether someone is not held to the jurisdictions of a partner."""
    return person.has_perm(WORKS_IN_EVERY)


def within_reach(rows: QuerySet[Any], person: User) -> QuerySet[Any]:
    """Keep what someone at the desk can reach; adds no query of its own."""
    kind = rows.model._meta.label
    if works_in_every(person) or kind in _EVERYWHERE:
        return rows
    if kind not in _THERE:
        return rows.none()
    there = _THERE[kind](Partnership.objects.places_of(person))
    if kind not in _LINKS:
        return rows.filter(there)
    links, pointer = _LINKS[kind]
    linked = links._default_manager.filter(**{pointer: OuterRef("pk")})
    return rows.filter(there | Q(~Exists(linked), created_by=person))


def require_reach(rows: Sequence[Any], person: User) -> None:
    """Raise OutOfReach, which names each row, if this person cannot see what the work is about."""
    if not rows or works_in_every(person):
        return
    ids = [row.pk for row in rows]
    kept = within_reach(type(rows[0])._default_manager.filter(pk__in=ids), person)
    seen = set(kept.values_list("pk", flat=True))
    words = _("%(name)s could not see this: it lies outside the places they work in.")
    if faults := {pk: words % {"name": person} for pk in ids if pk not in seen}:
        raise OutOfReach(next(iter(faults.values())), rows=faults)


def who_sees_any(rows: Sequence[Any], people: QuerySet[User]) -> list[User]:
    """Return those of these people who can see one of these records at least."""
    unlimited = User.objects.with_perm(WORKS_IN_EVERY).filter(pk=OuterRef("pk"))
    there = type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows])
    asked: Any = people.annotate(sees_all=Exists(unlimited))
    return [one for one in asked if one.sees_all or within_reach(there, one).exists()]


def is_shared(evidence: Model, person: User) -> bool:
    """Tell whether evidence also speaks about pledges that this person cannot reach."""
    if works_in_every(person):
        return False
    links = EvidenceLink.objects.filter(evidence=evidence.pk)
    return links.exclude(pk__in=within_reach(links, person).values("pk")).exists()
