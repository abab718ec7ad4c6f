"""What the reads of all that is about a pledge share."""

from typing import Any, TypeVar

from django.db.models import QuerySet

from promises.common.words import belongs_to, have_words

Rows = TypeVar("Rows", bound=QuerySet[Any])


def with_words(rows: Rows, text: str, *fields: str) -> Rows:
    """Keep the rows with these words in their own fields or in those of their pledge."""
    pledges = rows.model._meta.get_field("pledge").related_model._default_manager
    own = have_words(rows.model._default_manager.order_by(), text, *fields).values("pk")
    return rows.filter(belongs_to("pk", own) | belongs_to("pledge", pledges.having_words(text)))
