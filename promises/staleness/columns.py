"""What the public sees of staleness."""

from promises.common.columns import Column, Table
from promises.staleness.models import StaleFlag

STALE_FLAGS = Table(
    name="stale_flags",
    kind="stale_flag",
    model=StaleFlag,
    key=("pledge", "reason", "opened_at"),
    about="Episodes of staleness, open and closed.",
    columns=(
        Column("pledge", "The pledge.", "pledge__slug"),
        Column("reason", "Why it may be out of date. What rests on drafts stays at the desk."),
        Column("stale_since", "When it became due."),
        Column("opened_at", "When the sweep found it."),
        Column("closed_at", "When it was cleared; empty while it is open."),
        Column("closed_because", "What cleared it."),
    ),
)
