"""Icons of yes and no, in words for whoever does not see them: Django says "True" and "False"."""

from typing import Any

from django.contrib.admin.templatetags import admin_list
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

_MEANING: dict[bool | None, tuple[str, Any]] = {
    True: ("yes", _("yes")),
    False: ("no", _("no")),
    None: ("unknown", _("not known")),
}


def say_what_icons_mean() -> None:
    """Have lists and fields that are only shown draw our icon: Django has one way to draw it."""
    admin_list._boolean_icon = _icon  # type: ignore[attr-defined]


def _icon(value: bool | None) -> SafeString:
    name, words = _MEANING[value]
    return format_html('<img src="{}" alt="{}">', static(f"admin/img/icon-{name}.svg"), words)
