"""The indexes behind lists of pledges, which open alike at any size."""

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

# Read by the API's list in the order of a column, and by the site's lists that begin with it.
ORDERED_BY = (
    "title", "made_on", "due_on", "status_since", "review_due_on", "last_reviewed_at", "updated_at",
    "edition",
)  # fmt: skip
FOR_THE_API = [
    Index(fields=[column, "slug"], condition=Q(state="published"), name=f"pledges_by_{column}")
    for column in ORDERED_BY
]
