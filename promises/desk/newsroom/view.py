"""What the newsroom knows about one item, as its page shows it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.common.dates import moment_in_words, utc_date
from promises.editorial.choices import State
from promises.newsroom.choices import CommentKind
from promises.newsroom.models import Assignment, Comment, Embargo, Item, PlannedPublication
from promises.newsroom.rules import Urgency

PRESSES: dict[Urgency, str | Promise] = {
    Urgency.OVERDUE: _("overdue"),
    Urgency.TODAY: _("today"),
    Urgency.THIS_WEEK: _("this week"),
}


@dataclass(frozen=True)
class Newsroom:
    """The discussion of an item, who works on it, and when it is to appear."""

    comments: list[Comment]
    assignments: list[Assignment]
    plan: PlannedPublication | None
    embargo: Embargo | None

    @property
    def sent_back(self) -> Comment | None:
        """Why it was last sent back."""
        found = [one for one in self.comments if one.kind == CommentKind.SENT_BACK]
        return found[-1] if found else None


def newsroom_of(item: Item) -> Newsroom:
    """Return what is known of an item; asked once for each row that a page holds."""
    known: Any = item
    if not hasattr(known, "newsroom"):
        comments = Comment.objects.about(item).in_order().select_related("written_by")
        assignments = Assignment.objects.about(item).open().most_urgent_first()
        plans = PlannedPublication.objects.about(item).live().select_related("planned_by")
        embargoes = Embargo.objects.about(item).in_force(timezone.now()).select_related("set_by")
        known.newsroom = Newsroom(
            comments=list(comments),
            assignments=list(assignments.select_related("assigned_to")),
            plan=plans.first(),
            embargo=embargoes.first(),
        )
    found: Newsroom = known.newsroom
    return found


def due_words(assignment: Assignment, today: date) -> str:
    """Return what is to be done by when, and how it presses."""
    parts = [assignment.get_task_display()]
    if assignment.due_on is not None:
        parts.append(gettext("due %(day)s") % {"day": date_format(assignment.due_on)})
    if (pressing := PRESSES.get(assignment.urgency_on(today))) is not None:
        parts.append(str(pressing))
    return ", ".join(parts)


def newsroom_lines(item: Item) -> list[tuple[str | Promise, str, bool]]:
    """Return the lines above an item: what it is, in words, and whether it is a warning."""
    known, today = newsroom_of(item), utc_date(timezone.now())
    lines: list[tuple[str | Promise, str, bool]] = []
    if item.state == State.DRAFT and item.submitted_at and (back := known.sent_back):
        words = f"{back.text} ({back.written_by}, {date_format(back.written_at)})"
        lines.append((_("Came back"), words, True))
    if item.state in {State.DRAFT, State.IN_REVIEW}:
        lines += _before_publication(known)
    for one in known.assignments:
        is_late = one.urgency_on(today) == Urgency.OVERDUE
        words = f"{one.assigned_to}: {due_words(one, today)}"
        lines.append((_("Assigned"), f"{words}. {one.note}" if one.note else words, is_late))
    return lines


def _before_publication(known: Newsroom) -> list[tuple[str | Promise, str, bool]]:
    """Return when it is to appear, why it did not, and what holds it back."""
    lines: list[tuple[str | Promise, str, bool]] = []
    if plan := known.plan:
        words = f"{moment_in_words(plan.publish_at)}, {plan.planned_by}"
        if plan.outcome:
            lines.append((_("Not published"), f"{words}: {plan.reason}", True))
        else:
            lines.append((_("To be published"), words, False))
    if embargo := known.embargo:
        words = gettext("until %(moment)s, %(person)s: %(reason)s") % {
            "moment": moment_in_words(embargo.ends_at),
            "person": embargo.set_by,
            "reason": embargo.reason,
        }
        lines.append((_("Embargo"), words, False))
    return lines
