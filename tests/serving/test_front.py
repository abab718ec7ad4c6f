"""What is kept, for whom and until when: the whole site behind its front."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.conf import settings as site_settings
from django.db import connection

from promises.accounts.models import User
from promises.api import leases
from promises.officials.actions import retract_person
from promises.pledges.actions import retract_pledge, save_pledge
from promises.pledges.models import Pledge
from promises.serving.front import _MOST_NOT_KEPT, Front
from promises.serving.marks import FROM_RECORD, KEPT
from promises.serving.shared import SharedRoom
from promises.staleness.actions import sweep_stale
from tests import record
from tests.record import NOW
from tests.serving.conftest import Ask, an_address, asker

pytestmark = pytest.mark.django_db(transaction=True)
HIT, MADE = "record; hit", "record; fwd=miss"


@pytest.fixture
def pledge(transactional_db: None) -> Pledge:
    """One published pledge."""
    return record.pledge(by=record.user("author"), slug="a-pledge")


PAGE, LIST = "/pledges/a-pledge/", "/api/v1/pledges/"


def test_a_page_is_made_once(ask: Ask, django: Ask, pledge: Pledge) -> None:
    first, second, plain = ask(PAGE), ask(PAGE), django(PAGE)
    assert (first.cache, second.cache, plain.cache) == (MADE, HIT, "")
    assert first.body == second.body == plain.body
    ours = {"etag", "cache-status", "vary", "cache-control", "content-length", "x-request-id"}
    assert {n: v for n, v in second.headers.items() if n not in ours} == {
        n: v for n, v in plain.headers.items() if n not in ours
    }
    assert second.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert second.headers["vary"] == "Accept-Encoding"


def test_whoever_has_it_gets_304_before_any_view(ask: Ask, pledge: Pledge) -> None:
    for encodings in ("", "gzip"):
        made = ask(PAGE, HTTP_ACCEPT_ENCODING=encodings)
        again = ask(PAGE, HTTP_ACCEPT_ENCODING=encodings, HTTP_IF_NONE_MATCH=made.headers["etag"])
        assert (again.status, again.body, again.cache) == (304, b"", HIT)
        assert again.headers["etag"] == made.headers["etag"]
        assert "content-length" not in again.headers


def test_a_condition_does_not_stop_an_answer_from_being_kept(
    new_front: Callable[[], Front], pledge: Pledge
) -> None:
    etag = asker(new_front())(PAGE).headers["etag"]
    front = new_front()
    front.shared = SharedRoom("", "")
    ask = asker(front)
    assert ask(PAGE, HTTP_IF_NONE_MATCH=etag).status == 304
    assert (ask(PAGE).cache, ask(PAGE).status) == (HIT, 200)


def test_a_head_has_the_headers_of_a_get(ask: Ask, pledge: Pledge) -> None:
    made = ask(PAGE)
    head = ask(PAGE, "HEAD")
    assert (head.status, head.body, head.cache) == (200, b"", HIT)
    assert head.headers["content-length"] == made.headers["content-length"]


def test_nothing_of_anybody_is_kept(front: Front, ask: Ask, pledge: Pledge) -> None:
    for more in ({"HTTP_COOKIE": "session=abc"}, {"HTTP_AUTHORIZATION": "Bearer abc"}):
        assert [ask(PAGE, **more).cache for _ in range(2)] == ["", ""]
    for address in (
        "/suggest/",
        "/follow/",
        "/stale/",
        "/readyz",
        "/healthz",
        "/nothing/",
        "/api/",
    ):
        assert [ask(address).cache for _ in range(2)] == ["", ""], address
    assert ask(PAGE, "POST").status == 405
    standing = front.knowledge.now()
    assert standing is not None
    assert len(standing.answers) == 0


class Body(list[bytes]):
    """An answer in one piece, as Django's are."""

    streaming = False


