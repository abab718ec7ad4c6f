"""What may be written into the record: nothing that nobody can see."""

import pytest
from django.core.exceptions import ValidationError

from promises.accounts.models import User
from promises.common.text import without_control_characters
from promises.pledges.actions import save_pledge
from promises.pledges.models import Pledge
from tests import record


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Do\x07 it", "position 3 (U+0007)"),
        ("Do\u200b it", "position 3 (U+200B)"),
        ("Do \u202eit", "position 4 (U+202E)"),
        ("Do \u202ait", "position 4 (U+202A)"),
        ("Do \u2066it", "position 4 (U+2066)"),
        ("Do \u2069it", "position 4 (U+2069)"),
        ("Do\u2060it", "position 3 (U+2060)"),
        ("\ufeffDo it", "position 1 (U+FEFF)"),
    ],
)
def test_what_nobody_sees_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValidationError) as error:
        without_control_characters(text)
    assert error.value.messages == [f"Remove the invisible control character at {message}."]


@pytest.mark.parametrize(
    "text",
    [
        "Two\nlines\tand a tab",
        # Persian and Hindi join and part letters with U+200C and U+200D.
        "\u0645\u06cc\u200c\u0631\u0648\u062f",
        "\u0915\u094d\u200d\u0937",
        # The mark of a direction turns nothing around it.
        "\u05d0\u200f!",
        "Réélire l’État 🗳️",
    ],
)
def test_what_scripts_need_stays(text: str) -> None:
    without_control_characters(text)


@pytest.mark.django_db
def test_the_words_of_a_pledge_hold_nothing_unseen(author: User) -> None:
    pledge = record.draft_pledge(by=author, title="Do it")
    pledge.title = "Do \u202eit"
    with pytest.raises(ValidationError) as error:
        save_pledge(pledge=pledge, by=author, now=record.NOW)
    assert error.value.message_dict == {
        "title": ["Remove the invisible control character at position 4 (U+202E)."]
    }
    assert Pledge.objects.get().title == "Do it"
