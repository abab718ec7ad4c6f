"""The desk's page of suggestions: what waits, drafts in our own words, reasons, no editing."""

from html import unescape

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.evidence.models import Evidence
from promises.pledges.models import Pledge
from promises.suggestions.models import Suggestion
from promises.suggestions.suggesting import take_up_suggestion
from tests import record
from tests.desk.sent import fields_of
from tests.desk.test_front import boxes
from tests.record import NOW
from tests.suggestions.suggested import suggestion

EVIDENCE = {
    "title": "Ruling of May", "kind": "court_filing", "provenance": "independent",
    "publisher": "Example Court", "published_on": "2025-05-01", "date_precision": "day",
    "summary": "The court ended it.", "checked": "excerpt", "stance": "contradicts",
}  # fmt: skip


@pytest.fixture
def made(author: User) -> Suggestion:
    """Evidence about a public pledge, suggested a moment ago."""
    return suggestion(pledge=record.pledge(by=author))


def step(desk: Client, made: Suggestion, name: str, **answers: str) -> str:
    """Open the page of a step, answer it as a browser would, and return what the desk says."""
    there = f"/admin/suggestions/suggestion/{made.pk}/step/{name}/"
    page = desk.get(there)
    assert page.status_code == 200
    fields = fields_of(page.content.decode())
    return desk.post(there, {**fields, **answers}, follow=True).content.decode()


def test_it_waits_on_the_front_page_until_someone_has_decided(
    desk: Client, made: Suggestion
) -> None:
    assert boxes(desk)["Suggested from outside"] == (1, 1)
    front = desk.get("/admin/").content.decode()
    assert str(made) in front
    assert "/admin/suggestions/suggestion/?where=open" in front
    step(desk, made, "set-aside", reason="Known.")
    assert "Suggested from outside" not in boxes(desk)


def test_one_about_nothing_of_the_record_is_known_by_its_first_words(
    desk: Client, author: User
) -> None:
    suggestion(explanation=f"The example <court> ended it. {'So it did. ' * 9}")
    rows = [row.text for box in desk.get("/admin/").context["boxes"] for row in box.rows]
    assert rows == ["evidence: The example <court> ended it. So it did. So it did. So it d…"]


def test_whoever_writes_a_draft_reads_what_was_sent(desk: Client, author: User) -> None:
    sent = suggestion(pledge=record.pledge(by=author), explanation="It <ended>.\nPage 2.")
    page = desk.get(f"/admin/suggestions/suggestion/{sent.pk}/step/draft-evidence/")
    assert "<li>It &lt;ended&gt;.<br>Page 2.</li>" in page.content.decode()


def test_a_draft_of_evidence_is_written_on_one_page(
    desk: Client, made: Suggestion, person: User
) -> None:
    said = step(desk, made, "draft-evidence", **EVIDENCE)
    assert "Draft made: " in said
    (piece,) = Evidence.objects.filter(title="Ruling of May")
    assert (piece.slug, piece.state, piece.created_by) == ("ruling-of-may", "draft", person)
    assert piece.url == made.source_url
    assert piece.links.get().pledge == made.pledge
    made.refresh_from_db()
    assert (made.state, made.led_to_evidence, made.drafted_by) == ("drafted", piece, person)
    assert f"/admin/evidence/evidence/{piece.pk}/change/" in said


def test_it_is_said_that_a_draft_is_not_linked_and_how_to_link_it(
    desk: Client, made: Suggestion
) -> None:
    assert "is not linked" not in step(desk, made, "take-up")
    said = unescape(step(desk, made, "draft-evidence", **{**EVIDENCE, "stance": ""}))
    assert "Draft made: " in said
    assert (
        f"The draft is not linked to “{made.pledge}”, because what it says of the pledge was left"
        " empty. Link it on the page of the pledge, under “Link evidence already in the record”."
    ) in said
    assert Evidence.objects.get(title="Ruling of May").links.count() == 0


def test_rules_of_dates_are_said_in_words(desk: Client, made: Suggestion) -> None:
    half_known = {"published_on": "2025-05-03", "date_precision": "month"}
    said = step(desk, made, "draft-evidence", **{**EVIDENCE, **half_known})
    assert "If only the month or the year is known, give its first day" in said
    assert "as_precise_as_known" not in said
    said = step(desk, made, "draft-evidence", **{**EVIDENCE, "published_on": "2999-01-01"})
    assert "The day of publication is still to come." in said
    assert not Evidence.objects.filter(title="Ruling of May").exists()


