"""Rules of a status update that need no database. The database checks them again."""

from collections.abc import Callable, Collection
from datetime import date

from promises.evidence.choices import PRIMARY_KINDS, Provenance
from promises.pledges.choices import Kind, Status

# Ratings that end the matter: two people approve them, and evidence of a certain kind backs them.
FINAL_STATUSES = (Status.KEPT, Status.BROKEN)
# What of a pledge a correction tells by the name of a person, at its beginning.
NAMING_PEOPLE = ("person", "term")
# Ratings that say why.
REASONED_STATUSES = (Status.STALLED, Status.COMPROMISE, Status.BROKEN)
# Approvals after which an imported rating is confirmed here.
CONFIRMING_APPROVALS = 2


def approvals_needed(status: str) -> int:
    """Return how many people other than the author must approve a rating."""
    return 2 if status in FINAL_STATUSES else 1


def evidence_fault(status: str, evidence: Collection[tuple[str, str]]) -> str:
    """Return why a rating may not rest on this evidence, or "".

    `evidence` is a (kind, provenance) pair for each published piece that is cited.
    """
    if not evidence:
        return (
            "A status update rests on at least one published piece of evidence. Cite one, or"
            " publish first what it cites."
        )
    if status in FINAL_STATUSES and not any(
        kind in PRIMARY_KINDS or provenance == Provenance.INDEPENDENT
        for kind, provenance in evidence
    ):
        return (
            "Kept and broken need a primary record or an independent source: a memo, filing,"
            " law, official data, or someone who is neither the office nor its opponent."
        )
    return ""


def copies_fault(titles: Collection[str]) -> str:
    """Return why a final rating waits for copies of these sources, or ""."""
    if not titles:
        return ""
    named = ", ".join(f"“{title}”" for title in titles)
    return (
        f"Kept and broken need a copy of every source. There is none of {named}. Capture it or"
        " upload a file on the page of the evidence; if there can be none, waive it there and say"
        " why: readers see the reason."
    )


def day_fault(*, effective_on: date, assessed_on: date, today: date) -> str:
    """Return why a rating may not be public yet, or "".

    With it a standing pledge is never kept before its term is over: it takes effect after that.
    """
    if max(effective_on, assessed_on) <= today:
        return ""
    return (
        "A status update speaks of days that are over. Publish it once the days on which it takes"
        " effect and was assessed are here, or send it back and correct them."
    )


def order_fault(
    *,
    is_newest: bool,
    assessed_on: date,
    in_force: tuple[date, date],
    in_words: Callable[[date], str],
) -> str:
    """Return why a rating would be published and yet never be the status, or "".

    `is_newest` says that it takes effect after the present one; of two of one day that is the one
    written later. `in_force` are the days on which the present one takes effect and was assessed;
    `in_words` writes a day as its readers do. A rating that was assessed before the present one
    fills in history; one assessed later is a finding of its own.
    """
    if is_newest or assessed_on <= in_force[1]:
        return ""
    return (
        f"The status update in force takes effect on {in_words(in_force[0])}, and this one, which"
        " was assessed later, not after it: published like this it would not become the status."
        " Withdraw the later one first, if this one shows that it is wrong, or let this one take"
        " effect after that day."
    )


def look_fault(
    *,
    is_newest: bool,
    assessed_on: date,
    in_force: tuple[date, date],
    in_words: Callable[[date], str],
) -> str:
    """Return why a rating would become the status on an older look than the present one, or "".

    The arguments are as above. Two ratings of one sitting have the same day of assessment: the
    later effect is the status.
    """
    if not is_newest or assessed_on >= in_force[1]:
        return ""
    return (
        f"The status update in force rests on a look at the evidence up to"
        f" {in_words(in_force[1])}, this one on an older look, and yet it would become the status."
        " Look at what came since and say up to which day, or withdraw the later one first, if it"
        " was wrong."
    )


def standing_fault(*, kind: str, status: str, effective_on: date, term_ends_on: date | None) -> str:
    """Return why a standing pledge may not have this rating from that day on, or ""."""
    if kind != Kind.STANDING:
        return ""
    if status == Status.BROKEN and term_ends_on is not None and effective_on > term_ends_on:
        return (
            "A standing pledge can only be broken before the term ends. Let the status"
            " update take effect on the day on which it was broken."
        )
    if status == Status.KEPT and (term_ends_on is None or effective_on < term_ends_on):
        return (
            "A standing pledge is kept only once the term is over. Until then rate it"
            " in the works: readers see “holding so far”."
        )
    return ""


def reason_fault(*, status: str, reason: str, is_imported: bool) -> str:
    """Return what is wrong with the reason of a rating, or ""."""
    if reason and status not in REASONED_STATUSES:
        return "Only stalled, compromise and broken carry a reason."
    if not reason and status in REASONED_STATUSES and not is_imported:
        return "Say why it stalled, was a compromise or was broken: choose a reason."
    return ""
