"""The thread that asks ahead of readers ends when it is told to, whatever it is about to do."""

from typing import Any

from promises.serving import state
from promises.serving.answers import Answers
from promises.serving.machine import Machine
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
