"""Words that the record uses as names, in the language of the page: units, stages, parties.

They are free text, so a new one can appear at any time: until it stands here it is shown as it
was written, like everything else the record says.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KNOWN = {
    # Units of figures.
    "arrests": _("arrests"),
    "case_participants": _("case participants"),
    "cases": _("cases"),
    "days": _("days"),
    "defendants": _("defendants"),
    "people": _("people"),
    "percent": _("percent"),
    "person_years": _("person years"),
    # Stages of elections.
    "general": _("general"),
    "general (ranked choice)": _("general (ranked choice)"),
    "general (runoff)": _("general (runoff)"),
    "general (unopposed)": _("general (unopposed)"),
    "democratic-primary": _("democratic primary"),
    "republican-primary": _("republican primary"),
    "primary": _("primary"),
    "recall": _("recall"),
    "runoff": _("runoff"),
    # Parties.
    "Democratic": _("Democratic"),
    "Republican": _("Republican"),
    "nonpartisan": _("nonpartisan"),
    # What of a record was corrected.
    "controlled_by": _("who decides"),
    "criterion": _("criterion"),
    "due_on": _("due on"),
    "kind": _("kind"),
    "made_on": _("made on"),
    "origin": _("where it was made"),
    "person": _("whose it is"),
    "provenance": _("who is speaking"),
    "published_on": _("published on"),
    "publisher": _("publisher"),
    "quote": _("quote"),
    "quote_attribution": _("quote attribution"),
    "reasoning": _("reasoning"),
    "stance": _("what it says about the promise"),
    "statement": pgettext_lazy("of a pledge", "statement"),
    "summary": _("summary"),
    "term": _("term in office"),
    "title": _("title"),
    "url": _("web address"),
}


def as_words(name: str) -> str:
    """Return a name made for machines as words: "person_years" → "person years"."""
    return name.replace("_", " ").replace("-", " ")


def words_for(name: str) -> str:
    """Return the words of a name in the language of the page, if it is known."""
    return str(KNOWN.get(name, as_words(name)))
