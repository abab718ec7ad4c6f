"""Suggestions: received once each, turned into one draft or set aside, and forgotten in time."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from promises.accounts.models import User
from promises.editorial.actions import NoReason, WrongState, delete_draft
from promises.evidence.models import Evidence, EvidenceLink
from promises.ledger.chain import current_edition
from promises.pledges.models import Pledge
from promises.suggestions.limits import NotNow, TooMany
from promises.suggestions.models import Suggestion
from promises.suggestions.rules import address_digest
from promises.suggestions.suggesting import (
    draft_suggested_evidence,
    draft_suggested_pledge,
    erase_suggesters,
    set_suggestion_aside,
    take_up_suggestion,
)
from tests import record
from tests.record import NOW
from tests.suggestions.suggested import evidence, suggestion

_number = count(1)


def pledge(of: Pledge, **more: Any) -> Pledge:
    """A pledge that an editor writes, of the person of another one."""
    values = {
        "slug": f"suggested-{next(_number)}", "person": of.person, "title": "Open the files",
        "statement": "She will open the files.", "kind": "outcome", "origin": "campaign",
        "topic": of.topic, "made_on": date(2024, 1, 1), "controlled_by": "office", **more,
    }  # fmt: skip
    return Pledge(**values)


@pytest.mark.django_db
def test_what_is_sent_is_kept_and_is_no_part_of_the_record(author: User) -> None:
    about = record.pledge(by=author)
    edition = current_edition()
    made = suggestion(pledge=about, explanation="A ruling is missing.")
    assert (made.state, made.kind, made.pledge, made.person) == (
        "received", "evidence", about, None,
    )  # fmt: skip
    assert len(made.reference) == 20
    assert suggestion(kind="pledge", person=about.person).person == about.person
    assert suggestion(kind="pledge", source_url="").source_url == ""
    assert suggestion().pledge is None
    assert current_edition() == edition


@pytest.mark.django_db
def test_each_is_its_own_row_and_the_same_again_is_counted(author: User) -> None:
    about = record.pledge(by=author)
    url = "https://court.example.org/ruling"
    first = suggestion(pledge=about, source_url=url, explanation="Page three.", network="mine")
    other = suggestion(pledge=about, source_url=url, explanation="Page four.")
    assert other.pk != first.pk
    assert other.url_digest == first.url_digest
    again = suggestion(
        pledge=about,
        source_url=f"{url}/?utm_source=x#top",
        explanation="  page THREE. ",
        network="mine",
    )
    assert (again.pk, again.times_sent, again.source_url) == (first.pk, 2, url)
    # A stranger's is another one, whose number the first sender does not learn.
    assert suggestion(pledge=about, source_url=url, explanation="Page three.").pk != first.pk
    # Of another subject it is another one, and so it is once the first is closed.
    same = {"source_url": url, "explanation": "Page three.", "network": "mine"}
    assert suggestion(**same).pk != first.pk
    set_suggestion_aside(suggestion=first, reason="Known.", by=author, now=NOW)
    assert suggestion(pledge=about, **same).pk != first.pk
    assert Suggestion.objects.count() == 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source_url": ""}, "evidence_has_source"),
        ({"source_url": "javascript:alert(1)"}, "full web address"),
        ({"source_url": "https://user:secret@example.org/"}, "full web address"),
        ({"explanation": ""}, "cannot be blank"),
        ({"explanation": "x" * 4001}, "at most 4000"),
        ({"explanation": "A bell\x07."}, "control character"),
        ({"kind": "rumour"}, "not a valid choice"),
        ({"sender_email": "rita"}, "valid email"),
    ],
)
def test_what_cannot_be_kept_is_refused(change: dict[str, str], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        suggestion(**change)
    assert Suggestion.objects.count() == 0


@pytest.mark.django_db
def test_only_what_is_public_is_spoken_about(author: User) -> None:
    with pytest.raises(WrongState):
        suggestion(pledge=record.draft_pledge(by=author))
    assert Suggestion.objects.count() == 0


@pytest.mark.django_db
def test_a_network_sends_ten_a_day(author: User) -> None:
    for number in range(10):
        suggestion(network="one", explanation=f"Thing {number}.")
    with pytest.raises(TooMany):
        suggestion(network="one")
    assert Suggestion.objects.count() == 10
    suggestion(network="two")
    suggestion(network="one", now=NOW + timedelta(days=1, seconds=1))
    assert Suggestion.objects.count() == 12


@pytest.mark.django_db
def test_an_editor_makes_a_draft_of_evidence_with_its_link(author: User) -> None:
    about = record.pledge(by=author)
    made = suggestion(pledge=about)
    link = EvidenceLink(pledge=about, stance="contradicts")
    piece = draft_suggested_evidence(
        suggestion=made, evidence=evidence(), link=link, by=author, now=NOW
    )
    made.refresh_from_db()
    assert (piece.state, piece.created_by) == ("draft", author)
    assert (made.state, made.led_to_evidence) == ("drafted", piece)
    assert (made.drafted_by, made.assigned_to, made.taken_up_by) == (author, author, author)
    assert (piece.links.get().pledge, piece.links.get().stance) == (about, "contradicts")
    # A draft that is deleted leaves the suggestion as one of which there was a draft.
    piece.links.all().delete()
    delete_draft(record=piece, by=author, now=NOW)
    made.refresh_from_db()
    assert (made.state, made.led_to_evidence) == ("drafted", None)


@pytest.mark.django_db
def test_an_editor_makes_a_draft_pledge(author: User) -> None:
    known = record.pledge(by=author)
    made = take_up_suggestion(
        suggestion=suggestion(kind="pledge", person=known.person), by=author, now=NOW
    )
    draft = draft_suggested_pledge(suggestion=made, pledge=pledge(known), by=author, now=NOW)
    made.refresh_from_db()
    assert (made.state, made.led_to_pledge, draft.state) == ("drafted", draft, "draft")


@pytest.mark.django_db
def test_a_second_draft_is_refused_and_nothing_of_it_is_left(author: User) -> None:
    made = suggestion()
    given = {"suggestion": made, "link": None, "now": NOW}
    first = draft_suggested_evidence(evidence=evidence(), by=author, **given)
    with pytest.raises(NotNow, match="Author has made a draft of this already"):
        draft_suggested_evidence(evidence=evidence(), by=record.user(), **given)
    with pytest.raises(NotNow):
        take_up_suggestion(suggestion=made, by=author, now=NOW)
    with pytest.raises(NotNow):
        set_suggestion_aside(suggestion=made, reason="No.", by=author, now=NOW)
    assert list(Evidence.objects.all()) == [first]
    made.refresh_from_db()
    assert (made.state, made.drafted_by) == ("drafted", author)


@pytest.mark.django_db
def test_a_draft_that_the_rules_refuse_leaves_the_suggestion_open(author: User) -> None:
    about = record.pledge(by=author)
    made = suggestion(pledge=about)
    for wrong, link in (
        (evidence(title=""), None),
        (evidence(), EvidenceLink(pledge=about, stance="proves")),
    ):
        with pytest.raises(ValidationError):
            draft_suggested_evidence(suggestion=made, evidence=wrong, link=link, by=author, now=NOW)
    with pytest.raises(ValidationError, match="another kind"):
        draft_suggested_pledge(suggestion=made, pledge=pledge(about), by=author, now=NOW)
    made.refresh_from_db()
    assert (made.state, made.taken_up_at) == ("received", None)
    assert (Evidence.objects.count(), Pledge.objects.count()) == (0, 1)


@pytest.mark.django_db
def test_what_is_set_aside_has_a_reason_and_can_come_back(author: User) -> None:
    made = suggestion()
    with pytest.raises(NoReason):
        set_suggestion_aside(suggestion=made, reason=" ", by=author, now=NOW)
    aside = set_suggestion_aside(suggestion=made, reason=" Known. ", by=author, now=NOW)
    assert (aside.state, aside.set_aside_reason, aside.set_aside_by) == (
        "set_aside", "Known.", author,
    )  # fmt: skip
    with pytest.raises(NotNow, match="set aside"):
        draft_suggested_evidence(
            suggestion=aside, evidence=evidence(), link=None, by=author, now=NOW
        )
    back = take_up_suggestion(suggestion=aside, by=author, now=NOW)
    assert (back.state, back.set_aside_reason, back.set_aside_by) == ("being_looked_at", "", None)


@pytest.mark.django_db
def test_senders_are_erased_in_time_and_history_never_knew_them(author: User) -> None:
    aside = suggestion(explanation="Spam.", network="one")
    set_suggestion_aside(suggestion=aside, reason="Nothing.", by=author, now=NOW)
    drafted, waiting = suggestion(), suggestion()
    given = {"link": None, "by": author, "now": NOW}
    draft_suggested_evidence(suggestion=drafted, evidence=evidence(), **given)

    def erased(after: timedelta) -> int:
        return erase_suggesters(by=author, now=NOW + after)

    assert erased(timedelta(days=1)) == 0
    assert not Suggestion.objects.exclude(sender_network="").exists()
    assert erased(timedelta(days=30) - timedelta(seconds=1)) == 0
    assert erased(timedelta(days=30)) == 2
    rows = {row.pk: row for row in Suggestion.objects.all()}
    assert (rows[aside.pk].explanation, rows[aside.pk].source_url) == ("", "")
    assert rows[drafted.pk].explanation != ""
    assert {rows[pk].sender_email for pk in (aside.pk, drafted.pk)} == {""}
    assert rows[waiting.pk].sender_email == "rita@example.org"
    assert erased(timedelta(days=180)) == 1
    waiting.refresh_from_db()
    assert (waiting.sender_name, waiting.sender_email, waiting.state) == ("", "", "received")
    # What lost its sender while it waited loses its words like any other.
    later = NOW + timedelta(days=181)
    set_suggestion_aside(suggestion=waiting, reason="Old.", by=author, now=later)
    assert erased(timedelta(days=211)) == 1
    with pytest.raises(NotNow, match="erased"):
        take_up_suggestion(suggestion=aside, by=author, now=NOW)
    from promises.suggestions.models import SuggestionEvent  # type: ignore[attr-defined]

    kept = {field.name for field in SuggestionEvent._meta.get_fields()}
    assert not kept & {"explanation", "source_url", "sender_name", "sender_email"}


@pytest.mark.django_db
def test_the_database_refuses_what_no_step_does(
    author: User, database_refuses: Callable[[str], Any]
) -> None:
    about = record.pledge(by=author)
    made = suggestion(pledge=about)
    rows = Suggestion.objects.filter(pk=made.pk)
    for change, reason in (
        ({"explanation": "Other words."}, "never changes"),
        ({"kind": "pledge"}, "never changes"),
        ({"state": "drafted"}, "drafted_by_someone"),
        ({"state": "set_aside"}, "set_aside_with_reason"),
        ({"person": about.person}, "never changes"),
        ({"led_to_pledge": about}, "drafted_by_someone"),
        ({"drafted_at": NOW}, "drafted_at_is_paired"),
        ({"version": 7}, "changed by someone else"),
    ):
        with database_refuses(reason):
            rows.update(**change)
    with database_refuses("Cannot delete"):
        rows.delete()
    draft_suggested_evidence(suggestion=made, evidence=evidence(), link=None, by=author, now=NOW)
    with database_refuses("cannot become"):
        rows.update(state="received", drafted_at=None, drafted_by=None, led_to_evidence=None)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("https://www.example.org/a/", "http://EXAMPLE.org/a#part", True),
        ("https://example.org/a?b=1&a=2", "https://example.org/a?a=2&b=1", True),
        ("https://example.org/a?id=1&utm_source=x&fbclid=y", "https://example.org/a?id=1", True),
        ("https://example.org/a?id=1", "https://example.org/a?id=2", False),
        ("https://example.org/A", "https://example.org/a", False),
        ("https://example.org/a", "https://example.com/a", False),
    ],
)
def test_spellings_of_an_address(one: str, other: str, is_same: bool) -> None:
    assert (address_digest(one) == address_digest(other)) is is_same


BROKEN = ["http://[", "http://[::1.example.org/", "https://ex\u2100mple.org/"]


@pytest.mark.parametrize("url", BROKEN)
def test_what_is_no_address_has_no_digest(url: str) -> None:
    assert address_digest(url) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("url", BROKEN)
def test_what_is_no_address_is_refused_as_one(url: str) -> None:
    with pytest.raises(ValidationError, match="This is not a web address"):
        suggestion(source_url=url)
    assert not Suggestion.objects.exists()


@given(path=st.text("abc/._-", max_size=20), query=st.text("ab=&1", max_size=20))
def test_what_follows_visitors_about_never_counts(path: str, query: str) -> None:
    plain = f"https://example.org/{path}?{query}"
    assert address_digest(f"{plain}&utm_medium=mail#x") == address_digest(plain)
