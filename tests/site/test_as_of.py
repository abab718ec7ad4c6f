"""A past day shows what was served that evening, compared with stored copies of it."""

from datetime import date, timedelta
from html import unescape

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from promises.accounts.models import User
from promises.evidence.actions import (
    retract_evidence,
)
from promises.evidence.models import Evidence
from promises.officials.actions import save_person
from promises.pledges.actions import retract_pledge, save_pledge
from promises.site.pages import topics
from promises.staleness.actions import sweep_stale
from promises.updates.actions import approve_status_update, retract_status_update
from tests import record
from tests.site import whole
from tests.site.story import CHANGES, DAY, START, WITHDRAWALS, Story, part, plain, seen

pytestmark = pytest.mark.django_db


def differences(story: Story) -> list[tuple[date, str, dict[str, tuple[str, str]]]]:
    """Return where a past day says something else than was served that evening.

    Days on which something stood that was withdrawn later are left out here.
    """
    last = max((day for day, _words in story.withdrawn), default=date.min)
    found = []
    with time_machine.travel(story.now + 30 * DAY, tick=False):
        for day, copy in story.copies.items():
            for kind, path in story.pages.items():
                then = seen(story.client, kind, f"{path}?as_of={day}")
                if day >= last and then != copy[kind]:
                    names = set(then | copy[kind])
                    wrong = {
                        name: (copy[kind].get(name, "-"), then.get(name, "-"))
                        for name in names
                        if copy[kind].get(name) != then.get(name)
                    }
                    found.append((day, kind, wrong))
    return found


def leaks(story: Story) -> list[tuple[date, str]]:
    """Return words that were withdrawn and stand on the page of a past day all the same."""
    found = []
    with time_machine.travel(story.now + 30 * DAY, tick=False):
        for day in story.copies:
            for path in story.pages.values():
                html = unescape(story.client.get(f"{path}?as_of={day}").content.decode())
                found += [
                    (day, words) for _day, words in story.withdrawn if words and words in html
                ]
    return found


# Stories are long, and a shorter one says no more than the day and the part that differ.
FEW = settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
history = st.lists(
    st.lists(st.sampled_from(CHANGES), min_size=1, max_size=4), min_size=2, max_size=5
)


@FEW
# A rating of the day after, made of what was known nine months before.
@example(seed=297, days=[["evidence", "second_pledge", "second_pledge", "unlink"], ["rate"]])
# A second rating that rests on as few publishers: the flag stays, its day and its facts move.
@example(
    seed=106076,
    days=[["evidence", "review", "unlink"], ["rate", "approve"], ["rate", "retitle"]],
)
# The pledge was made for another term, for none, and by somebody else.
@example(
    seed=5,
    days=[
        ["rate", "second_pledge"], ["another_term", "reply"], ["office", "no_term"],
        ["another_person", "correct_evidence"], ["office", "person", "another_term"],
    ],
)  # fmt: skip
@given(seed=st.integers(0, 2**32), days=history)
def test_any_past_day_says_what_was_served_that_evening(
    db: None, seed: int, days: list[list[str]]
) -> None:
    with transaction.atomic():
        story = Story(seed)
        for happenings in days:
            story.live(happenings)
        assert differences(story) == []
        transaction.set_rollback(True)


@FEW
@given(
    seed=st.integers(0, 2**32),
    days=history,
    gone=st.lists(st.sampled_from(WITHDRAWALS), min_size=1, max_size=4, unique=True),
)
def test_what_was_withdrawn_stays_withdrawn_on_every_day(
    db: None, seed: int, days: list[list[str]], gone: list[str]
) -> None:
    with transaction.atomic():
        story = Story(seed)
        for happenings in [["rate", "evidence", "reply", "second_pledge"], *days, gone, ["review"]]:
            story.live(happenings)
        assert leaks(story) == []
        assert differences(story) == []
        transaction.set_rollback(True)


