"""Public names for what is written without one."""

from typing import Any

from django.db.models import Model
from django.utils.text import slugify


def free_slug(model: type[Model], words: str) -> str:
    """Return a public name made of these words that no row of the table has yet."""
    field: Any = model._meta.get_field("slug")
    stem = slugify(words)[: field.max_length - 10].strip("-") or model._meta.model_name or ""
    slug, number = stem, 1
    while model._default_manager.filter(slug=slug).exists():
        number += 1
        slug = f"{stem}-{number}"
    return slug


def next_position(rows: Any) -> int:
    """Return the place after the last of these rows."""
    last = rows.order_by("position").values_list("position", flat=True).last()
    return (last or 0) + 1
