"""Builds small records of obviously invented people for the tests.

Everything goes through the same actions as the desk. Each function takes what matters to the
test and fills in the rest.
"""

from datetime import UTC, date, datetime
from io import BytesIO
from itertools import count
from typing import Any

from promises.accounts.models import User
from promises.captures.actions import keep_upload
from promises.captures.copies import Copy
from promises.captures.models import Capture
from promises.captures.store import the_store
from promises.evidence.actions import publish_evidence, save_evidence, save_evidence_link
from promises.evidence.models import Evidence, EvidenceLink
from promises.officials.actions import (
    publish_person,
    retract_person,
    save_official_record,
    save_person,
)
from promises.officials.models import Jurisdiction, Office, Person, Term
from promises.pledges.actions import (
    publish_pledge,
    retract_pledge,
    save_criterion,
    save_pledge,
    save_topic,
)
from promises.pledges.models import Criterion, Pledge, Topic
from promises.staleness.actions import assign_flags, snooze_flags
from promises.staleness.models import StaleFlag
from promises.updates.actions import (
    approve_status_update,
    draft_status_update,
    publish_methodology,
    publish_status_update,
    submit_status_update,
)
from promises.updates.models import MethodologyVersion, Review, StatusUpdate
from promises.updates.reviewing import record_reviews

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
# All of one length, so that names sort as they were made.
_number = count(100_001)


def user(name: str = "", **more: Any) -> User:
    """A person on the desk. `is_staff` and `is_superuser` are off unless given."""
    name = name or f"editor-{next(_number)}"
    return User.objects.create_user(
        name, f"{name}@example.org", "correct horse battery", display_name=name.title(), **more
    )


def term(
    *,
    by: User,
    now: datetime = NOW,
    ends_on: date | None = None,
    who: dict[str, str] | None = None,
    **more: Any,
) -> Term:
    """A published person in an office, from 2024 on; `who` is what matters of the person."""
    number = next(_number)
    place = Jurisdiction(
        slug=f"example-county-{number}",
        name=f"Example County {number}",
        kind="county",
        state="PA",
    )
    save_official_record(record=place, by=by, now=now)
    office = Office(
        slug=f"example-da-{number}",
        title=f"District Attorney of Example County {number}",
        jurisdiction=place,
        term_years=4,
        selection="partisan election",
    )
    save_official_record(record=office, by=by, now=now)
    names = {"slug": f"jane-example-{number}", "name": f"Jane Example {number}"}
    person = Person(**{**names, **(who or {})})
    person = publish_person(person=save_person(person=person, by=by, now=now), by=by, now=now)
    started_on = more.pop("started_on", date(2024, 1, 1))
    return save_official_record(
        record=Term(
            slug=f"example-term-{number}",
            person=person,
            office=office,
            started_on=started_on,
            ends_on=ends_on,
            **more,
        ),
        by=by,
        now=now,
    )


def withdrawn_person(*, person: Person, by: User) -> Person:
    """Withdraw a person, and their pledges before."""
    for pledge in person.pledges.published():
        retract_pledge(pledge=pledge, reason="Never said.", by=by, now=NOW)
    return retract_person(person=person, reason="Another person.", by=by, now=NOW)


def topic(*, by: User, now: datetime = NOW, **more: Any) -> Topic:
    """A topic."""
    number = next(_number)
    values = {"slug": f"topic-{number}", "name": f"Topic {number}", **more}
    return save_topic(topic=Topic(**values), by=by, now=now)


def draft_pledge(*, by: User, now: datetime = NOW, of: Term | None = None, **more: Any) -> Pledge:
    """A draft pledge with one criterion."""
    number = next(_number)
    of = of or term(by=by, now=now)
    values = {
        "slug": f"pledge-{number}",
        "person": of.person,
        "term": of,
        "title": f"Do example thing {number}",
        "statement": f"She said she would do example thing {number}.",
        "kind": "outcome",
        "origin": "campaign",
        "made_on": date(2023, 11, 7),
        "controlled_by": "office",
        **more,
    }
    values.setdefault("topic", None)
    values["topic"] = values["topic"] or topic(by=by, now=now)
    pledge = save_pledge(pledge=Pledge(**values), by=by, now=now)
    criterion = Criterion(pledge=pledge, position=1, aspect="letter", text="The thing is done.")
    save_criterion(criterion=criterion, by=by, now=now)
    return pledge


