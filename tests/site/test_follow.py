"""Follow by email on the public pages: the form, what it refuses, and the links of the mails."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from promises.accounts.models import User
from promises.alerts import tokens
from promises.alerts.models import Request, Subscriber, Subscription
from promises.pledges.actions import retract_pledge
from promises.pledges.models import Pledge
from tests import record
from tests.alerts.followed import deliver, following, links, told
from tests.desk.sent import fields_of
from tests.record import NOW
from tests.site.reading import words

pytestmark = pytest.mark.django_db
JANE = "jane@example.org"
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def pledge(author: User) -> Pledge:
    """A public pledge."""
    return record.pledge(by=author)


@pytest.fixture(autouse=True)
def _at_one_moment() -> Any:
    with time_machine.travel(LATER, tick=False):
        yield


def send(client: Client, query: str, *, after: float = 60, network: str = "", **more: Any) -> Any:
    """Open the form, wait, send it."""
    with time_machine.travel(NOW, tick=False):
        fields = fields_of(client.get(f"/follow/?{query}").content.decode())
    typed = {**fields, "address": JANE, "frequency": "immediate", **more}
    with time_machine.travel(NOW + timedelta(seconds=after), tick=False):
        return client.post(f"/follow/?{query}", typed, REMOTE_ADDR=network or "192.0.2.1")


def mailed() -> dict[str, str]:
    """Return the links of the newest mail."""
    deliver(LATER)
    return links(str(mail.outbox[-1].body))


def test_from_the_page_of_a_pledge_to_the_first_mail(author: User, pledge: Pledge) -> None:
    client = Client(enforce_csrf_checks=True)
    for page, query in (
        (f"/pledges/{pledge.slug}/", f"pledge={pledge.slug}"),
        (f"/prosecutors/{pledge.person.slug}/", f"prosecutor={pledge.person.slug}"),
        (f"/topics/{pledge.topic.slug}/", f"topic={pledge.topic.slug}"),
    ):
        assert f'href="/follow/?{query}"' in client.get(page).content.decode()
        assert client.get(f"/follow/?{query}").status_code == 200
    sent = send(client, f"pledge={pledge.slug}", frequency="daily")
    assert (sent.status_code, sent["Location"]) == (302, "/follow/sent/")
    assert "A mail is on its way." in words(client.get("/follow/sent/"))
    confirm = mailed()["confirm"]
    assert mail.outbox[-1].subject == f"Please confirm: mails about {pledge.person}: {pledge}"
    assert "once a day" in mail.outbox[-1].body
    # Whoever only opens the link, as programs do, has confirmed nothing.
    bare = Client(enforce_csrf_checks=True)
    page = bare.get(confirm)
    assert "Do you want these mails?" in words(page)
    assert not Subscription.objects.confirmed().exists()
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("no-referrer", "noindex")
    assert not page.cookies
    done = bare.post(confirm)
    assert (done.status_code, Subscription.objects.confirmed().get().subject) == (302, pledge)
    assert f"{pledge.person}: {pledge}" in words(bare.get(done["Location"]))
    record.published_update(by=author, of=pledge)
    assert told(LATER) == 0
    assert told(NOW + timedelta(days=1)) == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"address": ""}, "Give the address to which the mails are to go."),
        ({"address": "jane"}, "Mail cannot be sent to this address."),
        ({"address": "jane@example.org\r\nBcc: joan@example.org"}, "Mail cannot be sent"),
        ({"address": "x" * 250 + "@example.org"}, "at most 254 characters"),
        ({"frequency": ""}, "Choose how often."),
        ({"frequency": "hourly"}, "Select a valid choice."),
        ({"website": "https://spam.example"}, "Leave the field"),
        ({"seen": "forged"}, "This page was open for too long."),
        ({"after": 1}, "That was faster than people type."),
        ({"after": 90_000}, "This page was open for too long."),
    ],
)
def test_what_cannot_be_taken_comes_back_and_nothing_is_kept(
    client: Client, pledge: Pledge, change: dict[str, Any], message: str
) -> None:
    response = send(client, f"pledge={pledge.slug}", **change)
    assert (response.status_code, message in words(response)) == (422, True)
    assert (Subscriber.objects.count(), Request.objects.count()) == (0, 0)


def test_the_stamp_of_one_page_is_not_good_for_another(client: Client, pledge: Pledge) -> None:
    with time_machine.travel(NOW, tick=False):
        page = client.get(f"/follow/?pledge={pledge.slug}").content.decode()
    typed = {**fields_of(page), "address": JANE, "frequency": "daily"}
    assert client.post(f"/follow/?topic={pledge.topic.slug}", typed).status_code == 422


def test_nobody_learns_whether_an_address_is_known(client: Client, pledge: Pledge) -> None:
    following(pledge, address=JANE)
    query = f"pledge={pledge.slug}"
    answers = [
        send(
            client, query, address=address, network=f"198.51.100.{number}", after=60 + 120 * number
        )
        for number, address in enumerate([JANE, "new@example.org", JANE, JANE, JANE, JANE])
    ]
    assert {(a.status_code, a["Location"], a.content) for a in answers} == {
        (302, "/follow/sent/", b"")
    }
    deliver(NOW + timedelta(hours=1))
    # Of Jane's mailbox three in all: one when she began to follow, two now.
    assert sorted(letter.to[0] for letter in mail.outbox) == [JANE, JANE, "new@example.org"]


def test_a_network_that_asked_enough_is_told_so(client: Client, pledge: Pledge) -> None:
    query = f"pledge={pledge.slug}"
    for number in range(20):
        assert send(client, query, address=f"r{number}@example.org").status_code == 302
    response = send(client, query)
    assert (response.status_code, "Come back tomorrow." in words(response)) == (429, True)
    assert send(client, query, network="198.51.100.7").status_code == 302


def test_only_what_is_public_can_be_followed(client: Client, author: User) -> None:
    draft, gone = record.draft_pledge(by=author), record.pledge(by=author)
    retract_pledge(pledge=gone, reason="Never said.", by=author, now=NOW)
    for query, status in (
        (f"pledge={draft.slug}", 404), (f"pledge={gone.slug}", 410), ("pledge=x", 404),
        ("prosecutor=x", 404), ("topic=x", 404), ("topic=a&pledge=b", 400), ("", 200),
    ):  # fmt: skip
        assert client.get(f"/follow/?{query}").status_code == status, query
    assert client.post(f"/follow/?pledge={draft.slug}", {"address": JANE}).status_code == 404
    assert not Subscriber.objects.exists()


def test_the_button_of_a_mail_program_stops_everything_without_a_cookie(
    author: User, pledge: Pledge
) -> None:
    following(pledge, address=JANE)
    following(pledge.topic, address=JANE)
    record.published_update(by=author, of=pledge)
    told(LATER)
    stop = mailed()["stop"]
    bare = Client(enforce_csrf_checks=True)
    page = bare.get(stop)
    assert "All mails to j…@example.org stop at once" in words(page)
    assert Subscriber.objects.count() == 1
    for _ in range(2):
        done = bare.post(stop, {"List-Unsubscribe": "One-Click"})
        assert (done.status_code, "Nothing is sent by this link" in words(done)) == (200, True)
        assert not Subscriber.objects.exists()
    assert "Nothing is sent by this link" in words(bare.get(stop))


def test_the_link_of_a_request_that_is_not_mine_ends_only_that(
    client: Client, pledge: Pledge
) -> None:
    kept = following(pledge, address=JANE)
    send(client, f"topic={pledge.topic.slug}")
    there = mailed()
    page = client.get(there["stop"])
    assert f"Mails about “{pledge.topic}” to j…@example.org stop at once." in words(page)
    client.post(there["stop"])
    assert list(Subscription.objects.all()) == [kept]
    gone = client.post(there["confirm"])
    assert (gone.status_code, "Nothing is sent by this link" in words(gone)) == (410, True)
    assert list(Subscription.objects.all()) == [kept]


def test_one_page_changes_what_is_followed(author: User, pledge: Pledge) -> None:
    first = following(pledge, address=JANE)
    second = following(pledge.topic, address=JANE)
    other = following(pledge)
    record.published_update(by=author, of=pledge)
    told(LATER)
    deliver(LATER)
    (letter,) = [letter for letter in mail.outbox if letter.to == [JANE]]
    manage = links(str(letter.body))["manage"]
    bare = Client(enforce_csrf_checks=True)
    seen = words(bare.get(manage))
    assert "Mails go to j…@example.org." in seen
    assert "2 subscriptions" in seen
    bare.post(manage, {"subscription": first.pk, "frequency": "weekly"})
    # What is not there, not theirs or no choice changes nothing.
    for nonsense in (
        {"subscription": other.pk, "frequency": "weekly"},
        {"subscription": other.pk, "stop": "1"},
        {"subscription": first.pk, "frequency": "hourly"},
        {"subscription": "x", "stop": "1"},
        {"subscription": "9" * 5000, "stop": "1"},
        {},
    ):
        assert bare.post(manage, nonsense).status_code == 302
    rows = Subscription.objects.order_by("pk").values_list("pk", "frequency")
    assert list(rows) == [
        (first.pk, "weekly"), (second.pk, "immediate"), (other.pk, "immediate"),
    ]  # fmt: skip
    bare.post(manage, {"subscription": second.pk, "stop": "1"})
    assert Subscription.objects.count() == 2
    bare.post(manage, {"stop-all": "1"})
    assert list(Subscription.objects.all()) == [other]
    assert "Nothing is sent by this link" in words(bare.get(manage))


@pytest.mark.parametrize("kind", ["pledge", "official", "pledge of an official"])
def test_what_was_withdrawn_is_named_nowhere_and_can_be_stopped(
    author: User, pledge: Pledge, kind: str
) -> None:
    person = pledge.person
    subject = person if kind == "official" else pledge
    waiting = following(subject, address="joan@example.org")
    first = following(subject, address=JANE)
    following(pledge.topic, address=JANE)
    if kind == "pledge":
        retract_pledge(pledge=pledge, reason="Never said.", by=author, now=NOW)
    else:
        record.withdrawn_person(person=person, by=author)
    instead = (
        "A prosecutor whose entry was withdrawn"
        if kind == "official"
        else "A pledge that was withdrawn"
    )
    bare = Client(enforce_csrf_checks=True)
    for there in (
        tokens.manage_address(first.subscriber),
        tokens.confirm_address(first, "daily"),
        tokens.stop_address(first.subscriber, first),
    ):
        page = bare.get(there)
        assert (page.status_code, instead in words(page)) == (200, True), there
        for secret in (person.name, person.slug, pledge.title, pledge.slug):
            assert secret not in page.content.decode(), there
        assert str(pledge.topic) in words(page) or "manage" not in there
    # Stopped by its own link, or on the page of all.
    bare.post(tokens.stop_address(waiting.subscriber, waiting))
    bare.post(tokens.manage_address(first.subscriber), {"subscription": first.pk, "stop": "1"})
    assert [each.subject for each in Subscription.objects.all()] == [pledge.topic]


def test_a_link_that_nobody_signed_or_that_is_too_old_leads_nowhere(
    client: Client, pledge: Pledge
) -> None:
    send(client, f"pledge={pledge.slug}")
    there = mailed()
    for path in there.values():
        for broken in (path[:-3] + "/", path.replace("/confirm/", "/stop/"), path[:-2] + "é/"):
            if broken != path:
                assert client.get(broken).status_code == 404, broken
                assert client.post(broken).status_code == 404, broken
    with time_machine.travel(LATER + timedelta(days=3, minutes=5), tick=False):
        assert client.post(there["confirm"]).status_code == 404
        assert client.get(there["stop"]).status_code == 200
    assert not Subscription.objects.confirmed().exists()


def test_each_page_asks_as_often_as_written_here(
    client: Client, pledge: Pledge, django_assert_num_queries: Any
) -> None:
    first = following(pledge, address=JANE)
    for subject in (pledge.person, pledge.topic):
        following(subject, address=JANE)
    mailed_links = {
        # The subscription with all it names.
        tokens.confirm_address(first, "daily"): 1,
        # The subscriber, then the subscriptions with all they name.
        tokens.manage_address(first.subscriber): 2,
        # The subscriber.
        tokens.stop_address(first.subscriber): 1,
        # The subscriber, then the subscription.
        tokens.stop_address(first.subscriber, first): 2,
    }
    pages = {
        f"/follow/?pledge={pledge.slug}": 1,
        f"/follow/?prosecutor={pledge.person.slug}": 1,
        f"/follow/?topic={pledge.topic.slug}": 1,
        **{there.removeprefix("http://127.0.0.1:8000"): n for there, n in mailed_links.items()},
    }
    for there, most in pages.items():
        with django_assert_num_queries(most):
            assert client.get(there).status_code == 200
