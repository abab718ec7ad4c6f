"""Translations: made from English words, behind once those change, public like everything else."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from promises.accounts.models import User
from promises.editorial.actions import NoReason, WrongState
from promises.ledger.chain import verify_chain
from promises.ledger.models import Entry
from promises.pledges.models import Pledge, PledgeTranslation
from promises.pledges.rules import words_digest
from promises.pledges.translating import (
    EnglishChanged,
    PledgeNotPublic,
    publish_translation,
    retract_translation,
    save_translation,
)
from promises.updates.correcting import correct_pledge
from tests import record
from tests.desk import sent

pytestmark = pytest.mark.django_db
NOW, DAY = record.NOW, timedelta(days=1)
THERE = "/admin/pledges/pledgetranslation/"


def translated(pledge: Pledge, by: User) -> PledgeTranslation:
    """A draft translation of a pledge."""
    draft = PledgeTranslation(pledge=pledge, language="es", title="Hacerlo", statement="Lo hará.")
    return save_translation(translation=draft, by=by, now=NOW)


def reworded(pledge: Pledge, title: str, by: User, days: int) -> None:
    """Change the English title by a correction, some days later."""
    pledge.refresh_from_db()
    pledge.title = title
    later = NOW + days * DAY
    correct_pledge(pledge=pledge, kind="correction", note="Misheard.", by=by, now=later)


def events() -> list[tuple[str, str]]:
    """Return (event, subject) of the ledger's entries about translations."""
    entries = Entry.objects.filter(event__startswith="pledge_translation").order_by("edition")
    return list(entries.values_list("event", "subject"))


def test_a_translation_keeps_the_english_words_it_was_made_from(author: User) -> None:
    pledge = record.pledge(by=author, title="Do the thing", slug="the-thing")
    spanish = translated(pledge, author)
    assert (spanish.slug, spanish.state, spanish.created_by) == ("the-thing-es", "draft", author)
    assert spanish.english_title == "Do the thing"
    assert spanish.english_statement == pledge.statement
    assert not spanish.is_behind
    assert events() == []


def test_it_falls_behind_on_the_day_the_english_changes_and_catches_up(author: User) -> None:
    pledge = record.pledge(by=author, title="Do the thing")
    spanish = translated(pledge, author)
    reworded(pledge, "Do the other thing", author, days=3)
    spanish.refresh_from_db()
    assert (spanish.behind_on, spanish.version) == (date(2026, 3, 5), 1)
    # Further behind is not later behind.
    reworded(pledge, "Do the third thing", author, days=9)
    spanish.refresh_from_db()
    assert spanish.behind_on == date(2026, 3, 5)
    assert list(PledgeTranslation.objects.behind()) == [spanish]
    # Mending a letter does not bring it up.
    spanish.title = "Hacerla"
    save_translation(translation=spanish, by=author, now=NOW)
    assert spanish.behind_on == date(2026, 3, 5)
    read = words_digest("Do the third thing", pledge.statement)
    save_translation(translation=spanish, read=read, by=author, now=NOW)
    assert (spanish.behind_on, spanish.english_title) == (None, "Do the third thing")
    reworded(pledge, "Do it", author, days=10)
    reworded(pledge, "Do the third thing", author, days=11)
    spanish.refresh_from_db()
    assert spanish.behind_on is None


def test_words_that_nobody_has_read_are_not_translated(author: User) -> None:
    pledge = record.pledge(by=author, title="Do the thing")
    spanish = translated(pledge, author)
    read = words_digest("Do the thing", pledge.statement)
    reworded(pledge, "Do the other thing", author, days=3)
    before = PledgeTranslation.objects.values().get()
    spanish.refresh_from_db()
    spanish.title = "Otro"
    with pytest.raises(EnglishChanged, match="changed after you opened"):
        save_translation(translation=spanish, read=read, by=author, now=NOW)
    assert PledgeTranslation.objects.values().get() == before


