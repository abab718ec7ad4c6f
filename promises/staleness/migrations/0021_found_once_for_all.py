"""What is due is found once for all pledges in question, not once for each of them.

Of `watch = 'on'`, which is computed, PostgreSQL expected one pledge in two hundred, and looked for
all that is due anew for each: of 200 pledges in 200,000 that took seconds, and a first load was not
through after half an hour. RULE is the text of promises.staleness.triggers.rule_sql.
"""

from importlib import import_module

from django.db import migrations

before = import_module("promises.staleness.migrations.0016_newer_rules_of_the_same_day")

RULE = before.RULE.replace(
    """ WHERE pledge_id = ANY(ids) AND watch = 'on'""",
    """
        WHERE pledge_id = ANY(ids) AND watch NOT IN ('off', 'paused')""",
).replace("until_on, facts) AS (", "until_on, facts) AS MATERIALIZED (")


class Migration(migrations.Migration):
    dependencies = [("staleness", "0020_computed_once")]
    operations = [migrations.RunSQL(RULE, before.RULE)]
