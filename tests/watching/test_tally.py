"""Numbers that several threads and processes count, and that never go down."""

import subprocess
import sys
from pathlib import Path
from threading import Thread

from promises.common.tally import MOST_NAMES, Tally, totals

ROOT = Path(__file__).resolve().parents[2]
# Counts in a folder, says so, and lives on until its input ends; or dies at once.
COUNTS = """
import os, sys
from pathlib import Path
from promises.common.tally import Tally
tally = Tally(Path(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    tally.add("asked_total")
tally.add("seconds", 0.25)
print("counted", flush=True)
sys.stdin.read()
os._exit(0)
"""


def counting(folder: Path, times: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", COUNTS, str(folder), str(times)],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def told(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "counted\n"


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_processes_side_by_side_are_added_up_and_killed_ones_are_counted_on(tmp_path: Path) -> None:
    first, second = counting(tmp_path, 1000), counting(tmp_path, 500)
    told(first)
    told(second)
    assert totals(tmp_path) == {"asked_total": 1500, "seconds": 0.5}
    end(first)
    assert totals(tmp_path) == {"asked_total": 1500, "seconds": 0.5}
    third = counting(tmp_path, 7)
    told(third)
    assert totals(tmp_path) == {"asked_total": 1507, "seconds": 0.75}
    # The third went on in the file of the first.
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tally-0", "tally-1"]
    end(second)
    end(third)


def test_threads_lose_nothing() -> None:
    tally = Tally(None)

    def count() -> None:
        for _ in range(20_000):
            tally.add("asked_total")

    threads = [Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tally._numbers[tally._places["asked_total"]] == 160_000


def test_what_does_not_fit_is_left_out(tmp_path: Path) -> None:
    tally = Tally(tmp_path)
    tally.add("x" * 200)
    assert totals(tmp_path) == {}
    for number in range(MOST_NAMES + 10):
        tally.add(f"name-{number}")
    found = totals(tmp_path)
    assert len(found) == MOST_NAMES - 1
    assert set(found.values()) == {1.0}


def test_a_file_that_is_none_of_ours_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "tally-0").write_bytes(b"")
    assert totals(tmp_path) == {}
    Tally(tmp_path).add("asked_total")
    assert totals(tmp_path) == {"asked_total": 1}


def test_a_folder_that_cannot_be_made_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    Tally(tmp_path / "file").add("asked_total")
