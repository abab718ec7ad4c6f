"""Reads whatever an address sends: its kind by its bytes, its text, what it is built of."""

import logging
from dataclasses import dataclass, field
from typing import IO

from promises.sources.plain_text import normalised

logger = logging.getLogger(__name__)

# Bytes of a body that are looked at, and characters of a text that are kept.
MOST_BYTES = 25_000_000
MOST_CHARACTERS = 2_000_000
_SNIFFED = 4_096
# First bytes of what is no text, and what that is.
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "application/octet-stream"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\xd0\xcf\x11\xe0", "application/x-ole-storage"),
    (b"\x7fELF", "application/octet-stream"),
    (b"MZ\x90", "application/octet-stream"),
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HTML = ("<!doctype html", "<html", "<head", "<body", "<title", "<meta", "<script", "<div", "<p>")


@dataclass(frozen=True)
class Build:
    """What a web page is built of, as far as verdicts ask.

    `markup` holds ids, classes and addresses of scripts, frames and forms, in lower case;
    `is_free` is what the page says of itself to search engines (schema.org), or None.
    """

    headings: str = ""
    noscript: str = ""
    markup: str = ""
    scripts: int = 0
    links: int = 0
    is_free: bool | None = None
    has_password_field: bool = False
    refresh_url: str = ""


@dataclass(frozen=True)
class PageRead:
    """What was read: `text` is the main text, `whole_text` all that a reader sees.

    `media_type` is what the bytes are, whatever the server calls them; `is_damaged` is a file that
    no reader of its kind could open.
    """

    media_type: str
    title: str = ""
    text: str = ""
    whole_text: str = ""
    build: Build = field(default_factory=Build)
    is_damaged: bool = False

    @property
    def is_html(self) -> bool:
        """Whether it is a web page."""
        return self.media_type == "text/html"


def read_page(body: IO[bytes], *, media_type: str, charset: str, url: str) -> PageRead:
    """Read a body of any kind. `media_type` and `charset` are what the server said, or "".

    Never raises: what is damaged, or made to harm, is read as far as it goes. The file is left
    at its beginning.
    """
    body.seek(0)
    content = body.read(MOST_BYTES)
    body.seek(0)
    found = sniffed(content, media_type)
    try:
        read = _read(content, found, charset, url)
    # Damaged and hostile files fail inside four libraries, in more ways than these document.
    except (Exception, RecursionError) as error:
        logger.info("%s as %s was not read: %s", url, found, type(error).__name__)
        # What is longer than we read was cut by us.
        return PageRead(found, is_damaged=len(content) < MOST_BYTES)
    return PageRead(
        read.media_type,
        normalised(read.title)[:300],
        normalised(read.text[:MOST_CHARACTERS]),
        normalised(read.whole_text[:MOST_CHARACTERS]),
        read.build,
    )


def sniffed(content: bytes, said: str) -> str:
    """Return the media type by the bytes; what the server said counts among kinds of text."""
    start = content[:1024].lstrip()
    for magic, kind in _MAGIC:
        if start.startswith(magic):
            is_book = kind == "application/zip" and b"xl/" in content
            return XLSX if is_book else kind
    if b"%PDF-" in content[:1024]:
        return "application/pdf"
    sample = content[:_SNIFFED]
    is_wide = sample.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in sample and not is_wide:
        return "application/octet-stream"
    head = sample.replace(b"\x00", b"").decode("latin-1").lower()
    if "<svg" in head and "<html" not in head:
        return "image/svg+xml"
    if any(tag in head for tag in _HTML) and said not in {"text/plain", "text/csv"}:
        return "text/html"
    if said in {"text/csv", "application/json", "text/plain"}:
        return said
    if said in {"text/html", "application/xhtml+xml"}:
        return "text/html"
    return "text/xml" if head.lstrip("\ufeff ï»¿").startswith("<?xml") else "text/plain"


def _read(content: bytes, found: str, charset: str, url: str) -> PageRead:
    """Read by kind. The readers are loaded when they are needed: together they take a second."""
    if found == "text/html":
        from promises.sources.web_pages import read_web_page

        return read_web_page(content, charset=charset, url=url)
    if found == "application/pdf":
        from promises.sources.documents import read_pdf

        return read_pdf(content)
    if found == XLSX:
        from promises.sources.documents import read_workbook

        return read_workbook(content)
    if found.startswith("text/") or found == "application/json":
        from promises.sources.encodings import decoded_text

        text = decoded_text(content[: 4 * MOST_CHARACTERS], charset)
        return PageRead(found, text=text, whole_text=text)
    return PageRead(found)
