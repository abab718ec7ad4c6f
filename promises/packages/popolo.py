"""popolo.json: the officials in the terms of Popolo, which other civic software reads.

By the specification at https://www.popoloproject.com/specs/. An office is an organization and its
post, a term a membership, a jurisdiction an area, an election an event. Only published people and
terms are in it, and every object says where it can be checked.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from promises.evidence.models import ResultReportSource
from promises.officials.models import Election, Jurisdiction, Office, Person, Term

Thing = dict[str, Any]
Links = list[dict[str, str]]
ROWS_AT_ONCE = 2000
ROLE = "prosecutor"


def write_popolo(path: Path, *, facts: Mapping[str, str], home: str) -> None:
    """Write the file, one object a line, always in the same order. `facts` stand at its top."""
    evidence = _evidence_of_elections()
    classes: dict[str, Iterable[Thing]] = {
        "persons": _persons(home),
        "organizations": _organizations(home),
        "posts": _posts(home),
        "memberships": _memberships(home, evidence),
        "events": _events(home, evidence),
        "areas": _areas(home),
    }
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write("{")
        for name, value in facts.items():
            stream.write(f"\n{json.dumps(name)}: {_text(value)},")
        for number, (name, things) in enumerate(classes.items()):
            stream.write(f"{',' if number else ''}\n{json.dumps(name)}: [")
            for place, thing in enumerate(things):
                known = {key: value for key, value in thing.items() if value not in ("", None)}
                stream.write(f"{',' if place else ''}\n{_text(known)}")
            stream.write("\n]")
        stream.write("\n}\n")


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def _rows(rows: QuerySet[Any]) -> Iterator[Any]:
    return rows.order_by("pk").iterator(chunk_size=ROWS_AT_ONCE)


def _evidence_of_elections() -> Mapping[int, Links]:
    """Return what the results of each election were read from."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = ResultReportSource.objects.published().exclude(evidence__url="")
    paths = ("result_report__election", "evidence__url", "evidence__title")
    for election, url, title in rows.order_by("pk").values_list(*paths):
        found[election].setdefault(url, title)
    return {
        election: [{"url": url, "note": title} for url, title in links.items()]
        for election, links in found.items()
    }


def _persons(home: str) -> Iterator[Thing]:
    terms = Term.objects.published().filter(person=OuterRef("pk"))
    for person in _rows(Person.objects.published().annotate(is_official=Exists(terms))):
        page = f"prosecutors/{person.slug}/"
        yield {
            "id": person.slug,
            "name": person.name,
            "summary": person.background,
            "sources": _source(home, page if person.is_official else "data/latest/people.csv"),
        }


def _organizations(home: str) -> Iterator[Thing]:
    return _offices(
        home,
        lambda office: {
            "name": office.title,
            "classification": "prosecutor's office",
            "area_id": office.jurisdiction.slug,
        },
    )


def _posts(home: str) -> Iterator[Thing]:
    return _offices(
        home,
        lambda office: {
            "label": office.title,
            "role": ROLE,
            "organization_id": office.slug,
            "area_id": office.jurisdiction.slug,
        },
    )


def _offices(home: str, shape: Callable[[Office], Thing]) -> Iterator[Thing]:
    for office in _rows(Office.objects.select_related("jurisdiction")):
        yield {
            "id": office.slug,
            **shape(office),
            "sources": _source(home, f"api/v1/offices/{office.slug}/"),
        }


def _memberships(home: str, evidence: Mapping[int, Links]) -> Iterator[Thing]:
    terms = Term.objects.published()
    for term in _rows(terms.select_related("person", "office__jurisdiction")):
        sources = _source(home, f"api/v1/terms/{term.slug}/")
        yield {
            "id": term.slug,
            "role": ROLE,
            "person_id": term.person.slug,
            "organization_id": term.office.slug,
            "post_id": term.office.slug,
            "area_id": term.office.jurisdiction.slug,
            "start_date": term.started_on.isoformat(),
            "end_date": term.ends_on.isoformat() if term.ends_on else None,
            "sources": sources + list(evidence.get(term.election_id or 0, ())),
        }


def _events(home: str, evidence: Mapping[int, Links]) -> Iterator[Thing]:
    for election in _rows(Election.objects.select_related("office")):
        sources = _source(home, f"api/v1/elections/{election.slug}/")
        day = election.held_on.isoformat()
        yield {
            "id": election.slug,
            "name": f"{election.office.title}, {day} ({election.stage})",
            "classification": "election",
            "organization_id": election.office.slug,
            "start_date": day,
            "end_date": day,
            "sources": sources + list(evidence.get(election.pk, ())),
        }


def _areas(home: str) -> Iterator[Thing]:
    for place in _rows(Jurisdiction.objects.all()):
        yield {
            "id": place.slug,
            "name": place.name,
            "classification": place.kind,
            "identifier": place.fips,
            "sources": _source(home, "data/latest/jurisdictions.csv"),
        }


def _source(home: str, address: str) -> Links:
    return [{"url": f"{home}/{address}", "note": "Prosecutor Promise Tracker"}]
