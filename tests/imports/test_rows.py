"""What becomes of each row, and why."""

from datetime import date

import pytest

from promises.evidence.models import Evidence, EvidenceLink
from promises.imports.actions import map_columns, map_words, try_import
from promises.imports.deciding import BadMapping
from promises.imports.lookups import MOST_WITH_NEAREST
from promises.imports.models import ImportedRow
from promises.pledges.models import Pledge
from promises.updates.models import StatusUpdate
from tests import record
from tests.imports.conftest import SOURCE, World, outcomes, reasons, table

pytestmark = pytest.mark.django_db

EVIDENCE = ("id", "headline", "summary", "outlet", "link", "date", "type", "stance", "pledge")


def test_a_row_becomes_a_draft_with_everything_it_says(world: World) -> None:
    upload = world.upload(world.row(1), world.row(2, date="November 12, 2017", title="=Open"))
    assert {name: part["column"] for name, part in upload.mapping.items() if part["column"]} == {
        "external_id": "id",
        "person": "prosecutor",
        "title": "title",
        "statement": "description",
        "topic": "category",
        "made_on": "date",
        "status": "status",
    }
    done = world.imported(upload)
    assert (done.stage, outcomes(done)) == ("imported", {"new": 2})
    first, second = Pledge.objects.order_by("pk")
    assert (first.state, first.created_by, first.slug) == ("draft", world.by, "open-file-1")
    assert (first.person, first.topic, first.made_on) == (
        world.person,
        world.topic,
        date(2023, 11, 7),
    )
    assert (first.kind, first.origin, first.controlled_by) == ("outcome", "campaign", "office")
    assert (second.title, second.made_on) == ("=Open", date(2017, 11, 12))
    assert (first.position, second.position) == (1, 2)
    # Its history names the import and the person.
    event = first.events.get()
    assert (event.pgh_context.metadata["action"], event.pgh_context.metadata["by"]) == (
        "run_import",
        world.by.pk,
    )


def test_a_status_of_the_source_is_a_note_and_never_a_rating(world: World) -> None:
    done = world.imported(world.upload(world.row(1, status="Promise Kept!")))
    pledge = Pledge.objects.get()
    assert (pledge.status, StatusUpdate.objects.count()) == ("not_yet_rated", 0)
    known = ImportedRow.objects.get()
    assert (known.said_status, known.status, known.pledge) == ("Promise Kept!", "kept", pledge)
    assert reasons(done, 2) == [
        "The source says “Promise Kept!”: a note beside the draft, not a rating."
    ]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"prosecutor": "Jane Exampel"}, "Prosecutor: “Jane Exampel” is not known here. Nearest: {person}, {slug}."),
        ({"prosecutor": ""}, "Prosecutor: it is empty."),
        ({"title": ""}, "Title: it is empty."),
        ({"title": "x" * 201}, "Title: Ensure this value has at most 200 characters (it has 201)."),
        ({"date": "July 2018"}, "Made on: “July 2018” is not known to the day. Give the day, or one for all such rows."),
        ({"date": "3.14.15.92"}, "Made on: “3.14.15.92” is not a date. Write it like 2018-07-31, July 2018 or 2018."),
        ({"id": ""}, "The id is empty."),
    ],
)  # fmt: skip
def test_a_row_is_refused_with_the_reason(world: World, cells: dict[str, str], words: str) -> None:
    tried = world.tried(world.upload(world.row(1, **cells), world.row(2)))
    assert outcomes(tried) == {"new": 1, "refused": 1}
    wanted = words.format(person=world.person.name, slug=world.person.slug)
    assert wanted in reasons(tried, 2)
    assert Pledge.objects.count() == 0


def test_the_nearest_names_are_looked_for_a_limited_number_of_times(world: World) -> None:
    other = [f"{world.person.name} {number}" for number in range(MOST_WITH_NEAREST + 2)]
    names = [*other, other[0], other[-1]]
    rows = [world.row(number, prosecutor=name) for number, name in enumerate(names, 1)]
    tried = world.tried(world.upload(*rows))
    assert outcomes(tried) == {"refused": MOST_WITH_NEAREST + 4}
    near = f"Nearest: {world.person.name}, {world.person.slug}."
    said = [f"Prosecutor: “{name}” is not known here." for name in names]
    for number, words in enumerate(said):
        has_nearest = names[number] in other[:MOST_WITH_NEAREST]
        assert (f"{words} {near}" if has_nearest else words) in reasons(tried, number + 2)


