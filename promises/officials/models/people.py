"""Who holds which office where."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.common.history import with_history
from promises.common.text import no_control_characters, of_a_state, without_control_characters
from promises.common.words import words_index
from promises.editorial.models import Editorial, Versioned, no_lost_updates, the_name_stays
from promises.officials import triggers
from promises.officials.querysets import (
    JurisdictionQuerySet,
    OfficeQuerySet,
    PersonQuerySet,
)

PLAIN = [without_control_characters]


@with_history()
class Jurisdiction(Versioned):
    """Where an office has power (Popolo: area)."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200, validators=PLAIN)
    kind = models.CharField(
        _("kind"), max_length=60, validators=PLAIN, help_text=_("County, city, district …")
    )
    state = models.CharField(_("state"), max_length=2, validators=[*PLAIN, of_a_state])
    fips = models.CharField(_("FIPS code"), max_length=5, blank=True, validators=PLAIN)
    note = models.TextField(_("note"), blank=True, validators=PLAIN)

    objects = JurisdictionQuerySet.as_manager()

    known_by = ("slug",)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [no_control_characters("name", "kind", "note")]
        indexes = [words_index("name", name="officials_place_words")]
        triggers = [no_lost_updates(), the_name_stays("slug")]

    def __str__(self) -> str:
        return self.name


@with_history()
class Office(Versioned):
    """A post that someone is elected to (Popolo: organization and post)."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    title = models.CharField(_("title"), max_length=200, validators=PLAIN)
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="offices")
    term_years = models.PositiveSmallIntegerField(_("length of a term in years"))
    selection = models.CharField(_("how it is filled"), max_length=100, validators=PLAIN)

    objects = OfficeQuerySet.as_manager()

    known_by = ("slug",)

    class Meta:
        ordering = ["title", "pk"]
        indexes = [words_index("title", name="officials_office_words")]
        constraints = [
            no_control_characters("title", "selection"),
            models.CheckConstraint(
                condition=Q(term_years__range=(1, 12)), name="officials_office_term_years_sane"
            ),
        ]
        triggers = [no_lost_updates(), the_name_stays("slug")]

    def __str__(self) -> str:
        return self.title


@with_history()
class Person(Editorial):
    """An official or a candidate (Popolo: person). Public conduct only."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200, validators=PLAIN)
    party_at_election = models.CharField(
        _("party at the election"), max_length=100, blank=True, validators=PLAIN
    )
    background = models.TextField(
        _("background"), blank=True, validators=PLAIN, help_text=_("One neutral sentence.")
    )

    objects = PersonQuerySet.as_manager()

    class Meta(Editorial.Meta):
        verbose_name_plural = "people"
        constraints = [
            *Editorial.Meta.constraints,
            no_control_characters("name", "party_at_election", "background"),
        ]
        indexes = [
            # Read by lists in order of names, and by searches of the desk.
            models.Index(fields=["name", "id"], name="officials_person_by_name"),
            words_index("name", "slug", name="officials_person_words"),
        ]
        triggers = [
            *Editorial.Meta.triggers,
            no_lost_updates(),
            triggers.CONFLICTS_BLOCK_RETRACTING,
            triggers.PUBLIC_PLEDGES_ARE_WITHDRAWN_FIRST,
            triggers.WITHDRAWN_PEOPLE_LEAVE_THEIR_OFFICES,
        ]

    def __str__(self) -> str:
        return self.name
