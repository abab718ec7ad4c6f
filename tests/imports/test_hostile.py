"""Files made to do harm are refused with a sentence, quickly and without memory."""

import zipfile
from io import BytesIO

import pytest

from promises.imports.models import ImportFile
from promises.imports.reading import read_sheet
from promises.imports.sheets import MAX_BYTES, MAX_ROWS
from tests.imports.books import book, with_part
from tests.imports.conftest import World
from tests.imports.test_reading import SHEET, refusal

BIG = (
    "Unpacked, the spreadsheet would hold 150 MB in {parts} parts, too much for this desk. Copy the"
    " table into a new file, and save that."
)


def test_a_bomb_is_never_unpacked() -> None:
    bomb = with_part(book(["a"], ["b"]), "xl/media/x.xml", lambda _part: b" " * 150_000_000)
    assert len(bomb) < 200_000
    with zipfile.ZipFile(BytesIO(bomb)) as archive:
        parts = len(archive.namelist())
    assert refusal(bomb, "a.xlsx") == BIG.format(parts=parts)


@pytest.mark.parametrize(
    "declared",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        b'<!  doctype x SYSTEM "http://example.org/x.dtd">',
    ],
)
def test_declarations_of_entities_are_refused(declared: bytes) -> None:
    bad = with_part(book(["a", "b"], ["c", "d"]), SHEET, lambda part: declared + part)
    assert refusal(bad, "a.xlsx") == (
        "The spreadsheet declares entities, which no spreadsheet program does"
        " (xl/worksheets/sheet1.xml)."
    )


@pytest.mark.parametrize(
    "grown",
    [
        # 40,000 attributes of one row, each by a name of its own.
        b"<row " + b" ".join(b'a%d="%d"' % (number, number) for number in range(40_000)) + b"/>",
        # Names of their own again, a few in each of many rows, and in cells.
        b"".join(b'<row r="%d" a%d="1"/>' % (number, number) for number in range(3, 6_000)),
        b"".join(
            b'<row r="%d"><c r="A%d" a%d = \'1\'><v>1</v></c></row>' % (number, number, number)
            for number in range(3, 6_000)
        ),
        b"".join(b'<x a="%d"/>' % number for number in range(200_000)),
        b"".join(b'<x a="%d">' % number for number in range(200_000)),
    ],
)
def test_what_fills_the_memory_without_a_cell_is_refused(grown: bytes) -> None:
    bad = with_part(
        book(["a", "b"], ["c", "d"]),
        SHEET,
        lambda part: part.replace(b"</sheetData>", grown + b"</sheetData>"),
    )
    assert refusal(bad, "a.xlsx") == (
        "The spreadsheet holds far more than cells (xl/worksheets/sheet1.xml), too much for this"
        " desk. Copy the table into a new file, and save that."
    )


def test_declarations_in_another_encoding_are_refused() -> None:
    bad = with_part(
        book(["a", "b"], ["c", "d"]),
        SHEET,
        lambda part: ('<!DOCTYPE x [<!ENTITY a "b">]>' + part.decode()).encode("utf-16"),
    )
    assert refusal(bad, "a.xlsx").startswith("The spreadsheet declares entities")


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.csv", "The file is empty."),
        (b" \n\n", "a.csv", "The file is empty."),
        (b"x" * (MAX_BYTES + 1), "a.csv", "The file has 10.0 MB; 10 MB fit. Split it."),
        (b"a," * 1_000_000 + b"\n1", "a.csv", "Row 1 has 1000000 cells; 200 columns are read."),
        (b"a,b\n" + b"1," * 1_000_000 + b"x", "a.csv", "Row 2 has 1000001 cells; 200 columns are read."),
        (b"a,b\n1," + b"y" * 5_000_000, "a.csv", "The rows cannot be told apart: a cell is longer than 131,072 characters."),
        (b'a,b\n1,"never closed\n2,x\n', "a.csv", 'A quote (") that opens a cell is never closed; the rest of the file is in it.'),
        (b"a,b\n" + b"1,2\n" * (MAX_ROWS + 1), "a.csv", "The file has 20001 rows; 20000 fit into one import. Split it."),
        (b"a,b\n", "a.csv", "Below the names of the columns, in row 1, there is nothing."),
        (b"[" * 200_000, "a.json", "The JSON is nested too deeply to be a table."),
        (b'[{"a":' * 100_000, "a.json", "The JSON is nested too deeply to be a table."),
        (b'[{"a": NaN}]', "a.json", "The JSON holds NaN, which is no value. Replace it by null."),
        (b'[{"a": -Infinity}]', "a.json", "The JSON holds -Infinity, which is no value. Replace it by null."),
        (b'[{"a": 1, "a": 2}]', "a.json", "A record gives the field “a” twice. Remove one."),
        (b'[{"a": 1}, ', "a.json", "This is not JSON: line 1, character 12. Export it again."),
        (b"[1, 2]", "a.json", "The JSON holds no list of records."),
        (b"<html><table><tr><td>1", "a.xls", "This is a web page or XML, whatever it is called. Save the table as .csv or .xlsx."),
        (b"\xd0\xcf\x11\xe0" + b"x" * 50, "a.csv", "This is an old spreadsheet (.xls). Save it as .xlsx or .csv."),
        (b"%PDF-1.7 x", "a.csv", "This is a PDF. Copy its table into a spreadsheet, and save that as .csv."),
        (b"PK\x03\x04 nonsense", "a.xlsx", "The spreadsheet is damaged or has a password. Open it, and save it again as .xlsx."),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)  # fmt: skip
