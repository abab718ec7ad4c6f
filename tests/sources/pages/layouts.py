"""Skeletons of sites that a text may stand in: old and new, bare and full of furniture."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from random import Random

LINKS = {
    "en": ("Home", "News", "Courts", "Opinion", "Weather", "About us", "Contact", "Sign in"),
    "es": (
        "Inicio",
        "Noticias",
        "Tribunales",
        "Opinión",
        "Tiempo",
        "Quiénes somos",
        "Iniciar sesión",
    ),
    "fr": ("Accueil", "Actualités", "Justice", "Débats", "Météo", "Qui sommes-nous", "Connexion"),
    "de": ("Startseite", "Nachrichten", "Justiz", "Meinung", "Wetter", "Über uns", "Anmelden"),
    "pt": ("Início", "Notícias", "Justiça", "Opinião", "Tempo", "Quem somos", "Entrar"),
    "it": ("Home", "Notizie", "Giustizia", "Opinioni", "Meteo", "Chi siamo", "Accedi"),
}
BANNER = {
    "en": "We use cookies to measure how our pages are read. Accept all cookies or manage choices.",
    "es": "Usamos cookies para medir la lectura. Aceptar todas las cookies o gestionar opciones.",
    "fr": "Nous utilisons des cookies de mesure. Tout accepter ou personnaliser les cookies.",
    "de": "Wir verwenden Cookies zur Messung. Alle Cookies akzeptieren oder Auswahl treffen.",
    "pt": "Usamos cookies para medir a leitura. Aceitar todos os cookies ou gerir opções.",
    "it": "Usiamo cookie per misurare la lettura. Accetta tutti i cookie o gestisci le scelte.",
}


# What a page may be built of beside its words.
PARTS = {
    "password": '<form><input name="u"><input type="password" name="p"><button>&rarr;</button></form>',
    "app": '<div id="app"></div><script src="/main.4f1c.js"></script><script>boot()</script>',
    "module": '<div id="root"></div><script type="module" src="/assets/index-9c.js"></script>',
    "turnstile": '<div class="cf-turnstile"></div>',
    "challenge": '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate.js"></script>',
    "hcaptcha": '<div class="h-captcha"></div>',
    "recaptcha": '<div class="g-recaptcha"></div>',
    "distil": '<div id="distil_ident_block"></div><div class="g-recaptcha"></div>',
    "px": '<div id="px-captcha"></div>',
    "comment": '<form class="comment"><textarea></textarea><div class="g-recaptcha"></div></form>',
    "search": '<form id="search"><input name="q"></form>',
}


@dataclass(frozen=True)
class Text:
    """What a page says, and what it is built of: names of PARTS, "bare", "banner", "status=403" …

    A bare page has no furniture, as notices of servers and front doors have none.
    """

    label: str
    lang: str
    built: str
    title: str
    heading: str
    paragraphs: Sequence[str] = ()
    url = "https://paper.example/2019/05/story-1877"

    def has(self, word: str) -> str:
        """Return what is said of a word of `built`: "403" of "status=403"; or ""."""
        for part in self.built.split():
            name, _equals, value = part.partition("=")
            if name == word:
                return value or name
        return ""

    @property
    def status(self) -> int:
        """The status of HTTP."""
        return int(self.has("status") or 200)

    @property
    def ended(self) -> str:
        """Where its address led."""
        return f"https://paper.example{self.has('ended')}" if self.has("ended") else self.url

    @property
    def extra(self) -> str:
        """HTML beside the words; the last paragraph is for browsers without scripts."""
        parts = "".join(PARTS.get(part, "") for part in self.built.split())
        return parts + (
            f"<noscript>{self.paragraphs[-1]}</noscript>" if self.has("noscript") else ""
        )


def texts(name: str) -> Iterator[Text]:
    """Yield the texts of a table: label, language, how it is built, title, heading, paragraphs."""
    table = Path(__file__).with_name(name).read_text(encoding="utf-8")
    for line in table.splitlines():
        label, lang, built, title, heading, said = line.split("\t")
        yield Text(label, lang, built, title, heading, [each for each in said.split(" ¶ ") if each])


def _body(text: Text, tag: str = "p") -> str:
    shown = text.paragraphs[:-1] if text.has("noscript") else text.paragraphs
    return "".join(f"<{tag}>{escape(each)}</{tag}>" for each in shown)


def _links(text: Text, around: str) -> str:
    return "".join(
        around.format(number, escape(name)) for number, name in enumerate(LINKS[text.lang])
    )


def _bare(text: Text, _random: Random) -> str:
    return f"<h1>{escape(text.heading)}</h1>{_body(text)}{text.extra}"


def _centred(text: Text, random: Random) -> str:
    name = f"box-{random.randrange(10**6):x}"
    return (
        f'<div class="{name}"><div class="inner"><h2>{escape(text.heading)}</h2>'
        f"{_body(text)}{text.extra}</div></div>"
    )


def _newspaper(text: Text, random: Random) -> str:
    others = "".join(
        f'<li><a href="/s/{random.randrange(9999)}">Story number {random.randrange(9999)}</a></li>'
        for _number in range(5)
    )
    links = _links(text, '<a href="/{0}">{1}</a> ')
    return (
        f'<header><nav class="top">{links}</nav></header><main><article>'
        f"<h1>{escape(text.heading)}</h1>{_body(text)}{text.extra}</article>"
        f"<aside><h3>&#9733;</h3><ul>{others}</ul></aside></main>"
        f"<footer><p>&copy; {2015 + random.randrange(9)} The Example Paper</p></footer>"
    )


def _office(text: Text, random: Random) -> str:
    items = _links(text, '<li id="menu-{0}"><a href="/page/{0}">{1}</a></li>')
    return (
        f'<div id="wrap"><div id="banner">Example County</div><ul id="menu">{items}</ul>'
        f'<div id="content"><div class="field"><h1 class="title">{escape(text.heading)}</h1>'
        f"{_body(text)}{text.extra}</div></div>"
        f'<div id="bottom">Room {random.randrange(100, 999)}, Example Street</div></div>'
    )


def _tables(text: Text, _random: Random) -> str:
    links = _links(text, '<tr><td><a href="{0}.htm">{1}</a></td></tr>')
    return (
        f'<table width="100%"><tr><td width="150"><table>{links}</table></td><td>'
        f"<font size=5><b>{escape(text.heading)}</b></font>{_body(text)}{text.extra}</td></tr></table>"
    )


def _blocks(text: Text, random: Random) -> str:
    links = _links(text, '<span data-i="{0}"><a href="#{0}">{1}</a></span>')
    return (
        f'<div class="c{random.randrange(999)}">{links}</div>'
        f'<section class="c{random.randrange(999)}"><div><h1>{escape(text.heading)}</h1></div>'
        f"<div>{_body(text, 'div')}</div>{text.extra}</section>"
    )


_FULL: tuple[Callable[[Text, Random], str], ...] = (_newspaper, _office, _tables, _blocks)
_BARE: tuple[Callable[[Text, Random], str], ...] = (_bare, _centred)


def as_html(text: Text, random: Random) -> str:
    """Return the page of a text in one of the layouts that fit it."""
    layout = random.choice(_BARE if text.has("bare") else _FULL)
    banner = f'<div class="cookie-bar">{BANNER[text.lang]} <button>OK</button></div>'
    script = "<script>window.dataLayer=[];</script>" * random.randrange(3)
    return (
        f'<!doctype html><html lang="{text.lang}"><head><meta charset="utf-8">'
        f"<title>{escape(text.title)}</title>{script}</head><body>"
        f"{banner if text.has('banner') else ''}{layout(text, random)}</body></html>"
    )
