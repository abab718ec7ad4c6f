"""After any writes, an answer that is ready is byte for byte the one Django would make."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from promises.accounts.models import User
from promises.pledges.actions import retract_pledge, save_pledge
from promises.pledges.models import Pledge
from promises.serving.front import Front
from promises.staleness.actions import sweep_stale
from promises.staleness.models import ReviewPolicy
from promises.staleness.policies import save_review_policy
from promises.updates.correcting import correct_pledge
from tests import record
from tests.record import NOW, record_review
from tests.serving.conftest import Ask, asker

pytestmark = pytest.mark.django_db(transaction=True)


def publish(by: User) -> None:
    record.pledge(by=by)


def draft(by: User) -> None:
    record.draft_pledge(by=by)


def cite(by: User) -> None:
    record.evidence(by=by, about=Pledge.objects.published().latest("pk"))


def review(by: User) -> None:
    record_review(pledge=Pledge.objects.published().latest("pk"), note="Looked.", by=by, now=NOW)


def reword(by: User) -> None:
    pledge = Pledge.objects.published().latest("pk")
    pledge.title += " well"
    correct_pledge(pledge=pledge, kind="typo", note="A word was missing.", by=by, now=NOW)


def reword_draft(by: User) -> None:
    if pledge := Pledge.objects.filter(state="draft").last():
        pledge.title += " well"
        save_pledge(pledge=pledge, by=by, now=NOW)


def retract(by: User) -> None:
    if Pledge.objects.published().count() > 1:
        pledge = Pledge.objects.published().earliest("pk")
        retract_pledge(pledge=pledge, reason="A test.", by=by, now=NOW)


def change_policy(by: User) -> None:
    policy = ReviewPolicy.objects.of_the_site().filter(status="not_yet_rated").get()
    policy.days_in_term = (policy.days_in_term or 100) + 1
    save_review_policy(policy=policy, by=by, now=NOW)


def rename(by: User) -> None:
    User.objects.filter(pk=by.pk).update(display_name=by.display_name + " Example")
    by.refresh_from_db()


def sweep(by: User) -> None:
    sweep_stale(by=by, now=NOW)


WRITES = (
    publish, draft, cite, review, reword, reword_draft, retract, change_policy, rename, sweep,
)  # fmt: skip
ADDRESSES = (
    "/", "/pledges/", "/updates/", "/methodology/", "/data/", "/sitemap.xml", "/updates.atom",
    "/search/?q=example", "/api/v1/pledges/", "/api/v1/evidence/", "/api/v1/changes/",
    "/api/v1/stale-flags/",
)  # fmt: skip


@pytest.fixture
def policies_stay(transactional_db: None) -> Iterator[None]:
    """Put the policies of the site back: they outlive the emptying of the other tables."""
    before = dict(ReviewPolicy.objects.of_the_site().values_list("status", "days_in_term"))
    yield
    for status, days in before.items():
        ReviewPolicy.objects.of_the_site().filter(status=status).update(days_in_term=days)


@pytest.mark.usefixtures("policies_stay")
@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(writes=st.lists(st.sampled_from(WRITES), min_size=3, max_size=6))
def test_what_is_ready_is_what_would_be_made(
    new_front: Callable[[], Front], django: Ask, writes: list[Callable[[User], None]]
) -> None:
    by = record.user()
    publish(by)
    here, there = (asker(new_front()) for _ in range(2))
    for write in writes:
        write(by)
        here("/account/login/", "POST")
        newest = Pledge.objects.published().latest("pk").slug
        for address in (*ADDRESSES, f"/pledges/{newest}/", f"/api/v1/pledges/{newest}/"):
            made = django(address)
            for ask in (here, there, there):
                found = ask(address)
                assert (found.status, found.body) == (made.status, made.body), address
