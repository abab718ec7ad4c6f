"""Lists of one prosecutor: from the person's page to what is theirs, and how a list says so."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.common.words import IsAnyOf
from promises.desk.lists.large import AFTER, BEFORE
from promises.desk.reach import within_reach
from promises.desk.record_admin import Fact
from promises.desk.saving.steps import editor
from promises.evidence.models import EvidenceLink
from promises.officials.models import Person
from promises.pledges.models import Pledge

WHOSE = "prosecutor"
# What a person's page leads to: what it is called there, and its list.
THEIRS = (
    (_("Their pledges"), _("list of pledges"), "pledges_pledge"),
    (_("Their evidence"), _("list of evidence"), "evidence_evidence"),
    (_("Their status updates"), _("list of status updates"), "updates_statusupdate"),
    (_("Their flags"), _("list of stale flags"), "staleness_staleflag"),
)


def lists_of(person: Person) -> list[Fact]:
    """Return the lists that hold what is theirs alone, each with its address."""
    return [
        Fact(
            label, str(text), address=f"{reverse(f'admin:{name}_changelist')}?{WHOSE}={person.slug}"
        )
        for label, text, name in THEIRS
    ]


def _without(given: QueryDict) -> str:
    """Return the address of the same list of everybody, from its first page on."""
    kept = given.copy()
    for name in (WHOSE, AFTER, BEFORE):
        kept.pop(name, None)
    return f"?{kept.urlencode()}"


def _their(rows: Any, name: str, **given: Any) -> ArraySubquery:
    """Return one column of these rows, looked up before the list is read.

    Else the planner, which cannot know how many there are, walks a whole table for it.
    """
    return ArraySubquery(rows.filter(**given).order_by().values(name))


class WhoseFilter(admin.SimpleListFilter):
    """Keeps what is about one prosecutor. They are chosen on the list of people: there are many."""

    title = _("prosecutor")
    parameter_name = WHOSE

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        """Offer whom the address names. Raises IncorrectLookupParameters if there is nobody."""
        self.person = None
        self.all_rows = _without(request.GET)
        if self.value() is None:
            return []
        people = within_reach(Person.objects.all(), editor(request))
        self.person = people.filter(slug=self.value()).first()
        if self.person is None:
            raise IncorrectLookupParameters(self.parameter_name)
        return [(self.person.slug, self.person.name)]

    @property
    def told(self) -> str:
        """What stands above a list that holds only what is theirs."""
        if self.person is None:
            return ""
        return gettext("Only what is about %(person)s.") % {"person": self.person.name}

    def has_output(self) -> bool:
        """Say where to choose, even before anyone is chosen."""
        return True

    def choices(self, changelist: Any) -> Any:
        """Lead to where one is chosen."""
        yield from super().choices(changelist)
        there = reverse("admin:officials_person_changelist")
        yield {
            "selected": False,
            "query_string": there,
            "display": _("choose on the list of people"),
        }

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep what is theirs, or everything."""
        return queryset.filter(self.theirs(self.person)) if self.person else None

    def theirs(self, person: Person) -> Any:
        """Return what a row about one of their pledges answers to."""
        return IsAnyOf("pledge", _their(Pledge.objects, "pk", person=person))


class WhosePledgeFilter(WhoseFilter):
    """Keeps the pledges of one prosecutor."""

    def theirs(self, person: Person) -> Any:
        """Return what a pledge of theirs answers to."""
        return Q(person=person)


class WhoseEvidenceFilter(WhoseFilter):
    """Keeps the evidence about the pledges of one prosecutor."""

    def theirs(self, person: Person) -> Any:
        """Return what evidence about a pledge of theirs answers to."""
        links = EvidenceLink.objects.filter(super().theirs(person))
        return IsAnyOf("pk", _their(links, "evidence"))
