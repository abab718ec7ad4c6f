"""What the public sees of evidence and of what it says about pledges."""

from promises.common.columns import Column, Table
from promises.evidence.models import Evidence, EvidenceLink, ResultReportSource

EVIDENCE = Table(
    name="evidence",
    kind="evidence",
    model=Evidence,
    key=("slug",),
    about="Documents and records, each with a one-sentence summary of our own.",
    columns=(
        Column("slug", "Public name of the evidence."),
        Column("title", "Its title or headline."),
        Column("is_title_exact", "false where the headline was not seen."),
        Column("kind", "What sort of document or record."),
        Column("provenance", "self_reported, independent or adversarial towards the official."),
        Column("publisher", "Who published it."),
        Column("url", "Where it was published."),
        Column("published_on", "When; the first day of the period if not known to the day."),
        Column("date_precision", "How far the date is known: day, month, year or unknown."),
        Column("summary", "What it says, in one sentence of our own."),
        Column("checked", "How the summary was checked: excerpt, computed or unconfirmed."),
    ),
)
EVIDENCE_LINKS = Table(
    name="evidence_links",
    kind="evidence_link",
    model=EvidenceLink,
    key=("pledge", "evidence"),
    about="What each piece of evidence says about a pledge.",
    columns=(
        Column("pledge", "The pledge.", "pledge__slug"),
        Column("evidence", "The evidence.", "evidence__slug"),
        Column("stance", "supports, contradicts or context."),
        Column("is_source", "Whether the pledge was made here."),
        Column("note", "What a reader should know about the link."),
        Column("locator", "Where in the document."),
    ),
)
RESULT_REPORT_SOURCES = Table(
    name="result_report_sources",
    kind="result_report_source",
    model=ResultReportSource,
    key=("election", "position", "evidence"),
    about="Which evidence an election result was read from.",
    columns=(
        Column("election", "The election.", "result_report__election__slug"),
        Column("position", "Which report of its result.", "result_report__position"),
        Column("evidence", "The evidence.", "evidence__slug"),
    ),
)
