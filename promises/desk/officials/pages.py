"""The desk's pages of people, offices, elections and terms."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.desk.inlines import RemovableForm, StackedRows, TabularRows
from promises.desk.lists.whose import lists_of
from promises.desk.record_admin import EditorialAdmin, Fact, RecordAdmin
from promises.desk.saving.forms import ReasonForm, RecordForm
from promises.desk.saving.slugs import free_slug
from promises.desk.saving.steps import Reach, Step, each
from promises.editorial.choices import State
from promises.officials.actions import (
    publish_person,
    remove_candidacy,
    retract_person,
    save_official_record,
    save_person,
)
from promises.officials.models import (
    Candidacy,
    Jurisdiction,
    Office,
    Person,
    Term,
)
from promises.pledges.actions import lock_pledges
from promises.pledges.models import Pledge

SLUG_OF_TERM = {
    "slug": _("The name for programs. Left empty, it is made of the office and the first year.")
}


class OfficialRecordAdmin(RecordAdmin):
    """A record of officials that is public as soon as it is saved."""

    def save_record(self, record: Any, form: Any, *, by: User, now: datetime) -> None:
        """Save it."""
        lock_pledges(self.pledges_of(record))
        save_official_record(record=record, by=by, now=now)

    def pledges_of(self, record: Any) -> Iterable[int]:
        """Return the pledges whose due dates move with the record, to be locked first."""
        return []


class OfficialRows:
    """Rows that are saved as records of officials."""

    def save_row(self, row: Any, form: Any, *, by: User, now: datetime) -> None:
        """Save one."""
        save_official_record(record=row, by=by, now=now)


class TermForm(RecordForm):
    """A term, whose slug is made of its office and first year where none is given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False


def _named(term: Term) -> Term:
    """Give a term a name that no other has, also none that was saved before it on the same page."""
    term.slug = term.slug or free_slug(Term, f"{term.office.slug} {term.started_on.year}")
    return term


class TermRows(OfficialRows, StackedRows):
    """The terms of a person."""

    model = Term
    form = TermForm
    explained = SLUG_OF_TERM
    fk_name = "person"
    fields = (
        "office",
        ("started_on", "ends_on", "end_reason"),
        ("election", "successor"),
        "slug",
        "note",
    )
    autocomplete_fields = ("office", "election", "successor")
    show_change_link = True
    related = ("person", "office", "election__office", "successor")

    def save_row(self, row: Any, form: Any, *, by: User, now: datetime) -> None:
        """Save one."""
        super().save_row(_named(row), form, by=by, now=now)


class CandidacyRows(OfficialRows, TabularRows):
    """Who stood in an election, or in which elections a person stood."""

    model = Candidacy
    form = RemovableForm
    fields = ("election", "person", "party", "is_winner", "removal_reason")
    autocomplete_fields = ("person", "election")
    can_delete = True
    related = ("person", "election__office")

    def delete_row(self, row: Any, form: Any, *, by: User, now: datetime) -> None:
        """Take out what was typed by mistake."""
        reason = form.cleaned_data.get("removal_reason", "")
        remove_candidacy(candidacy=row, reason=reason, by=by, now=now)


def _pledges_of(people: Iterable[Person]) -> Iterable[int]:
    """Return the pledges of these people, public or not."""
    return Pledge.objects.filter(person__in=people).values_list("pk", flat=True)


def _still_public(person: Person) -> Reach | None:
    """Return the pledges that have to be retracted before the person who made them."""
    lines = [
        (pledge.title, reverse("admin:pledges_pledge_change", args=[pledge.pk]))
        for pledge in Pledge.objects.published().filter(person=person).order_by("title", "pk")
    ]
    heading = gettext("To be retracted first, each for a reason of its own")
    return Reach(heading, lines) if lines else None


