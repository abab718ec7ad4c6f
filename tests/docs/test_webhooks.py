"""The page of webhooks is that of the code."""

import re
import time
from pathlib import Path
from typing import Any

from promises.webhooks.rules import EVENT_TYPES, headers, new_secret

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")


def test_the_table_of_events_is_that_of_the_code() -> None:
    rows = re.findall(r"^\| `([a-z_]+\.[a-z]+)` \| ([^|]+) \|$", PAGE, re.M)
    assert rows == list(EVENT_TYPES.items())


def test_the_program_that_checks_a_message_does() -> None:
    [program] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    page: dict[str, Any] = {}
    exec(program, page)
    is_genuine = page["is_genuine"]
    old, new, now = new_secret(), new_secret(), int(time.time())
    sent = headers([new, old], name="msg_1", timestamp=now, body=b"{}")
    assert [is_genuine(secret, sent, b"{}") for secret in (old, new)] == [True, True]
    assert not is_genuine(new_secret(), sent, b"{}")
    assert not is_genuine(new, sent, b"{ }")
    assert not is_genuine(new, {**sent, "webhook-id": "msg_2"}, b"{}")
    late = headers([new], name="msg_1", timestamp=now - 400, body=b"{}")
    assert not is_genuine(new, late, b"{}")
