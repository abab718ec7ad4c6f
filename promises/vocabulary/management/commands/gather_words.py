"""Gather the words of all published texts for searches, now. A worker does it by itself."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from promises.accounts.actions import service_account
from promises.vocabulary.gathering import gather_words


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        by = service_account(name="words", display_name="Gatherer of words")
        changed = gather_words(by=by, now=timezone.now(), is_asked=True)
        self.stdout.write(f"{changed} words came or went.")
