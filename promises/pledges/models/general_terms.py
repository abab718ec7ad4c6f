from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.common.history import with_history
from promises.common.text import no_control_characters, without_control_characters
from promises.common.words import words_index
from promises.editorial.models import Versioned, no_lost_updates, the_name_stays
from promises.pledges.choices import Language
from promises.pledges.querysets import GeneralTermQuerySet

PLAIN = [without_control_characters]


@with_history()
class GeneralTerm(Versioned):
    """What a general term of the record is called in another language: a topic, an office.

    It stands wherever the record says exactly these English words. Once the record says others,
    readers see those in English until someone translates them.
    """

    slug = models.SlugField(_("slug"), max_length=150, unique=True)
    language = models.CharField(_("language"), max_length=5, choices=Language.choices)
    english = models.TextField(
        _("in English"), validators=PLAIN, help_text=_("Exactly as it stands in the record.")
    )
    words = models.TextField(_("in that language"), validators=PLAIN)

    objects = GeneralTermQuerySet.as_manager()

    known_by = ("slug",)

    class Meta:
        ordering = ["language", "english", "pk"]
        # Read by searches.
        indexes = [words_index("words", name="pledges_generalterm_words")]
        constraints = [
            no_control_characters("english", "words"),
            models.CheckConstraint(
                condition=~Q(english="") & ~Q(words=""), name="pledges_generalterm_says_something"
            ),
            models.CheckConstraint(
                condition=Q(language__in=Language.values),
                name="pledges_generalterm_language_known",
            ),
            models.UniqueConstraint(
                fields=["language", "english"], name="pledges_generalterm_once_a_language"
            ),
        ]
        triggers = [no_lost_updates(), the_name_stays("slug")]

    def __str__(self) -> str:
        return f"{self.english} ({self.get_language_display()})"
