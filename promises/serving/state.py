"""What this process knows of the record: the number of its state, and how fresh that knowledge is.

The number is counted by the database (counting.py), so whoever asks it cannot be wrong. Asking
costs more than an answer that is ready; so it is asked ten times a second while there are
readers, and knowledge older than half a second is never used. All processes of a machine share
the highest number that any of them has learnt, and whether somebody has just sent a form: then the
next reader waits for the database. So nobody sees an older state after a newer one, whichever
process answers.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from promises.serving.answers import Answers
from promises.serving.machine import Machine

log = logging.getLogger(__name__)

TRUSTED_SECONDS = 0.5
ASKED_EVERY = 0.1
# So long the watcher goes on asking when no reader comes.
IDLE_SECONDS = 3.0
# While the database is away, what was true when it went is still true: nobody can publish. So it is
# while a copy in its place has not come as far; after that the copy is what there is.
OUTAGE_SECONDS = 600.0
_PATIENCE = 2.0
DAY = 86400


class UnreachableError(Exception):
    """The database does not say which state the record is in."""


@dataclass(frozen=True)
class Counted:
    """What the database says: changes of the record, changes by machines, which history.

    And whether it is a copy that follows another database, and may be behind.
    """

    record: int
    work: int
    history: str
    is_copy: bool = False

    @property
    def total(self) -> int:
        """How many changes there were: goes up with every one."""
        return self.record + self.work


@dataclass(frozen=True)
class Standing:
    """A state of the record on a day, the answers that are ready for it, and since when we know."""

    counted: Counted
    day: int
    answers: Answers
    verified_at: float
    is_assumed: bool = False

    @property
    def name(self) -> str:
        """The name of the state: two that differ in anything but work have different ones."""
        return f"{self.counted.history}.{self.counted.record}.{self.day}"

    @property
    def work(self) -> int:
        """The state of what machines write."""
        return self.counted.work


class Progress(Protocol):
    """What other hosts tell of how far the record is."""

    def tell_progress(self, total: int) -> None:
        """Tell it."""

    def progress(self) -> int:
        """Return what was told last."""


class Knowledge:
    """Knows the state of the record, or asks."""

    def __init__(
        self,
        ask: Callable[[], Counted],
        machine: Machine,
        new_answers: Callable[[], Answers],
        release: Callable[[], None] = lambda: None,
        others: Progress | None = None,
    ) -> None:
        self._ask, self._machine, self._new_answers = ask, machine, new_answers
        self._release, self._others = release, others
        self._standing: Standing | None = None
        self._day_ends = 0.0
        # Whoever starts while a copy is behind waits as long as those who have seen more.
        self._reached_at = time.monotonic()
        # Whether what can be read is older than what was read here before.
        self.is_behind = False
        self._one_asks = threading.Lock()
        self._is_wanted = threading.Event()
        self._was_used = False
        self._is_reachable, self._is_stopped = True, False
        self._watcher: threading.Thread | None = None

    def now(self) -> Standing | None:
        """Return the present state; None when it cannot be known."""
        standing = self._standing
        if standing is not None and self._is_good(standing):
            self._was_used = True
            return standing
        return self.learn()

    def doubt(self) -> None:
        """Say that something may just have been written: who reads next asks the database."""
        self._machine.doubt(time.monotonic())

    def stop(self) -> None:
        """Let go: the watcher ends, and its connection with it."""
        self._is_stopped = True
        self._is_wanted.set()
        if self._watcher is not None:
            self._watcher.join()

    def learn(self) -> Standing | None:
        """Ask the database, unless somebody did so after this call began."""
        called_at = time.monotonic()
        if not self._one_asks.acquire(timeout=_PATIENCE):
            # As of now, so that not every reader waits as long again.
            return self._assumed(time.monotonic())
        try:
            standing = self._standing
            if standing is None or standing.verified_at < called_at:
                standing = self._asked()
        finally:
            self._one_asks.release()
        self._was_used = True
        self._watch()
        return standing

    def _is_good(self, standing: Standing) -> bool:
        return (
            time.monotonic() - standing.verified_at < TRUSTED_SECONDS
            and time.time() < self._day_ends
            and not self._machine.knows_more(standing.counted.total, standing.verified_at)
        )

    def _asked(self) -> Standing | None:
        seen, began = self._machine.highest, time.monotonic()
        try:
            counted = self._ask()
            self._refuse_if_behind(counted, began)
        except UnreachableError as error:
            if self._is_reachable:
                log.warning("The state of the record is not known: %s", error)
            self._is_reachable = False
            return self._assumed(began)
        self._is_reachable = True
        # Less than another process had learnt before: this is another database, restored.
        self._machine.learnt(counted.total, is_reset=counted.total < seen)
        self._reached_at = began
        if self._others:
            self._others.tell_progress(counted.total)
        day = int(time.time() // DAY)
        known = self._standing
        if known is None or self._differs(known, counted, day):
            known = Standing(counted, day, self._new_answers(), began)
        else:
            known = replace(known, counted=counted, verified_at=began, is_assumed=False)
        self._day_ends = (day + 1) * DAY
        self._standing = known
        return known

    def _refuse_if_behind(self, counted: Counted, moment: float) -> None:
        """Raise UnreachableError where a copy is not as far as what was seen, for some minutes."""
        self.is_behind = (
            counted.is_copy
            and moment - self._reached_at <= OUTAGE_SECONDS
            and counted.total < self._highest()
        )
        if self.is_behind:
            # The address may lead elsewhere by now.
            self._release()
            raise UnreachableError("A copy of the database is behind what was read before.")

    def _highest(self) -> int:
        """Return how far the record was, as this process, its machine or another one has seen."""
        own = self._standing.counted.total if self._standing else 0
        told = self._others.progress() if self._others else 0
        return max(own, self._machine.highest, told)

    @staticmethod
    def _differs(known: Standing, counted: Counted, day: int) -> bool:
        before = known.counted
        return (before.record, before.history, known.day) != (counted.record, counted.history, day)

    def _assumed(self, moment: float) -> Standing | None:
        """Return the last state while the database is away, unless a newer one is known of."""
        standing = self._standing
        if standing is None or moment - self._reached_at > OUTAGE_SECONDS:
            return None
        if time.time() >= self._day_ends or self._machine.highest > standing.counted.total:
            return None
        standing = replace(standing, verified_at=moment, is_assumed=True)
        self._standing = standing
        return standing

    def _watch(self) -> None:
        """Have a thread ask ahead of the readers."""
        self._is_wanted.set()
        if self._watcher is None:
            self._watcher = threading.Thread(target=self._ask_ahead, daemon=True)
            self._watcher.start()

    def _ask_ahead(self) -> None:
        used_at = time.monotonic()
        while not self._is_stopped:
            time.sleep(ASKED_EVERY)
            if self._was_used:
                self._was_used, used_at = False, time.monotonic()
            if time.monotonic() - used_at > IDLE_SECONDS:
                self._is_wanted.clear()
                self._release()
                # It may have been stopped just before: then nobody wakes it.
                if self._is_stopped:
                    return
                self._is_wanted.wait()
                used_at = time.monotonic()
            with self._one_asks:
                self._asked()
        self._release()
