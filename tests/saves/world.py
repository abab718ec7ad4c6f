"""One draft of each kind, who may edit them, and what a save of each is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from promises.accounts.models import User
from promises.evidence.actions import save_evidence, save_evidence_link
from promises.evidence.models import EvidenceLink
from promises.pledges.actions import save_criterion, save_pledge
from promises.pledges.models import Criterion
from promises.updates.actions import revise_status_update
from tests import record


@dataclass(frozen=True)
class Target:
    """A row that editors save: its action, the name it takes the row by, what they type into."""

    row: Any
    action: Callable[..., Any]
    argument: str
    fields: tuple[str, ...]
    more: tuple[str, ...] = ()

    def read(self) -> Any:
        """Return the row as a page would open it."""
        return type(self.row)._default_manager.get(pk=self.row.pk)

    def save(self, row: Any, by: User) -> None:
        """Save it as the desk does."""
        more: dict[str, Any] = dict.fromkeys(self.more)
        self.action(**{self.argument: row}, **more, by=by, now=record.NOW)

    def words(self, row: Any) -> tuple[str, ...]:
        """Return what editors type into, as it stands in a row or in an event of its history."""
        return tuple(getattr(row, name) for name in self.fields)

    def events(self) -> Any:
        """Return what the history noted of the row, in order."""
        table = next(iter(type(self.row).pgh_event_models.values()))
        return table.objects.filter(pgh_obj_id=self.row.pk).order_by("pgh_id")


@dataclass(frozen=True)
class World:
    """What there is to save, and who saves it."""

    targets: list[Target]
    editors: list[User]


def build() -> World:
    """Build a draft pledge with a criterion and a link, a draft of evidence, a draft update."""
    writer = record.user()
    pledge = record.draft_pledge(by=writer)
    update = record.draft_update(by=writer, of=pledge)
    piece = record.draft_evidence(by=writer)
    criterion, link = Criterion.objects.get(), EvidenceLink.objects.get()
    editors = [record.user(is_staff=True, is_superuser=True) for _ in range(8)]
    words = ("title", "statement", "quote_attribution")
    targets = [
        Target(pledge, save_pledge, "pledge", words),
        Target(criterion, save_criterion, "criterion", ("text", "how_to_verify")),
        Target(link, save_evidence_link, "link", ("note", "locator")),
        Target(piece, save_evidence, "evidence", ("title", "summary", "publisher")),
        Target(update, revise_status_update, "update", ("reasoning",), ("evidence",)),
    ]
    return World(targets, editors)
