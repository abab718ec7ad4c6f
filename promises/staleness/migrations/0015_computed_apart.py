"""Computes every due date by the newest rule, apart from all that changes tables.

A change of a table keeps everybody from it until its transaction ends, and computing locks the
pledges: whoever writes has a pledge and wants its flags. So this is a migration of its own, a short
transaction for each part, and may be run again wherever it was cut off.
"""

from typing import Any

from django.db import migrations

# Pledges computed at once: who writes one of them waits so long.
PART = 1000


def compute(apps: Any, schema_editor: Any) -> None:
    """Make the stored dates equal to the rule."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM pledges_pledge ORDER BY id")
        ids = [pk for (pk,) in cursor.fetchall()]
        for start in range(0, len(ids), PART):
            cursor.execute("SELECT staleness_derive(%s)", [ids[start : start + PART]])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("staleness", "0014_names_stay")]
    operations = [migrations.RunPython(compute, migrations.RunPython.noop)]
