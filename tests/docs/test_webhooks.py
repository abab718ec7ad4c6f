"""The page of webhooks is that of the code."""

import re
from pathlib import Path

from promises.webhooks.rules import EVENT_TYPES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")


def test_the_table_of_events_is_that_of_the_code() -> None:
    rows = re.findall(r"^\| `([a-z_]+\.[a-z]+)` \| ([^|]+) \|$", PAGE, re.M)
    assert rows == list(EVENT_TYPES.items())
