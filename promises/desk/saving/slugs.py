"""Public names: made where none is given, and numbered where another row has one."""

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import gettext as _


def free_slug(model: type[Model], words: str) -> str:
    """Return a public name made of these words that no row of the table has yet."""
    field: Any = model._meta.get_field("slug")
    stem = slugify(words)[: field.max_length - 10].strip("-") or model._meta.model_name or ""
    slug, number = stem, 1
    while model._default_manager.filter(slug=slug).exists():
        number += 1
        slug = f"{stem}-{number}"
    return slug


def unless_taken(record: Model, slug: str) -> str:
    """Return the public name asked for, or the next free one like it where another row has it."""
    others = type(record)._default_manager.exclude(pk=record.pk)
    is_taken = others.filter(slug=slug).exists()
    return free_slug(type(record), slug) if is_taken else slug


def tell_if_numbered(admin: Any, request: HttpRequest, record: Any) -> None:
    """Say that a record got another public name than was asked for, and show who has that one.

    Titles repeat ("Annual report"), and so does the work of two people: whoever wrote it down a
    second time learns of the first here.
    """
    asked = request.POST.get("slug", "").strip()
    if not asked or asked == record.slug:
        return
    names = {"asked": asked, "slug": record.slug}
    other = admin.get_queryset(request).filter(slug=asked).first()
    if other is None:
        words = _("The public name “%(asked)s” was taken, so this one has “%(slug)s”.") % names
        admin.message_user(request, words, messages.WARNING)
        return
    words = _(
        "The public name “{asked}” belongs to {other}, so this one has “{slug}”."
        " If the two are the same, keep one."
    )
    address = reverse(
        f"admin:{admin.opts.app_label}_{admin.opts.model_name}_change", args=[other.pk]
    )
    link = format_html('<a href="{}">{}</a>', address, admin.name_of(other))
    admin.message_user(request, format_html(words, other=link, **names), messages.WARNING)


def next_position(rows: Any) -> int:
    """Return the place after the last of these rows."""
    last = rows.order_by("position").values_list("position", flat=True).last()
    return (last or 0) + 1