def test_a_past_day_names_the_term_and_the_official_of_that_day(
    client: Client, author: User
) -> None:
    story = Story(1)
    first = story.pledge.person
    story.live(["evidence"])
    story.live(["another_term"])
    story.live(["no_term"])
    story.live(["another_person"])
    story.pledge.refresh_from_db()
    then = story.pledge.person
    assert then != first
    terms = {
        2: (first, "term since 1 January 2024"),
        3: (first, "term from 1 January 2020 to 1 January 2024"),
        4: (first, ""),
        5: (then, "term since 1 January 2024"),
    }
    with time_machine.travel(START + 9 * DAY, tick=False):
        for day, (person, term) in terms.items():
            asked = f"?as_of=2026-03-0{day}"
            told = client.get(f"/api/v1/pledges/{story.pledge.slug}/{asked}").json()
            assert told["prosecutor"] == person.slug
            assert bool(told["term"]) == bool(term)
            html = client.get(f"{story.pages['pledge']}{asked}").content.decode()
            crumbs = plain(html[html.index('<p class="crumbs">') : html.index("<h1")])
            assert crumbs.startswith(person.name)
            assert crumbs.endswith(term or person.name)
            topic = part(client.get(f"{story.pages['topic']}{asked}").content.decode(), "side")
            assert f"{person.name} " in topic
            for official in (first, then):
                path = f"/prosecutors/{official.slug}/{asked}"
                shown = client.get(path).content.decode()
                assert (story.pledge.title in shown) == (official == person)


def test_a_topic_of_a_past_day_comes_in_the_pages_of_that_day(
    client: Client, author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topics, "PAGE", 2)
    first = record.pledge(by=author, position=1)
    again = record.pledge(by=author, of=first.term, topic=first.topic, position=2)
    other = record.pledge(by=author, topic=first.topic)
    whole.imported_update(by=author, of=other, status="stalled")
    record.published_update(by=author, of=again)
    path = f"/topics/{first.topic.slug}/"
    evening = START + timedelta(hours=9)
    sweep_stale(by=author, now=evening)
    with time_machine.travel(evening, tick=False):
        served = [seen(client, "topic", f"{path}?page={number}") for number in (1, 2)]
    later = START + DAY
    # The second official comes first by name, one pledge changes places, one the topic.
    first.person.name = "Zoe Example"
    save_person(person=first.person, by=author, now=later)
    for pledge in (first, other):
        pledge.refresh_from_db()
    first.position, other.topic = 3, record.topic(by=author)
    for pledge in (first, other):
        save_pledge(pledge=pledge, by=author, now=later)
    approve_status_update(update=other.status_updates.get(), by=record.user(), now=later)
    approve_status_update(update=other.status_updates.get(), by=record.user(), now=later)
    with time_machine.travel(START + 9 * DAY, tick=False):
        asked = f"{path}?as_of=2026-03-02"
        assert [seen(client, "topic", f"{asked}&page={number}") for number in (1, 2)] == served
        html = client.get(asked).content.decode()
        assert client.get(f"{asked}&page=3").status_code == 404
    assert '<a href="?as_of=2026-03-02&amp;page=2" rel="next">' in html
    assert "3 pledges by 2 officials" in served[0]["side"]
    assert "1 rating imported, not yet confirmed" in served[1]["side"]
    assert [other.title in page["side"] for page in served] == [False, True]


def test_a_tombstone_says_when_and_why(author: User) -> None:
    story = Story(1)
    story.live(["evidence", "second_pledge"])
    record.published_update(by=author, of=story.pledge, now=story.now, reasoning="Wrong words.")
    story.live(["nothing"])
    update = story.pledge.status_updates.get()
    retract_status_update(update=update, reason="Misread.", by=author, now=story.now)
    piece = Evidence.objects.get(title="evidence 001")
    retract_evidence(evidence=piece, reason="A forgery.", by=author, now=story.now)
    assert story.second is not None
    retract_pledge(pledge=story.second, reason="Not hers.", by=author, now=story.now)
    with time_machine.travel(START + 9 * DAY, tick=False):
        pages = {
            day: plain(
                story.client.get(f"{story.pages['pledge']}?as_of=2026-03-0{day}").content.decode()
            )
            for day in (2, 3, 4)
        }
        theirs = plain(
            story.client.get(f"{story.pages['prosecutor']}?as_of=2026-03-02").content.decode()
        )
    # Of a rating the page says so from that day on; so it said it when the day ended.
    rating = "A rating that stood here was withdrawn on 4 March 2026: Misread."
    paper = "A piece of evidence that stood here was withdrawn on 4 March 2026: A forgery."
    assert {day: (rating in text, paper in text) for day, text in pages.items()} == {
        2: (False, True), 3: (True, True), 4: (True, False),
    }  # fmt: skip
    assert "Wrong words." not in "".join(pages.values())
    assert "A pledge that stood here was withdrawn on 4 March 2026: Not hers." in theirs
    assert story.second.title not in theirs


