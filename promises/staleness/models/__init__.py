from promises.staleness.models.due import Due, DueDate
from promises.staleness.models.episodes import Lapse, SourceBeat, StaleFlag, Sweep
from promises.staleness.models.notices import Digest, Notice
from promises.staleness.models.policies import MetricLimit, ReviewBy, ReviewPolicy, Watched

__all__ = [
    "Digest",
    "Due",
    "DueDate",
    "Lapse",
    "MetricLimit",
    "Notice",
    "ReviewBy",
    "ReviewPolicy",
    "SourceBeat",
    "StaleFlag",
    "Sweep",
    "Watched",
]
