"""What three kinds of login may do in the database: the owner, the site, and whoever only reads.

The owner migrates. The site writes rows and owns nothing: it can change no table, switch off no
trigger, and of what is kept for good (the ledger, every history, the security log) it can only add
to. It makes no table and no function either, temporary ones included: these would come before those
that triggers read. Readers see the record and how the work stands, no login and nobody's letters.
"""

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db import connection
from django.db.models import Model

# Of these tables readers see nothing: logins, sessions, secrets, and what strangers wrote us.
PRIVATE = (
    "account_",
    "accounts_",
    "alerts_",
    "django_session",
    "editorial_unsavedwork",
    "mfa_",
    "outbox_",
    "pghistory_context",
    "suggestions_",
    "usersessions_",
    "webhooks_",
)
# Of people who log in, what pages print beside what they signed.
PUBLIC_OF_USERS = ("id", "username", "display_name")
# Nobody but the owner writes these.
_OF_THE_OWNER = {"django_migrations"}


def statements(*, site: str, reader: str) -> Iterator[str]:
    """Yield the statements that give two roles their rights, and take all others away.

    Names of roles are quoted. They are made without a login where there are none; give a login
    one of them with GRANT.
    """
    quote = connection.ops.quote_name
    tables = sorted(connection.introspection.table_names(include_views=True))
    for role in (site, reader):
        if not _exists(role):
            yield f"CREATE ROLE {quote(role)} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE"
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {quote(role)}"
        yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {quote(role)}"
        yield f"REVOKE CREATE ON SCHEMA public FROM {quote(role)}"
        yield f"GRANT USAGE ON SCHEMA public TO {quote(role)}"
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    yield from _no_temporary_tables(site, reader)
    yield from _called_by(site)
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quote(site)}"
    kept = append_only_tables()
    for table in tables:
        yield f"GRANT {_rights(table, kept)} ON {quote(table)} TO {quote(site)}"
        if not table.startswith(PRIVATE):
            yield f"GRANT SELECT ON {quote(table)} TO {quote(reader)}"
    columns = ", ".join(quote(name) for name in PUBLIC_OF_USERS)
    yield f"GRANT SELECT ({columns}) ON accounts_user TO {quote(reader)}"


def may_make_temporary_tables(role: str) -> bool:
    """Return whether a role may make temporary tables and functions in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_database_privilege(%s, current_database(), 'TEMPORARY')", [role])
        return bool(cursor.fetchone()[0])


def _no_temporary_tables(*roles: str) -> Iterator[str]:
    """Yield what leaves temporary tables to the owner, whose functions make some for the site."""
    quote = connection.ops.quote_name
    database = quote(connection.settings_dict["NAME"])
    yield f"GRANT TEMPORARY ON DATABASE {database} TO CURRENT_USER"
    for role in ("PUBLIC", *map(quote, roles)):
        yield f"REVOKE TEMPORARY ON DATABASE {database} FROM {role}"


def _called_by(site: str) -> Iterator[str]:
    """Yield what lets the site alone call the functions that act as the owner."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE prosecdef"
            " AND pronamespace = 'public'::regnamespace ORDER BY 1"
        )
        functions = [name for (name,) in cursor.fetchall()]
    for function in functions:
        yield f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC"
        yield f"GRANT EXECUTE ON FUNCTION {function} TO {connection.ops.quote_name(site)}"


def append_only_tables() -> set[str]:
    """Return the tables whose rows a trigger keeps from being changed or deleted."""
    return _tables_with("append_only")


def computed_tables() -> set[str]:
    """Return the tables that the database fills by itself, as the owner."""
    return _tables_with("due_dates_are_computed")


def _tables_with(trigger: str) -> set[str]:
    return {model._meta.db_table for model in _with_triggers() if trigger in _trigger_names(model)}


def _rights(table: str, kept: set[str]) -> str:
    if table in _OF_THE_OWNER or table in computed_tables():
        return "SELECT"
    return "SELECT, INSERT" if table in kept else "SELECT, INSERT, UPDATE, DELETE"


def _with_triggers() -> Iterable[type[Model]]:
    return (model for model in apps.get_models() if getattr(model._meta, "triggers", None))


def _trigger_names(model: type[Model]) -> set[str]:
    return {trigger.name for trigger in model._meta.triggers}  # type: ignore[attr-defined]


def _exists(role: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
        return cursor.fetchone() is not None