def test_it_is_published_changed_and_withdrawn_in_the_ledger(author: User) -> None:
    pledge = record.pledge(by=author, slug="the-thing")
    spanish = publish_translation(translation=translated(pledge, author), by=author, now=NOW)
    assert list(PledgeTranslation.objects.published()) == [spanish]
    spanish.title = "Hacer la cosa"
    save_translation(translation=spanish, by=author, now=NOW)
    before = PledgeTranslation.objects.values().get()
    with pytest.raises(NoReason):
        retract_translation(translation=spanish, reason=" ", by=author, now=NOW)
    assert PledgeTranslation.objects.values().get() == before
    retract_translation(translation=spanish, reason="It says the opposite.", by=author, now=NOW)
    assert list(PledgeTranslation.objects.published()) == []
    with pytest.raises(WrongState):
        save_translation(translation=spanish, by=author, now=NOW)
    # A new one takes its place under a name of its own.
    assert translated(pledge, author).slug == "the-thing-es-2"
    subject = "pledge_translations/the-thing-es"
    assert events() == [
        ("pledge_translation:published", subject),
        ("pledge_translation:saved", subject),
        ("pledge_translation:retracted", subject),
    ]
    tombstone = Entry.objects.get(event="pledge_translation:retracted")
    assert tombstone.pledge == "the-thing"
    assert tombstone.data == '{"reason":"It says the opposite.","slug":"the-thing-es"}'
    assert verify_chain().fault == ""


def test_what_is_not_public_yet_stays_so(author: User) -> None:
    spanish = translated(record.draft_pledge(by=author), author)
    with pytest.raises(PledgeNotPublic):
        publish_translation(translation=spanish, by=author, now=NOW)
    assert events() == []
    assert PledgeTranslation.objects.get().state == "draft"


def test_a_language_has_one_translation(author: User, database_refuses: Callable) -> None:
    pledge = record.pledge(by=author)
    spanish = translated(pledge, author)
    with pytest.raises(ValidationError, match="There is a translation into this language"):
        translated(pledge, author)
    row = dict(PledgeTranslation.objects.values().get(), id=None, slug="second")
    with database_refuses("pledges_translation_once_a_language"):
        PledgeTranslation(**row).save(force_insert=True)
    assert list(PledgeTranslation.objects.all()) == [spanish]


def test_nobody_says_by_hand_that_it_follows(author: User) -> None:
    pledge = record.pledge(by=author)
    spanish = translated(pledge, author)
    reworded(pledge, "Do the other thing", author, days=3)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pledges_pledgetranslation SET behind_on = NULL")
    spanish.refresh_from_db()
    assert spanish.is_behind


def test_of_a_withdrawn_one_the_feed_keeps_the_tombstone(author: User, client: Client) -> None:
    pledge = record.pledge(by=author, slug="the-thing")
    spanish = publish_translation(translation=translated(pledge, author), by=author, now=NOW)
    asked = "/api/v1/changes/?event=pledge_translation:published,pledge_translation:retracted"
    (row,) = client.get(asked).json()["results"]
    assert (row["data"]["title"], row["is_withheld"]) == ("Hacerlo", False)
    retract_translation(translation=spanish, reason="Wrong.", by=author, now=NOW)
    published, tombstone = client.get(asked).json()["results"]
    assert (published["data"], published["is_withheld"]) == (None, True)
    assert tombstone["data"] == {"slug": "the-thing-es", "reason": "Wrong."}


@pytest.fixture
def desk() -> Client:
    browser = Client()
    browser.force_login(record.user("boss", is_staff=True, is_superuser=True))
    return browser


def test_at_the_desk_a_translator_says_that_it_follows(author: User, desk: Client) -> None:
    pledge = record.pledge(by=author, title="Do the thing")
    new = {"pledge": pledge.pk, "language": "es", "title": "Hacerlo", "statement": "Lo hará."}
    assert desk.post(f"{THERE}add/", new).status_code == 302
    spanish = PledgeTranslation.objects.get()
    there = f"{THERE}{spanish.pk}/change/"
    assert "is_brought_up" not in sent.fields_of(desk.get(there).content.decode())
    reworded(pledge, "Do the other thing", author, days=3)
    page = desk.get(there).content.decode()
    assert "Behind since" in page
    assert "Do the other thing" in page
    assert desk.post(there, sent.page(desk, there, title="Hacer otro")).status_code == 302
    spanish.refresh_from_db()
    assert (spanish.title, spanish.is_behind) == ("Hacer otro", True)
    # Between reading and saving the English words change once more.
    read = sent.page(desk, there, is_brought_up="on")
    reworded(pledge, "Do the third thing", author, days=4)
    refused = desk.post(there, read)
    assert "The English words were changed after you opened this page." in refused.content.decode()
    again = sent.fields_of(refused.content.decode())
    assert desk.post(there, {**again, "is_brought_up": "on"}).status_code == 302
    spanish.refresh_from_db()
    assert (spanish.is_behind, spanish.english_title) == (False, "Do the third thing")
