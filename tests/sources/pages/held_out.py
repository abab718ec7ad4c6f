"""The 200 pages that are measured. The detector is never changed for one of them."""

from collections.abc import Iterator
from random import Random

from tests.sources.pages.layouts import Text, as_html, texts
from tests.sources.pages.prose import article

# (language, title, call to subscribe): the beginning of an article, and then the rest for some.
PAYWALLS: tuple[tuple[str, str, str], ...] = (
    (
        "en",
        "Bail policy changes in Example County",
        "Subscribe to continue reading this story. Plans start at one dollar.",
    ),
    (
        "en",
        "Two convictions under review",
        "You've read your last free article this month. Already a subscriber? Sign in.",
    ),
    (
        "es",
        "Nueva política de fianza",
        "Para seguir leyendo, hazte suscriptor. ¿Ya eres suscriptor? Entra aquí.",
    ),
    (
        "fr",
        "Cautions : la règle change",
        "La suite de cet article est réservée à nos abonnés. Abonnez-vous pour lire la suite.",
    ),
)

_PROMO = {
    "en": "Local news needs local readers. Subscribe now for unlimited access to all our reporting.",
    "es": "El periodismo local necesita lectores. Suscríbete para acceder a todas las noticias.",
    "fr": "La presse locale a besoin de vous. Abonnez-vous pour tout lire.",
    "de": "Lokale Berichte brauchen Leser. Jetzt abonnieren.",
    "pt": "O jornalismo local precisa de leitores. Assine já para ler tudo.",
    "it": "La stampa locale ha bisogno di lettori. Abbonati per leggere tutto.",
}


def pages() -> Iterator[tuple[Text, str]]:
    """Yield the pages with their labels: 100 that are not the source, and 100 that are."""
    random = Random(20190503)
    notices = [text for text in texts("held_out.tsv") if text.label != "ok"]
    for text in notices:
        for _layout in range(2):
            yield text, as_html(text, random)
    for lang, title, call in PAYWALLS:
        for sentences in (4, 7):
            teaser = [*article(lang, random, sentences), call]
            built = "banner" if sentences == 4 else "-"
            text = Text("paywall", lang, built, title, title, teaser)
            yield text, as_html(text, random)
    for text in [text for text in texts("held_out.tsv") if text.label == "ok"]:
        for _layout in range(2):
            yield text, as_html(text, random)
    for number in range(64):
        lang = ("en", "es", "en", "fr", "en", "de", "pt", "it")[number % 8]
        heading = article(lang, random, 1)[0].rstrip(".")
        story = article(lang, random, (5, 9, 16, 30)[number // 8 % 4])
        if number % 5 == 0 and len(story) > 4:
            story.append(_PROMO[lang])
        built = "banner" if number % 3 == 0 else "-"
        text = Text("ok", lang, built, heading, heading, story)
        yield text, as_html(text, random)
