"""The public name: how it is written, and which two readers cannot tell apart."""

import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    StockCharField = models.CharField[Any, Any]
else:
    StockCharField = models.CharField

# What takes no room on a screen, or turns the words around it. Written for Python and PostgreSQL
# alike. The two that join letters of some scripts may stand in a name: they do not make it another.
_INVISIBLE = (
    r"\u0001-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B"
    r"\u200E\u200F\u2028-\u202E\u2060-\u206F\u2800\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF9-\uFFFF"
    r"\U000E0000-\U000E0FFF"
)
_OTHER_SPACES = r"\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000"
INVISIBLE = re.compile(f"[{_INVISIBLE}]")
# A name has words between which there is one space.
_NOT_PLAIN = f"[{_INVISIBLE}{_OTHER_SPACES}]|^ | $|  "


def visible(name: str) -> None:
    """Raise ValidationError when a name holds something that readers do not see."""
    if found := INVISIBLE.search(name):
        raise ValidationError(
            _(
                "Remove the invisible character at position %(position)d (U+%(code)s): readers"
                " could not tell this name from another."
            ),
            code="invisible_character",
            params={"position": found.start() + 1, "code": f"{ord(found.group()):04X}"},
        )


class PublicNameField(StockCharField):
    """A name by which someone signs: whatever is blank between its words is one space."""

    default_validators = [visible]

    def to_python(self, value: Any) -> Any:
        """Fold white space before anything is checked."""
        name = super().to_python(value)
        return " ".join(name.split()) if name else name


class AsCompared(models.Func):
    """A name without differences that nobody sees: of width, of form, of joined letters."""

    template = "translate(normalize(%(expressions)s, NFKC), E'\\u200c\\u200d', '')"
    output_field = models.TextField()


def plainly_written(field: str) -> models.CheckConstraint:
    """Return the database's form of what the field does and `visible` refuses."""
    return models.CheckConstraint(
        condition=~models.Q(**{f"{field}__regex": _NOT_PLAIN}),
        name="%(app_label)s_%(class)s_public_name_is_plain",
    )


def told_apart(field: str) -> models.UniqueConstraint:
    """Return the constraint that no two names look alike."""
    return models.UniqueConstraint(
        Lower(AsCompared(field)),
        name="%(app_label)s_%(class)s_public_name_once",
        violation_error_message=gettext_lazy(
            "Someone else signs with this name. Add an initial, so that readers can tell the two"
            " apart."
        ),
    )