def test_a_past_page_says_so_and_leads_to_the_present(client: Client, author: User) -> None:
    story = Story(1)
    story.live(["rate"])
    with time_machine.travel(START + 9 * DAY, tick=False):
        for path in story.pages.values():
            response = client.get(f"{path}?as_of=2026-03-02")
            html = response.content.decode()
            assert "As readers saw it on 2 March 2026, when the day ended in UTC." in html
            assert f'<a href="{path}">Go to the present page</a>' in html
            here = f"http://127.0.0.1:8000{path}"
            assert html.count(f'<link rel="canonical" href="{here}">') == 1
            assert '<meta name="robots" content="noindex">' in html
            assert response["X-Robots-Tag"] == "noindex"
            assert response["Link"] == f'<{here}>; rel="canonical"'
            assert "og:title" not in html


def test_days_that_cannot_be_shown_are_answered_clearly(client: Client, author: User) -> None:
    story = Story(1)
    path = story.pages["pledge"]
    with time_machine.travel(START, tick=False):
        answers = {
            "2026-03-02": 200, "2026-03-01": 404, "2026-03-03": 400, "yesterday": 400,
            "2026-02-30": 400, "20260302": 400, "2026-03-02&as_of=2026-03-01": 400, "": 200,
            "0001-01-01": 404, "9999-12-31": 400, "\u0662026-03-01": 400, "2026-03-02T00:00": 400,
        }  # fmt: skip
        assert {day: client.get(f"{path}?as_of={day}").status_code for day in answers} == answers
        assert "had not come" not in client.get(f"{path}?as_of=2026-03-02").content.decode()
        early = client.get(f"{path}?as_of=2026-03-01").content.decode()
        assert f'<a href="{path}">Go to the present page</a>' in early
        early = plain(early)
        wrong = [client.get(f"{path}?as_of={day}") for day in ("2026-03-03", "yesterday")]
        for answer in wrong:
            assert f'<a href="{path}">Go to the present page</a>' in answer.content.decode()
        future = plain(wrong[0].content.decode())
        present = client.get(f"{path}?as_of=2026-03-02").content
        assert present == client.get(path).content
    assert "This was not on record yet on 1 March 2026. It was published on 2 March 2026." in early
    assert "3 March 2026 has not come yet" in future


def test_what_is_not_public_has_no_past_either(client: Client, author: User) -> None:
    draft, gone = record.draft_pledge(by=author), record.pledge(by=author)
    retract_pledge(pledge=gone, reason="Wrong.", by=author, now=START + DAY)
    with time_machine.travel(START + 9 * DAY, tick=False):
        assert client.get(f"/pledges/{draft.slug}/?as_of=2026-03-03").status_code == 404
        response = client.get(f"/pledges/{gone.slug}/?as_of=2026-03-02")
    assert (response.status_code, gone.title in response.content.decode()) == (410, False)


def test_a_past_page_asks_as_often_for_much_as_for_little(client: Client, author: User) -> None:
    story = Story(1)
    story.live(["evidence", "rate"])
    counts = []
    for _round in range(2):
        found = {}
        with time_machine.travel(START + 20 * DAY, tick=False):
            for kind, path in story.pages.items():
                with CaptureQueriesContext(connection) as queries:
                    client.get(f"{path}?as_of={story.now.date() - DAY}")
                found[kind] = len(queries)
        counts.append(found)
        story.live(["evidence", "rate", "review", "reply", "second_pledge", "retitle"])
    assert counts == [{"pledge": 23, "prosecutor": 16, "topic": 18}] * 2
