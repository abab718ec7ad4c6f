"""The pages of tables and rows at the desk: where they are, a step taken there, what is logged."""

from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from tests.desk import sent


def address(model: type[Model], view: str, *args: object) -> str:
    """Return where a page of a table is."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}", args=args)


def change(row: Model) -> str:
    """Return where the page of a row is."""
    return address(type(row), "change", row.pk)


def step(row: Model, name: str) -> str:
    """Return where a step of a row is taken."""
    return address(type(row), "step", row.pk, name)


def take(browser: Client, row: Model, name: str, **answers: Any) -> None:
    """Take a step that must succeed."""
    there = step(row, name)
    assert browser.get(there).status_code == 200
    answer = sent.step(browser, there, **answers)
    assert answer.status_code == 302, answer.context["form"].errors
    assert answer["Location"] == change(row)


def said(row: Model) -> list[str]:
    """Return what the log of the desk says about a row, oldest first."""
    kind = ContentType.objects.get_for_model(row)
    entries = LogEntry.objects.filter(content_type=kind, object_id=str(row.pk)).order_by("pk")
    return [f"{entry.user}: {entry.get_change_message()}" for entry in entries]
