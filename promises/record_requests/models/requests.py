from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from promises.common.history import with_history
from promises.common.text import no_control_characters, without_control_characters
from promises.common.words import words_index
from promises.editorial.models import Editorial, no_lost_updates
from promises.evidence.models import Evidence
from promises.officials.models import Office
from promises.pledges.models import Pledge
from promises.record_requests import triggers
from promises.record_requests.choices import DueBasis, FiledBy, Outcome, Stage
from promises.record_requests.models.laws import RecordsLaw
from promises.record_requests.querysets import RecordRequestQuerySet
from promises.record_requests.rules import stage_of

PLAIN = [without_control_characters]
# Columns that triggers keep: they follow from the day of the law, extensions and what came.
DERIVED = ("answer_due_on", "next_due_on")


def _not_before_filed(*fields: str) -> Q:
    """Return the rule that these days, where known, are not before that of filing."""
    rule = Q()
    for field in fields:
        rule &= Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": F("filed_on")})
    return rule


@with_history(leaving_out=DERIVED)
class RecordRequest(Editorial):
    """A request for public records, about pledges: whom we asked, for what, and what came.

    `due_by_law_on` is the first day set; `answer_due_on` that of the newest extension, if any;
    `next_due_on` the day on which its clock runs out: of an answer, then of an appeal. Triggers
    keep the last two. Nobody is named who merely works at an office.
    """

    slug = models.SlugField(_("slug"), max_length=150, unique=True)
    office = models.ForeignKey(
        Office,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="record_requests",
        help_text=_("Where the record is held by an office of this record."),
    )
    agency = models.CharField(_("to another agency"), max_length=200, blank=True, validators=PLAIN)
    subject = models.TextField(
        _("what was asked for"), validators=PLAIN, help_text=_("In our own words.")
    )
    law = models.ForeignKey(
        RecordsLaw, models.PROTECT, null=True, blank=True, related_name="record_requests"
    )
    statute = models.CharField(
        _("another law it rests on"), max_length=200, blank=True, validators=PLAIN
    )
    filed_on = models.DateField(_("filed on"))
    filed_by = models.CharField(_("filed by"), max_length=10, choices=FiledBy.choices)
    reference = models.CharField(
        _("the office's number for it"), max_length=100, blank=True, validators=PLAIN
    )
    due_basis = models.CharField(
        _("an answer is due"), max_length=10, choices=DueBasis.choices, default=DueBasis.COUNTED
    )
    due_by_law_on = models.DateField(
        _("due by law"), null=True, blank=True, help_text=_("Leave empty where it is counted.")
    )
    acknowledged_on = models.DateField(_("acknowledged on"), null=True, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    outcome = models.CharField(_("answer"), max_length=15, choices=Outcome.choices, blank=True)
    answer = models.TextField(
        _("what the office answered"), blank=True, validators=PLAIN, help_text=_("In our words.")
    )
    not_recorded = models.CharField(
        _("what the office does not record"),
        max_length=200,
        blank=True,
        validators=PLAIN,
        help_text=_("Ends the sentence “The office says that it does not record …”."),
    )
    withdrawn_on = models.DateField(_("withdrawn by us on"), null=True, blank=True)
    appealed_on = models.DateField(_("appealed on"), null=True, blank=True)
    appealed_to = models.CharField(_("appealed to"), max_length=200, blank=True, validators=PLAIN)
    appeal_due_on = models.DateField(_("decision due on"), null=True, blank=True)
    appeal_decided_on = models.DateField(_("appeal decided on"), null=True, blank=True)
    appeal_decision = models.TextField(_("what was decided"), blank=True, validators=PLAIN)
    note = models.TextField(_("note"), blank=True, validators=PLAIN)
    answer_due_on = models.DateField(_("answer due on"), null=True, editable=False)
    next_due_on = models.DateField(_("clock runs out on"), null=True, editable=False)
    pledges = models.ManyToManyField(
        Pledge, through="RequestPledge", related_name="record_requests"
    )
    documents = models.ManyToManyField(
        Evidence, through="RequestDocument", related_name="record_requests"
    )

    objects = RecordRequestQuerySet.as_manager()

    class Meta(Editorial.Meta):
        ordering = ["-filed_on", "-pk"]
        indexes = [
            # Read by the rule of staleness and by the desk: whose clock runs.
            models.Index(
                fields=["next_due_on", "id"],
                condition=Q(state="published", next_due_on__isnull=False),
                name="record_requests_running",
            ),
            # Read by the public list, newest first.
            models.Index(
                fields=["-filed_on", "-id"],
                condition=Q(state="published"),
                name="record_requests_newest",
            ),
            # Read by the filters and the front page of the desk.
            models.Index(
                fields=["state", "-id"],
                condition=~Q(state="published"),
                name="record_requests_not_public",
            ),
            words_index(
                "slug", "agency", "subject", "statute", "answer", name="record_requests_words"
            ),
        ]
        constraints = [
            *Editorial.Meta.constraints,
            no_control_characters(
                *("agency", "subject", "statute", "reference", "answer", "not_recorded"),
                *("appealed_to", "appeal_decision", "note"),
            ),
            models.CheckConstraint(
                condition=Q(office__isnull=False, agency="")
                | Q(office__isnull=True) & ~Q(agency=""),
                name="record_requests_recordrequest_goes_to_one",
                violation_error_message=_("Say to whom it went: an office, or another agency."),
            ),
            models.CheckConstraint(
                condition=Q(law__isnull=False, statute="") | Q(law__isnull=True) & ~Q(statute=""),
                name="record_requests_recordrequest_rests_on_one_law",
                violation_error_message=_("Say on which law it rests: one listed, or another."),
            ),
            models.CheckConstraint(
                condition=~Q(subject=""), name="record_requests_recordrequest_asks_something"
            ),
            models.CheckConstraint(
                condition=Q(filed_by__in=FiledBy.values)
                & Q(due_basis__in=DueBasis.values)
                & Q(outcome__in=["", *Outcome.values]),
                name="record_requests_recordrequest_choices_known",
            ),
            models.CheckConstraint(
                condition=Q(due_basis="none", due_by_law_on__isnull=True)
                | ~Q(due_basis="none")
                & Q(due_by_law_on__isnull=False, due_by_law_on__gt=F("filed_on")),
                name="record_requests_recordrequest_due_as_its_basis_says",
                violation_error_message=_(
                    "Give a day after the request was filed, or say that the law names none."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(due_basis="counted") | Q(law__isnull=False),
                name="record_requests_recordrequest_counted_by_a_law",
                violation_error_message=_("Only the days of a listed law can be counted."),
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, outcome="", answer="")
                | Q(answered_on__isnull=False) & ~Q(outcome=""),
                name="record_requests_recordrequest_answered_with_an_outcome",
                violation_error_message=_("An answer has a day and an outcome, or neither."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="not_recorded") & ~Q(not_recorded="")
                | ~Q(outcome="not_recorded") & Q(not_recorded=""),
                name="record_requests_recordrequest_says_what_is_not_recorded",
                violation_error_message=_("Say what the office does not record, only then."),
            ),
            models.CheckConstraint(
                condition=Q(appealed_on__isnull=True, appealed_to="", appeal_due_on__isnull=True)
                | Q(appealed_on__isnull=False) & ~Q(appealed_to=""),
                name="record_requests_recordrequest_appealed_to_someone",
                violation_error_message=_("An appeal has a day and someone who decides it."),
            ),
            models.CheckConstraint(
                condition=Q(appeal_decided_on__isnull=True, appeal_decision="")
                | Q(appealed_on__isnull=False, appeal_decided_on__isnull=False)
                & Q(appeal_decided_on__gte=F("appealed_on"))
                & ~Q(appeal_decision=""),
                name="record_requests_recordrequest_appeal_decided_in_words",
                violation_error_message=_("A decision on an appeal has a day and its words."),
            ),
            models.CheckConstraint(
                condition=_not_before_filed(
                    "acknowledged_on", "answered_on", "withdrawn_on", "appealed_on"
                ),
                name="record_requests_recordrequest_nothing_before_it_was_filed",
                violation_error_message=_("Nothing came before the request was filed."),
            ),
        ]
        triggers = [
            *Editorial.Meta.triggers,
            no_lost_updates(leaving_out=DERIVED),
            triggers.REQUESTS_KEEP_THEIR_CLOCK,
            triggers.WHAT_WAS_ASKED_STAYS,
            triggers.WHAT_CAME_STAYS,
            triggers.REQUESTS_ARE_ABOUT_A_PLEDGE,
        ]

    def __str__(self) -> str:
        return f"{self.sent_to}: {self.subject}"

    @property
    def sent_to(self) -> str:
        """To whom it went."""
        return str(self.office) if self.office else self.agency

    @property
    def rests_on(self) -> str:
        """The law it rests on."""
        return str(self.law) if self.law else self.statute

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        return Stage(
            stage_of(
                answered_on=self.answered_on,
                withdrawn_on=self.withdrawn_on,
                appealed_on=self.appealed_on,
                appeal_decided_on=self.appeal_decided_on,
            )
        )

    def is_overdue(self, today: date) -> bool:
        """Whether its clock ran out before today."""
        return self.next_due_on is not None and self.next_due_on < today
