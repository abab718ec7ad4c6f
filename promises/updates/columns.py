"""What the public sees of ratings, reviews, replies and corrections."""

from promises.common.columns import Column, Table
from promises.updates.models import (
    Approval,
    Citation,
    Correction,
    MethodologyVersion,
    Response,
    Review,
    StatusUpdate,
)

METHODOLOGY_VERSIONS = Table(
    name="methodology_versions",
    kind="methodology_version",
    model=MethodologyVersion,
    key=("version",),
    about="Versions of the rules by which pledges are rated.",
    columns=(
        Column("version", "Number of the version."),
        Column("published_on", "In force from this day."),
        Column("summary", "What it says."),
    ),
)
STATUS_UPDATES = Table(
    name="status_updates",
    kind="status_update",
    model=StatusUpdate,
    key=("slug",),
    about="Dated, sourced, signed judgements of what became of a pledge.",
    columns=(
        Column("slug", "Public name of the update."),
        Column("pledge", "The pledge.", "pledge__slug"),
        Column("status", "The rating."),
        Column("effective_on", "When this state of affairs began."),
        Column("assessed_on", "The day up to which the evidence was looked at."),
        Column("confidence", "How sure the editors are: high, medium or low."),
        Column("reason", "Why it stalled, was a compromise or was broken."),
        Column("reasoning", "Why, in plain words. What it should say since is in `corrections`."),
        Column("methodology", "Version of the rules in force.", "methodology__version"),
        Column("written_by", "Who wrote it.", "created_by__display_name", is_derived=True),
        Column("is_imported", "Whether it was imported, not written here.", is_derived=True),
    ),
)
CITATIONS = Table(
    name="citations",
    kind="citation",
    model=Citation,
    key=("status_update", "evidence"),
    about="The evidence each status update rests on.",
    columns=(
        Column("status_update", "The update.", "status_update__slug"),
        Column("evidence", "The evidence.", "evidence__slug"),
        Column("position", "Order of citation, from 1."),
    ),
)
APPROVALS = Table(
    name="approvals",
    kind="approval",
    model=Approval,
    key=("status_update", "approved_by"),
    about="Who else stands behind a published status update.",
    columns=(
        Column("pledge", "The pledge.", "status_update__pledge__slug", is_derived=True),
        Column("status_update", "The update.", "status_update__slug"),
        Column("approved_by", "Public name of the person.", "approved_by__display_name"),
        Column("approved_at", "When they approved."),
    ),
)
REVIEWS = Table(
    name="reviews",
    kind="review",
    model=Review,
    key=("pledge", "reviewed_at"),
    about="Someone looked again and nothing had changed.",
    columns=(
        Column("pledge", "The pledge.", "pledge__slug"),
        Column("reviewed_at", "When."),
        Column("reviewed_by", "Public name of the person.", "reviewed_by__display_name"),
        Column("note", "What was looked at."),
    ),
)
RESPONSES = Table(
    name="responses",
    kind="response",
    model=Response,
    key=("slug",),
    about="Replies of officials.",
    columns=(
        Column("slug", "Public name of the reply."),
        Column("pledge", "The pledge.", "pledge__slug"),
        Column("said_by", "Who replied."),
        Column("text", "The reply."),
        Column("published_on", "When; the first day of the period if not known to the day."),
        Column("date_precision", "How far the date is known."),
        Column("evidence", "Where the reply was made.", "evidence__slug"),
    ),
)
CORRECTIONS = Table(
    name="corrections",
    kind="correction",
    model=Correction,
    key=("corrected_at", "field"),
    about="Published words that were changed, with the old words.",
    columns=(
        Column("pledge", "The pledge it concerns.", "pledge__slug"),
        Column("status_update", "The update it concerns.", "status_update__slug"),
        Column("evidence", "The evidence it concerns.", "evidence__slug"),
        Column("kind", "correction, update, clarification or typo."),
        Column(
            "field",
            "What: a column of the pledge or of the evidence, the reasoning, a criterion, or the"
            " stance of evidence towards the pledge.",
        ),
        Column("old_text", "What it said, in words: “July 2018”, never a made-up day."),
        Column("new_text", "What it should say."),
        Column("note", "Why."),
        Column("corrected_at", "When."),
        Column("corrected_by", "Who.", "corrected_by__display_name"),
    ),
)
