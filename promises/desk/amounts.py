"""How many records of a kind there are, in words."""

from typing import Any

from django.contrib.admin.utils import model_ngettext
from django.utils.translation import ngettext


def counted(model: Any, count: int | str) -> str:
    """Return a number with what it counts: of evidence there are pieces.

    The number may be written already, as "about 3,000".
    """
    number = 1 if str(count) == "1" else 2
    if model._meta.label == "evidence.Evidence":
        words = ngettext("%(count)s piece of evidence", "%(count)s pieces of evidence", number)
        return words % {"count": count}
    return f"{count} {model_ngettext(model, number)}"
