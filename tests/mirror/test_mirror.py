"""A copy that follows the changes is, line by line, what a package of the same edition holds."""

import random
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.utils import timezone

from promises.ledger.chain import current_edition, verify_chain
from promises.packages.dumping import dump_package
from promises.packages.keeping import keep_package
from tests.mirror import officials, papers, pledges
from tests.mirror.hands import Hand, work_at_once

pytestmark = pytest.mark.django_db(transaction=True)
DEEDS = (*officials.DEEDS, *pledges.DEEDS, *papers.DEEDS)


@dataclass
class Compared:
    """How a copy differs from the package, in lines of all tables."""

    lines: int = 0
    missing: int = 0
    doubled: int = 0
    phantom: int = 0


def compare(client: ModuleType, copy: Any, folder: Path) -> Compared:
    """Compare a copy with the package of the record as it now stands."""
    assert copy.edition == dump_package(folder=folder / "package")
    copy.write(folder / "copy")
    found, differing = Compared(), []
    for table in client.Mirror.tables:
        expected = (folder / "package" / f"{table.name}.jsonl").read_bytes().splitlines()
        written = (folder / "copy" / f"{table.name}.jsonl").read_bytes().splitlines()
        lines, there = Counter(written), Counter(expected)
        found.lines += there.total()
        found.missing += (there - lines).total()
        found.phantom += (lines - there).total()
        found.doubled += sum(times - 1 for times in (lines - there).values() if times > 1)
        differing += [(table.name, "missing", line) for line in there - lines]
        differing += [(table.name, "phantom", line) for line in lines - there]
        assert written == sorted(expected) or differing
    assert differing == []
    return found


class Follower(threading.Thread):
    """Keeps a copy up to date while others write; is cut off again and again."""

    def __init__(self, client: ModuleType, address: str, file: Path, seed: int) -> None:
        super().__init__()
        chance, self.cut_off, self.is_over = random.Random(seed), 0, threading.Event()
        self.failure: BaseException | None = None
        self.client, self.file = client, file

        class Unsteady(client.Client):  # type: ignore[name-defined,misc]
            """A network that fails at every fifth request."""

            def open(self, *words: Any, **more: Any) -> Any:
                if chance.random() < 0.2:
                    raise ConnectionResetError
                return super().open(*words, **more)

        self.asks = Unsteady(address)

    def run(self) -> None:
        while not self.is_over.wait(0.2) and self.failure is None:
            # A new program each time, that knows nothing but the file.
            copy = self.client.Mirror(self.asks, self.file)
            try:
                copy.sync()
            except ConnectionResetError:
                self.cut_off += 1
            except BaseException as failure:
                self.failure = failure
            finally:
                copy.close()

    def stop(self) -> None:
        """Wait for its end, and raise what it failed with."""
        self.is_over.set()
        self.join()
        if self.failure:
            raise self.failure


def follow(
    client: ModuleType, address: str, hands: list[Hand], wanted: int, folder: Path, seed: int
) -> Compared:
    """Let four editors write while a copy follows, and compare three copies at the end."""
    follower = Follower(client, address, folder / "followed.sqlite", seed)
    follower.start()
    try:
        work_at_once(hands, DEEDS, wanted // 2)
        keep_package(now=timezone.now())
        work_at_once(hands, DEEDS, wanted)
    finally:
        follower.stop()
    asks = client.Client(address)
    followed = client.Mirror(asks, folder / "followed.sqlite")
    from_package = client.Mirror(asks, ":memory:")
    begun = from_package.begin()
    assert 0 < begun < current_edition()
    assert followed.begin() == followed.edition
    from_nothing = client.Mirror(asks, ":memory:")
    found = Compared()
    for number, copy in enumerate((followed, from_package, from_nothing)):
        assert copy.sync() == current_edition()
        found = compare(client, copy, folder / str(number))
        copy.close()
    assert not verify_chain().fault
    done = sum((hand.done for hand in hands), Counter[str]())
    refused = sum((hand.refused for hand in hands), Counter[str]())
    sys.stdout.write(
        f"\n{done.total()} changes, {refused.total()} refused, edition {current_edition()},"
        f" cut off {follower.cut_off} times: {found}\n{done}\n{refused}\n"
    )
    return found


def test_a_copy_follows_four_editors(
    client: ModuleType, address: str, new_hands: Callable[[int], list[Hand]], tmp_path: Path
) -> None:
    hands = new_hands(1907)
    found = follow(client, address, hands, 200, tmp_path, seed=7)
    assert (found.missing, found.doubled, found.phantom) == (0, 0, 0)
    assert found.lines > 50


@pytest.mark.slow
def test_a_copy_follows_four_editors_for_long(
    client: ModuleType, address: str, new_hands: Callable[[int], list[Hand]], tmp_path: Path
) -> None:
    hands = new_hands(2017)
    found = follow(client, address, hands, 5000, tmp_path, seed=11)
    assert (found.missing, found.doubled, found.phantom) == (0, 0, 0)
    done = sum((hand.done for hand in hands), Counter[str]())
    # Nothing that an editor may do was left out.
    assert {deed.act.__name__ for deed in DEEDS} == set(done)
