"""Files with the quirks of real ones, and whatever else bytes can be."""

import json
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promises.imports.reading import read_sheet
from promises.imports.sheets import MAX_CELL, MAX_COLUMNS, Reading, Sheet, UnreadableFile
from tests.imports.books import book, with_part
from tests.imports.conftest import table

SHEET = "xl/worksheets/sheet1.xml"
NOON = datetime(2019, 3, 4, 12, 30)  # noqa: DTZ001 -- as a workbook has it
# Made once: a workbook holds the moment of its making.
WHOLE = book(["id", "title"], [1, "One"], [2, "Two"])


def cells(sheet: Sheet) -> list[list[str]]:
    return [row.cells for row in sheet.rows]


def refusal(content: bytes, name: str = "a.csv", reading: Reading | None = None) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_sheet(name, content, reading)
    return str(caught.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_whatever_separates_the_cells(delimiter: str) -> None:
    content = table(["id", "title"], ["1", "a, b; c"], ["2", "two\nlines"], delimiter=delimiter)
    sheet = read_sheet("a.csv", content)
    assert (sheet.columns, cells(sheet)) == (
        ["id", "title"],
        [["1", "a, b; c"], ["2", "two\nlines"]],
    )
    assert sheet.reading == Reading("utf-8", delimiter, "", 1)


def test_a_first_line_that_names_the_separator_is_no_row() -> None:
    sheet = read_sheet("a.csv", b"sep=;\nid;title\n1;One\n")
    assert (sheet.columns, cells(sheet)) == (["id", "title"], [["1", "One"]])
    assert (sheet.reading.header_row, sheet.rows[0].number) == (2, 3)


def test_titles_above_the_table_are_passed_over_and_said() -> None:
    content = b"Promises of Jane Example\n,,\nas of 2024,,\nid,title,status\n1,One,Kept\n,,\n\n"
    sheet = read_sheet("a.csv", content)
    assert (sheet.columns, cells(sheet)) == (["id", "title", "status"], [["1", "One", "Kept"]])
    assert sheet.remarks == ["2 rows above the names of the columns were passed over."]
    assert sheet.rows[0].number == 5


def test_a_person_can_say_where_the_names_stand_and_how_to_read() -> None:
    content = "id;title\n1;Caf\u00e9, bar\nx;y".encode("cp1250")
    sheet = read_sheet("a.csv", content, Reading("cp1250", ",", "", 2))
    assert (sheet.columns, cells(sheet)) == (["1;Café", "bar"], [["x;y", ""]])
    assert refusal(content, reading=Reading(header_row=9)) == "Row 9 is empty or does not exist."
    assert refusal(content, reading=Reading(encoding="utf-8")) == (
        "This is not UTF-8, from byte 14 on. Choose another encoding."
    )


def test_columns_without_a_name_or_with_the_same_get_one() -> None:
    sheet = read_sheet("a.csv", b"title,,title,,\n1,2,3,4,\n")
    assert sheet.columns == ["title", "Column B", "title (2)", "Column D"]
    assert cells(sheet) == [["1", "2", "3", "4"]]


def test_ragged_rows_are_filled_or_refused_and_said() -> None:
    sheet = read_sheet("a.csv", b"a,b,c\n1,2,3\n1\n1,2,3,4\n1,2,3,,\n")
    assert cells(sheet) == [["1", "2", "3"], ["1", "", ""], ["1", "2", "3"], ["1", "2", "3"]]
    assert [row.notes for row in sheet.rows] == [[], ["The last 2 cells are missing."], [], []]
    extra = ["It has 4 cells, but there are 3 columns: “4” is extra."]
    assert [row.faults for row in sheet.rows] == [[], [], extra, []]
    sheet = read_sheet("a.csv", b"a,b,c\n1,2,\n1,2\n")  # Written and empty is not missing.
    assert [row.notes for row in sheet.rows] == [[], ["The last cell is missing."]]


def test_a_cell_like_a_formula_stays_the_text_it_is() -> None:
    sheet = read_sheet(
        "a.csv", b'id,title\n1,"=HYPERLINK(""http://x"")"\n2,-5\n3,@here\n4,+1 more\n'
    )
    assert [row.cells[1] for row in sheet.rows] == [
        '=HYPERLINK("http://x")',
        "-5",
        "@here",
        "+1 more",
    ]
    note = ["Column B begins like a formula; it is kept as plain text."]
    assert [row.notes for row in sheet.rows] == [note, [], note, note]


def test_lost_and_invisible_characters_are_refused_where_they_stand() -> None:
    sheet = read_sheet("a.csv", "id,title\n1,Caf\ufffd\n2,a\x07b\n3,a\u202eb\n".encode())
    assert [row.faults for row in sheet.rows] == [
        [
            "Column B holds the character \ufffd that stands for a lost one. Repair it in the"
            " source, or choose another encoding."
        ],
        ["Column B holds an invisible control character (U+0007)."],
        ["Column B holds an invisible control character (U+202E)."],
    ]


def test_a_very_long_cell_refuses_its_row_only() -> None:
    sheet = read_sheet("a.csv", b"id,title\n1," + b"x" * (MAX_CELL + 1) + b"\n2,y\n")
    assert [row.faults for row in sheet.rows] == [["Column B is longer than 20000 characters."], []]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"],
)
def test_accents_come_through_in_every_encoding(encoding: str) -> None:
    words = "Réélire l’État, señor: façade" if encoding != "latin-1" else "Réélire señor: façade"
    content = f'id,title\n1,"{words}"\n2,Plain words here\n'.encode(encoding)
    assert cells(read_sheet("a.csv", content))[0] == ["1", words]


