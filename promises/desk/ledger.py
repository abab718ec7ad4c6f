"""The desk's page of the ledger."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from promises.common.numbers import whole_number
from promises.desk.record_admin import ReadOnlyAdmin
from promises.ledger.models import Entry


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    """The numbered public history. It can only be read."""

    fields = (
        "edition",
        "event",
        "subject",
        "pledge",
        ("at", "by"),
        "data",
        "previous_hash",
        "hash",
    )
    list_display = ("edition", "event", "subject", "by", "at")
    search_fields = ("edition", "pledge", "subject")
    search_help_text = _(
        "The number of an edition, the public name (slug) of a pledge, or a whole subject."
    )
    ordering = ("-edition",)

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Look it up in the indexes that the chain has: a ledger only grows."""
        asked = search_term.strip()
        if not asked:
            return queryset, False
        found = Q(pledge=asked) | Q(subject=asked)
        if (edition := whole_number(asked)) is not None:
            found |= Q(edition=edition)
        return queryset.filter(found), False
