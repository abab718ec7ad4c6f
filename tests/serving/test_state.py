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
