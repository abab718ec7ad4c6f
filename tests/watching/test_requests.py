"""The number of a request: in its answer, in every line about it, and in the tasks it rings for."""

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from celery import shared_task
from celery.signals import task_received
from celery.worker.request import Request
from django.conf import settings
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from django.urls import reverse
from kombu import Connection

from promises.common.request_ids import is_request_id
from promises.common.tally import folder_of_this_machine, totals
from promises.serving.front import Front
from promises.site.for_programs import urlpatterns
from promises.site.pages import machines
from tests.conftest import without_database
from tests.serving.conftest import asker, front, new_front
from tests.serving.test_front import HIT, PAGE, pledge
from tracker.carrying import Carried
from tracker.celery import app
from tracker.logs import EventFormatter
from tracker.watching import ROUTINE

__all__ = ["front", "new_front", "pledge"]
GIVEN = "a-number-of-a-proxy"
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What the log says, line by line, as it does in production."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(EventFormatter("json"))
    logging.getLogger().addHandler(handler)
    # Tests run in development, which says less (ROUTINE).
    loggers = [logging.getLogger(name) for name in ("", *ROUTINE)]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel("INFO")
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


def test_a_request_is_answered_with_its_number_and_logged_once(
    client: Client, lines: Lines
) -> None:
    response = client.get("/robots.txt?email=jane@example.org", headers={"X-Request-ID": GIVEN})
    assert response.headers["X-Request-ID"] == GIVEN
    (line,) = lines()
    assert line.pop("milliseconds") >= 0
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "answered",
        "level": "info",
        "logger": "tracker.requests",
        "method": "GET",
        "request_id": GIVEN,
        "route": "programs:robots",
        "status": 200,
    }


def test_a_number_that_is_none_is_not_taken(client: Client, lines: Lines) -> None:
    response = client.get("/robots.txt", headers={"X-Request-ID": "x\tforged"})
    number = response.headers["X-Request-ID"]
    assert is_request_id(number)
    assert number != "x\tforged"
    assert [line["request_id"] for line in lines()] == [number]


@pytest.mark.django_db
def test_no_line_holds_an_address_of_a_page_or_a_person(client: Client, lines: Lines) -> None:
    client.raise_request_exception = False
    token = "secret-token-of-a-follower-1234567890"

    def fails(*_arguments: Any) -> None:
        raise DatabaseError("DETAIL:  Key (email)=(jane@example.org) already exists.")

    client.get(f"/follow/confirm/{token}/")
    client.get(f"/nothing-here/{token}/?email=jane@example.org")
    with connection.execute_wrapper(fails):
        assert client.get(f"/suggestions/{token}/").status_code == 500
    Client(enforce_csrf_checks=True).post(f"/follow/stop/{token}/", {"email": "jane@example.org"})
    found = json.dumps(lines())
    assert token not in found
    assert "jane" not in found
    assert [line["status"] for line in lines() if line["event"] == "answered"].count(500) == 1
    broken = [line for line in lines() if line["level"] == "error"]
    assert [line["event"] for line in broken] == ["Internal Server Error"]
    assert "DatabaseError: DETAIL: left out" in broken[0]["exception"]
    assert len({line["request_id"] for line in lines() if line["event"] == "answered"}) == 4


@pytest.mark.parametrize(
    ("sent", "host", "said", "status"),
    [
        ("a=b", "evil.example", "Invalid HTTP_HOST header: 'evil.example'. You may need to", 400),
        ("a=b", 7000 * "a", "Invalid HTTP_HOST header: 'aaaa", 400),
        ("&".join(20_001 * ["a=b"]), "testserver", "The number of GET/POST parameters ex", 413),
        ("a=" + 2_700_000 * "b", "testserver", "Request body exceeded settings.DATA_UPLOAD", 413),
    ],
    ids=["a name that is not ours", "a long name", "many fields", "a long field"],
)
def test_what_a_stranger_sends_and_is_refused_is_one_short_warning(
    client: Client, lines: Lines, sent: str, host: str, said: str, status: int
) -> None:
    kind = "application/x-www-form-urlencoded"
    client.raise_request_exception = False
    answer = client.post("/account/login/", sent, content_type=kind, headers={"Host": host})
    assert answer.status_code == status
    warning, answered = lines()
    assert (warning["level"], warning["event"][: len(said)]) == ("warning", said)
    assert len(warning["event"]) <= 200
    assert "exception" not in warning
    assert (answered["event"], answered["status"]) == ("answered", status)


def test_what_monitors_ask_all_day_is_counted_and_not_logged(client: Client, lines: Lines) -> None:
    name = 'tracker_requests_total{route="programs:healthz",status="200",kept="no"}'
    before = totals(folder_of_this_machine())[name]
    client.get("/healthz")
    assert lines() == []
    assert totals(folder_of_this_machine())[name] == before + 1


