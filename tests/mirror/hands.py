"""Editors who do one random thing after the other, several at once."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from threading import Thread
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connections
from psycopg.errors import DeadlockDetected

from promises.accounts.models import User
from promises.common.refusals import Refused
from tests import record

# Shared by all hands: no two things happen at the same moment, or have the same name.
_number = count(1)


class NothingThereError(Exception):
    """There is no row that this could be done to."""


@dataclass
class Hand:
    """One editor: who, with whom, and the chance by which things are chosen."""

    by: User
    others: Sequence[User]
    chance: random.Random
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def now(self) -> datetime:
        """Return a moment after every other."""
        return record.NOW + timedelta(seconds=next(_number))

    def word(self) -> str:
        """Return a text that is nowhere else, with signs that files have to carry as they are."""
        sign = self.chance.choice(['"quoted"', "=1+1", "línea", "a\\b", "'tis", "</b>", "語"])
        return f"{sign} {next(_number)}"

    def slug(self, kind: str) -> str:
        """Return a name that is nowhere else."""
        return f"{kind}-{next(_number)}"

    def pick(self, rows: Any) -> Any:
        """Return one of these rows."""
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        found = rows.filter(pk=self.chance.choice(ids)).first() if ids else None
        if found is None:
            raise NothingThereError
        return found

    def try_new(self, deeds: Sequence["Deed"]) -> bool:
        """Do one of these things, every other time one that was not done yet if there is any."""
        new = [deed for deed in deeds if not self.done[deed.act.__name__]]
        return self.try_one(new if new and self.chance.random() < 0.5 else deeds)

    def try_one(self, deeds: Sequence["Deed"]) -> bool:
        """Do one of these things; return whether it was done, and not refused."""
        (deed,) = self.chance.choices(deeds, [deed.weight for deed in deeds])
        try:
            deed.act(self)
        except NothingThereError:
            return False
        except (Refused, ValidationError, IntegrityError) as refusal:
            self.refused[f"{deed.act.__name__}: {type(refusal).__name__}"] += 1
            return False
        except OperationalError as error:
            # Two who lock several rows in another order may wait for each other; PostgreSQL then
            # ends one of the two, and nothing is lost.
            if not isinstance(error.__cause__, DeadlockDetected):
                raise
            self.refused[f"{deed.act.__name__}: deadlock"] += 1
            return False
        self.done[deed.act.__name__] += 1
        return True


@dataclass(frozen=True)
class Deed:
    """Something an editor may do, and how often."""

    act: Callable[[Hand], Any]
    weight: int = 4


def work_at_once(hands: Sequence[Hand], deeds: Sequence[Deed], wanted: int) -> None:
    """Let all hands work, each over a connection of its own, until so much is done together."""
    failures: list[BaseException] = []

    def work(hand: Hand) -> None:
        try:
            while sum(one.done.total() for one in hands) < wanted and not failures:
                hand.try_one(deeds)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [Thread(target=work, args=[hand]) for hand in hands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
