"""Pledges in other languages, and whether these still say what the English words say."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.common.history import with_history
from promises.common.text import no_control_characters, without_control_characters
from promises.editorial.models import Editorial, no_lost_updates
from promises.pledges.choices import Language
from promises.pledges.models.pledges import Pledge
from promises.pledges.querysets import PledgeTranslationQuerySet

PLAIN = [without_control_characters]


@with_history(leaving_out={"behind_on"})
class PledgeTranslation(Editorial):
    """The title and statement of a pledge in another language.

    It keeps the English words it was made from. Once the pledge says something else the database
    writes the day into `behind_on`, and empties it when they are the same again.
    """

    slug = models.SlugField(_("slug"), max_length=170, unique=True, editable=False)
    pledge = models.ForeignKey(Pledge, models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=5, choices=Language.choices)
    title = models.CharField(_("title"), max_length=200, validators=PLAIN)
    statement = models.TextField(_("statement"), validators=PLAIN)
    english_title = models.CharField(max_length=200, editable=False)
    english_statement = models.TextField(editable=False)
    # Derived: since when the pledge says something else.
    behind_on = models.DateField(_("behind since"), null=True, editable=False)

    objects = PledgeTranslationQuerySet.as_manager()

    class Meta(Editorial.Meta):
        ordering = ["pk"]
        constraints = [
            *Editorial.Meta.constraints,
            no_control_characters("title", "statement", "english_title", "english_statement"),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(statement="") & ~Q(english_title=""),
                name="pledges_translation_says_something",
            ),
            models.CheckConstraint(
                condition=Q(language__in=Language.values),
                name="pledges_translation_language_known",
            ),
            models.UniqueConstraint(
                fields=["pledge", "language"],
                condition=~Q(state="retracted"),
                name="pledges_translation_once_a_language",
                violation_error_message=_("There is a translation into this language already."),
            ),
        ]
        triggers = [
            *Editorial.Meta.triggers,
            no_lost_updates(leaving_out={"behind_on"}),
            pgtrigger.Trigger(
                name="follows_the_english",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=pgtrigger.Func(
                    """
                    NEW.behind_on := CASE WHEN TG_OP = 'UPDATE' THEN OLD.behind_on END;
                    IF EXISTS (
                        SELECT FROM pledges_pledge WHERE id = NEW.pledge_id
                            AND title = NEW.english_title AND statement = NEW.english_statement
                    ) THEN
                        NEW.behind_on := NULL;
                    ELSIF NEW.behind_on IS NULL THEN
                        -- The day of the write, as whoever writes gave it.
                        NEW.behind_on := (coalesce(
                            (nullif(current_setting('pghistory.context_metadata', true), '')
                                ::jsonb ->> 'at')::timestamptz,
                            now()
                        ) AT TIME ZONE 'UTC')::date;
                    END IF;
                    RETURN NEW;
                    """
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_language_display()})"

    @property
    def is_behind(self) -> bool:
        """Whether the English words have changed since it was made."""
        return self.behind_on is not None
