"""Which evidence has a copy that counts, or needs none: what the database says."""

from typing import Any

from django.db.models import BooleanField, F, Func, QuerySet

from promises.evidence.models import Evidence


class IsSecured(Func):
    """Ask the function `captures_is_secured` (migration `sources_are_secured`)."""

    function = "captures_is_secured"
    output_field = BooleanField()


def not_secured(ids: QuerySet[Any, Any]) -> QuerySet[Evidence, int]:
    """Return the ids of the evidence among these that has neither a copy nor a waiver."""
    asked = Evidence.objects.filter(pk__in=ids).annotate(is_secured=IsSecured(F("pk")))
    return asked.filter(is_secured=False).values_list("pk", flat=True)