def pledge(*, by: User, now: datetime = NOW, of: Term | None = None, **more: Any) -> Pledge:
    """A published pledge with one criterion and no evidence."""
    return publish_pledge(pledge=draft_pledge(by=by, now=now, of=of, **more), by=by, now=now)


def draft_evidence(*, by: User, now: datetime = NOW, **more: Any) -> Evidence:
    """A draft piece of evidence: an independent news report unless said otherwise.

    It was published on 1 May 2025, or on the day itself where that is still to come.
    """
    number = next(_number)
    values = {
        "slug": f"evidence-{number}",
        "title": f"Example report {number}",
        "kind": "news_report",
        "provenance": "independent",
        "publisher": "The Example Times",
        "url": f"https://news.example.org/{number}",
        "published_on": min(date(2025, 5, 1), now.date()),
        "summary": f"Example thing {number} happened.",
        "checked": "excerpt",
        **more,
    }
    return save_evidence(evidence=Evidence(**values), by=by, now=now)


def evidence(
    *, by: User, about: Pledge, now: datetime = NOW, stance: str = "supports", **more: Any
) -> Evidence:
    """A published piece of evidence linked to a pledge."""
    piece = draft_evidence(by=by, now=now, **more)
    link = EvidenceLink(pledge=about, evidence=piece, stance=stance)
    save_evidence_link(link=link, by=by, now=now)
    return publish_evidence(evidence=piece, by=by, now=now)


def methodology(*, by: User, now: datetime = NOW) -> MethodologyVersion:
    """The version in force, made at first use."""
    if found := MethodologyVersion.objects.first():
        return found
    version = MethodologyVersion(version="1", published_on=date(2020, 1, 1), summary="Rules.")
    return publish_methodology(methodology=version, by=by, now=now)


def draft_update(
    *,
    by: User,
    of: Pledge,
    now: datetime = NOW,
    cited: Evidence | None = None,
    has_copy: bool = True,
    **more: Any,
) -> StatusUpdate:
    """A draft status update that cites one published piece of evidence.

    Where the rating needs a copy of it there is one, unless `has_copy` is off.
    """
    methodology(by=by, now=now)
    cited = cited or evidence(by=by, about=of, now=now)
    is_final = more.get("status") in {"kept", "broken"}
    if has_copy and is_final and not cited.captures.exists():
        copy_of(cited, by=by, now=now)
    values = {
        "status": "in_the_works",
        "effective_on": min(date(2025, 6, 1), now.date()),
        "assessed_on": min(date(2025, 6, 2), now.date()),
        "confidence": "medium",
        "reason": "",
        "reasoning": "The evidence says so.",
        **more,
    }
    if values["status"] in {"stalled", "compromise", "broken"} and not values["reason"]:
        values["reason"] = "no_action"
    return draft_status_update(pledge=of, evidence=[cited], by=by, now=now, **values)


def published_update(
    *, by: User, of: Pledge, now: datetime = NOW, approvers: int | None = None, **more: Any
) -> StatusUpdate:
    """A status update approved by as many other people as its rating needs, and published."""
    update = draft_update(by=by, of=of, now=now, **more)
    update = submit_status_update(update=update, by=by, now=now)
    needed = 2 if update.status in {"kept", "broken"} else 1
    for _ in range(needed if approvers is None else approvers):
        approve_status_update(update=update, by=user(), now=now)
    return publish_status_update(update=update, by=by, now=now)


def record_review(*, pledge: Pledge, note: str, by: User, now: datetime) -> Review:
    """A look at one pledge: the desk looks at as many as are ticked."""
    return record_reviews(pledges=[pledge], note=note, by=by, now=now)[0]


def assign_flag(*, flag: StaleFlag, to: User | None, by: User, now: datetime) -> StaleFlag:
    """One episode in the hands of a person."""
    return assign_flags(flags=[flag], to=to, by=by, now=now)[0]


def snooze_flag(
    *, flag: StaleFlag, until: datetime, reason: str, by: User, now: datetime
) -> StaleFlag:
    """One episode off the desk for a while."""
    return snooze_flags(flags=[flag], until=until, reason=reason, by=by, now=now)[0]


def copy_of(piece: Evidence, *, by: User, now: datetime = NOW, text: str = "") -> Capture:
    """An uploaded copy of a piece of evidence: it counts as captured."""
    body = the_store().keep(BytesIO((text or f"A copy of {piece.slug}.").encode()))
    copy = Copy(captured_at=now, body=body, media_type="text/plain", text=text)
    return keep_upload(evidence=piece, copy=copy, file_name="copy.txt", by=by, now=now)
