"""Share cards: a picture of where a pledge stands, drawn from a template as SVG, then as PNG.

The letters come from packages of fonts, so a card looks alike on every machine. Long titles are
wrapped by the true widths of their letters.
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from django.template.loader import render_to_string

from promises.pledges.models import Pledge
from promises.site.feeds import absolute
from promises.site.general_terms import in_words
from promises.site.statuses import LABELS, since
from promises.site.templatetags.record import day
from promises.site.translations import title_of

WIDTH, HEIGHT = 1200, 630
MARGIN = 72
# Title sizes in pixels, with how many lines of each fit between the status and the name.
SIZES = ((76, 2), (64, 3), (54, 4), (46, 4), (40, 5))
LINE = 1.16
TOP_OF_TITLE = 236
# The colours of static/site.css in light dress: pictures know no dark one.
TONES = {
    "kept": "#17663c",
    "holding": "#0c6573",
    "held": "#0c6573",
    "compromise": "#7d5800",
    "in_the_works": "#24559c",
    "stalled": "#6a4a86",
    "broken": "#a8261b",
    "unratable": "#5d6069",
    "not_yet_rated": "#5d6069",
}
FONTS = {
    "serif-bold": ("font_source_serif_pro", "SourceSerifPro-Bold.ttf"),
    "sans": ("font_source_sans_pro", "SourceSansPro-Regular.ttf"),
    "sans-semibold": ("font_source_sans_pro", "SourceSansPro-Semibold.ttf"),
}


def pledge_svg(pledge: Pledge, today: date) -> str:
    """Return the card of a pledge, read with its person, term and office, as SVG."""
    key = pledge.shown_on(today)
    lines, size = fitted(title_of(pledge))
    facts = {
        "pledge": pledge,
        "key": key,
        "label": LABELS[key],
        "tone": TONES[key],
        **_line_of_status(key, pledge.status_since),
        "size": size,
        "lines": [
            (round(TOP_OF_TITLE + size * (0.8 + LINE * number)), line)
            for number, line in enumerate(lines)
        ],
        "name": cut(pledge.person.name, "sans-semibold", 32, 640),
        "office": cut(in_words(pledge.term.office.title), "sans", 26, 700) if pledge.term else "",
        "site": absolute("").partition("://")[2],
    }
    return render_to_string("site/cards/pledge.svg", facts)


def _line_of_status(key: str, status_since: date | None) -> dict[str, Any]:
    """Return since when it is so, and how large the label is, and where it ends, to fit before."""
    label = str(LABELS[key])
    said = since(key, day(status_since)) if status_since else ""
    room = WIDTH - 2 * MARGIN - 96 - width_of(said, "sans", 32)
    size = min(52, int(52 * room / width_of(label, "sans-semibold", 52)))
    after = round(MARGIN + 76 + width_of(label, "sans-semibold", size) + 20)
    return {"since": said, "label_size": size, "after_label": after}


def fingerprint(svg: str) -> str:
    """Return what names a picture: equal drawings have equal names."""
    return hashlib.sha256(svg.encode()).hexdigest()[:32]


def as_png(svg: str) -> bytes:
    """Return the picture of a card."""
    # It loads a megabyte of machine code, which only pictures need.
    from resvg_py import svg_to_bytes

    return bytes(
        svg_to_bytes(
            svg_string=svg, skip_system_fonts=True, font_files=[_font(name) for name in FONTS]
        )
    )


def fitted(title: str) -> tuple[list[str], int]:
    """Return a title in lines and its size in pixels: the largest at which all of it fits."""
    for size, most in SIZES:
        lines = wrapped(title, size)
        if len(lines) <= most:
            return lines, size
    size, most = SIZES[-1]
    *kept, last = wrapped(title, size)[:most]
    return [*kept, cut(f"{last} …", "serif-bold", size, WIDTH - 2 * MARGIN)], size


def cut(text: str, font: str, size: int, widest: int) -> str:
    """Return as much of a text as is no wider than that, with … where something is missing."""
    kept = text
    while width_of(text, font, size) > widest:
        kept = kept[:-1].rstrip(" …")
        text = f"{kept}…"
    return text


def wrapped(text: str, size: int) -> list[str]:
    """Return a text in lines no wider than a card; a word that is wider is cut."""
    lines = [""]
    for word in _pieces(text.split(), size):
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer, "serif-bold", size) <= WIDTH - 2 * MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _pieces(words: Sequence[str], size: int) -> list[str]:
    """Return the words, each that is wider than a card cut into pieces that are not."""
    found: list[str] = []
    for word in words:
        piece = ""
        for letter in word:
            if width_of(piece + letter, "serif-bold", size) > WIDTH - 2 * MARGIN:
                found.append(piece)
                piece = ""
            piece += letter
        found.append(piece)
    return found


def width_of(text: str, font: str, size: int) -> float:
    """Return how wide a text is in pixels, without the kerning that makes it a little less."""
    widths, units, unknown = _widths(font)
    return sum(widths.get(ord(letter), unknown) for letter in text) * size / units


@cache
def _widths(font: str) -> tuple[dict[int, int], int, int]:
    """Return the width of each letter of a font, its units in a pixel size, and any other's."""
    from fontTools.ttLib import TTFont

    with TTFont(_font(font), lazy=True) as opened:
        metrics: Any = opened["hmtx"]
        letters: Any = opened.getBestCmap()
        widths = {sign: metrics[name][0] for sign, name in letters.items()}
        return widths, opened["head"].unitsPerEm, metrics[".notdef"][0]


@cache
def _font(name: str) -> str:
    """Return the file of a font."""
    package, file = FONTS[name]
    return str(files(package) / "files" / file)
