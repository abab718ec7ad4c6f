from promises.updates.querysets.corrections import CorrectionQuerySet
from promises.updates.querysets.ratings import (
    CitationQuerySet,
    MethodologyVersionQuerySet,
    StatusUpdateQuerySet,
)
from promises.updates.querysets.responses import ResponseQuerySet
from promises.updates.querysets.reviews import ReviewQuerySet

__all__ = [
    "CitationQuerySet",
    "CorrectionQuerySet",
    "MethodologyVersionQuerySet",
    "ResponseQuerySet",
    "ReviewQuerySet",
    "StatusUpdateQuerySet",
]
