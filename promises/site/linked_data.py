"""What pages say as linked data (JSON-LD in the words of schema.org).

A pledge is a Claim. Only an outcome that people here stand behind is a ClaimReview with a number:
an open promise has nothing to rate yet, and an imported rating is not ours until it is confirmed.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from promises.common.canonical import timestamp
from promises.evidence.models import EvidenceLink
from promises.ledger.models import Entry
from promises.officials.models import Person, Term
from promises.pledges.choices import Status
from promises.pledges.models import Pledge
from promises.site.feeds import LICENCE, absolute
from promises.site.general_terms import in_words
from promises.site.translations import language_of, statement_of, title_of
from promises.updates.models import Correction, StatusUpdate

CONTEXT = "https://schema.org"
# The scale of outcomes, worst to best. Ratings that wait for an outcome are no point on it.
SCALE = (Status.BROKEN, Status.COMPROMISE, Status.KEPT)


def of_pledge(
    pledge: Pledge, newest: StatusUpdate | None, links: Sequence[EvidenceLink]
) -> dict[str, Any]:
    """Return a pledge as a Claim, with a ClaimReview where it has an outcome.

    It has no `datePublished`: on record is by which day a promise was made, not on which.
    """
    url = absolute(reverse("site:pledge", args=[pledge.slug]))
    sources = [link.evidence.url for link in links if link.is_source and link.evidence.url]
    claim: dict[str, Any] = {
        "@type": "Claim",
        "@id": f"{url}#claim",
        "name": title_of(pledge),
        "text": statement_of(pledge),
        "inLanguage": language_of(pledge),
        "author": {
            "@type": "Person",
            "name": pledge.person.name,
            "url": absolute(reverse("site:prosecutor", args=[pledge.person.slug])),
        },
        "about": in_words(pledge.topic.name),
    }
    if sources:
        claim["appearance"] = [{"@type": "CreativeWork", "url": source} for source in sources]
    reviews = [_review(pledge, newest, url)] if newest and _has_outcome(pledge) else []
    return {"@context": CONTEXT, "@graph": [claim, *reviews]}


def _has_outcome(pledge: Pledge) -> bool:
    return pledge.status in SCALE and not pledge.status_is_provisional


def _review(pledge: Pledge, newest: StatusUpdate, url: str) -> dict[str, Any]:
    assert newest.published_at is not None, "updates_statusupdate_published_has_a_date"
    return {
        "@type": "ClaimReview",
        "@id": f"{url}#update-{newest.slug}",
        "url": f"{url}#update-{newest.slug}",
        "itemReviewed": {"@id": f"{url}#claim"},
        "claimReviewed": pledge.statement,
        "author": _publisher(),
        "datePublished": timestamp(newest.published_at),
        "reviewBody": _reasoning(newest),
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": SCALE.index(Status(newest.status)) + 1,
            "worstRating": 1,
            "bestRating": len(SCALE),
            "alternateName": newest.get_status_display(),
        },
        "license": LICENCE,
    }


def _reasoning(update: StatusUpdate) -> str:
    """Return the reasoning of an update with `notes`, or what it should say by the newest."""
    notes: list[Correction] = update.notes  # type: ignore[attr-defined]
    said = [note.new_text for note in notes if note.field == "reasoning"]
    return said[0] if said else update.reasoning


def of_person(person: Person, terms: Iterable[Term]) -> dict[str, Any]:
    """Return an official as a Person with the offices held."""
    return {
        "@context": CONTEXT,
        "@type": "Person",
        "name": person.name,
        "url": absolute(reverse("site:prosecutor", args=[person.slug])),
        "hasOccupation": [_occupation(term) for term in terms],
    }


def _occupation(term: Term) -> dict[str, Any]:
    """Return a term as schema.org has it: a role in time around an occupation."""
    place = term.office.jurisdiction
    return {
        "@type": "Role",
        "startDate": term.started_on.isoformat(),
        **({"endDate": term.ends_on.isoformat()} if term.ends_on else {}),
        "hasOccupation": {
            "@type": "Occupation",
            "name": in_words(term.office.title),
            "occupationLocation": {
                "@type": "AdministrativeArea",
                "name": f"{place.name}, {place.state}",
            },
        },
    }


def of_dataset(newest: Entry | None) -> dict[str, Any]:
    """Return the whole record as a Dataset, as of its newest edition."""
    edition: dict[str, Any] = {}
    if newest:
        edition = {"version": str(newest.edition), "dateModified": timestamp(newest.at)}
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "name": _("Prosecutor Promise Tracker"),
        "description": _(
            "What elected prosecutors promised and what became of each promise, with dated"
            " evidence on both sides."
        ),
        "url": absolute(reverse("site:data")),
        "license": LICENCE,
        "isAccessibleForFree": True,
        "creator": _publisher(),
        "distribution": [
            _download(
                "application/zip", reverse("programs:data_file", args=["latest", "package.zip"])
            ),
            _download(
                "application/vnd.sqlite3",
                reverse("programs:data_file", args=["latest", "tracker.sqlite"]),
            ),
            _download("application/json", "/api/v1/"),
        ],
        **edition,
    }


def _download(media_type: str, path: str) -> dict[str, Any]:
    return {"@type": "DataDownload", "encodingFormat": media_type, "contentUrl": absolute(path)}


def _publisher() -> dict[str, Any]:
    return {
        "@type": "Organization",
        "name": _("Prosecutor Promise Tracker"),
        "url": absolute(reverse("site:home")),
    }
