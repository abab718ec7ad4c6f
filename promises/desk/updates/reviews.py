"""The desk's pages of looks again that found nothing changed."""

from django.contrib import admin

from promises.desk.record_admin import ReadOnlyAdmin
from promises.updates.models import Review


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    """Who looked again, and when. Added by a step on the page of the pledge."""

    fields = ("pledge", "reviewed_by", "reviewed_at", "note")
    list_display = ("pledge", "reviewed_by", "reviewed_at", "note")
    search_fields = ("pledge__title", "pledge__person__name", "note")
    ordering = ("-reviewed_at", "-pk")
    related = ("pledge", "reviewed_by")
