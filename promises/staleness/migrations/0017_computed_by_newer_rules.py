"""Computes every due date by the newest rule, apart from all that changes tables."""

from importlib import import_module

from django.db import migrations

before = import_module("promises.staleness.migrations.0015_computed_apart")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("staleness", "0016_newer_rules_of_the_same_day")]
    operations = [migrations.RunPython(before.compute, migrations.RunPython.noop)]
