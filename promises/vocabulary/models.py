"""The words of all published texts, kept for searches by what a reader means."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Index, Q

from promises.vocabulary.querysets import WordQuerySet


class Word(models.Model):
    """One word as it stands in published texts, in lower case."""

    word = models.TextField(primary_key=True)
    # Without accents; what a reader types is compared with this.
    folded = models.TextField()
    # Its stem in each language, "" where it is too common to have one.
    english = models.TextField()
    spanish = models.TextField()
    # Binary logarithm of the number of texts, rounded down: all that ordering needs, and the row
    # stays as it is while texts are added.
    weight = models.SmallIntegerField()
    # Which letters it has, a bit each, and how many, 0 for what is never guessed at.
    letters = models.BigIntegerField()
    length = models.SmallIntegerField(db_index=True)

    objects = WordQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[Any]] = [
            Index(fields=["folded"], name="vocabulary_folded"),
            Index(fields=["english"], name="vocabulary_english", condition=~Q(english="")),
            Index(fields=["spanish"], name="vocabulary_spanish", condition=~Q(spanish="")),
        ]

    def __str__(self) -> str:
        return self.word


class Reading(models.Model):
    """When the words were last gathered, at which edition, and how many seconds that took."""

    edition = models.BigIntegerField()
    read_at = models.DateTimeField()
    seconds = models.FloatField()

    def __str__(self) -> str:
        return f"words at edition {self.edition}"
