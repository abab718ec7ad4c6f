"""What may be evidence on which pledge, and why; nothing is linked without a person."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from promises.accounts.models import User
from promises.discovery import deciding
from promises.discovery.matching import MOST_PER_ITEM, match_items
from promises.discovery.models import Candidate, FeedItem
from promises.editorial.actions import NoReason
from promises.evidence.models import Evidence, EvidenceLink
from promises.ledger.models import Entry
from promises.officials.models import Person, Term
from promises.pledges.actions import retract_pledge
from promises.pledges.models import Pledge
from tests import record
from tests.discovery import found
from tests.record import NOW

pytestmark = pytest.mark.django_db
BAIL = {
    "title": "Stop asking for cash bail",
    "statement": "She said prosecutors would no longer ask for cash bail in minor cases.",
}
STORY = {
    "title": "Prosecutors asked for cash bail less often",
    "summary": "Jane Quillon's office published figures on minor cases.",
}


def term(author: User, name: str = "Jane Quillon") -> Term:
    """A term of a person of that name."""
    made = record.term(by=author)
    Person.objects.filter(pk=made.person_id).update(name=name)
    made.refresh_from_db()
    return made


@pytest.fixture
def pledge(author: User) -> Pledge:
    """A pledge about cash bail by Jane Quillon."""
    return record.pledge(by=author, of=term(author), **BAIL)


def matched(by: User) -> list[Candidate]:
    """Match what came and return the candidates, the best first."""
    match_items(by=by, now=NOW)
    return list(Candidate.objects.best_first())


def test_an_item_that_names_the_official_and_shares_words_is_a_candidate(
    author: User, pledge: Pledge
) -> None:
    other = record.pledge(by=author, of=pledge.term, title="Open a unit", statement="Wages.")
    item = found.item(of=found.feed(by=author), **STORY)
    told = Entry.objects.count()
    (candidate,) = matched(author)
    assert (candidate.item, candidate.pledge, candidate.state) == (item, pledge, "waiting")
    assert candidate.words == ["asked", "bail", "cases", "cash", "minor", "prosecutors"]
    # Six stems that one of two pledges has, and the full name.
    assert float(candidate.score) == pytest.approx(6 + 1, abs=0.01)
    assert not Candidate.objects.filter(pledge=other).exists()
    # Nothing is linked, and nothing is told, without a person.
    assert (Evidence.objects.count(), Entry.objects.count()) == (0, told)


@pytest.mark.parametrize(
    "story",
    [
        # Somebody else's office; one word alone; the name alone.
        {"title": "Cash bail in minor cases", "summary": "Someone else's office."},
        {"title": "Jane Quillon on bail", "summary": "Nothing more."},
        {"title": "Jane Quillon", "summary": "Jane Quillon spoke."},
        {"title": "Weather", "summary": "It rained."},
    ],
)
def test_what_shares_too_little_is_none(
    author: User, pledge: Pledge, story: dict[str, str]
) -> None:
    found.item(of=found.feed(by=author), **story)
    assert matched(author) == []
    assert FeedItem.objects.unmatched().count() == 0


def test_the_feed_of_a_place_needs_no_name(author: User, pledge: Pledge) -> None:
    assert pledge.term is not None
    elsewhere = record.pledge(by=author, of=term(author, "John Elsewhere"), **BAIL)
    here = found.feed(by=author, kind="court", office=pledge.term.office)
    found.item(of=here, title="Order on cash bail in minor cases", summary="")
    there = found.feed(
        by=author,
        kind="court",
        jurisdiction=elsewhere.term.office.jurisdiction,  # type: ignore[union-attr]
    )
    found.item(of=there, title="Order on cash bail in minor cases", summary="")
    assert {(one.item.feed, one.pledge) for one in matched(author)} == {
        (here, pledge),
        (there, elsewhere),
    }


def test_the_last_name_is_enough_but_counts_less(author: User, pledge: Pledge) -> None:
    feed = found.feed(by=author)
    full = found.item(of=feed, title="Jane Quillon on cash bail", summary="")
    last = found.item(of=feed, title="Quillon on cash bail", summary="")
    scores = {one.item: one.score for one in matched(author)}
    assert scores[full] > scores[last] > 0


@pytest.mark.parametrize("name", ["Jane Quillon Jr.", "Jane Quillon, III", "Jane Quillon"])
def test_what_stands_behind_a_last_name_is_none(author: User, name: str) -> None:
    record.pledge(by=author, of=term(author, name), **BAIL)
    found.item(of=found.feed(by=author), title="Quillon on cash bail", summary="")
    assert len(matched(author)) == 1


def test_a_word_that_every_pledge_has_says_nothing(author: User, pledge: Pledge) -> None:
    topic = record.topic(by=author)
    for number in range(25):
        record.pledge(
            by=author, of=pledge.term, topic=topic, title=f"Number {number}",
            statement="She said prosecutors would ask for cash bail in minor cases.",
        )  # fmt: skip
    found.item(of=found.feed(by=author), **STORY)
    assert matched(author) == []


def test_the_best_of_an_item_are_kept(author: User, pledge: Pledge) -> None:
    topic = record.topic(by=author)
    for _ in range(MOST_PER_ITEM + 3):
        record.pledge(by=author, of=pledge.term, topic=topic, **BAIL)
    found.item(of=found.feed(by=author), **STORY)
    assert len(matched(author)) == MOST_PER_ITEM


def test_matching_again_finds_nothing_new_and_keeps_decisions(author: User, pledge: Pledge) -> None:
    found.item(of=found.feed(by=author), **STORY)
    (candidate,) = matched(author)
    deciding.dismiss_candidate(candidate=candidate, reason="An opinion.", by=author, now=NOW)
    FeedItem.objects.update(matched_at=None)
    (again,) = matched(author)
    assert (again.pk, again.state, again.reason) == (candidate.pk, "dismissed", "An opinion.")


def test_a_withdrawn_pledge_gets_no_candidates(author: User, pledge: Pledge) -> None:
    retract_pledge(pledge=pledge, reason="Never said.", by=author, now=NOW)
    found.item(of=found.feed(by=author), **STORY)
    assert matched(author) == []


@pytest.mark.parametrize(
    ("known", "url"),
    [
        ("https://news.example.org/a", "https://news.example.org/a"),
        ("http://www.news.example.org/a/", "https://news.example.org/a"),
    ],
)
def test_what_is_evidence_already_is_shown_as_such(
    author: User, pledge: Pledge, known: str, url: str
) -> None:
    piece = record.draft_evidence(by=author, url=known)
    record.draft_evidence(by=author, url="https://news.example.org/b")
    found.item(of=found.feed(by=author), url=url, **STORY)
    (candidate,) = matched(author)
    assert candidate.known == piece


@pytest.fixture
def candidate(author: User, pledge: Pledge) -> Candidate:
    """A candidate that waits."""
    found.item(of=found.feed(by=author), **STORY)
    return matched(author)[0]


def new_piece(candidate: Candidate, **more: Any) -> Evidence:
    """Evidence made of an item, as the desk makes it."""
    values = {
        "slug": "ev-story", "title": candidate.item.title, "kind": "news_report",
        "provenance": "independent", "publisher": "The Example Times", "url": candidate.item.url,
        "published_on": candidate.item.published_on, "summary": "It was asked for less often.",
        "checked": "excerpt", **more,
    }  # fmt: skip
    return Evidence(**values)


def linked(candidate: Candidate, by: User, piece: Evidence, **more: Any) -> Candidate:
    """Link a candidate."""
    given = {"stance": "supports", "link_note": "", **more}
    return deciding.link_candidate(candidate=candidate, piece=piece, by=by, now=NOW, **given)


def test_a_person_links_it_as_a_draft(author: User, candidate: Candidate, pledge: Pledge) -> None:
    told = Entry.objects.count()
    done = linked(candidate, author, new_piece(candidate), link_note="Figures.")
    piece = Evidence.objects.get()
    assert (piece.state, piece.created_by, piece.url) == ("draft", author, candidate.item.url)
    link = EvidenceLink.objects.get()
    assert (link.pledge, link.evidence, link.stance, link.note) == (
        pledge, piece, "supports", "Figures.",
    )  # fmt: skip
    assert (done.state, done.decided_by, done.evidence) == ("linked", author, piece)
    assert Entry.objects.count() == told
    with pytest.raises(deciding.AlreadyDecided):
        linked(candidate, author, new_piece(candidate, slug="another"))
    assert Evidence.objects.count() == 1


def test_known_evidence_is_linked_once(author: User, candidate: Candidate, pledge: Pledge) -> None:
    piece = record.evidence(by=author, about=pledge, stance="contradicts")
    done = linked(candidate, author, piece)
    assert (done.evidence, EvidenceLink.objects.get().stance) == (piece, "contradicts")
    assert Evidence.objects.count() == 1


def test_what_does_not_add_up_links_nothing(author: User, candidate: Candidate) -> None:
    with pytest.raises(ValidationError):
        linked(candidate, author, new_piece(candidate, summary=""))
    with pytest.raises(ValidationError):
        linked(candidate, author, new_piece(candidate), stance="perhaps")
    candidate.refresh_from_db()
    assert (candidate.state, Evidence.objects.count()) == ("waiting", 0)


def test_a_person_dismisses_it_with_a_reason(author: User, candidate: Candidate) -> None:
    with pytest.raises(NoReason):
        deciding.dismiss_candidate(candidate=candidate, reason=" ", by=author, now=NOW)
    done = deciding.dismiss_candidate(candidate=candidate, reason="An ad.", by=author, now=NOW)
    assert (done.state, done.reason, done.decided_by) == ("dismissed", "An ad.", author)
    assert list(Candidate.objects.waiting()) == []


def test_the_database_knows_no_decision_without_a_person(
    candidate: Candidate, database_refuses: Callable
) -> None:
    rows = Candidate.objects.filter(pk=candidate.pk)
    for change in ({"state": "linked"}, {"state": "dismissed"}, {"reason": "An ad."}):
        with database_refuses("decided_by_someone"):
            rows.update(**change)
    with database_refuses("decided_at_is_paired"):
        rows.update(state="linked", decided_at=NOW)
    robot = record.user("robot", is_service=True)
    with database_refuses("by a person"):
        rows.update(state="linked", decided_at=NOW, decided_by=robot)
