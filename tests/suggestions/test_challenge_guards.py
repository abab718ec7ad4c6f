"""What the database refuses of a challenge, whoever asks."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from promises.accounts.models import User
from promises.pledges.models import Pledge
from promises.suggestions.actions import take_up
from promises.suggestions.models import Challenge
from tests import record
from tests.record import NOW
from tests.suggestions.challenged import challenge

Refuses = Callable[[str], Any]


@pytest.fixture
def pledge(author: User) -> Pledge:
    """A public pledge."""
    return record.pledge(by=author)


CHEATS = {
    "a state jumps back": ("cannot become received", {"state": "received"}),
    "answered without words": ("answered_in_words", {"state": "declined"}),
    "answered by nobody": (
        "answered_at_is_paired",
        {"state": "declined", "answer": "No.", "answered_at": NOW, "taken_up_at": NOW},
    ),
    "set aside by nobody": ("set_aside_by_someone", {"state": "spam"}),
    "other words": ("never changes", {"explanation": "I agree with the rating."}),
    "no words": ("never changes", {"explanation": ""}),
    "another day": ("never changes", {"answer_due_on": date(2030, 1, 1)}),
    "an address that is none": ("never changes", {"source_url": "javascript:alert(1)"}),
    "a control character": ("plain_text", {"sender_name": "Ri\x1bta"}),
    "an outcome of what was not accepted": ("only_accepted_leads", {"led_to_update_id": 1}),
    "a state that is none": ("cannot become won", {"state": "won"}),
}


@pytest.mark.parametrize("cheat", CHEATS)
def test_the_database_refuses(
    author: User, pledge: Pledge, database_refuses: Refuses, cheat: str
) -> None:
    reason, change = CHEATS[cheat]
    made = take_up(challenge=challenge(of=pledge), by=author, now=NOW)
    before = Challenge.objects.values().get(pk=made.pk)
    columns = ", ".join(f"{name} = %s" for name in change)
    with database_refuses(reason):
        Challenge.objects.filter(pk=made.pk).update(**change)
    with database_refuses(reason), connection.cursor() as cursor:
        cursor.execute(f"UPDATE suggestions_challenge SET {columns}", [*change.values()])
    for name, value in change.items():
        setattr(made, name, value)
    with database_refuses(reason):
        made.save()
    with database_refuses(reason):
        Challenge.objects.bulk_update([made], [name.removesuffix("_id") for name in change])
    assert Challenge.objects.values().get(pk=made.pk) == before


def test_the_database_keeps_challenges_and_one_of_the_same_words(
    pledge: Pledge, database_refuses: Refuses
) -> None:
    made = challenge(of=pledge)
    with database_refuses("Cannot delete rows"):
        Challenge.objects.all()._raw_delete("default")
    made.pk, made.reference = None, "another"
    with database_refuses("suggestions_challenge_once"):
        made.save(force_insert=True)
    assert Challenge.objects.count() == 1
