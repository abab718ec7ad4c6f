"""What is typed and not saved: one row a session, its writer's alone, forgotten in the end."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pghistory.models
import pytest

from promises.accounts.models import User
from promises.editorial.actions import (
    TooMuchToKeep,
    discard_unsaved,
    forget_unsaved,
    keep_unsaved,
)
from promises.editorial.models import UnsavedWork
from promises.editorial.rules import LARGEST_WORK, as_fields, kept_fields, size
from promises.editorial.tasks import forget_unsaved_work
from tests import record

pytestmark = pytest.mark.django_db
PAGE = {"table": "pledges.Pledge", "object_id": "7"}


def keep(by: User, session: str = "session-1", **more: Any) -> UnsavedWork:
    given = {"fields": {"title": ["Mine"]}, "seen_version": 1, "now": record.NOW, **more}
    return keep_unsaved(**PAGE, session=session, by=by, **given)


def test_a_session_is_one_row_without_any_history(author: User) -> None:
    for number in range(20):
        now = record.NOW + timedelta(seconds=2 * number)
        keep(author, fields={"title": ["x" * number]}, now=now)
    work = UnsavedWork.objects.get()
    assert work.fields == {"title": ["x" * 19]}
    assert (work.begun_at, work.typed_at) == (record.NOW, record.NOW + timedelta(seconds=38))
    assert pghistory.models.Context.objects.count() == 0


def test_secrets_and_templates_of_rows_are_never_kept(author: User) -> None:
    sent = {"title": ["Mine"], "new_password1": ["hush"], "csrfmiddlewaretoken": ["hush"],
        "otp-token": ["1"], "rows-__prefix__-text": [""], "api_key": ["hush"]}  # fmt: skip
    assert kept_fields(sent) == {"title": ["Mine"]}
    assert keep(author, fields=sent).fields == {"title": ["Mine"]}


@pytest.mark.parametrize(
    "sent",
    [None, [], "text", {"a": "b"}, {"a": [1]}, {"a": ["\0"]}, {"\0": ["a"]}, {"a": [None]}],
)
def test_only_fields_are_fields(sent: object) -> None:
    assert as_fields(sent) is None
    assert as_fields({"a": ["b", "c"]}) == {"a": ["b", "c"]}


def test_too_much_is_refused_and_what_was_kept_stays(
    author: User, database_refuses: Callable
) -> None:
    fits = {"a": ["é\n" * ((LARGEST_WORK - 11) // 3)]}
    assert LARGEST_WORK - 3 < size(fits) <= LARGEST_WORK
    keep(author, fields=fits)
    with pytest.raises(TooMuchToKeep):
        keep(author, fields={"a": ["x" * LARGEST_WORK]})
    assert UnsavedWork.objects.get().fields == fits
    with database_refuses("editorial_unsavedwork_fits"):
        UnsavedWork.objects.update(fields={"a": ["x" * LARGEST_WORK]})


def test_ten_sessions_of_a_page_are_kept(author: User) -> None:
    other = record.user()
    keep(other)
    for number in range(12):
        keep(author, f"session-{number}", now=record.NOW + timedelta(minutes=number))
    mine = UnsavedWork.objects.of(author).on(**PAGE)
    assert [work.session for work in mine] == [f"session-{number}" for number in range(11, 1, -1)]
    assert UnsavedWork.objects.of(other).count() == 1


def test_a_person_discards_only_their_own(author: User) -> None:
    other = record.user()
    for person in (author, other):
        keep(person, "session-1")
        keep(person, "session-2")
    given = {"sessions": ["session-1"], "by": author, "now": record.NOW}
    assert discard_unsaved(**PAGE, **given) == 1
    assert discard_unsaved(table="pledges.Pledge", object_id="8", **given) == 0
    assert [work.session for work in UnsavedWork.objects.of(author)] == ["session-2"]
    assert UnsavedWork.objects.of(other).count() == 2


def test_it_is_forgotten_after_thirty_days(author: User) -> None:
    keep(author, "old-session", now=record.NOW)
    keep(author, "new-session", now=record.NOW + timedelta(seconds=1))
    later = record.NOW + timedelta(days=30)
    assert forget_unsaved(by=author, now=later) == 0
    assert forget_unsaved(by=author, now=later + timedelta(seconds=1)) == 1
    assert UnsavedWork.objects.get().session == "new-session"


def test_the_task_forgets_by_the_clock(author: User) -> None:
    keep(author, now=record.NOW)
    assert forget_unsaved_work() == 1
    assert UnsavedWork.objects.count() == 0
