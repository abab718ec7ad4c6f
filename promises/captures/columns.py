"""What the public sees of copies of evidence: when, of what, and the hash to check it by."""

from promises.captures.models import Capture, CaptureWaiver
from promises.common.columns import Column, Table

CAPTURES = Table(
    name="captures",
    kind="capture",
    model=Capture,
    key=("evidence", "captured_at"),
    about="Copies of evidence that count, of evidence that is public.",
    columns=(
        Column("evidence", "The evidence.", "evidence__slug"),
        Column("captured_at", "When the copy was complete."),
        Column("how", "fetched from its web address, or uploaded by a person."),
        Column(
            "url", "Where it was in the end, after redirects; empty for an upload.", "final_url"
        ),
        Column("media_type", "What sort of file the copy is, by its content."),
        Column("sha256", "SHA-256 of the copy.", "body"),
        Column("size", "How many bytes it has.", "body__size"),
        Column("warc_sha256", "SHA-256 of the WARC file with request and answer.", "warc"),
        Column("confirmed_at", "When a person confirmed a copy that looked suspect; else empty."),
    ),
)
CAPTURE_WAIVERS = Table(
    name="capture_waivers",
    kind="capture_waiver",
    model=CaptureWaiver,
    key=("evidence", "waived_at"),
    about="Why evidence may be cited without a copy of it.",
    columns=(
        Column("evidence", "The evidence.", "evidence__slug"),
        Column("waived_at", "When that was decided."),
        Column("reason", "Why there need be no copy."),
        Column("ended_at", "When that ended; empty while it holds."),
    ),
)
