"""What may be kept of a page that has not been saved, decided without the database."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta

from promises.common.text import is_storable

# Characters of JSON that one session may keep: the whole page of a pledge with a hundred pieces
# of evidence has about 60,000.
LARGEST_WORK = 400_000
# What nobody has taken up for so long is forgotten.
KEPT_FOR = timedelta(days=30)
# Sessions kept of one person on one page: after that the oldest goes.
SESSIONS_KEPT = 10
# Fields that are never kept, whatever form they stand in.
_SECRET = re.compile(r"passw|passphrase|secret|token|otp|api_?key|recovery", re.IGNORECASE)

Fields = dict[str, list[str]]


def kept_fields(sent: Mapping[str, list[str]]) -> Fields:
    """Return the fields of a form that may be kept: no secrets, no template of an empty row."""
    return {
        name: values
        for name, values in sent.items()
        if not _SECRET.search(name) and "__prefix__" not in name
    }


def as_fields(value: object) -> Fields | None:
    """Return what a browser sent if it has the form of fields, or None: name, list of texts."""
    if not isinstance(value, dict):
        return None
    for name, values in value.items():
        if not (isinstance(name, str) and isinstance(values, list)):
            return None
        if not all(isinstance(one, str) and is_storable(one) for one in [name, *values]):
            return None
    return value


def size(fields: Fields) -> int:
    """Return how many characters of JSON these fields take, as PostgreSQL writes them."""
    return len(json.dumps(fields, ensure_ascii=False))
