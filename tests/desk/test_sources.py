"""Sources on the desk: the difference, accepting it, quoting, and what withdrawing reaches."""

from datetime import timedelta
from typing import Any

from django.test import Client

from promises.accounts.models import User
from promises.evidence.models import Evidence
from promises.newsroom.models import Assignment
from promises.sources.models import Passage, Source
from tests import record
from tests.desk import sent
from tests.desk.rows import change, step, take
from tests.sources.seen import GONE, found, visited

DAY = timedelta(days=1)
FIRST = "The office will ask for no cash bail. It says so in a memo."
SECOND = "The office will ask for less cash bail. It says so in a memo."
THIRD = "The office will ask for more cash bail. It says so in a memo."


def piece(by: User) -> Evidence:
    return record.evidence(by=by, about=record.pledge(by=by))


def changed(by: User) -> Source:
    """A source whose wording differs from the known one."""
    about = piece(by)
    visited(about, found(FIRST), by=by, now=record.NOW)
    return visited(about, found(SECOND, before=FIRST), by=by, now=record.NOW + 7 * DAY)


def words(page: Any) -> str:
    return " ".join(page.content.decode().split())


def test_the_page_shows_the_difference_word_by_word(desk: Client, person: User) -> None:
    source = changed(person)
    page = words(desk.get(change(source)))
    assert "</span>no<span" in page
    assert "</span>less<span" in page
    assert "Its wording differs from the one that was known." in page
    assert page.count("other wording</li>") == 1


def test_a_change_is_accepted_with_a_note(desk: Client, person: User) -> None:
    source = changed(person)
    there = step(source, "accept")
    refused = sent.step(desk, there, note=" ")
    assert refused.status_code == 200
    take(desk, source, "accept", note="It now says less.")
    source.refresh_from_db()
    assert (source.changed_at, source.accepted_note) == (None, "It now says less.")
    assert (source.accepted_by, source.accepted_text) == (person, source.found_text)
    history = words(desk.get(change(source).replace("change", "history")))
    assert "Accepted the change of wording" in history


def test_what_changed_again_is_not_accepted_unread(desk: Client, person: User) -> None:
    source = changed(person)
    there = step(source, "accept")
    fields = sent.fields_of(desk.get(there).content.decode())
    visited(source.evidence, found(THIRD, before=FIRST), by=person, now=record.NOW + 8 * DAY)
    answer = desk.post(there, {**fields, "note": "It says less."})
    assert "It has changed once more since you read it." in words(answer)
    source.refresh_from_db()
    assert source.accepted_text.text == FIRST


def test_words_are_quoted_and_quoted_no_more(desk: Client, person: User) -> None:
    source = visited(piece(person), found(FIRST), by=person, now=record.NOW)
    link = source.evidence.links.get()
    take(desk, source, "quote", link=str(link.pk), exact="no cash bail", before="", after="")
    passage = Passage.objects.get()
    assert (passage.link, passage.exact, passage.created_by) == (link, "no cash bail", person)
    page = words(desk.get(change(source)))
    assert "<q>no cash bail</q>" in page
    assert "Not looked for yet." in page
    Passage.objects.update(is_found=False, first_found_at=record.NOW, lost_at=record.NOW)
    Source.objects.update(found_whole=source.accepted_text)
    take(desk, source, "unquote", passage=str(passage.pk), reason="Not needed.")
    assert Passage.objects.count() == 0


def test_the_list_is_kept_by_what_there_is_to_do(desk: Client, person: User) -> None:
    lost, other = piece(person), changed(person)
    for days in (0, 3, 6):
        visited(lost, GONE, by=person, now=record.NOW + days * DAY)
    there = "/admin/sources/source/"
    for known, shown in (("changed", other.evidence), ("lost", lost)):
        page = words(desk.get(there, {"known": known}))
        assert [shown.title in page, (lost if shown != lost else other.evidence).title in page] == [
            True,
            False,
        ]
    assert "Due for a check: " in words(desk.get(there))
    assert "Sources that say something else" in words(desk.get("/admin/"))


def test_check_now_puts_it_at_the_head_of_the_line(desk: Client, person: User) -> None:
    source = visited(piece(person), found(FIRST), by=person, now=record.NOW)
    before = source.next_check_at
    take(desk, source, "check-now")
    source.refresh_from_db()
    assert source.next_check_at != before


def test_withdrawing_says_first_what_rests_on_it_and_opens_it_again(
    desk: Client, person: User
) -> None:
    about = piece(person)
    pledge = about.pledges.get()
    update = record.published_update(by=person, of=pledge, cited=about)
    page = words(desk.get(step(about, "retract")))
    assert "1 status update rests on it. It stays; someone is asked to look at it again." in page
    assert f'<a href="{change(update)}">{pledge}: In the works, published</a>' in page
    take(desk, about, "retract", reason="A forgery.")
    assert Assignment.objects.get().status_update == update
    update.refresh_from_db()
    assert update.state == "published"
    assert "rests on it" not in words(desk.get(step(piece(person), "retract")))


def test_a_draft_takes_its_source_along(desk: Client, person: User) -> None:
    draft = record.draft_evidence(by=person)
    visited(draft, found(FIRST), by=person, now=record.NOW)
    there = change(draft).replace("change", "delete")
    assert desk.post(there, {"post": "yes"}).status_code == 302
    assert (Evidence.objects.count(), Source.objects.count()) == (0, 0)


def test_the_page_of_evidence_says_what_is_known_of_its_original(
    desk: Client, person: User
) -> None:
    source = changed(person)
    page = words(desk.get(change(source.evidence)))
    assert f'<a href="{change(source)}">still there, its wording has changed</a>' in page
