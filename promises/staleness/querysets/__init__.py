from promises.staleness.querysets.due import DueQuerySet
from promises.staleness.querysets.episodes import (
    LapseQuerySet,
    NoticeQuerySet,
    ReviewPolicyQuerySet,
    SourceBeatQuerySet,
    StaleFlagQuerySet,
    SweepQuerySet,
    WatchedQuerySet,
)

__all__ = [
    "DueQuerySet",
    "LapseQuerySet",
    "NoticeQuerySet",
    "ReviewPolicyQuerySet",
    "SourceBeatQuerySet",
    "StaleFlagQuerySet",
    "SweepQuerySet",
    "WatchedQuerySet",
]