@admin.register(Person)
class PersonAdmin(EditorialAdmin):
    """Officials and candidates, with their terms and candidacies."""

    fields = ("name", "slug", "party_at_election", "background")
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("name",)}
    list_display = ("name", "party_at_election", "state")
    list_filter = ("state",)
    search_fields = ("name", "slug")
    ordering = ("name", "pk")
    tells_apart = ("slug",)
    inlines = (TermRows, CandidacyRows)
    steps = (
        Step(
            name="publish",
            label=_("Publish"),
            explains=_("The person becomes public, with their terms and candidacies."),
            done=_("Published"),
            act=each(publish_person, "person"),
            is_offered=lambda person, _user: person.state == State.DRAFT,
            in_batch=True,
        ),
        Step(
            name="retract",
            label=_("Retract"),
            explains=_(
                "The person is withdrawn from the public for good, with their terms and"
                " candidacies. The reason stays."
            ),
            done=_("Retracted"),
            act=each(retract_person, "person"),
            asks=ReasonForm,
            is_offered=lambda person, _user: person.state == State.PUBLISHED,
            is_judgement=True,
            pledges=_pledges_of,
            reaches=_still_public,
        ),
    )

    def officials_of(self, record: Person) -> Iterable[int]:
        """Return the person."""
        return [record.pk]

    def facts(self, request: HttpRequest, record: Person) -> list[Fact]:
        """Lead to what is theirs."""
        return [*super().facts(request, record), *lists_of(record)]

    def view_on_site(self, obj: Person) -> str | None:
        """Return the public page."""
        return f"/prosecutors/{obj.slug}/" if obj.state == State.PUBLISHED else None

    def save_record(self, record: Person, form: Any, *, by: User, now: datetime) -> None:
        """Save the person."""
        save_person(person=record, by=by, now=now)

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        """Lock the pledges first, before the person: their due dates move when a term ends."""
        if change:
            lock_pledges(_pledges_of([obj]))
        super().save_model(request, obj, form, change)


@admin.register(Term)
class TermAdmin(OfficialRecordAdmin):
    """Who held which office, and when."""

    form = TermForm
    explained = SLUG_OF_TERM
    fields = (
        ("person", "office"),
        ("started_on", "ends_on", "end_reason"),
        ("election", "successor"),
        "slug",
        "note",
    )
    autocomplete_fields = ("person", "office", "election", "successor")
    list_display = ("person", "office", "started_on", "ends_on", "end_reason")
    list_filter = ("end_reason",)
    search_fields = ("person__name", "office__title", "slug")
    ordering = ("-started_on", "-pk")
    tells_apart = ("started_on", "slug")
    related = ("person", "office", "election__office", "successor")

    def save_record(self, record: Term, form: Any, *, by: User, now: datetime) -> None:
        """Save it."""
        super().save_record(_named(record), form, by=by, now=now)

    def pledges_of(self, record: Term) -> Iterable[int]:
        """Return the pledges of the term."""
        return Pledge.objects.filter(term=record.pk).values_list("pk", flat=True)


@admin.register(Office)
class OfficeAdmin(OfficialRecordAdmin):
    """Posts that someone is elected to."""

    fields = ("title", "slug", "jurisdiction", ("term_years", "selection"))
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("title",)}
    autocomplete_fields = ("jurisdiction",)
    list_display = ("title", "jurisdiction", "term_years", "selection")
    tells_apart = ("jurisdiction", "slug")
    search_fields = ("title", "slug", "jurisdiction__name")
    ordering = ("title", "pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring by what offices of one title are told apart."""
        return super().get_queryset(request).select_related("jurisdiction")


@admin.register(Jurisdiction)
class JurisdictionAdmin(OfficialRecordAdmin):
    """Where an office has power."""

    explained: ClassVar[dict[str, Any]] = {"state": _("Two capital letters, like PA.")}
    fields = ("name", "slug", ("kind", "state", "fips"), "note")
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("name",)}
    list_display = ("name", "kind", "state", "fips")
    list_filter = ("state",)
    search_fields = ("name", "slug", "fips")
    ordering = ("name", "pk")
    tells_apart = ("state", "slug")
