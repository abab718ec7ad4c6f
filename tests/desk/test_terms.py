"""One word for a thing: a pledge has a status, and status updates give it one."""

import re
from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.admin.utils import label_for_field
from django.db.models import Model
from django.test import RequestFactory

from tests.desk.conftest import registered

# "Rating" is another word for both; "update" alone could be any change.
ANOTHER_WORD = re.compile(r"\bratings?\b|(?<!status )\bupdates?\b", re.IGNORECASE)


def labels(model: type[Model]) -> list[str]:
    """What the desk calls the columns of a list, its boxes, its steps and the rows of its pages."""
    admin: Any = site.get_model_admin(model)
    found = [label_for_field(name, model, admin) for name in admin.list_display]
    found += [box.title for box in getattr(admin, "boxes", ())]
    for step in getattr(admin, "steps", ()):
        found += [step.label, step.explains, step.done]
    for inline in admin.get_inlines(RequestFactory().get("/"), None):
        found += [inline.verbose_name, inline.verbose_name_plural]
    return [str(words) for words in found if words]


@pytest.mark.parametrize("model", registered(), ids=lambda model: model._meta.label)
def test_labels_say_status_and_status_update(model: type[Model]) -> None:
    assert [words for words in labels(model) if ANOTHER_WORD.search(words)] == []
