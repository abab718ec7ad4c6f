"""The thread that asks ahead of readers ends when it is told to, whatever it is about to do."""

from secrets import token_hex
from typing import Any

import redis

from promises.serving import state
from promises.serving.answers import Answers
from promises.serving.machine import Machine
from promises.serving.shared import SharedRoom
from promises.serving.state import Counted, Knowledge


def test_who_is_stopped_while_it_lies_down_gets_up_no_more(monkeypatch: Any) -> None:
    monkeypatch.setattr(state, "IDLE_SECONDS", -1.0)

    def stopped_meanwhile() -> None:
        # The call that would wake it has come already, and was forgotten as it lay down.
        knowledge._is_stopped = True

    knowledge = Knowledge(
        lambda: Counted(1, 0, "a"), Machine(None), lambda: Answers(1000), stopped_meanwhile
    )
    assert knowledge.now() is not None
    watcher = knowledge._watcher
    assert watcher is not None
    watcher.join(10)
    assert not watcher.is_alive()


def test_a_copy_that_is_behind_counts_as_away_for_ten_minutes(monkeypatch: Any) -> None:
    answers = [Counted(7, 0, "a"), Counted(6, 0, "a", is_copy=True)]
    released: list[bool] = []
    knowledge = Knowledge(
        lambda: answers[-1],
        Machine(None),
        lambda: Answers(1000),
        lambda: released.append(True),
    )
    monkeypatch.setattr(knowledge, "_watch", lambda: None)
    copy, answers[:] = answers[-1], answers[:1]
    newest = knowledge.learn()
    assert newest is not None
    answers.append(copy)
    assumed = knowledge.learn()
    assert assumed is not None
    assert (assumed.counted, assumed.is_assumed, knowledge.is_behind) == (answers[0], True, True)
    assert released == [True]
    # One that is as far, or has been promoted since, is the database.
    answers.append(Counted(7, 0, "a", is_copy=True))
    assert (knowledge.learn() or newest).counted == answers[-1]
    answers.append(Counted(6, 0, "a"))
    assert (knowledge.learn() or newest).counted == answers[-1]
    answers.append(Counted(5, 0, "a", is_copy=True))
    monkeypatch.setattr(state, "OUTAGE_SECONDS", -1.0)
    assert (knowledge.learn() or newest).counted == answers[-1]
    assert (knowledge.is_behind, released) == (False, [True])


def test_who_starts_while_a_copy_is_behind_learns_that_from_redis(
    monkeypatch: Any, settings: Any
) -> None:
    monkeypatch.setattr(Knowledge, "_watch", lambda self: None)
    name = token_hex(8)

    def starting(counted: Counted) -> Knowledge:
        room = SharedRoom(settings.REDIS_URL, "build", name)
        return Knowledge(lambda: counted, Machine(None), lambda: Answers(1000), others=room)

    copy = Counted(6, 0, "a", is_copy=True)
    starting(Counted(7, 0, "a")).learn()
    late = starting(copy)
    assert (late.learn(), late.is_behind) == (None, True)
    # A Redis that falls silent has said so all the same.
    room = SharedRoom(settings.REDIS_URL, "build", name)
    assert room.progress() == 7
    room._unhurried.address = ""
    assert room.progress() == 7
    # One that has been believed, or restored, is what there is from then on.
    for total in (0, 6):
        restored = starting(Counted(total, 0, "a")).learn()
        assert restored is not None
        assert restored.counted.total == total
    after = late.learn()
    assert after is not None
    assert (after.counted, late.is_behind) == (copy, False)
    # What we have not signed says nothing.
    with redis.from_url(settings.REDIS_URL) as server:
        server.set(f"serving:progress:{name}", b"9")
    assert starting(copy).learn() is not None
