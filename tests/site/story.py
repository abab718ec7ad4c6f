"""Pledges of one official living through days, with copies of what was served each evening."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from random import Random
from typing import Any

import time_machine
from django.test import Client

from promises.editorial import actions as editorial
from promises.evidence.actions import (
    delete_evidence_link,
    retract_evidence,
)
from promises.evidence.models import EvidenceLink
from promises.ledger.actions import record_rows
from promises.officials.actions import save_official_record, save_person
from promises.officials.models import Term
from promises.pledges.actions import retract_pledge, save_topic
from promises.pledges.models import Criterion, Pledge
from promises.staleness.actions import sweep_stale
from promises.updates.actions import approve_status_update, retract_status_update
from promises.updates.columns import STATUS_UPDATES
from promises.updates.correcting import (
    correct_criterion,
    correct_evidence,
    correct_evidence_link,
    correct_pledge,
    correct_status_update,
)
from promises.updates.models import Response
from promises.updates.responding import publish_response, retract_response, save_response
from tests import record
from tests.record import record_review

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
CHANGES = (
    "rate", "rate", "approve", "retitle", "correct_rating", "evidence", "evidence", "restance",
    "unlink", "correct_evidence", "review", "reply", "criterion", "topic", "person", "office",
    "another_term", "no_term", "another_person", "second_pledge", "nothing",
)  # fmt: skip
WITHDRAWALS = ("retract_rating", "retract_evidence", "retract_reply", "retract_second")
# What is compared: the parts of a page that its past form has, by the id of their heading.
PARTS = {
    "pledge": ("verdict", "stale", "promise", "criteria", "supports", "contradicts", "context",
               "history", "responses", "corrections"),
    "prosecutor": ("scorecard",),
    "topic": ("side",),
}  # fmt: skip


def plain(html: str) -> str:
    """Return the words of a piece of a page, without drawings of them and links to elsewhere."""
    text = re.sub(r'<svg.*?</svg>|<figure class="strip">.*?</figure>', "", html, flags=re.DOTALL)
    text = re.sub(r'<p class="(take|more)[ "].*?</p>', "", text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text))).strip()


def part(html: str, name: str) -> str:
    """Return the words of the section that this heading names, without the heading; or ""."""
    start = html.find(f'aria-labelledby="{name}"')
    if start < 0:
        return ""
    depth, place = 1, start
    for tag in re.finditer(r"<(/?)section\b", html[start:]):
        depth += -1 if tag.group(1) else 1
        place = start + tag.start()
        if depth == 0:
            break
    body = html[html.index(">", start) + 1 : place]
    return plain(re.sub(r"<h[23][^>]*>.*?</h[23]>", "", body, count=1, flags=re.DOTALL))


def seen(client: Client, kind: str, path: str) -> dict[str, str]:
    """Return what a page says, part by part; {} where there is none."""
    response = client.get(path)
    if response.status_code == 404:
        return {}
    assert response.status_code == 200, path
    html = response.content.decode()
    html = html[html.index("<main") :]
    (title,) = re.findall(r"<h1[^>]*>(.*?)</h1>", html)
    # By these a pledge is cited.
    (edition, *_) = [*re.findall(r"Edition \d+ of the record, last changed on [^.]*", html), ""]
    parts = {name: part(html, name) for name in PARTS[kind]}
    return {"title": plain(title), "edition": edition, **parts}


class Story:
    """Two pledges of one official; `copies` are what was served of them each evening."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.by = record.user()
        self.now = START
        self.pledge = record.pledge(by=self.by, now=START, due_on=(START + 3 * DAY).date())
        self.second: Pledge | None = None
        self.client = Client()
        self.copies: dict[date, dict[str, dict[str, str]]] = {}
        self.withdrawn: list[tuple[date, str]] = []
        self.number = 0
        # The official keeps their page when the pledge turns out to be somebody else's.
        self.pages = {
            "pledge": f"/pledges/{self.pledge.slug}/",
            "prosecutor": f"/prosecutors/{self.pledge.person.slug}/",
            "topic": f"/topics/{self.pledge.topic.slug}/",
        }

    def live(self, happenings: list[str]) -> None:
        """Let these things happen in a day, then keep what is served late in the evening."""
        for happening in happenings:
            self.number += 1
            self.pledge.refresh_from_db()
            getattr(self, happening)(f"{happening} {self.number:03}")
        sweep_stale(by=self.by, now=self.now.replace(hour=22))
        with time_machine.travel(self.now.replace(hour=23), tick=False):
            self.copies[self.now.date()] = {
                kind: seen(self.client, kind, path) for kind, path in self.pages.items()
            }
        self.now += DAY

    def one_of(self, rows: Any) -> Any:
        found = list(rows)
        return self.random.choice(found) if found else None

    def nothing(self, words: str) -> None:
        pass

    def rate(self, words: str) -> None:
        status = self.random.choice(["in_the_works", "stalled", "compromise", "kept"])
        # Sometimes the first one is imported and not confirmed.
        if self.random.random() < 0.3 and not self.pledge.status_updates.exists():
            update = record.draft_update(
                by=self.by, of=self.pledge, now=self.now, reasoning=words, is_imported=True
            )
            update = editorial.publish(record=update, by=self.by, now=self.now)
            rows = {"table": STATUS_UPDATES, "ids": [update.pk], "verb": "imported"}
            record_rows(**rows, by=self.by, now=self.now)
            return
        record.published_update(
            by=self.by, of=self.pledge, now=self.now, status=status, reasoning=words,
            effective_on=date(2025, 1, self.random.randint(1, 28)),
        )  # fmt: skip

    def approve(self, words: str) -> None:
        rating = self.one_of(self.pledge.status_updates.filter(is_imported=True))
        if rating and rating.is_published:
            approve_status_update(update=rating, by=record.user(), now=self.now)

    def retitle(self, words: str) -> None:
        self.pledge.title, self.pledge.statement = words, f"She said: {words}."
        self.correct(words)

    def correct(self, words: str) -> None:
        correct_pledge(pledge=self.pledge, kind="correction", note=words, by=self.by, now=self.now)

    def correct_rating(self, words: str) -> None:
        if rating := self.one_of(self.pledge.status_updates.filter(state="published")):
            correct_status_update(
                update=rating, new_text=words, kind="update", note="N.", by=self.by, now=self.now
            )

    def evidence(self, words: str) -> None:
        stance = self.random.choice(["supports", "contradicts", "context"])
        record.evidence(by=self.by, about=self.pledge, now=self.now, stance=stance, title=words)

    def restance(self, words: str) -> None:
        if link := self.one_of(EvidenceLink.objects.published().filter(pledge=self.pledge)):
            link.stance = self.random.choice(["supports", "contradicts", "context"])
            link.note = words
            correct_evidence_link(
                link=link, kind="correction", note=words, by=self.by, now=self.now
            )

    def unlink(self, words: str) -> None:
        links = EvidenceLink.objects.published().filter(pledge=self.pledge)
        if link := self.one_of(links.exclude(evidence__citations__isnull=False)):
            delete_evidence_link(link=link, reason=words, by=self.by, now=self.now)
            # What no longer hangs on it is shown no more, on no day.
            self.withdrawn.append((self.now.date(), ""))

    def correct_evidence(self, words: str) -> None:
        if piece := self.one_of(self.pledge.evidence.filter(state="published")):
            piece.title, piece.summary = words, f"It says: {words}."
            correct_evidence(evidence=piece, kind="typo", note="N.", by=self.by, now=self.now)

    def review(self, words: str) -> None:
        record_review(pledge=self.pledge, note=words, by=self.by, now=self.now)

    def reply(self, words: str) -> None:
        reply = Response(
            slug=f"reply-{self.number}", pledge=self.pledge, said_by="Jane Example", text=words,
            published_on=date(2025, 7, 1),
            evidence=self.one_of(self.pledge.evidence.filter(state="published")),
        )  # fmt: skip
        reply = save_response(response=reply, by=self.by, now=self.now)
        publish_response(response=reply, by=self.by, now=self.now)

    def criterion(self, words: str) -> None:
        test = Criterion.objects.get(pledge=self.pledge)
        test.is_met = self.random.choice([True, False, None])
        correct_criterion(criterion=test, kind="update", note=words, by=self.by, now=self.now)

    def topic(self, words: str) -> None:
        self.pledge.topic.name = words
        save_topic(topic=self.pledge.topic, by=self.by, now=self.now)

    def person(self, words: str) -> None:
        self.pledge.person.name = words
        save_person(person=self.pledge.person, by=self.by, now=self.now)

    def office(self, words: str) -> None:
        if self.pledge.term:
            self.pledge.term.office.title = words
            save_official_record(record=self.pledge.term.office, by=self.by, now=self.now)

    def another_term(self, words: str) -> None:
        office = record.term(by=self.by, now=self.now).office
        term = Term(slug=f"term-{self.number}", person=self.pledge.person, office=office)
        term.started_on = date(2020, 1, 1)
        term.ends_on = date(2024, 1, 1)
        self.pledge.term = save_official_record(record=term, by=self.by, now=self.now)
        self.correct(words)

    def no_term(self, words: str) -> None:
        self.pledge.term = None
        self.correct(words)

    def another_person(self, words: str) -> None:
        self.pledge.term = record.term(by=self.by, now=self.now)
        self.pledge.person = self.pledge.term.person
        self.correct(words)

    def second_pledge(self, words: str) -> None:
        if self.second is None:
            self.second = record.pledge(
                by=self.by, now=self.now, of=self.pledge.term, topic=self.pledge.topic, title=words
            )

    def retract_rating(self, words: str) -> None:
        if rating := self.one_of(self.pledge.status_updates.filter(state="published")):
            retract_status_update(update=rating, reason=words, by=self.by, now=self.now)
            self.withdrawn.append((self.now.date(), rating.reasoning))

    def retract_evidence(self, words: str) -> None:
        if piece := self.one_of(self.pledge.evidence.filter(state="published")):
            retract_evidence(evidence=piece, reason=words, by=self.by, now=self.now)
            self.withdrawn.append((self.now.date(), piece.title))

    def retract_reply(self, words: str) -> None:
        if reply := self.one_of(self.pledge.responses.filter(state="published")):
            retract_response(response=reply, reason=words, by=self.by, now=self.now)
            self.withdrawn.append((self.now.date(), reply.text))

    def retract_second(self, words: str) -> None:
        if self.second and self.second.state == "published":
            self.second = retract_pledge(pledge=self.second, reason=words, by=self.by, now=self.now)
            self.withdrawn.append((self.now.date(), self.second.title))
