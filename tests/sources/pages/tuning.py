"""Pages that the detector may be fitted to, in other wordings than those that are measured."""

from collections.abc import Iterator
from random import Random

from tests.sources.pages.layouts import Text, as_html, texts
from tests.sources.pages.prose import article

PAYWALLS = (
    ("en", "Bail", "Want to read the rest? Subscribers have full access. Join today."),
    ("de", "Kaution", "Weiterlesen mit einem Abo. Jetzt testen."),
    ("it", "Cauzione", "Questo contenuto è riservato agli abbonati."),
    ("pt", "Fiança", "Conteúdo exclusivo para assinantes."),
)


def pages() -> Iterator[tuple[Text, str]]:
    """Yield each text in three layouts, and articles of every length."""
    random = Random(7)
    teasers = [
        Text("paywall", lang, "-", title, title, [*article(lang, random, 4), call])
        for lang, title, call in PAYWALLS
    ]
    for text in [*texts("tuning.tsv"), *teasers]:
        for _layout in range(3):
            yield text, as_html(text, random)
    for number in range(40):
        lang = ("en", "es", "fr", "de", "pt", "it")[number % 6]
        heading = article(lang, random, 1)[0].rstrip(".")
        built = "banner" if number % 2 == 0 else "-"
        text = Text("ok", lang, built, heading, heading, article(lang, random, 2 + number % 20))
        yield text, as_html(text, random)
