"""Make the logins of a development machine and say what they are: four eyes need two people."""

import os
import secrets
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from promises.accounts.actions import (
    NotInDevelopment,
    create_development_login,
    service_account,
    write_roles,
)
from promises.accounts.choices import Role
from promises.officials.actions import set_partnerships
from promises.officials.models import Jurisdiction

# Username → public name and role; without a role, every right.
LOGINS = {
    "editor": ("First Editor", ""),
    "second-editor": ("Second Editor", ""),
    "researcher": ("A Researcher", Role.RESEARCHER),
    "plain-editor": ("An Editor", Role.EDITOR),
    "administrator": ("An Administrator", Role.ADMINISTRATOR),
    "partner": ("A Partner", Role.PARTNER),
}


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.DEVELOPMENT_LOGINS)
        passwords = _kept(path)
        try:
            self._make(passwords)
        except NotInDevelopment as error:
            raise CommandError(str(error)) from error
        _keep(path, passwords)
        lines = [f"Log in at {settings.SITE_URL}{reverse('admin:index')}"]
        lines += [
            f"  {username:15} password {passwords[username]}  ({role or 'every right'})"
            for username, (_name, role) in LOGINS.items()
        ]
        lines.append("Several logins, because nobody approves their own status update.")
        self.stdout.write("\n".join(lines))

    @transaction.atomic
    def _make(self, passwords: dict[str, str]) -> None:
        """Make the roles and a login for each; the partner works in the first jurisdiction."""
        given: dict[str, Any] = {
            "by": service_account(name="roles", display_name="Roles of the desk"),
            "now": timezone.now(),
        }
        write_roles(**given)
        for username, (display_name, role) in LOGINS.items():
            user = create_development_login(
                username=username,
                display_name=display_name,
                password=passwords.setdefault(username, secrets.token_urlsafe(12)),
                role=role,
            )
            if role == Role.PARTNER:
                set_partnerships(person=user, jurisdictions=Jurisdiction.objects.all()[:1], **given)


def _kept(path: Path) -> dict[str, str]:
    """Return the passwords of an earlier run, or none."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines if " " in line)


def _keep(path: Path, passwords: dict[str, str]) -> None:
    """Write the passwords, readable by this user only; whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # A new file of mkstemp is private from its first moment.
    descriptor, draft = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{username} {password}\n" for username, password in passwords.items())
    Path(draft).replace(path)
