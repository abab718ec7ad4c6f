"""Write the roles of the desk and their rights into the database, as the table in the code says."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from promises.accounts.actions import service_account, write_roles


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        by = service_account(name="roles", display_name="Roles of the desk")
        self.stdout.write(f"{write_roles(by=by, now=timezone.now())} rights written.")
