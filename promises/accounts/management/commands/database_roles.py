"""Give the site's and the readers' role in the database their rights; run it as the owner.

After each `migrate`: tables that are new have no rights yet.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from promises.accounts.database_roles import may_make_temporary_tables, statements


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", default="tracker_site", help="the role of web, worker, beat")
        parser.add_argument("--reader", default="tracker_reader", help="the role that only reads")
        parser.add_argument("--show", action="store_true", help="print the SQL and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = list(statements(site=options["site"], reader=options["reader"]))
        if options["show"]:
            self.stdout.write(";\n".join([*wanted, ""]))
            return
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in wanted:
                cursor.execute(statement)
            # Revoked by someone who does not own the database, a right stays, without an error.
            if may_make_temporary_tables(options["site"]):
                raise CommandError(
                    f"{options['site']} may still make temporary tables, which could shadow those"
                    " that guards read. As the owner of the database, REVOKE TEMPORARY ON DATABASE"
                    f" … from PUBLIC and from every role that {options['site']} is a member of."
                    " Nothing has changed."
                )
        self.stdout.write(
            f"{options['site']} writes rows and owns nothing; {options['reader']} only reads."
            f" Give one to a login: GRANT {options['site']} TO …"
        )
