"""Decisions about rows that need no database."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from promises.common.canonical import canonical_json, plain, sha256_hex

MAX_ID = 200


def plain_title(title: str) -> str:
    """Return a title as titles are compared: letters and digits, no matter how they are set."""
    text = unicodedata.normalize("NFKC", title).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", text).split()) or text.strip()


def derived_id(*parts: str) -> str:
    """Return the id of a row whose source gives none: it holds as long as these words hold."""
    return f"title:{sha256_hex(canonical_json([plain_title(part) for part in parts]))[:32]}"


def content_hash(values: Mapping[str, Any]) -> str:
    """Return the hash by which a later file is compared: of values, not of how they look."""
    return sha256_hex(canonical_json({name: plain(value) for name, value in values.items()}))


def nearest(word: str, words: Collection[str]) -> list[str]:
    """Return up to three names most like this one, the likest first."""
    by_small = {name.casefold(): name for name in words}
    close = get_close_matches(word[:200].casefold(), list(by_small), n=3, cutoff=0.5)
    return [by_small[name] for name in close]


def shortened(title: str, limit: int) -> str:
    """Return a title cut between two words so that it fits, with a sign that it was cut."""
    cut = title[: limit - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"