def test_an_answer_that_is_too_large_stops_no_other_of_its_path(front: Front) -> None:
    def answer(environ: Any, start: Any) -> Body:
        environ[KEPT] = FROM_RECORD
        start("200 OK", [("Content-Type", "text/plain")])
        return Body([b"x" * (3_000_000 if environ["QUERY_STRING"] == "page=2" else 10)])

    front.application = answer
    ask = asker(front)
    assert [ask("/topics/?page=2").cache for _ in range(2)] == ["", ""]
    assert (front.counts.made, front.counts.passed) == (1, 1)
    assert [ask("/topics/?page=1").cache for _ in range(2)] == [MADE, HIT]


def test_what_is_not_kept_is_remembered_of_so_many_and_no_more(front: Front) -> None:
    def answer(_environ: Any, start: Any) -> Body:
        start("200 OK", [("Content-Type", "text/plain")])
        return Body([b"x"])

    front.application = answer
    ask = asker(front)
    for number in range(_MOST_NOT_KEPT + 1):
        ask(f"/topics/topic-{number}/")
    assert len(front._not_kept) == 1


def test_a_publication_is_seen_by_the_next_reader(
    new_front: Callable[[], Front], pledge: Pledge
) -> None:
    """By every process of the machine once one of them knows, and that is at once after a form."""
    fronts = [new_front() for _ in range(2)]
    here, there = (asker(front) for front in fronts)
    assert [ask(PAGE).status for ask in (here, there)] == [200, 200]
    retract_pledge(pledge=pledge, reason="A test.", by=pledge.created_by, now=NOW)
    here("/account/login/", "POST")
    assert [ask(PAGE).status for ask in (there, here)] == [410, 410]
    person = pledge.person
    page = f"/prosecutors/{person.slug}/"
    assert [ask(page).status for ask in (here, there)] == [200, 200]
    retract_person(person=person, reason="A namesake.", by=person.created_by, now=NOW)
    here("/account/login/", "POST")
    assert [ask(page).status for ask in (there, here)] == [410, 410]


def test_nobody_sees_an_older_state_after_a_newer_one(
    new_front: Callable[[], Front], pledge: Pledge
) -> None:
    fronts = [new_front() for _ in range(2)]
    here, there = (asker(front) for front in fronts)
    titles = []
    for number in range(20):
        pledge.title = f"Title {number}"
        Pledge.objects.filter(pk=pledge.pk).update(title=pledge.title)
        # Whichever answers first; whoever has not seen it yet may not show less afterwards.
        for ask in (here, there, here) if number % 2 else (there, here, there):
            found = re.search(rb"Title (\d+)", ask(PAGE).body)
            titles.append(int(found[1]) if found else -1)
    assert titles == sorted(titles)


def test_drafts_and_looking_around_change_nothing(front: Front, ask: Ask, pledge: Pledge) -> None:
    author = pledge.created_by
    draft = record.draft_pledge(by=author)
    sweep_stale(by=author, now=NOW)
    ask(PAGE)
    draft.title = "Another"
    save_pledge(pledge=draft, by=author, now=NOW)
    sweep_stale(by=author, now=NOW)
    User.objects.update(last_login=NOW)
    front.knowledge.doubt()
    assert ask(PAGE).cache == HIT
    User.objects.filter(pk=author.pk).update(display_name="Sam Example")
    front.knowledge.doubt()
    assert ask(PAGE).cache == MADE


def test_at_midnight_everything_is_made_anew(ask: Ask, pledge: Pledge) -> None:
    with time_machine.travel("2027-03-01T23:59:59Z", tick=False):
        assert [ask(PAGE).cache for _ in range(2)] == [MADE, HIT]
    with time_machine.travel("2027-03-02T00:00:00Z", tick=False):
        assert [ask(PAGE).cache for _ in range(2)] == [MADE, HIT]