def test_two_encodings_in_one_file_are_told_apart_line_by_line() -> None:
    content = "id,title\n1,Señor\n".encode() + "2,Façade\n".encode("cp1252") + b"3,Plain\n"
    sheet = read_sheet("a.csv", content)
    assert [row[1] for row in cells(sheet)] == ["Señor", "Façade", "Plain"]
    assert sheet.remarks == [
        "Two encodings are mixed: 1 line is not UTF-8 and was read as Windows-1252 (line 3)."
        " Check its accents."
    ]


letters = st.text(st.characters(codec="cp1252", exclude_categories=["C"]), max_size=20)
words_of_any_script = st.text(
    st.characters(exclude_categories=["C"], exclude_characters="\ufffd"), max_size=20
)


@given(st.lists(st.tuples(words_of_any_script, words_of_any_script), min_size=1, max_size=8))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@settings(max_examples=60, deadline=None)
def test_texts_come_back_as_they_were(encoding: str, rows: list[tuple[str, str]]) -> None:
    content = table(["id", "a", "b"], *([f"r{n}", *row] for n, row in enumerate(rows)))
    sheet = read_sheet("a.csv", content.decode().encode(encoding))
    assert cells(sheet) == [[f"r{n}", a.strip(), b.strip()] for n, (a, b) in enumerate(rows)]


@given(st.lists(letters, min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_windows_texts_come_back_when_a_person_has_named_the_encoding(words: list[str]) -> None:
    content = table(["id", "a"], *([f"r{n}", word] for n, word in enumerate(words)))
    sheet = read_sheet("a.csv", content.decode().encode("cp1252"), Reading(encoding="cp1252"))
    assert [row[1] for row in cells(sheet)] == [word.strip() for word in words]


anything = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=200).map(str.encode),
    st.text(alphabet=' ,;|\t"\n\r={}[]:1a', max_size=200).map(str.encode),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
        max_leaves=20,
    ).map(lambda value: json.dumps(value).encode()),
    st.binary(max_size=200).map(lambda rest: b"PK\x03\x04" + rest),
)


@given(anything, st.sampled_from(["a.csv", "a.json", "a.xlsx", "", "a"]), st.booleans())
@settings(max_examples=400, deadline=None)
def test_whatever_the_bytes_are_the_file_is_read_or_refused(
    content: bytes, name: str, is_guided: bool
) -> None:
    reading = Reading("mixed", ";", "", 1) if is_guided else None
    with suppress(UnreadableFile):
        sheet = read_sheet(name, content, reading)
        assert len({len(row.cells) for row in sheet.rows}) == 1
        assert len(set(sheet.columns)) == len(sheet.columns) <= MAX_COLUMNS
        assert Sheet.from_json(json.loads(json.dumps(sheet.as_json()))) == sheet


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_damaged_workbook_is_read_or_refused(data: Any) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(UnreadableFile):
        read_sheet("a.xlsx", bytes(content))


def test_a_workbook_whose_parts_lie_before_its_beginning_is_refused() -> None:
    moved = int.from_bytes(WHOLE[-6:-2], "little") + 65_000
    content = WHOLE[:-6] + moved.to_bytes(4, "little") + WHOLE[-2:]
    assert refusal(content, "a.xlsx").startswith("The spreadsheet is damaged")


