"""A list keeps the same pledges whether those that are stale are few or many."""

from datetime import date

import pytest

from promises.accounts.models import User
from promises.pledges.models import Pledge
from promises.staleness.models import Due
from tests import record

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[5000, 0])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pledges that are few enough to be found first, and such as are met on the way."""
    for place in ("promises.common.words", "promises.staleness.querysets.due"):
        monkeypatch.setattr(f"{place}.FEW", request.param)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("reasons", [(), ("review_overdue",), ("no_evidence", "never_reviewed")])
def test_stale_and_fresh_pledges_are_kept_however_many_they_are(
    author: User, reasons: tuple[str, ...]
) -> None:
    pledges = [record.pledge(by=author) for _ in range(3)]
    record.evidence(by=author, about=pledges[0])
    of_all = Pledge.objects.order_by("pk")
    for day in (date(2020, 1, 1), record.NOW.date(), date(2040, 1, 1)):
        told = set(Due.objects.by(day).values_list("pledge_id", "reason"))
        stale = {pledge for pledge, reason in told if not reasons or reason in reasons}
        kept = Due.objects.keep_stale(of_all, day, reasons)
        assert [each.pk for each in kept] == [each.pk for each in pledges if each.pk in stale]
        fresh = [each for each in pledges if each.pk not in {pledge for pledge, _ in told}]
        assert list(Due.objects.keep_fresh(of_all, day)) == fresh
    assert len(told) > len(pledges)