def test_what_changed_while_it_was_made_is_not_kept(front: Front, ask: Ask, pledge: Pledge) -> None:
    django = front.application

    def publishing_meanwhile(environ: Any, start: Any) -> Any:
        result = django(environ, start)
        Pledge.objects.filter(pk=pledge.pk).update(title="Changed meanwhile")
        return result

    front.application = publishing_meanwhile
    assert b"Changed meanwhile" not in ask(PAGE).body
    front.application = django
    second = ask(PAGE)
    assert second.cache == MADE
    assert b"Changed meanwhile" in second.body


def test_many_at_once_have_it_made_once(front: Front, pledge: Pledge) -> None:
    front.shared = SharedRoom("", "")
    ask = asker(front)

    def one(_number: int) -> bytes:
        try:
            return ask(PAGE).body
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as callers:
        bodies = set(callers.map(one, range(20)))
    assert len(bodies) == 1
    assert (front.counts.made, front.counts.ready) == (1, 20)


def test_processes_share_in_redis_and_do_without(
    new_front: Callable[[], Front], pledge: Pledge
) -> None:
    first, second, third = new_front(), new_front(), new_front()
    third.shared = SharedRoom("redis://127.0.0.1:1/0", "")
    made = asker(first)(PAGE)
    shared = asker(second)(PAGE)
    assert (made.cache, shared.cache, shared.body) == (MADE, HIT, made.body)
    alone = asker(third)
    assert [alone(PAGE).cache for _ in range(2)] == [MADE, HIT]


def test_parameters_in_any_order_are_one_answer(ask: Ask, django: Ask, pledge: Pledge) -> None:
    made = ask("/pledges/?status=not_yet_rated&sort=made")
    again = ask("/pledges/?sort=made&status=not_yet_rated")
    assert (made.status, made.cache, again.cache) == (200, MADE, HIT)
    assert made.body == again.body


def test_the_api_counts_what_is_ready_and_304_costs_nothing(
    front: Front, ask: Ask, pledge: Pledge
) -> None:
    address = an_address()

    def left(**more: str) -> tuple[int, str, int]:
        answer = ask(LIST, REMOTE_ADDR=address, **more)
        remaining = int(answer.headers["ratelimit"].split("r=")[1].split(";")[0])
        return answer.status, answer.cache, site_settings.API_REQUESTS_PER_HOUR - remaining

    assert left() == (200, MADE, 1)
    assert left() == (200, HIT, 2)
    etag = ask(LIST, REMOTE_ADDR=an_address()).headers["etag"]
    assert left(HTTP_IF_NONE_MATCH=etag) == (304, HIT, 2)
    Pledge.objects.update(title="Another title")
    front.knowledge.doubt()
    asked = ask(LIST, REMOTE_ADDR=an_address()).headers["etag"]
    assert asked != etag
    assert left() == (200, HIT, 3)


def test_who_has_used_up_the_quota_gets_429_of_what_is_ready(
    ask: Ask, pledge: Pledge, settings: Any
) -> None:
    settings.API_REQUESTS_PER_HOUR = 2
    address = an_address()
    answers = [ask(LIST, REMOTE_ADDR=address) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert ask(LIST, REMOTE_ADDR=an_address()).cache == HIT


def test_a_process_gives_out_the_quota_and_no_more(ask: Ask, pledge: Pledge, settings: Any) -> None:
    settings.API_REQUESTS_PER_HOUR = 300
    address = an_address()
    answers = [ask(LIST, REMOTE_ADDR=address) for _ in range(310)]
    assert [answer.status for answer in answers] == [200] * 300 + [429] * 10
    left = [int(answer.headers["ratelimit"].split("r=")[1].split(";")[0]) for answer in answers]
    assert left == [*range(299, -1, -1), *[0] * 10]


def test_what_another_process_holds_is_never_given_twice(
    ask: Ask, pledge: Pledge, settings: Any
) -> None:
    settings.API_REQUESTS_PER_HOUR = 300
    address = an_address()
    granted = 0
    for turn in range(310):
        if turn % 50 == 49:
            # From here on as a process that holds nothing of this client.
            leases._leases.clear()
        granted += ask(LIST, REMOTE_ADDR=address).status == 200
    assert 285 <= granted <= 300
