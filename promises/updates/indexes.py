"""The indexes behind lists of what follows a pledge, which open alike at any size."""

from django.db.models import Index, Q

from promises.common.words import words_index

OF_UPDATES = [
    # Read by the list of recent updates.
    Index(
        fields=["-published_at", "-effective_on", "-id"],
        condition=Q(state="published"),
        name="updates_as_news",
    ),
    # Read by the API's list, also where an import has published all of them at one moment.
    Index(
        fields=["-published_at", "-slug"],
        condition=Q(state="published"),
        name="updates_by_publication",
    ),
    # Read by the API's list by when a state of affairs began.
    Index(
        fields=["effective_on", "slug"],
        condition=Q(state="published"),
        name="updates_by_effect",
    ),
    # Read by the desk's filters and front page: what is not public, and whose drafts.
    Index(fields=["state", "-id"], condition=~Q(state="published"), name="updates_not_public"),
    Index(
        fields=["created_by", "-created_at", "-id"],
        condition=Q(state="draft"),
        name="updates_drafts",
    ),
    # Read by searches.
    words_index("slug", "reasoning", name="updates_words"),
]
OF_REVIEWS = [
    # Read by the list and its search.
    Index(fields=["-reviewed_at", "-id"], name="updates_newest_reviews"),
    words_index("note", name="updates_review_words"),
]
OF_RESPONSES: list[Index] = [
    # Read by searches.
    words_index("slug", "said_by", "text", name="updates_response_words"),
]
OF_CORRECTIONS = [
    # Read by the list and its search.
    Index(fields=["-corrected_at", "-id"], name="updates_newest_corrections"),
    words_index("note", "old_text", "new_text", name="updates_correction_words"),
]
