"""Two jurisdictions with a record of every kind in each, and a person for every role."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Model

from promises.accounts.actions import give_role, write_roles
from promises.accounts.models import User
from promises.accounts.rights import ROLES
from promises.evidence.actions import save_evidence_link
from promises.evidence.models import Evidence, EvidenceLink
from promises.ledger.models import Entry
from promises.metrics.models import Metric, MetricAnnotation, MetricSource, Observation
from promises.officials.actions import (
    save_official_record,
    save_person,
    set_partnerships,
)
from promises.officials.models import Election, Jurisdiction, Person, Term
from promises.pledges.models import Pledge
from promises.staleness.models import StaleFlag, Sweep
from promises.updates.actions import approve_status_update, submit_status_update
from promises.updates.models import Response, StatusUpdate
from tests import record
from tests.desk.conftest import everything
from tests.desk.world_beside import beside

# What a case is about: an object of a kind, in a state.
Rows = dict[str, Model]


@dataclass
class World:
    """Who is there, and the rows of each place: "here" is the partner's jurisdiction."""

    people: dict[str, User] = field(default_factory=dict)
    places: dict[str, Rows] = field(default_factory=dict)
    # What the page at an address would send, as someone with every right sees it.
    pages: dict[str, dict[str, Any]] = field(default_factory=dict)


def build() -> World:
    """Build it, as a superuser whom no table holds."""
    top = record.user("top", is_staff=True, is_superuser=True)
    author = record.user("an-author")
    write_roles(by=top, now=record.NOW)
    world = World()
    for place in ("here", "there"):
        world.places[place] = _rows(author)
    for role in ROLES:
        person = record.user(f"a-{role}")
        give_role(person=person, role=role, reason="Because.", by=top, now=record.NOW)
        world.people[role] = User.objects.get(pk=person.pk)
    world.people["none"] = record.user("no-role", is_staff=True)
    here = world.places["here"]["officials.Jurisdiction"]
    assert isinstance(here, Jurisdiction)
    given = {"by": top, "now": record.NOW}
    set_partnerships(person=world.people["partner"], jurisdictions=[here], **given)
    return world


def _rows(author: User) -> Rows:
    """Build one place and return a row of each kind, and of each state that a step starts from."""
    known = list(Term.objects.values_list("pk", flat=True))
    everything(author)
    # The next one is that of the draft which the newsroom talks about.
    term = Term.objects.exclude(pk__in=known).earliest("pk")
    public = Pledge.objects.get(term=term)
    flag = StaleFlag.objects.filter(pledge=public, closed_at=None).earliest("pk")
    record.assign_flag(flag=flag, to=author, by=author, now=record.NOW)
    place = term.office.jurisdiction
    metric = Metric.objects.get(jurisdiction=place)
    standing = StatusUpdate.objects.get(pledge=public)
    rows: dict[str, Any] = {
        "pledges.Pledge, public": public,
        "pledges.Topic": public.topic,
        "evidence.Evidence, public": standing.evidence.get(),
        "updates.StatusUpdate, public": standing,
        "updates.Review": public.reviews.get(),
        "updates.Response": Response.objects.get(pledge=public),
        "updates.Correction": public.corrections.get(),
        "updates.MethodologyVersion": standing.methodology,
        "staleness.StaleFlag": flag,
        "staleness.Sweep": Sweep.objects.earliest("pk"),
        "officials.Person, public": term.person,
        "officials.Person": _draft_person(author, term),
        "officials.Term": term,
        "officials.Office": term.office,
        "officials.Jurisdiction": place,
        "officials.Election": Election.objects.get(office=term.office),
        "officials.ResultReport": Election.objects.get(office=term.office).result_reports.get(),
        "metrics.Metric": metric,
        "metrics.MetricAnnotation": MetricAnnotation.objects.get(metric=metric),
        "metrics.MetricSource": MetricSource.objects.latest("pk"),
        "metrics.Observation": Observation.objects.filter(metric=metric).earliest("pk"),
        "ledger.Entry": Entry.objects.earliest("pk"),
        "accounts.User": author,
        "auth.Group": Group.objects.earliest("pk"),
        "officials.ConflictOfInterest": place.conflicts.get(),
    }
    mine = drafts(record.user(), term)
    draft: Any = mine["pledges.Pledge"]
    return {**rows, **_in_review(author, public), **mine, **beside(author, public, draft)}


def _in_review(author: User, public: Pledge) -> Rows:
    """Return an update that waits for an approval, and one that has it."""
    given = {"by": author, "now": record.NOW}
    waiting = submit_status_update(update=record.draft_update(of=public, **given), **given)
    ready = submit_status_update(update=record.draft_update(of=public, **given), **given)
    approve_status_update(update=ready, by=record.user(), now=record.NOW)
    return {"updates.StatusUpdate, waiting": waiting, "updates.StatusUpdate, ready": ready}


def drafts(by: User, term: Term) -> Rows:
    """Return a draft pledge, a draft of evidence and a draft update of this person there."""
    given = {"by": by, "now": record.NOW}
    public = Pledge.objects.filter(term=term, state="published").earliest("pk")
    piece = record.draft_evidence(**given)
    link = EvidenceLink(pledge=public, evidence=piece, stance="supports")
    save_evidence_link(link=link, **given)
    cited = Evidence.objects.filter(links__pledge=public, state="published").earliest("pk")
    return {
        "pledges.Pledge": record.draft_pledge(of=term, **given),
        "evidence.Evidence": piece,
        "updates.StatusUpdate": record.draft_update(of=public, cited=cited, **given),
    }


def _draft_person(author: User, term: Term) -> Person:
    """Return a draft person who held the same office long ago."""
    given = {"by": author, "now": record.NOW}
    person = Person(slug=f"joan-example-{term.pk}", name="Joan Example")
    save_person(person=person, **given)
    past = Term(
        slug=f"past-{term.pk}",
        person=person,
        office=term.office,
        started_on=date(2010, 1, 1),
        ends_on=date(2014, 1, 1),
    )
    save_official_record(record=past, **given)
    return person
