"""Topics are two deep, whoever writes and in whatever order."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test import Client

from promises.accounts.models import User
from promises.ledger.models import Entry
from promises.pledges.actions import save_topic
from promises.pledges.models import Topic
from tests import record
from tests.desk import sent
from tests.ledger.test_told_at_once import at_once
from tests.record import NOW

pytestmark = pytest.mark.django_db
TWO_DEEP = "Topics are two deep: one under another has none below it."
Refuses = Callable[[str], Any]


def test_a_third_level_is_refused_from_above_and_from_below(author: User) -> None:
    top, other = record.topic(by=author), record.topic(by=author)
    below = record.topic(by=author, parent=top)
    editions = Entry.objects.count()
    for wrong in (
        Topic(slug="third", name="Third", parent=below),
        Topic.objects.get(pk=top.pk),
        Topic.objects.get(pk=other.pk),
    ):
        wrong.parent = {top.pk: other, other.pk: other}.get(wrong.pk, below)
        with pytest.raises(ValidationError) as error:
            save_topic(topic=wrong, by=author, now=NOW)
        assert error.value.message_dict == {"parent": [TWO_DEEP]}
    assert dict(Topic.objects.values_list("pk", "parent")) == {
        top.pk: None, other.pk: None, below.pk: top.pk,
    }  # fmt: skip
    assert Entry.objects.count() == editions
    below.parent = other
    assert save_topic(topic=below, by=author, now=NOW).parent == other


def test_the_database_refuses_it_from_whoever_writes(
    author: User, database_refuses: Refuses
) -> None:
    top, other = record.topic(by=author), record.topic(by=author)
    below = record.topic(by=author, parent=top)
    for moved, under in ((top, other), (other, below), (top, top), (top, below)):
        with database_refuses("Topics are two deep"):
            Topic.objects.filter(pk=moved.pk).update(parent=under)
    with database_refuses("Topics are two deep"):
        Topic.objects.bulk_create([Topic(slug="third", name="Third", parent=below)])
    assert dict(Topic.objects.values_list("pk", "parent")) == {
        top.pk: None, other.pk: None, below.pk: top.pk,
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moves_first", [True, False], ids=["moved", "filled"])
def test_of_two_at_once_who_would_make_a_third_level_the_second_is_refused(
    author: User, moves_first: bool
) -> None:
    top, middle, low = (record.topic(by=author) for _ in range(3))

    def put(moved: Topic, under: Topic) -> Callable[[], None]:
        def deed() -> None:
            with suppress(IntegrityError), connection.cursor() as cursor:
                values = [under.pk, moved.pk]
                cursor.execute("UPDATE pledges_topic SET parent_id = %s WHERE id = %s", values)

        return deed

    deeds = [put(middle, top), put(low, middle)]
    at_once(*(deeds if moves_first else reversed(deeds)))
    wanted = {top.pk: None, middle.pk: None, low.pk: None}
    wanted |= {middle.pk: top.pk} if moves_first else {low.pk: middle.pk}
    assert dict(Topic.objects.values_list("pk", "parent")) == wanted


def test_the_desk_says_so_beside_the_field(author: User, client: Client) -> None:
    below = record.topic(by=author, parent=record.topic(by=author))
    client.force_login(record.user(is_staff=True, is_superuser=True))
    add = "/admin/pledges/topic/add/"
    page = client.post(add, sent.page(client, add, name="Third", slug="third", parent=below.pk))
    assert page.context["adminform"].form.errors == {"parent": [TWO_DEEP]}
    assert not Topic.objects.filter(slug="third").exists()
