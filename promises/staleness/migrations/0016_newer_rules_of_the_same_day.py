"""Of two versions of the rules that came into force on one day, the later one is the newer.

RULE is the text of promises.staleness.triggers.rule_sql.
"""

from importlib import import_module

from django.db import migrations

before = import_module("promises.staleness.migrations.0013_evidence_withdrawn")

_BY_DAY = """
        JOIN updates_methodologyversion later ON later.published_on > used.published_on"""
_IN_ORDER = """
        JOIN updates_methodologyversion later
            ON (later.published_on, later.id) > (used.published_on, used.id)"""
RULE = before.RULE.replace(_BY_DAY, _IN_ORDER)


class Migration(migrations.Migration):

    dependencies = [
        ('staleness', '0015_computed_apart'),
    ]

    operations = [
        migrations.RunSQL(RULE, before.RULE),
    ]
