"""Bytes to cells: what is accepted, what is refused, and that no bytes do anything else."""

import csv
import hashlib
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from promises.common.text import FORBIDDEN
from promises.packages import reading
from promises.packages.reading import ReadFile, read_file
from promises.packages.report import Faults

COLUMNS = ["slug", "name"]


def read(path: Path, content: bytes) -> tuple[ReadFile, list[str]]:
    """Read a file with these bytes; return what was read and the faults."""
    path.write_bytes(content)
    faults = Faults()
    found = read_file(path, name="people.csv", columns=COLUMNS, faults=faults)
    return found, [str(fault) for fault in faults.kept]


PLAIN = [(2, ["jane", "Jane Example"]), (3, ["john", "Zoë Sample"])]


@pytest.mark.parametrize(
    "content",
    [
        "slug,name\njane,Jane Example\njohn,Zoë Sample\n",
        "slug,name\njane,Jane Example\njohn,Zoë Sample",
        "\ufeffslug,name\r\njane,Jane Example\r\njohn,Zoë Sample\r\n",
        '"slug","name"\n"jane","Jane Example"\n"john","Zoë Sample"\n',
        "name,slug\nJane Example,jane\nZoë Sample,john\n\n\n",
    ],
    ids=["plain", "no last line end", "mark and CRLF", "quoted", "other order, blank lines"],
)
def test_the_usual_forms_of_a_table_read_the_same(tmp_path: Path, content: str) -> None:
    found, faults = read(tmp_path / "people.csv", content.encode())
    assert faults == []
    assert found.rows == PLAIN
    assert found.is_whole
    assert found.sha256 == hashlib.sha256(content.encode()).hexdigest()


def test_a_cell_of_several_lines_keeps_them_and_its_row_is_the_first(tmp_path: Path) -> None:
    content = b'slug,name\r\njane,"Jane\r\nExample, ""J"""\r\n\r\njohn,John\r\n'
    found, faults = read(tmp_path / "people.csv", content)
    assert faults == []
    assert found.rows == [(2, ["jane", 'Jane\nExample, "J"']), (5, ["john", "John"])]


def test_good_rows_around_a_bad_one_are_still_read(tmp_path: Path) -> None:
    content = b"slug,name\na,b\nc,\xc3\x28\nd\ne,f\x07\ng,h\n"
    found, faults = read(tmp_path / "people.csv", content)
    assert found.rows == [(2, ["a", "b"]), (6, ["g", "h"])]
    assert not found.is_whole
    assert faults == [
        "people.csv, row 3: This is not UTF-8, at byte offset 16 of the file.",
        "people.csv, row 4: The header has 2 cells, this row 1.",
        "people.csv, row 5: Column “name”: invisible control character U+0007 at position 2.",
    ]


@pytest.mark.parametrize("end", [b"", b"\n"], ids=["without an end", "with an end"])
def test_a_line_of_50_megabytes_is_refused_in_little_memory(tmp_path: Path, end: bytes) -> None:
    path = tmp_path / "people.csv"
    with path.open("wb") as stream:
        stream.write(b"slug,name\njane,")
        for _ in range(50):
            stream.write(b"x" * 1_000_000)
        stream.write(end)
    faults = Faults()
    tracemalloc.start()
    try:
        found = read_file(path, name="people.csv", columns=COLUMNS, faults=faults)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert list(map(str, faults.kept)) == [
        "people.csv, row 2: The row is longer than 1,000,000 bytes. The rest of the file was not"
        " read."
    ]
    assert (found.rows, found.is_whole) == ([], False)
    assert peak < 4_000_000


def test_a_row_that_never_ends_over_many_lines_is_refused_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    with path.open("wb") as stream:
        stream.write(b"slug,name\n")
        for _ in range(4):
            stream.write(b'"\n",' * 250_000)
    faults = Faults()
    tracemalloc.start()
    try:
        read_file(path, name="people.csv", columns=COLUMNS, faults=faults)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert list(map(str, faults.kept)) == [
        "people.csv, row 2: The row is longer than 1,000,000 bytes. The rest of the file was not"
        " read."
    ]
    assert peak < 40_000_000


def test_a_file_of_garbage_is_given_up(tmp_path: Path) -> None:
    content = b"slug,name\n" + b"x\n" * (reading.MAX_BAD_ROWS + 500)
    found, faults = read(tmp_path / "people.csv", content)
    assert found.rows == []
    assert len(faults) == 1000
    assert faults[0] == "people.csv, row 2: The header has 2 cells, this row 1."


def test_long_files_tell_how_far_they_are(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("slug,name\n" + "a,b\n" * 12_000, encoding="utf-8")
    told: list[str] = []
    read_file(path, name="people.csv", columns=COLUMNS, faults=Faults(), progress=told.append)
    assert told == ["people.csv: 5000 rows read", "people.csv: 10000 rows read"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "“plain”"),
        ("a\x1b[31mb\0\n\t", "“a\\u001b[31mb\\u0000\\n\\t”"),
        ("x" * 61, f"“{'x' * 60}…”"),
    ],
)
def test_what_a_message_shows_of_a_file_is_short_and_harmless(text: str, shown: str) -> None:
    assert reading.quoted(text) == shown


HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(
            [b"slug", b"name", b",", b"\n", b"\r\n", b"\r", b'"', b"\0", b"\xff", b"\xef\xbb\xbf"]
        ),
        st.binary(max_size=6),
        st.text(max_size=6).map(lambda text: text.encode("utf-8", "surrogatepass")),
    ),
    max_size=30,
).map(b"".join)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch") / "people.csv"


@settings(max_examples=200, deadline=None)
@given(head=st.sampled_from([b"", b"slug,name\n", b"\xef\xbb\xbfslug,name\r\n"]), content=HOSTILE)
@example(head=b"slug,name\n", content=b'"\n' * 200)
@example(head=b"", content=b"\xef\xbb\xbf")
def test_no_bytes_do_more_than_be_refused(scratch: Path, head: bytes, content: bytes) -> None:
    found, faults = read(scratch, head + content)
    assert found.is_whole is (faults == [])
    for _line, cells in found.rows:
        assert len(cells) == 2
        assert not any(FORBIDDEN.search(cell) for cell in cells)


WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]).filter(lambda sign: not FORBIDDEN.search(sign)),
    max_size=20,
)


@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(st.tuples(WORDS, WORDS), max_size=8),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_every_table_reads_back_as_it_was_written(
    scratch: Path, rows: list[tuple[str, str]], end: str, quoting: int
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end, quoting=quoting)
    writer.writerows([COLUMNS, *rows])
    found, faults = read(scratch, text.getvalue().encode())
    assert faults == []
    assert [tuple(cells) for _line, cells in found.rows] == rows
    assert [line for line, _cells in found.rows] == list(range(2, len(rows) + 2))
