"""Print the page of roles (docs/roles.md)."""

from typing import Any

from django.core.management.base import BaseCommand

from promises.accounts.roles_page import as_markdown


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(as_markdown(), ending="")
