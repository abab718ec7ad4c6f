"""A researcher adds a pledge, its evidence and a draft update without leaving the page."""

import re
from datetime import date
from typing import Any

from django.contrib.admin.models import LogEntry
from django.test import Client

from promises.accounts.models import User
from promises.evidence.models import Evidence, EvidenceLink
from promises.ledger.models import Entry
from promises.officials.models import Term
from promises.pledges.models import Criterion, Pledge, Topic
from promises.updates.models import Citation, StatusUpdate
from tests import record

ADD = "/admin/pledges/pledge/add/"
PREFIXES = ("criteria", "evidence_links", "evidence_links-2", "status_updates")


ROWS = {
    "criteria-0": {
        "verdict": "kept",
        "aspect": "letter",
        "text": "Every file can be read.",
        "is_met": "unknown",
    },
    "evidence_links-0": {
        "title": "Files opened",
        "is_title_exact": "on",
        "kind": "policy_memo",
        "provenance": "self_reported",
        "publisher": "The office",
        "url": "https://office.example.org/memo",
        "published_on": "2025-07-01",
        "date_precision": "month",
        "summary": "A memo orders the files to be opened.",
        "checked": "excerpt",
        "stance": "supports",
        "locator": "page 2",
    },
    "evidence_links-2-0": {"stance": "context"},
    "status_updates-0": {
        "status": "in_the_works",
        "confidence": "high",
        "effective_on": "2025-07-01",
        "assessed_on": "2025-08-01",
        "reasoning": "The memo says so.",
        "cites_all": "on",
    },
}


def page(term: Term, topic: Topic, known: Evidence, **more: Any) -> dict[str, Any]:
    """What the browser sends for the whole page."""
    rows = {f"{row}-{name}": value for row, cells in ROWS.items() for name, value in cells.items()}
    return {
        **{f"{prefix}-TOTAL_FORMS": 1 for prefix in PREFIXES},
        **{f"{prefix}-INITIAL_FORMS": 0 for prefix in PREFIXES},
        "person": term.person_id,
        "term": term.pk,
        "title": "Open the files",
        "slug": "open-the-files",
        "statement": "She said she would open the files.\r\nAll of them.",
        "quote": "I will open every file.",
        "quote_attribution": "Jane Example, speech",
        "kind": "outcome",
        "topic": topic.pk,
        "controlled_by": "office",
        "made_on": "2023-11-07",
        "origin": "campaign",
        "position": "0",
        **rows,
        "evidence_links-2-0-evidence": known.pk,
        **more,
    }


def test_one_page_makes_the_pledge_and_its_evidence(
    desk: Client, person: User, author: User, term: Term, topic: Topic
) -> None:
    known = record.draft_evidence(by=author)
    answer = desk.post(ADD, page(term, topic, known))
    assert answer.status_code == 302, answer.context["errors"]

    pledge = Pledge.objects.get()
    assert (pledge.title, pledge.statement, pledge.person, pledge.term, pledge.topic) == (
        "Open the files",
        "She said she would open the files.\nAll of them.",
        term.person,
        term,
        topic,
    )
    assert (pledge.state, pledge.created_by) == ("draft", person)
    criterion = Criterion.objects.get()
    assert (criterion.pledge, criterion.position, criterion.verdict, criterion.is_met) == (
        pledge,
        1,
        "kept",
        None,
    )
    new = Evidence.objects.exclude(pk=known.pk).get()
    assert (new.slug, new.title, new.state, new.created_by) == (
        "ev-files-opened",
        "Files opened",
        "draft",
        person,
    )
    assert (new.published_on, new.date_precision) == (date(2025, 7, 1), "month")
    links = EvidenceLink.objects.order_by("pk").values_list("evidence", "stance", "locator")
    assert list(links) == [(new.pk, "supports", "page 2"), (known.pk, "context", "")]


def test_the_draft_update_of_the_page_rests_on_all_its_evidence(
    desk: Client, person: User, author: User, term: Term, topic: Topic
) -> None:
    known = record.draft_evidence(by=author)
    editions = Entry.objects.count()
    assert desk.post(ADD, page(term, topic, known)).status_code == 302
    pledge, new = Pledge.objects.get(), Evidence.objects.exclude(pk=known.pk).get()
    update = StatusUpdate.objects.get()
    assert (update.pledge, update.state, update.created_by, update.edited_by) == (
        pledge,
        "draft",
        person,
        person,
    )
    assert (update.status, update.slug) == ("in_the_works", "open-the-files-update-1")
    cited = Citation.objects.order_by("position").values_list("evidence", "position")
    assert list(cited) == [(new.pk, 1), (known.pk, 2)]
    # Nothing of it is public.
    assert Entry.objects.count() == editions
    log = LogEntry.objects.get()
    assert (log.user, log.is_addition(), log.object_id) == (person, True, str(pledge.pk))


