"""Triggers that no setting switches off.

Each trigger that django-pgtrigger writes first asks a function of the database whether the session
wants it ignored (`SET pgtrigger.ignore`), and any session may want that. Here the function says
no. Each trigger that is installed brings the function along, so it is replaced in that text: the
library's own can never come back with a later migration.
"""

import re

from pgtrigger import compiler

_NOBODY_IGNORES = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT false';
"""
_THE_LIBRARYS = re.compile(
    r"CREATE OR REPLACE FUNCTION \S*_pgtrigger_should_ignore\(.*?LANGUAGE plpgsql;", re.DOTALL
)


def _install_sql(trigger: compiler.Trigger) -> str:
    """Return what installs a trigger, and the function that says no."""
    text, count = _THE_LIBRARYS.subn(_NOBODY_IGNORES, str(trigger.sql))
    assert count == 1, "django-pgtrigger asks in another way: read its compiler again"
    return text


def keep_triggers_on() -> None:
    """Install every trigger with the function that says no; migrations and tests alike."""
    compiler.Trigger.install_sql = property(_install_sql)  # type: ignore[assignment,method-assign]
