"""What the public sees of challenges: never who sent one, nor what they wrote."""

from promises.common.columns import Column, Table
from promises.suggestions.models import Challenge

CHALLENGES = Table(
    name="challenges",
    kind="challenge",
    model=Challenge,
    key=("reference",),
    about="Challenges of ratings that editors have taken up, with their answers.",
    columns=(
        Column("reference", "Public number of the challenge."),
        Column("pledge", "The pledge it concerns.", "pledge__slug"),
        Column("status_update", "The rating it concerns.", "status_update__slug"),
        Column("kind", "What is said to be wrong."),
        Column("state", "Where it stands."),
        Column("received_at", "When it came in."),
        Column("answer_due_on", "The day up to which an answer is due."),
        Column("summary", "The objection in the editors' words, where they wrote it."),
        Column("answer", "The editors' answer."),
        Column("answered_at", "When it was answered."),
        Column("answered_by", "Who answered.", "answered_by__display_name"),
    ),
)
