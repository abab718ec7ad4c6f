"""Bad files, columns and bytes: named with the reason, and nothing changes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.packages.conftest import FaultsOf
from tests.packages.folder import replace

Spoil = Callable[[Path], object]

pytestmark = pytest.mark.django_db

COLUMNS: list[tuple[Spoil, list[str]]] = [
    (
        lambda f: replace(f, "people.csv", b"slug,name,", b"slug,nme,"),
        [
            "people.csv, row 1: There is no column “nme”. Did you mean “name”?",
            "people.csv, row 1: The column “name” is missing.",
        ],
    ),
    (
        lambda f: replace(f, "people.csv", b"slug,name,", b"slug,slug,"),
        [
            "people.csv, row 1: The column “slug” stands there 2 times.",
            "people.csv, row 1: The column “name” is missing.",
        ],
    ),
    (
        lambda f: replace(f, "people.csv", b"background\n", b"background,shoe_size\n"),
        ["people.csv, row 1: There is no column “shoe_size”."],
    ),
    (
        lambda f: replace(f, "status_updates.csv", b"methodology\n", b"methodology,is_imported\n"),
        ["status_updates.csv, row 1: The column “is_imported” is worked out here. Leave it out."],
    ),
    (
        lambda f: (f / "people.csv").write_text("slug;name;party_at_election;background\n"),
        ["people.csv, row 1: The cells are separated by “;”. Separate them by commas."],
    ),
]
FILES: list[tuple[Spoil, list[str]]] = [
    (lambda f: (f / "people.csv").unlink(), ["people.csv: The file is missing."]),
    (
        lambda f: ((f / "people.csv").unlink(), (f / "people.csv").mkdir()),
        ["people.csv: This is not a file."],
    ),
    (
        lambda f: (f / "people.csv").rename(f / "peple.csv"),
        [
            "peple.csv: There is no such table. Did you mean “people.csv”?",
            "people.csv: The file is missing.",
        ],
    ),
    (
        lambda f: (f / "people.csv").write_bytes(b""),
        [
            "people.csv, row 1: The file is empty. Its columns are slug, name, party_at_election,"
            " background."
        ],
    ),
    (
        lambda f: (f / "people.csv").write_bytes(b"PK\x03\x04\x14\x00\x06\x00"),
        ["people.csv: This is a spreadsheet or an archive. Export the table as CSV in UTF-8."],
    ),
    (
        lambda f: (f / "people.csv").write_bytes("slug,name".encode("utf-16")),
        ["people.csv: This text is UTF-16. Save it as CSV in UTF-8."],
    ),
    (
        lambda f: (f / ".~lock.people.csv#").write_text(",jane,desk,"),
        [".~lock.people.csv#: people.csv is open in a spreadsheet. Save and close it."],
    ),
    (
        lambda f: (f / "observations/~$bail.csv").write_bytes(b"\x04Jane"),
        [
            "observations/~$bail.csv: observations/bail.csv is open in a spreadsheet. Save and"
            " close it."
        ],
    ),
    (
        lambda f: (
            [path.unlink() for path in (f / "observations").iterdir()]
            and (f / "observations").rmdir()
        ),
        ["observations/: The folder is missing."],
    ),
]
BYTES: list[tuple[Spoil, list[str]]] = [
    *(
        (
            lambda f, text=text: (f / "people.csv").write_bytes(text),
            ["people.csv: This is UTF-16, or no text at all. Save the table as CSV in UTF-8."],
        )
        for text in (
            "slug,name,party_at_election,background\n".encode("utf-16-be"),
            "slug,name,party_at_election,background\n".encode("utf-16-le"),
            b"\0" * 2_000_000,
        )
    ),
    (
        lambda f: replace(f, "people.csv", b"John Sample", b"Jo\xffn Sample"),
        ["people.csv, row 3: This is not UTF-8, at byte offset 108 of the file."],
    ),
    (
        lambda f: replace(f, "people.csv", b"John Sample", b"John\0Sample"),
        ["people.csv, row 3: Column “name”: invisible control character U+0000 at position 5."],
    ),
    (
        lambda f: replace(f, "people.csv", b"Public defender.", b"Public \x1b[31mdefender."),
        [
            "people.csv, row 2: Column “background”: invisible control character U+001B at"
            " position 8."
        ],
    ),
    (
        lambda f: replace(f, "people.csv", b"Public defender.", "Public \u202edefender.".encode()),
        [
            "people.csv, row 2: Column “background”: invisible control character U+202E at"
            " position 8."
        ],
    ),
    (
        lambda f: replace(f, "people.csv", b"Public defender.", b"Public\rdefender."),
        [
            "people.csv, row 2: A carriage return stands outside quotes. End lines with LF or"
            " CRLF. The rest of the file was not read."
        ],
    ),
    (
        lambda f: replace(f, "people.csv", b"Public defender.\n", b"Public defender.,more\n"),
        ["people.csv, row 2: The header has 4 cells, this row 5."],
    ),
    (
        lambda f: replace(f, "people.csv", b"john-sample,John Sample,,\n", b"john-sample\n"),
        ["people.csv, row 3: The header has 4 cells, this row 1."],
    ),
    (
        lambda f: replace(f, "people.csv", b"Public defender.", b'"Public" defender.'),
        [
            "people.csv, row 2: A quote inside a quoted cell must be doubled. The rest of the file"
            " was not read."
        ],
    ),
    (
        lambda f: replace(f, "people.csv", b"Public defender.", b'"Public defender.'),
        [
            "people.csv, row 2: A quote that opens a cell here is never closed. The rest of the"
            " file was not read."
        ],
    ),
]


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        pytest.param(spoil, expected, id=expected[0][:60])
        for spoil, expected in [*COLUMNS, *FILES, *BYTES]
    ],
)
def test_a_bad_file_is_named_with_its_reason_and_nothing_more(
    small: Path, faults_of: FaultsOf, spoil: Spoil, expected: list[str]
) -> None:
    """What only seems to be missing, because its row could not be read, is not reported."""
    spoil(small)
    assert faults_of(small) == expected


def test_a_missing_folder_is_refused(tmp_path: Path, faults_of: FaultsOf) -> None:
    folder = tmp_path / "nowhere"
    assert faults_of(folder) == [f"{folder}: The folder cannot be read: No such file or directory."]
