"""Advisory locks: two kinds of work that share a key would wait for each other."""

import re

from promises.common import locks
from tests.architecture.test_house import SOURCES, relative

KEY = re.compile(r"^_?[A-Z_]+ = 0x", re.MULTILINE)


def test_no_two_locks_share_a_key() -> None:
    keys = [key for name, key in vars(locks).items() if name.isupper()]
    assert len(keys) == 12
    assert len(set(keys)) == len(keys)


def test_every_key_stands_in_one_file() -> None:
    found = {relative(path) for path in SOURCES if KEY.search(path.read_text(encoding="utf-8"))}
    # That of the tests is taken in another database.
    assert found == {"promises/common/locks.py", "tests/prototype.py"}