def test_a_workbook_gives_values_as_a_person_saw_them() -> None:
    def merge(workbook: Any) -> None:
        workbook.active.merge_cells("D2:D3")

    content = book(
        ["id", "title", "date", "topic"],
        [1.0, "One", date(2019, 3, 4), "Bail"],
        ["007", True, NOON, None],
        [None, None, None, None],
        [2.5, "@x", 43528, "Courts"],
        prepare=merge,
    )
    sheet = read_sheet("a.xlsx", content)
    assert cells(sheet) == [
        ["1", "One", "2019-03-04", "Bail"],
        ["007", "true", "2019-03-04 12:30:00", "Bail"],
        ["2.5", "@x", "43528", "Courts"],
    ]
    assert [row.number for row in sheet.rows] == [2, 3, 5]
    assert sheet.rows[1].notes == ["Column D is merged with row 2."]
    assert sheet.reading == Reading("", "", "Sheet", 1)


def test_a_formula_gives_its_stored_result_or_refuses_its_row() -> None:
    content = book(["id", "title"], ["1", "=A2"], ["2", "=A3"])

    def store(part: bytes) -> bytes:
        return part.replace(
            b'<c r="B2"><f>A2</f><v></v></c>', b'<c r="B2" t="str"><f>A2</f><v>Stored</v></c>'
        ).replace(b'<c r="B2"><f>A2</f><v /></c>', b'<c r="B2" t="str"><f>A2</f><v>Stored</v></c>')

    sheet = read_sheet("a.xlsx", with_part(content, SHEET, store))
    assert cells(sheet) == [["1", "Stored"], ["2", "?"]]
    assert [row.notes for row in sheet.rows] == [["Column B: the stored result of a formula."], []]
    assert [row.faults for row in sheet.rows] == [
        [],
        [
            "Column B holds a formula without a stored result. Open the file in a spreadsheet"
            " program, and save it again."
        ],
    ]


def test_an_error_in_a_cell_refuses_its_row() -> None:
    sheet = read_sheet("a.xlsx", book(["id", "title"], ["1", "#REF!"]))
    assert sheet.rows[0].faults == ["Column B holds an error of the spreadsheet: #REF!."]


def test_the_sheet_with_the_table_is_read_unless_a_person_says_another() -> None:
    def more(workbook: Any) -> None:
        workbook.active.title = "Cover"
        second, hidden = workbook.create_sheet("Data"), workbook.create_sheet("Secret")
        second.append(["id", "title"])
        second.append([1, "One"])
        hidden.append(["x"])
        hidden.sheet_state = "hidden"

    content = book(prepare=more)
    sheet = read_sheet("a.xlsx", content)
    assert (cells(sheet), sheet.sheets) == ([["1", "One"]], ["Cover", "Data"])
    assert sheet.remarks == ["The workbook has 3 sheets; “Data” was read."]
    assert refusal(content, "a.xlsx", Reading(sheet="Secret")) == (
        "The workbook has no sheet “Secret”."
    )


def test_a_workbook_of_the_1904_system_is_known_as_one() -> None:
    def old(workbook: Any) -> None:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        workbook.epoch = CALENDAR_MAC_1904

    sheet = read_sheet("a.xlsx", book(["id", "date"], [1, 42066], prepare=old))
    assert (sheet.is_1904, cells(sheet)) == (True, [["1", "42066"]])


@pytest.mark.parametrize(
    ("value", "columns", "rows", "remarks"),
    [
        ([{"id": 1, "t": None}, {"id": 2, "u": True}], ["id", "t", "u"], [["1", "", ""], ["2", "", "true"]], []),
        ({"a": {"t": "x"}, "b": {"t": "y", "s": [{"u": 1}]}}, ["key", "t", "s.1.u"], [["a", "x", ""], ["b", "y", "1"]], []),
        ({"meta": {"n": 1}, "data": {"promises": [{"t": "x"}]}}, ["t"], [["x"]], ["The records were found under “data.promises”."]),
        ({"Bail": [{"t": "x"}], "Courts": [{"t": "y"}]}, ["key", "t"], [["Bail", "x"], ["Courts", "y"]], ["The file holds lists by name; the name is in the column “key”."]),
        ([{"s": {"url": "u", "tags": ["a", "b"]}}], ["s.url", "s.tags"], [["u", "a; b"]], []),
        ([{"n": 123456789012345678901234567890, "f": 1.10}], ["n", "f"], [["123456789012345678901234567890", "1.1"]], []),
    ],
)  # fmt: skip
def test_records_become_rows(
    value: Any, columns: list[str], rows: list[list[str]], remarks: list[str]
) -> None:
    sheet = read_sheet("a.json", json.dumps(value).encode())
    assert (sheet.columns, cells(sheet), sheet.remarks) == (columns, rows, remarks)
    assert sheet.rows[0].number == 1


def test_records_one_a_line_become_rows() -> None:
    sheet = read_sheet("a.jsonl", b'{"id": 1}\n\n{"id": 2, "t": "x"}\n')
    assert (sheet.columns, cells(sheet)) == (["id", "t"], [["1", ""], ["2", "x"]])
