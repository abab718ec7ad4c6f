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
        ("Do\x07 it", "position 3 (U+0007), between “Do” and “it”"),
        ("Do\u200b it", "position 3 (U+200B), between “Do” and “it”"),
        ("Do \u202eit", "position 4 (U+202E), between “Do” and “it”"),
        ("Do \u202ait", "position 4 (U+202A), between “Do” and “it”"),
        ("Do \u2066it", "position 4 (U+2066), between “Do” and “it”"),
        ("Do \u2069it", "position 4 (U+2069), between “Do” and “it”"),
        ("Do\u2060it", "position 3 (U+2060), between “Do” and “it”"),
        ("\ufeffDo it", "position 1 (U+FEFF), between “” and “Do it”"),
        ("Do it\u200b", "position 6 (U+200B), between “Do it” and “”"),
    ],
)
def test_what_nobody_sees_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValidationError) as error:
        without_control_characters(text)
    assert error.value.messages == [f"Remove the invisible control character at {message}."]


def test_all_of_them_are_named_at_once_but_for_those_of_a_flood() -> None:
    text = "One\u200b\u2060 two\n\x0bthree, and a long word at the end" + "\ufeff" * 9
    with pytest.raises(ValidationError) as error:
        without_control_characters(text)
    start = "Remove the invisible control character at position"
    assert error.value.messages == [
        f"{start} 4 (U+200B), between “One” and “two three, and a”.",
        f"{start} 5 (U+2060), between “One” and “two three, and a l”.",
        f"{start} 11 (U+000B), between “One two” and “three, and a long wo”.",
        f"{start} 45 (U+FEFF), between “long word at the end” and “”.",
        f"{start} 46 (U+FEFF), between “ong word at the end” and “”.",
    ]


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
        "title": [
            "Remove the invisible control character at position 4 (U+202E), between “Do” and “it”."
        ]
    }
    assert Pledge.objects.get().title == "Do it"
