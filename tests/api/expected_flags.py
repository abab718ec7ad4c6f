"""What the API says of the stale flags of the world of its tests."""

STALE_FLAG = {
    "id": "end-cash-bail/deadline_passed/2027-03-02T12:00:00.000000Z",
    "pledge": "end-cash-bail", "prosecutor": "jane-example", "reason": "deadline_passed",
    "is_open": True, "stale_since": "2026-06-02", "opened_at": "2027-03-02T12:00:00.000000Z",
    "closed_at": None, "closed_because": None,
    "rule": "Its own deadline has passed and its rating still leaves the outcome open.",
    "threshold": "the day after the deadline",
    "data": {"deadline": "2026-06-01"}, "data_in_words": "deadline 1 June 2026",
    "clears_by": "a rating that says what came of it",
}  # fmt: skip
UNCAPTURED_FLAG = {
    **STALE_FLAG,
    "id": "end-cash-bail/evidence_uncaptured/2027-03-02T12:00:00.000000Z",
    "reason": "evidence_uncaptured", "stale_since": "2026-03-09",
    "rule": "Its rating rests on published evidence of which no copy is kept that counts.",
    "threshold": "7 days after the rating and the evidence were published here",
    "data": {"first": "2026-03-02", "missing": 1},
    "data_in_words": "pieces of evidence without a copy: 1; cited by a rating since 2 March 2026",
    "clears_by": "a copy of the evidence, or a note why it can do without one",
}  # fmt: skip