def test_a_refusal_says_what_to_do(content: bytes, name: str, words: str) -> None:
    assert refusal(content, name) == words


@pytest.mark.django_db
@pytest.mark.parametrize("sign", ["\\u0000", "\\ud800", "\\u202e"])
def test_a_name_in_json_that_no_database_holds_is_shown_with_a_sign_for_it(
    world: World, sign: str
) -> None:
    content = f'{{"me{sign}ta": 1, "rec{sign}ords": [{{"id": "E1", "ti{sign}tle": "x"}}]}}'
    upload = world.upload_bytes(content.encode(), name="meter.json")
    sheet = ImportFile.objects.get(of=upload).sheet
    assert sheet["remarks"] == ["The records were found under “rec�ords”."]
    assert sheet["columns"] == ["id", "ti tle"]
    by_name = f'{{"a{sign}": [{{"t": "x"}}], "b{sign}": [{{"t": "y"}}]}}'
    upload = world.upload_bytes(by_name.encode(), name="meter.json")
    sheet = ImportFile.objects.get(of=upload).sheet
    assert [row["cells"] for row in sheet["rows"]] == [["a�", "x"], ["b�", "y"]]


def test_other_archives_are_told_apart() -> None:
    def archive(name: str) -> bytes:
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w") as made:
            made.writestr(name, "x")
        return buffer.getvalue()

    assert refusal(archive("mimetype")) == (
        "This is an OpenDocument file. Save the table as .xlsx or .csv."
    )
    assert refusal(archive("word/document.xml")) == (
        "This is a text document. Copy its table into a spreadsheet, and save that."
    )
    assert refusal(archive("a.csv")) == (
        "This is an archive, not a table. Unpack it, and upload the file in it."
    )


def test_a_wide_row_far_below_does_not_fill_the_memory() -> None:
    wide = with_part(
        book(["a", "b"], ["c", "d"]),
        SHEET,
        lambda part: part.replace(
            b"</sheetData>",
            b'<row r="900000"><c r="XFD900000" t="inlineStr"><is><t>x</t></is></c></row></sheetData>',
        ),
    )
    assert refusal(wide, "a.xlsx") == "Row 900000 has 16384 cells; 200 columns are read."


def test_a_wrong_name_is_said_and_the_content_counts() -> None:
    assert read_sheet("a.csv", book(["a", "b"], ["c", "d"])).remarks == [
        "The file is called .csv, but it holds XLSX."
    ]
    assert read_sheet("a.json", b"[a],b\n1,2".replace(b"[a]", b"a")).remarks == [
        "The file is called .json, but it holds CSV."
    ]


def test_a_record_a_line_may_hold_other_signs_that_end_a_line() -> None:
    sheet = read_sheet("a.jsonl", '{"t": "x\u2028y"}\r\n{"t": "z\x85"}\n'.encode())
    assert (sheet.columns, len(sheet.rows)) == (["t"], 2)