def test_a_page_refused_by_one_row_saves_nothing_and_loses_nothing(
    desk: Client, author: User, term: Term, topic: Topic
) -> None:
    known = record.draft_evidence(by=author)
    sent = page(term, topic, known, **{"status_updates-0-status": "stalled"})
    answer = desk.post(ADD, sent)
    assert answer.status_code == 200
    assert Pledge.objects.count() == StatusUpdate.objects.count() == 0
    assert list(Evidence.objects.all()) == [known]
    words = "Say why it stalled, was a compromise or was broken: choose a reason."
    form = answer.context["adminform"].form
    assert form.non_field_errors() == [words]
    formset = answer.context["inline_admin_formsets"][3].formset
    assert formset.forms[0].errors == {"reason": [words]}
    html = answer.content.decode()
    for typed in ("Open the files", "A memo orders the files to be opened.", "The memo says so."):
        assert typed in html


def test_new_evidence_is_checked_beside_its_own_fields(
    desk: Client, author: User, term: Term, topic: Topic
) -> None:
    known = record.draft_evidence(by=author)
    wrong = {"evidence_links-0-published_on": "2025-07-08", "evidence_links-0-url": "office memo"}
    answer = desk.post(ADD, page(term, topic, known, **wrong))
    assert answer.status_code == 200
    assert Pledge.objects.count() == 0
    errors = answer.context["inline_admin_formsets"][1].formset.forms[0].errors
    assert errors == {
        "url": [
            "Give a full web address that starts with https:// or http:// and has no password."
        ],
        "__all__": [
            "If only the month or the year is known, give its first day; if nothing is known,"
            " leave the date empty and say “unknown”."
        ],
    }


def test_new_evidence_has_room_for_a_title_and_an_address(desk: Client, db: None) -> None:
    body = desk.get(ADD).content.decode()
    for name in ("title", "publisher", "url"):
        (box,) = re.findall(f'<input[^>]* name="evidence_links-0-{name}"[^>]*>', body)
        assert 'class="vTextField"' in box


def test_rows_left_empty_are_no_rows(desk: Client, author: User, term: Term, topic: Topic) -> None:
    sent = page(term, topic, record.draft_evidence(by=author))
    # What a browser sends for rows that nobody touched: the choices that are preset.
    preset = {
        "evidence_links-0-is_title_exact": "on",
        "evidence_links-0-date_precision": "day",
        "status_updates-0-cites_all": "on",
    }
    left_empty = ("criteria-0", "evidence_links-0", "evidence_links-2-0", "status_updates-0")
    sent = {name: value for name, value in sent.items() if not name.startswith(left_empty)}
    answer = desk.post(ADD, {**sent, **preset})
    assert answer.status_code == 302, answer.context["errors"]
    assert Pledge.objects.count() == 1
    assert Criterion.objects.count() == EvidenceLink.objects.count() == 0
    assert StatusUpdate.objects.count() == 0


def test_a_term_of_another_person_is_refused_in_the_words_of_the_database(
    desk: Client, author: User, term: Term, topic: Topic
) -> None:
    sent = page(term, topic, record.draft_evidence(by=author))
    answer = desk.post(ADD, {**sent, "term": record.term(by=author).pk})
    assert answer.status_code == 200
    assert Pledge.objects.count() == 0
    assert answer.context["adminform"].form.errors == {
        "term": ["The term of a pledge must be one of its own person."]
    }


def test_what_is_missing_of_a_quote_is_said_beside_who_said_it(
    desk: Client, author: User, term: Term, topic: Topic
) -> None:
    sent = page(term, topic, record.draft_evidence(by=author), quote_attribution="")
    answer = desk.post(ADD, {**sent, "due_on": "2023-11-06"})
    assert answer.status_code == 200
    assert Pledge.objects.count() == 0
    assert answer.context["adminform"].form.errors == {
        "quote_attribution": ["Say who said the quote, and where."],
        "due_on": ["The deadline lies before the promise."],
    }


def test_the_terms_of_the_chosen_person_are_offered(desk: Client, author: User, term: Term) -> None:
    other = record.term(by=author)
    asked = {"app_label": "pledges", "model_name": "pledge", "field_name": "term"}

    def offered(**more: Any) -> list[str]:
        found = desk.get("/admin/autocomplete/", {**asked, **more}).json()["results"]
        return sorted(one["text"] for one in found)

    assert offered() == offered(person="") == sorted(map(str, (term, other)))
    assert offered(person=term.person_id) == [str(term)]
    assert offered(person=term.person_id, term="Nobody") == []
    assert offered(person="9" * 30) == sorted(map(str, (term, other)))


def test_the_log_ends_a_sentence_once(desk: Client, author: User, term: Term, topic: Topic) -> None:
    assert desk.post(ADD, page(term, topic, record.draft_evidence(by=author))).status_code == 302
    said = LogEntry.objects.get().get_change_message()
    assert "Added criterion “Every file can be read”. " in said
    assert ".”" not in said