@pytest.mark.django_db
def test_what_monitors_are_told_is_a_line_without_a_traceback(
    client: Client, settings: Any, lines: Lines
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    def gone(*_arguments: Any) -> None:
        raise OperationalError("the server closed the connection unexpectedly\n\tand more")

    with connection.execute_wrapper(gone):
        assert client.get("/readyz", headers={"X-Request-ID": GIVEN}).status_code == 503
    said = lines()
    assert [line["event"] for line in said] == [
        "The database does not answer: the server closed the connection unexpectedly",
        "Redis does not answer: Error 111 connecting to 127.0.0.1:1. Connection refused.",
    ]
    assert {(line["level"], line["request_id"]) for line in said} == {("warning", GIVEN)}
    assert not any("exception" in line for line in said)


@pytest.mark.django_db
def test_what_django_says_of_an_answer_has_its_number(client: Client, lines: Lines) -> None:
    with connection.execute_wrapper(without_database):
        assert client.get("/api/v1/topics/", headers={"X-Request-ID": GIVEN}).status_code == 503
    said = [line for line in lines() if line["logger"] == "django.request"]
    assert [(line["event"], line["level"], line["status"]) for line in said] == [
        ("Service Unavailable", "error", 503)
    ]
    assert [line["request_id"] for line in said] == [GIVEN]


def test_answers_that_are_ready_are_counted_and_named_too(front: Front, pledge: Any) -> None:
    def counted(status: int, kept: str) -> float:
        name = f'tracker_requests_total{{route="site:pledge",status="{status}",kept="{kept}"}}'
        return totals(folder_of_this_machine())[name]

    before = [counted(200, "no"), counted(200, "yes"), counted(304, "yes")]
    ask = asker(front)
    etag = ask(PAGE).headers["etag"]
    given = ask(PAGE, HTTP_X_REQUEST_ID=GIVEN)
    assert (given.cache, given.headers["x-request-id"]) == (HIT, GIVEN)
    assert "x-request-id" not in ask(PAGE, HTTP_X_REQUEST_ID="x\r\ny: z").headers
    assert ask(PAGE, HTTP_IF_NONE_MATCH=etag).status == 304
    after = [counted(200, "no"), counted(200, "yes"), counted(304, "yes")]
    assert [new - old for new, old in zip(after, before, strict=True)] == [1, 2, 1]


@shared_task(name="tests.watching.logs")
def logs(fails: bool = False) -> str:
    """Stands in for a task: says something, and fails when told to."""
    logging.getLogger("tests").info("at work for %s", "jane@example.org")
    if fails:
        raise ValueError("on purpose")
    return "done"


def test_every_task_of_ours_carries_a_number() -> None:
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if name.startswith("promises.")}
    assert len(ours) > 10
    assert {name for name, task in ours.items() if not isinstance(task, Carried)} == set()


def test_a_task_carries_the_number_of_the_request_that_rang_for_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = "tests-of-watching"

    def rings(_request: Any) -> Any:
        logs.apply_async(queue=queue)
        return original(_request)

    (pattern,) = [each for each in urlpatterns if each.name == "robots"]
    original = machines.robots
    monkeypatch.setattr(pattern, "callback", rings)
    client.get(reverse("programs:robots"), headers={"X-Request-ID": GIVEN})
    with Connection(settings.REDIS_URL) as broker, broker.SimpleQueue(queue) as waiting:
        message = waiting.get(timeout=10)
        message.ack()
    assert message.headers["request_id"] == GIVEN
    assert message.headers["sent_at"] > 0


def test_a_task_logs_under_the_number_it_came_with(lines: Lines) -> None:
    logs.apply(headers={"request_id": GIVEN})
    logs.apply(headers={"request_id": "x\nforged"})
    logs.apply()
    said = [line for line in lines() if line["logger"] == "tests"]
    assert [line["event"] for line in said] == ["at work for [email]"] * 3
    assert {line["task"] for line in said} == {"tests.watching.logs"}
    assert said[0]["request_id"] == GIVEN
    assert all(is_request_id(line["request_id"]) for line in said)
    assert len({line["request_id"] for line in said}) == 3


def test_what_celery_says_of_a_task_has_its_number_too(lines: Lines) -> None:
    logs.apply(headers={"request_id": GIVEN})
    logs.apply(args=[True], headers={"request_id": GIVEN})
    said = [line for line in lines() if line["logger"] == "celery.app.trace"]
    assert ["succeeded" in line["event"] for line in said] == [True, False]
    assert "ValueError: on purpose" in said[1]["exception"]
    assert {(line["request_id"], line["task"]) for line in said} == {(GIVEN, "tests.watching.logs")}
    # Nothing of it is left on the lines that follow.
    logging.getLogger("tests").warning("afterwards")
    assert "request_id" not in lines()[-1]


def test_a_worker_says_with_its_number_that_a_task_was_received(lines: Lines) -> None:
    request = Request(
        SimpleNamespace(
            headers={"id": "t-1", "task": logs.name, "request_id": GIVEN, "root_id": "t-1"},
            body=b"[[], {}, {}]",
            payload=[[], {}, {}],
            content_type="application/json",
            content_encoding="utf-8",
            properties={},
            delivery_info={},
        ),
        app=app,
        decoded=False,
    )
    task_received.send(sender=None, request=request)
    (line,) = lines()
    del line["timestamp"]
    assert line == {
        "event": "received",
        "level": "info",
        "logger": "tracker.tasks",
        "request_id": GIVEN,
        "task": "tests.watching.logs",
        "task_id": "t-1",
    }


def test_each_run_of_a_task_is_counted_by_what_became_of_it() -> None:
    def counted(state: str) -> float:
        name = f'tracker_tasks_total{{task="tests.watching.logs",state="{state}"}}'
        return totals(folder_of_this_machine())[name]

    before = counted("done"), counted("failed")
    logs.apply()
    logs.apply(args=[True])
    assert (counted("done"), counted("failed")) == (before[0] + 1, before[1] + 1)
