"""From the bytes of a page to its characters."""

import codecs
import re

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Where a page names its own encoding (HTML, section 4.2.5.4): within its first 1024 bytes.
_NAMED = re.compile(rb"charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.\-]{1,40})", re.IGNORECASE)
# What browsers read under these names (WHATWG Encoding, section 4.2).
_READ_AS = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}
_SAMPLE = 50_000
# The share of bytes beyond ASCII from which on an encoding is guessed.
_FOREIGN = 0.2


def decoded_text(content: bytes, charset: str) -> str:
    """Decode by byte order mark, UTF-8, the server's word, the page's word, or a guess.

    Bytes that fit in no way become U+FFFD.
    """
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return content.decode(codec, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        # The last character of what was cut off is no fault of the encoding.
        if len(content) > 4 and _is_utf8(content[:-4]):
            return content.decode("utf-8", "replace")
    named = _NAMED.search(content[:1024])
    for name in (charset, named.group(1).decode("ascii") if named else ""):
        codec = _codec(name)
        if codec:
            return content.decode(codec, "replace")
    sample = content[:_SAMPLE]
    # Western texts have few letters beyond ASCII, and browsers read them so too.
    best = None
    if sum(byte > 127 for byte in sample) > _FOREIGN * len(sample):
        best = from_bytes(sample).best()
    return content.decode(best.encoding if best else "cp1252", "replace")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(content) - 4
    return True


def _codec(name: str) -> str:
    """Return the codec of Python for a named encoding of text, or ""."""
    if not name:
        return ""
    name = _READ_AS.get(name.strip().lower(), name.strip().lower())
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    # Codecs such as zip and rot13 are no encodings of text.
    is_text = getattr(found, "_is_text_encoding", True)
    return found.name if is_text and found.name not in {"idna", "punycode", "undefined"} else ""
