"""Who follows an official hears that the official was withdrawn: once, and without the name."""

from datetime import timedelta

import pytest

from promises.accounts.models import User
from promises.alerts.models import News
from promises.officials.actions import retract_person
from promises.pledges.actions import retract_pledge
from promises.pledges.models import Pledge
from tests import record
from tests.alerts.followed import following, told
from tests.alerts.test_telling import mails
from tests.record import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge(author: User) -> Pledge:
    """A public pledge."""
    return record.pledge(by=author, title="Do it")


def test_followers_of_a_withdrawn_person_hear_once_without_their_name(
    author: User, pledge: Pledge
) -> None:
    person, address = pledge.person, "jane@example.org"
    following(person, address=address)
    following(pledge, address="of-the-pledge@example.org")
    following(pledge.topic, address="of-the-topic@example.org")
    following(record.pledge(by=author).person, address="of-another@example.org")
    retract_pledge(pledge=pledge, reason="Never said.", by=author, now=NOW)
    assert [letter.subject for letter in mails()] == [
        "A pledge that was withdrawn · Withdrawn: the pledge"
    ] * 3
    retract_person(person=person, reason="Someone else of that name.", by=author, now=NOW)
    # Their pledges were withdrawn before, each with a mail of its own: this is no news of them.
    (letter,) = mails()
    assert letter.to == [address]
    assert letter.subject == "A prosecutor whose entry was withdrawn · Withdrawn: the page"
    page = f"http://127.0.0.1:8000/prosecutors/{person.slug}/"
    assert letter.body.startswith(
        f"A prosecutor whose entry was withdrawn\n{page}\n\n"
        "- Withdrawn: the page\n  Someone else of that name.\n\n"
    )
    html = str(letter.alternatives[0])
    assert f'<a href="{page}">A prosecutor whose entry was withdrawn</a>' in html
    assert (person.name in letter.body, person.name in html) == (False, False)
    assert mails() == []
    assert News.objects.count() == 0


def test_a_person_and_their_pledges_withdrawn_between_two_mails_are_one_mail(
    author: User, pledge: Pledge
) -> None:
    address = "jane@example.org"
    following(pledge.person, address=address, frequency="daily")
    following(pledge, address=address, frequency="daily")
    retract_pledge(pledge=pledge, reason="Never said.", by=author, now=NOW)
    retract_person(person=pledge.person, reason="Someone else.", by=author, now=NOW)
    told()
    (letter,) = mails(NOW + timedelta(days=1))
    assert letter.subject == "2 changes to what you follow"
    assert letter.body.startswith(
        "A pledge that was withdrawn\n"
        f"http://127.0.0.1:8000/pledges/{pledge.slug}/\n\n"
        "- Withdrawn: the pledge\n  Never said.\n\n"
        "A prosecutor whose entry was withdrawn\n"
        f"http://127.0.0.1:8000/prosecutors/{pledge.person.slug}/\n\n"
        "- Withdrawn: the page\n  Someone else.\n\n"
    )