def test_a_word_without_a_meaning_refuses_its_rows(world: World) -> None:
    upload = world.mapped(
        world.upload(world.row(1, category="Harbours"), world.row(2, status="4.5"))
    )
    assert upload.vocabulary["topic"] == {"Harbours": "", "Open data": world.topic.slug}
    assert upload.vocabulary["status"] == {"4.5": "", "Kept": "kept"}
    tried = try_import(upload=upload, **world.given)
    assert outcomes(tried) == {"refused": 2}
    assert "Topic: “Harbours” has no meaning here." in reasons(tried, 2)
    words = {"topic": {"Harbours": world.topic.slug, "Open data": world.topic.slug},
             "status": {"4.5": "-", "Kept": "kept"}}  # fmt: skip
    tried = try_import(
        upload=map_words(upload=upload, vocabulary=words, **world.given), **world.given
    )
    assert outcomes(tried) == {"new": 2}
    bad = {"topic": {"Harbours": "no-such-topic"}, "status": {}}
    with pytest.raises(BadMapping) as refused:
        map_words(upload=upload, vocabulary=bad, **world.given)
    assert refused.value.faults == {"topic": "Choose one of the list."}


def test_what_is_ambiguous_is_asked(world: World) -> None:
    upload = world.upload(world.row(1, date="03/04/2019"))
    with pytest.raises(BadMapping) as refused:
        world.mapped(upload)
    assert refused.value.faults == {
        "made_on": "Say whether day or month comes first: 03/04/2019 can be two days."
    }
    given = {"column": "date", "fixed": "", "order": "mdy"}
    tried = try_import(upload=world.mapped(upload, made_on=given), **world.given)
    assert outcomes(tried) == {"new": 1}


def test_a_mapping_says_everything_that_is_missing(world: World) -> None:
    upload = world.upload(world.row(1))
    with pytest.raises(BadMapping) as refused:
        map_columns(
            upload=upload,
            mapping={
                "title": {"column": "no such"},
                "topic": {"column": "", "fixed": "no-topic"},
                "made_on": {"column": "", "fixed": "2019"},
                "kind": {"fixed": "odd"},
            },
            **world.given,
        )
    assert refused.value.faults == {
        "person": "Choose a column, or give one value for all rows.",
        "title": "The file has no column “no such”.",
        "statement": "Choose a column.",
        "topic": "Choose one of the list.",
        "made_on": "Give a whole date, like 2018-07-31.",
        "kind": "Choose one of the list.",
        "origin": "Choose a column, or give one value for all rows.",
        "controlled_by": "Choose a column, or give one value for all rows.",
    }
    upload.refresh_from_db()
    assert upload.stage == "uploaded"


def test_one_value_stands_for_every_row_without(world: World) -> None:
    content = table(
        ["promise", "date"], ["Open every file", "2019"], ["Close no file", "2020-02-03"]
    )
    upload = world.upload_bytes(content)
    fixed = {
        "person": {"column": "", "fixed": world.person.slug},
        "topic": {"column": "", "fixed": world.topic.slug},
        "made_on": {"column": "date", "fixed": "2019-11-05"},
    }
    done = world.mapped(upload, **fixed)
    assert outcomes(try_import(upload=done, **world.given)) == {"new": 2}
    from promises.imports.actions import run_import

    run_import(upload=done, **world.given)
    assert sorted(Pledge.objects.values_list("title", "statement", "made_on")) == [
        ("Close no file", "Close no file", date(2020, 2, 3)),
        ("Open every file", "Open every file", date(2019, 11, 5)),
    ]


def test_a_title_is_cut_only_where_the_statement_has_all_of_it(world: World) -> None:
    long = "open the files " * 20
    upload = world.upload_bytes(table(["id", "promise"], ["1", long]))
    fixed = {"person": {"column": "", "fixed": world.person.slug},
             "topic": {"column": "", "fixed": world.topic.slug},
             "made_on": {"column": "", "fixed": "2019-11-05"}}  # fmt: skip
    tried = try_import(upload=world.mapped(upload, **fixed), **world.given)
    assert outcomes(tried) == {"new": 1}
    assert reasons(tried, 2) == ["The title was cut; the whole text is below it."]


