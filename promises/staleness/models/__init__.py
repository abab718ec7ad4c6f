from promises.staleness.models.due import Due, DueDate
from promises.staleness.models.episodes import Lapse, SourceBeat, StaleFlag, Sweep
from promises.staleness.models.policies import MetricLimit, ReviewBy, ReviewPolicy, Watched

__all__ = [
    "Due",
    "DueDate",
    "Lapse",
    "MetricLimit",
    "ReviewBy",
    "ReviewPolicy",
    "SourceBeat",
    "StaleFlag",
    "Sweep",
    "Watched",
]
