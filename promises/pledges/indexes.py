"""The indexes behind the desk's lists of pledges, which open alike at any size."""

from django.db.models import Index, Q

from promises.common.words import words_index

FOR_THE_DESK = [
    # Read by the list: a person's pledges as the source document has them.
    Index(fields=["person", "position", "id"], name="pledges_of_person"),
    # Read by the filters and the front page: what is not public, whose drafts, and what was
    # imported and waits to be confirmed.
    Index(fields=["state", "id"], condition=~Q(state="published"), name="pledges_not_public"),
    Index(
        fields=["created_by", "-created_at", "-id"],
        condition=Q(state="draft"),
        name="pledges_drafts",
    ),
    Index(fields=["id"], condition=Q(status_is_provisional=True), name="pledges_provisional"),
    # Read by searches.
    words_index("title", "slug", "statement", "quote", name="pledges_words"),
]
