"""Text of web pages: the main text as trafilatura finds it, all text, and what says what it is."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from promises.sources.encodings import decoded_text
from promises.sources.reading import Build, PageRead

# Characters of HTML that are parsed, and elements that trafilatura is asked about: what it does
# with more takes minutes.
MOST_HTML = 3_000_000
MOST_ELEMENTS = 20_000
_DEEPEST = 250
_MOST_MARKUP = 60_000
_UNSEEN = {
    "script",
    "style",
    "noscript",
    "template",
    "head",
    "svg",
    "math",
    "iframe",
    "object",
    "select",
    "datalist",
}
# Elements that begin a line of their own.
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body br caption dd details div dl dt fieldset figcaption"
        " figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre section"
        " summary table tbody td tfoot th thead tr ul",
    )
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NOT_FREE = re.compile(r'"isAccessibleForFree"\s*:\s*"?(false|true)"?', re.IGNORECASE)
_REFRESH = re.compile(r"^\s*(\d+)\s*[;,]\s*(?:url\s*=\s*)?['\"]?([^'\"]+)", re.IGNORECASE)
# Seconds after which a page that sends on is still a page that sends on.
_SOON = 10


def read_web_page(content: bytes, *, charset: str, url: str) -> PageRead:
    """Read a web page. Raises ValueError when there is nothing in it that can be read."""
    text = decoded_text(content, charset)[:MOST_HTML]
    tree = _parsed(text)
    if tree is None:
        return PageRead("text/html")
    whole = "".join(_seen(tree))
    title = " ".join(tree.findtext(".//title", "").split())
    build = _build(tree)
    main = _main_text(tree, url)
    return PageRead("text/html", title, main or whole, whole, build)


def _parsed(text: str) -> Any:
    """Parse as browsers would, without any entity, file or network; None if nothing is left."""
    parser = lxml_html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        # What an XML declaration says about the encoding is no longer true.
        return lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def _main_text(tree: Any, url: str) -> str:
    """Return the main text, or "" where the page is too large or too deep to look for it."""
    if sum(1 for _ in tree.iter()) > MOST_ELEMENTS or _depth(tree) > _DEEPEST:
        return ""
    from trafilatura import extract

    for element in [each for each in tree.iter("*") if _is_hidden(each)]:
        element.drop_tree()
    # trafilatura changes the tree it is given, and fails on odd ones in odd ways.
    try:
        return extract(tree, url=url or None, include_comments=False, favor_recall=True) or ""
    except (Exception, RecursionError):
        return ""


def _depth(tree: Any) -> int:
    deepest = depth = 0
    for event, _element in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _seen(tree: Any) -> Iterator[str]:
    """Yield what a reader sees, block by block, without walking down by recursion."""
    hidden = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        is_unseen = not isinstance(element.tag, str) or _is_unseen(element)
        is_block = element.tag in _BLOCKS
        if event == "start":
            hidden += is_unseen
            if not hidden:
                yield ("\n" if is_block else "") + (element.text or "")
            continue
        hidden -= is_unseen
        if not hidden:
            yield ("\n" if is_block else "") + (element.tail or "")


def _is_unseen(element: Any) -> bool:
    return element.tag in _UNSEEN or _is_hidden(element)


def _is_hidden(element: Any) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def _build(tree: Any) -> Build:
    free = next(
        (
            found.group(1).lower() == "true"
            for script in tree.iterfind(".//script[@type='application/ld+json']")
            if (found := _NOT_FREE.search(script.text or ""))
        ),
        None,
    )
    return Build(
        headings=" ".join(" ".join(each.itertext()) for each in tree.iter("h1", "h2"))[:2_000],
        noscript=" ".join(" ".join(each.itertext()) for each in tree.iter("noscript"))[:5_000],
        markup=" ".join(_markup(tree))[:_MOST_MARKUP].lower(),
        scripts=sum(1 for _ in tree.iter("script")),
        links=sum(1 for each in tree.iter("a") if each.get("href")),
        is_free=free,
        has_password_field=any(
            (each.get("type") or "").lower() == "password" for each in tree.iter("input")
        ),
        refresh_url=_refresh(tree),
    )


def _markup(tree: Any) -> Iterator[str]:
    for element in tree.iter():
        for name in ("id", "class"):
            yield element.get(name) or ""
        if element.tag in {"script", "iframe", "form", "img"}:
            yield element.get("src") or element.get("action") or ""


def _refresh(tree: Any) -> str:
    for meta in tree.iter("meta"):
        if (meta.get("http-equiv") or "").lower() == "refresh":
            found = _REFRESH.match(meta.get("content") or "")
            if found and int(found.group(1)[:6]) <= _SOON:
                return found.group(2).strip()[:2_000]
    return ""
