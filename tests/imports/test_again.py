"""A second import finds its rows again, and leaves alone what people have touched."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from promises.editorial.actions import delete_draft, submit
from promises.evidence.models import EvidenceLink
from promises.imports.actions import NotReady, map_columns, map_words, run_import, try_import
from promises.imports.models import Import, ImportedRow
from promises.ledger.models import Entry
from promises.pledges.actions import publish_pledge, save_pledge
from promises.pledges.models import Pledge
from tests import record
from tests.imports.conftest import COLUMNS, World, outcomes, reasons, table

pytestmark = pytest.mark.django_db


def state() -> list[tuple[object, ...]]:
    """Everything an import may write to the record."""
    return [
        *Pledge.objects.order_by("pk").values_list("pk", "title", "statement", "version", "state"),
        *ImportedRow.objects.order_by("pk").values_list("pk", "content_hash", "last_import"),
        *EvidenceLink.objects.order_by("pk").values_list("pk", "version"),
    ]


def test_the_same_file_again_writes_nothing(world: World) -> None:
    rows = [world.row(number) for number in range(1, 4)]
    world.imported(world.upload(*rows))
    before = state()
    tried = world.tried(world.upload(*rows))
    assert outcomes(tried) == {"unchanged": 3}
    with pytest.raises(NotReady, match="nothing to import"):
        run_import(upload=tried, **world.given)
    assert state() == before


def test_an_import_that_is_done_is_not_done_again(world: World) -> None:
    done = world.imported(world.upload(world.row(1)))
    before = state()
    with CaptureQueriesContext(connection) as captured:
        assert run_import(upload=done, **world.given).stage == "imported"
    writes = ("INSERT", "UPDATE ", "DELETE")
    assert [query for query in captured.captured_queries if query["sql"].startswith(writes)] == []
    assert state() == before


def test_the_same_values_written_another_way_are_unchanged(world: World) -> None:
    world.imported(world.upload(world.row(1)))
    again = world.row(1, date="7 Nov 2023", prosecutor=world.person.slug, title=" Open  file 1 ")
    assert outcomes(world.tried(world.upload(again))) == {"unchanged": 1}


def test_a_changed_row_changes_its_draft_and_nothing_else(world: World) -> None:
    world.imported(world.upload(world.row(1), world.row(2)))
    changed = world.row(2, description="She said something else.", date="2023-12-01")
    done = world.imported(world.upload(world.row(1), changed))
    assert outcomes(done) == {"changed": 1, "unchanged": 1}
    rows = Pledge.objects.order_by("pk").values_list(
        "statement", "made_on__month", "version", "slug"
    )
    assert list(rows) == [
        ("She said she would open file 1.", 11, 1, "open-file-1"),
        ("She said something else.", 12, 2, "open-file-2"),
    ]
    assert outcomes(world.tried(world.upload(world.row(1), changed))) == {"unchanged": 2}


def test_a_new_word_of_the_source_changes_the_note_only(world: World) -> None:
    world.imported(world.upload(world.row(1)))
    done = world.imported(world.upload(world.row(1, status="Broken")))
    assert outcomes(done) == {"changed": 1}
    assert (Pledge.objects.get().version, ImportedRow.objects.get().status) == (1, "broken")


def test_what_was_edited_published_or_handed_in_here_is_left(world: World) -> None:
    world.imported(world.upload(*(world.row(number) for number in range(1, 6))))
    edited, published, reviewed, deleted, _free = Pledge.objects.order_by("pk")
    edited.title = "As a person says"
    save_pledge(pledge=edited, **world.given)
    publish_pledge(pledge=published, **world.given)
    submit(record=reviewed, **world.given)
    delete_draft(record=deleted, **world.given)
    entries, before = Entry.objects.count(), state()
    changed = [world.row(number, description="Other words.") for number in range(1, 6)]
    done = world.imported(world.upload(*changed))
    assert outcomes(done) == {"changed": 1, "left": 4}
    said = [reasons(done, row)[-1] for row in range(2, 6)]
    assert said == [
        "Left: edited here since the last import.",
        "Left: it is public here. An import never changes what was published.",
        "Left: it is in review here.",
        "Left: its draft was deleted here.",
    ]
    assert state()[:3] == before[:3]
    # Drafts are private: the numbered record of the public knows nothing of it.
    assert Entry.objects.count() == entries


def test_the_same_ids_of_another_source_are_other_records(world: World) -> None:
    world.imported(world.upload(world.row(1)))
    other = world.upload_bytes(
        table(("id", "prosecutor", "title", "description", "category", "date"),
              ["E1", world.person.name, "Another", "Text.", "Open data", "2023-01-01"]),
        source="Another meter",
    )  # fmt: skip
    assert outcomes(world.imported(other)) == {"new": 1}
    assert Pledge.objects.count() == 2


def test_without_ids_the_title_of_the_person_has_to_do(world: World) -> None:
    columns = ("prosecutor", "title", "description", "category", "date")
    rows = [[world.person.name, f"Open {n}", "Text.", "Open data", "2023-01-01"] for n in (1, 2)]
    world.imported(world.upload_bytes(table(columns, *rows)))
    rows[0][2] = "Other text."
    assert outcomes(world.tried(world.upload_bytes(table(columns, *rows)))) == {
        "changed": 1,
        "unchanged": 1,
    }
    tried = world.tried(world.upload_bytes(table(columns, rows[0], rows[0])))
    assert outcomes(tried) == {"refused": 2}
    for row, other in ((2, 3), (3, 2)):
        words = f"Same title as row {other}, and the file has no ids to tell them apart."
        assert words in reasons(tried, row)
        assert not [reason for reason in reasons(tried, row) if "same id" in reason]


def test_a_link_follows_the_file_until_a_person_edits_it(world: World) -> None:
    pledge, other = record.draft_pledge(by=world.by), record.draft_pledge(by=world.by)
    columns = ("id", "title", "summary", "type", "stance", "pledge")

    def go(stance: str, about: str) -> Import:
        content = table(columns, ["a", "Files opened", "A memo.", "Law", stance, about])
        upload = world.upload_bytes(content, kind="evidence")
        fixed = {"provenance": {"column": "", "fixed": "independent"}}
        upload = map_columns(upload=upload, mapping={**upload.mapping, **fixed}, **world.given)
        return try_import(upload=upload, **world.given)

    run_import(upload=go("supports", pledge.slug), **world.given)
    run_import(upload=go("against", pledge.slug), **world.given)
    link = EvidenceLink.objects.get()
    assert (link.stance, link.version) == ("contradicts", 2)
    moved = go("against", other.slug)
    assert outcomes(moved) == {"refused": 1}
    assert reasons(moved, 2) == ["It was about another pledge. Remove that link on the desk first."]
    link.note = "Read it again."
    from promises.evidence.actions import save_evidence_link

    save_evidence_link(link=link, **world.given)
    assert outcomes(go("context", pledge.slug)) == {"left": 1}


def test_a_later_file_of_a_source_finds_its_columns_and_words_filled_in(world: World) -> None:
    first = world.mapped(world.upload(world.row(1, category="Harbours", status="4.5")))
    words = {"topic": {"Harbours": world.topic.slug}, "status": {"4.5": "compromise"}}
    first = map_words(upload=first, vocabulary=words, **world.given)
    run_import(upload=try_import(upload=first, **world.given), **world.given)
    columns = [name if name != "title" else "headline" for name in COLUMNS]
    rows = [world.row(2, category="Harbours", status="4.5"), world.row(3)]
    later = world.upload_bytes(table(columns, *rows))
    # A column that has another name now is guessed again.
    headline = {"title": {"column": "headline", "fixed": "", "order": ""}}
    assert later.mapping == {**first.mapping, **headline}
    assert later.mapping["controlled_by"]["fixed"] == "office"
    later = map_columns(upload=later, mapping=later.mapping, **world.given)
    assert later.vocabulary == {
        "topic": {"Harbours": world.topic.slug, "Open data": world.topic.slug},
        "status": {"4.5": "compromise", "Kept": "kept"},
    }


def test_what_was_said_of_another_source_or_never_imported_is_not_filled_in(world: World) -> None:
    world.mapped(world.upload(world.row(1)))
    world.imported(world.upload(world.row(1), source="Another meter"))
    later = world.upload(world.row(2))
    assert "controlled_by" not in later.mapping
    assert later.vocabulary == {}