def test_twins_are_refused_until_someone_decides(world: World) -> None:
    record.draft_pledge(
        by=world.by, person=world.person, term=None, title="Open FILE 3!", slug="here"
    )
    rows = (world.row(1), world.row(2, title="  open file: 1"), world.row(3), world.row(4))
    upload = world.upload(*rows)
    tried = world.tried(upload)
    assert outcomes(tried) == {"new": 1, "refused": 3}
    assert reasons(tried, 2)[0] == "Same title as row 3."
    assert reasons(tried, 3)[0] == "Same title as row 2."
    assert reasons(tried, 4)[0] == "Same title as “here”, which is here already."
    assert outcomes(world.tried(upload, twins="skip")) == {"new": 2, "skipped": 2}
    assert outcomes(world.tried(upload, twins="both")) == {"new": 4}
    done = world.imported(upload, twins="both")
    assert outcomes(done) == {"new": 4}
    slugs = list(Pledge.objects.order_by("pk").values_list("slug", flat=True))
    assert slugs == ["here", "open-file-1", "open-file-1-2", "open-file-3", "open-file-4"]
    assert outcomes(world.tried(world.upload(*rows))) == {"unchanged": 4}


def test_the_same_id_twice_is_refused(world: World) -> None:
    tried = world.tried(world.upload(world.row(1), world.row(2, id="E1"), world.row(3)))
    assert outcomes(tried) == {"new": 1, "refused": 2}
    assert "Row 3 has the same id." in reasons(tried, 2)
    assert "Same id as row 2." in reasons(tried, 3)


def test_terms_are_found_by_office_and_are_the_persons(world: World) -> None:
    term, other = world.person.terms.get(), record.term(by=world.by)
    columns = ("id", "prosecutor", "title", "category", "date", "office")
    rows = [["1", world.person.slug, "One", "Open data", "2023-01-01", term.office.title],
            ["2", world.person.slug, "Two", "Open data", "2023-01-01", other.office.slug]]  # fmt: skip
    upload = world.upload_bytes(table(columns, *rows))
    tried = try_import(upload=world.mapped(upload, statement={"column": "title"}), **world.given)
    assert outcomes(tried) == {"new": 1, "refused": 1}
    assert reasons(tried, 3) == [f"The person had no term in the office “{other.office.slug}”."]


def test_evidence_comes_with_its_precision_and_its_link(world: World) -> None:
    pledge = record.pledge(by=world.by)
    world.imported(world.upload(world.row(1)))
    rows = [
        ["a", "Files opened", "A memo.", "Example Times", "https://example.org/a", "July 2018",
         "Article", "Supports", pledge.slug],
        ["b", "Files closed", "A report.", "", "", "2019", "Court filing", "against", "E1"],
        ["c", "Nothing", "No date.", "", "", "", "Law", "", ""],
        ["d", "Bad link", "Text.", "", "ftp://example.org", "2019", "Law", "", "nowhere"],
        ["e", "To come", "Text.", "", "", "3 March 2026", "Law", "", ""],
    ]  # fmt: skip
    upload = world.upload_bytes(table(EVIDENCE, *rows), kind="evidence")
    fixed = {"provenance": {"column": "", "fixed": "independent"}}
    upload = map_columns(upload=upload, mapping={**upload.mapping, **fixed}, **world.given)
    tried = try_import(upload=upload, decisions={"refused": "leave_out"}, **world.given)
    assert outcomes(tried) == {"new": 3, "refused": 2}
    assert len(reasons(tried, 5)) == 2
    # The file was uploaded on 2 March.
    assert reasons(tried, 6)[0] == "The day of publication is still to come."
    from promises.imports.actions import run_import

    run_import(upload=tried, **world.given)
    found = Evidence.objects.filter(state="draft").order_by("pk")
    assert [(one.slug, one.published_in_words, one.kind, one.checked) for one in found] == [
        ("files-opened", "July 2018", "news_report", "unconfirmed"),
        ("files-closed", "2019", "court_filing", "unconfirmed"),
        ("nothing", "", "legislation", "unconfirmed"),
    ]
    links = EvidenceLink.objects.order_by("pk").values_list(
        "evidence__slug", "pledge__slug", "stance"
    )
    assert list(links) == [
        ("files-opened", pledge.slug, "supports"),
        ("files-closed", "open-file-1", "contradicts"),
    ]
    assert ImportedRow.objects.filter(source=SOURCE, kind="evidence").count() == 3
