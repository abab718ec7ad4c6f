"""What waits on the front page in the tables of discovery."""

from datetime import datetime

from django.utils.translation import gettext_lazy

from promises.accounts.models import User
from promises.desk.front import Waiting, pledge_of
from promises.discovery.models import Candidate, Feed
from promises.discovery.querysets import CandidateQuerySet, FeedQuerySet


def _candidates(person: User, now: datetime) -> CandidateQuerySet:
    return Candidate.objects.waiting().best_first().select_related("item", "pledge__person")


def _feeds(person: User, now: datetime) -> FeedQuerySet:
    return Feed.objects.needing_a_look(now)


OF_CANDIDATES = (
    Waiting(
        46,
        gettext_lazy("May be evidence"),
        _candidates,
        "",
        str,
        lambda candidate, now: pledge_of(candidate),
    ),
)
OF_FEEDS = (
    Waiting(
        47,
        gettext_lazy("Feeds that fail or fell silent"),
        _feeds,
        "health=look",
        str,
        lambda feed, now: feed.last_error,
        needs="discovery.requeue_feed",
    ),
)