def test_a_draft_of_a_pledge_is_written_on_one_page(
    desk: Client, author: User, person: User
) -> None:
    known = record.pledge(by=author)
    made = suggestion(kind="pledge", person=known.person)
    page = desk.get(f"/admin/suggestions/suggestion/{made.pk}/step/draft-pledge/")
    assert fields_of(page.content.decode())["person"] == str(known.person.pk)
    step(
        desk, made, "draft-pledge", title="Open the files", statement="She will.",
        kind="outcome", origin="campaign", topic=str(known.topic.pk), made_on="2024-01-01",
        controlled_by="office", quote="", quote_attribution="",
    )  # fmt: skip
    draft = Pledge.objects.get(slug="open-the-files")
    made.refresh_from_db()
    assert (draft.state, draft.created_by, made.led_to_pledge) == ("draft", person, draft)


def test_what_is_missing_is_asked_for_and_nothing_is_made(desk: Client, made: Suggestion) -> None:
    said = step(desk, made, "draft-evidence", **{**EVIDENCE, "title": ""})
    assert "This field is required." in said
    said = step(desk, made, "set-aside", reason="")
    assert "This field is required." in said
    made.refresh_from_db()
    assert (made.state, Evidence.objects.count()) == ("received", 0)


def test_whoever_comes_second_is_told(
    desk: Client, second_desk: Client, made: Suggestion, other: User
) -> None:
    there = f"/admin/suggestions/suggestion/{made.pk}/step/draft-evidence/"
    fields = {**fields_of(desk.get(there).content.decode()), **EVIDENCE}
    step(second_desk, made, "draft-evidence", **EVIDENCE)
    page = desk.post(there, fields)
    assert page.status_code == 200
    assert Evidence.objects.count() == 1
    # With what happened meanwhile before their eyes they send it again, and are told why not.
    again = desk.post(there, {**fields_of(page.content.decode()), **EVIDENCE}).content.decode()
    assert f"{other} has made a draft of this already." in again
    assert Evidence.objects.count() == 1


def test_only_fitting_steps_are_offered(desk: Client, made: Suggestion, person: User) -> None:
    def offered(of: Suggestion) -> set[str]:
        page = desk.get(f"/admin/suggestions/suggestion/{of.pk}/change/").content.decode()
        names = ("take-up", "draft-evidence", "draft-pledge", "set-aside")
        return {name for name in names if f"/step/{name}/" in page}

    assert offered(made) == {"take-up", "draft-evidence", "set-aside"}
    assert offered(suggestion(kind="pledge")) == {"take-up", "draft-pledge", "set-aside"}
    take_up_suggestion(suggestion=made, by=person, now=NOW)
    assert offered(made) == {"draft-evidence", "set-aside"}
    step(desk, made, "draft-evidence", **EVIDENCE)
    assert offered(made) == set()


def test_the_page_says_who_else_has_the_source(
    desk: Client, author: User, made: Suggestion
) -> None:
    there = f"/admin/suggestions/suggestion/{made.pk}/change/"
    assert "This source" not in desk.get(there).content.decode()
    suggestion(source_url=f"{made.source_url}?utm_source=x", explanation="The same.")
    record.draft_evidence(by=author, title="Known ruling", url=f"{made.source_url}/")
    page = desk.get(there).content.decode()
    assert "1 other suggestion names it. On record as: Known ruling" in page
    assert "Written by someone outside." in page


def test_what_was_sent_is_shown_and_never_edited(desk: Client, made: Suggestion) -> None:
    there = f"/admin/suggestions/suggestion/{made.pk}/change/"
    page = desk.get(there).content.decode()
    for shown in (made.explanation, made.source_url, "Rita Reader", "rita@example.org"):
        assert shown in page
    desk.post(there, {"explanation": "Other words.", "state": "drafted"})
    stored = Suggestion.objects.get(pk=made.pk)
    assert (stored.explanation, stored.state) == (made.explanation, "received")
    history = desk.get(f"/admin/suggestions/suggestion/{made.pk}/history/").content.decode()
    for private in (made.explanation, made.source_url, "Rita", "rita@"):
        assert private not in history


@pytest.mark.parametrize(
    ("where", "expected"),
    [("open", 2), ("mine", 1), ("drafted", 1), ("aside", 1), ("", 4)],
)
def test_the_list_is_kept_by_where_they_stand(
    desk: Client, made: Suggestion, person: User, where: str, expected: int
) -> None:
    rows = [made, *(suggestion() for _ in range(3))]
    take_up_suggestion(suggestion=rows[1], by=person, now=NOW)
    step(desk, rows[2], "draft-evidence", **EVIDENCE)
    step(desk, rows[3], "set-aside", reason="Known.")
    page = desk.get("/admin/suggestions/suggestion/", {"where": where} if where else {})
    assert page.context["cl"].queryset.count() == expected
