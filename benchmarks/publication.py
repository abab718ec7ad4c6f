"""Publications: fifty editors who publish on the desk, until readers of the page have it.

Each of fifty editors, signed in, opens the page of a step and presses its button once in ten
seconds, at a moment of their own. Told is how long the button takes, and after it how long until
the public page of the pledge, asked of another web process, shows the rating.
"""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from statistics import quantiles
from urllib.parse import urlencode

from benchmarks.rows import Row, told
from benchmarks.serving import OURS
from benchmarks.web import get, served

EDITORS, EVERY, ROUNDS = 50, 10.0, 6
LOOKS_EVERY = 0.05
CSRF = "c" * 32


@dataclass(frozen=True)
class Waiting:
    """An approved update, where it is published, and how its page will show that."""

    step: str
    page: str
    sign: bytes
    cookies: str


def measure() -> list[Row]:
    """Measure publications by fifty editors, over the wire."""
    waiting = [approved(number) for number in range(EDITORS * ROUNDS)]
    with (
        served(OURS) as desk,
        served(OURS, core=1) as readers,
        ThreadPoolExecutor(EDITORS) as people,
    ):
        for place in waiting[:2]:
            get(desk, place.step, Cookie=place.cookies)
            get(readers, place.page)
        began = time.perf_counter() + 1
        parts = [waiting[place::EDITORS] for place in range(EDITORS)]
        taken = people.map(lambda part: _publish(part, began, desk, readers), parts)
        pairs = [pair for part in taken for pair in part]
    pressed = quantiles([pair[0] for pair in pairs], n=20)[-1] * 1000
    visible = quantiles([pair[1] for pair in pairs], n=20)[-1] * 1000
    often = f"{EDITORS} editors, each once in {EVERY:.0f} s"
    return [
        Row(f"publication on the desk, p95, {often}", f"{told(pressed)} ms", "", None,
            "≤ 100 ms", pressed <= 100),
        Row("from then until another process shows it, p95", f"{told(visible)} ms", "", None,
            "≤ 1 s", visible <= 1000),
    ]  # fmt: skip


def approved(number: int) -> Waiting:
    """Return an update that is approved and waits for its editor."""
    from promises.accounts.models import User
    from promises.pledges.models import Pledge
    from promises.updates.actions import approve_status_update, submit_status_update
    from tests import record

    author, other = User.objects.get(pk=1), User.objects.get(pk=2)
    pledge = Pledge.objects.get(pk=31 * number % 9_990 + 10)
    cited = pledge.evidence.order_by("pk")[0]
    update = record.draft_update(by=author, of=pledge, cited=cited, has_copy=False)
    update = submit_status_update(update=update, by=author, now=record.NOW)
    approve_status_update(update=update, by=other, now=record.NOW)
    return Waiting(
        step=f"/admin/updates/statusupdate/{update.pk}/step/publish/",
        page=f"/pledges/{pledge.slug}/",
        sign=update.slug.encode(),
        cookies=f"session={_session(number % EDITORS)}; csrf={CSRF}",
    )


def _session(number: int) -> str:
    """Return the session of an editor who is signed in."""
    from django.test import Client

    from promises.accounts.models import User

    browser = Client()
    editor = User.objects.get(pk=number + 5)
    if not editor.is_superuser:
        editor.is_superuser = True
        editor.save()
    browser.force_login(editor)
    return browser.cookies["session"].value


def _publish(
    waiting: list[Waiting], began: float, desk: int, readers: int
) -> list[tuple[float, float]]:
    """Publish one after the other; return how long each took, and how long until it was seen."""
    moment, found = random.Random(waiting[0].step), []
    for round_number, place in enumerate(waiting):
        due = began + EVERY * (round_number + moment.random())
        time.sleep(max(0.0, due - time.perf_counter()))
        status, _, page = get(desk, place.step, Cookie=place.cookies)
        assert status == 200, status
        found.append(_pressed(place, fields_in(page), desk, readers))
    return found


def fields_in(page: bytes) -> dict[str, str]:
    """Return what the page of a step sends along: the version it was made from, its own number."""
    found = {}
    for name in ("seen_version", "form_number"):
        field = page.partition(f'name="{name}"'.encode())[2].partition(b">")[0]
        found[name] = field.partition(b'value="')[2].partition(b'"')[0].decode()
    return found


def _pressed(
    place: Waiting, fields: dict[str, str], desk: int, readers: int
) -> tuple[float, float]:
    taken = press(place, fields, desk)
    done = time.perf_counter()
    while place.sign not in get(readers, place.page)[2]:
        time.sleep(LOOKS_EVERY)
    return taken, time.perf_counter() - done


def press(place: Waiting, fields: dict[str, str], desk: int) -> float:
    """Press the button of a step's page, which sends these fields; return how long it took."""
    began = time.perf_counter()
    talk = HTTPConnection("127.0.0.1", desk, timeout=60)
    talk.request(
        "POST",
        place.step,
        body=urlencode({"csrfmiddlewaretoken": CSRF, **fields}),
        headers={
            "Cookie": place.cookies,
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://127.0.0.1:{desk}",
        },
    )
    answer = talk.getresponse()
    answer.read()
    talk.close()
    assert answer.status == 302, answer.status
    return time.perf_counter() - began
