"""Nobody overwrites a change they have not seen, whatever they save with."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from promises.accounts.models import User
from promises.editorial.actions import EditedMeanwhile
from promises.pledges.actions import save_pledge
from promises.pledges.models import Pledge
from promises.updates.correcting import correct_pledge
from tests import record

pytestmark = pytest.mark.django_db


def test_the_second_of_two_editors_is_refused_and_shown_what_stands(author: User) -> None:
    record.draft_pledge(by=author, title="As it was")
    mine, theirs = Pledge.objects.get(), Pledge.objects.get()
    theirs.title = "As they say"
    save_pledge(pledge=theirs, by=author, now=record.NOW)
    mine.statement = "As I say."
    with pytest.raises(EditedMeanwhile) as refused:
        save_pledge(pledge=mine, by=author, now=record.NOW)
    assert refused.value.stored.title == "As they say"
    stored = Pledge.objects.get()
    assert (stored.title, stored.version) == ("As they say", 2)
    assert stored.statement != "As I say."


def test_the_database_refuses_a_save_from_an_old_row(
    author: User, database_refuses: Callable
) -> None:
    record.draft_pledge(by=author)
    mine = Pledge.objects.get()
    Pledge.objects.update(title="As they say")
    mine.statement = "As I say."
    with database_refuses("changed by someone else"):
        mine.save()
    with database_refuses("changed by someone else"):
        Pledge.objects.bulk_update([mine], ["statement", "version"])
    assert Pledge.objects.get().title == "As they say"


def test_what_the_database_derives_does_not_disturb_an_editor(author: User) -> None:
    pledge = record.pledge(by=author)
    mine = Pledge.objects.get()
    record.evidence(by=author, about=pledge)
    mine.due_on = record.NOW.date()
    correct_pledge(pledge=mine, kind="update", note="It moved.", by=author, now=record.NOW)
    assert Pledge.objects.get().due_on == record.NOW.date()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.tuples(st.integers(0, 7), st.sampled_from(["read", "save"]))))
def test_no_interleaving_of_editors_loses_a_word(
    author: User, steps: list[tuple[int, str]]
) -> None:
    """Each editor appends a word to what they read; every accepted word is in the end there."""
    pledge = record.draft_pledge(by=author, statement="begin")
    open_forms = {editor: Pledge.objects.get(pk=pledge.pk) for editor in range(8)}
    accepted = ["begin"]
    for number, (editor, step) in enumerate(steps):
        form = open_forms[editor]
        if step == "read":
            open_forms[editor] = Pledge.objects.get(pk=pledge.pk)
            continue
        typed = form.statement
        form.statement = f"{typed} {number}"
        try:
            save_pledge(pledge=form, by=author, now=record.NOW)
        except EditedMeanwhile:
            form.statement = typed
        else:
            accepted.append(str(number))
    assert Pledge.objects.get(pk=pledge.pk).statement.split() == accepted
