"""What the seed record holds, and statuses worked out from files alone, for comparison."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from tests.packages.folder import rows_of

# Rows of each table of the seed record.
COUNTS = {
    "jurisdictions": 9,
    "offices": 8,
    "people": 19,
    "elections": 15,
    "candidacies": 26,
    "result_reports": 20,
    "terms": 11,
    "topics": 22,
    "general_terms": 52,
    "pledges": 51,
    "criteria": 82,
    "evidence": 190,
    "result_report_sources": 20,
    "evidence_links": 271,
    "methodology_versions": 1,
    "status_updates": 87,
    "citations": 176,
    "metric_sources": 5,
    "metrics": 288,
    "metric_pledges": 539,
    "observations": 9320,
}
OBSERVATION_FILES = 16


def rebuilt_statuses(folder: Path) -> dict[str, tuple[Any, ...]]:
    """Work the statuses out again from the files: newest by date, then by place in the file."""
    updates, stances = rows_of(folder, "status_updates.csv"), rows_of(folder, "evidence_links.csv")
    found = {}
    for pledge in rows_of(folder, "pledges.csv"):
        slug = pledge["slug"]
        history = sorted(
            (update["effective_on"], number, update)
            for number, update in enumerate(updates)
            if update["pledge"] == slug
        )
        counts = Counter(link["stance"] for link in stances if link["pledge"] == slug)
        evidence = (counts["supports"], counts["contradicts"], counts["context"])
        if not history:
            found[slug] = ("not_yet_rated", None, None, "", *evidence)
            continue
        newest = history[-1][2]
        since = newest["effective_on"]
        for day, _number, update in reversed(history):
            if update["status"] != newest["status"]:
                break
            since = day
        found[slug] = (
            newest["status"],
            date.fromisoformat(since),
            date.fromisoformat(newest["assessed_on"]),
            newest["confidence"],
            *evidence,
        )
    return found
