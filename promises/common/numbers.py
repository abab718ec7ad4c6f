"""Numbers as digits: from outside, and by the thousand for the database."""

from collections.abc import Iterable

# The database counts no further, and Python refuses to read a number of thousands of digits.
MOST_DIGITS = 18
# What the database counts in four bytes, versions among it.
FEW_DIGITS = 9


def whole_number(text: str, most_digits: int = MOST_DIGITS) -> int | None:
    """Return the number that these digits write, or None for any other text, and a longer one."""
    return int(text) if text.isdecimal() and len(text) <= most_digits else None


def array_of(numbers: Iterable[int]) -> str:
    """Return whole numbers as PostgreSQL writes an array of them: `{1,2}`.

    In a list psycopg looks at each by itself, which takes several times as long.
    """
    return f"{{{','.join(map(str, numbers))}}}"
