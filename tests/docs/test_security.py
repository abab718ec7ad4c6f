"""docs/security.md: every requirement once, and every code and test it names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in TEXT.splitlines()
    if re.match(r"\| \d+\.", line)
]


def test_each_row_names_code_and_a_test_that_exist() -> None:
    assert len(ROWS) > 60
    for row in ROWS:
        assert len(row) == 4, row
        for cell in row[2:]:
            named = re.findall(r"`([^`]+)`", cell)
            assert named, row
            assert [path for path in named if not (ROOT / path).exists()] == [], row
            beside = re.findall(r"`tests/(?:\w+/)*(?!test_)\w+\.py`", cell)
            assert beside == [], "a file without tests"


def test_no_requirement_stands_in_two_rows() -> None:
    named = [number for row in ROWS for number in re.findall(r"\d+\.\d+\.\d+", row[0])]
    assert len(named) == len(set(named))
    assert {number.partition(".")[0] for number in named} == {
        str(chapter) for chapter in range(1, 17) if chapter != 10
    }
