from django.db import migrations, models

# Noted twice by two who looked at the same time: the first stays.
DOUBLED = """
DELETE FROM staleness_lapse late USING staleness_lapse first
WHERE late.heartbeat = 'sweep' AND first.heartbeat = 'sweep'
    AND late.silent_since = first.silent_since AND late.id > first.id
"""


class Migration(migrations.Migration):

    dependencies = [("staleness", "0007_originals_and_copies")]

    operations = [
        migrations.RunSQL(DOUBLED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="lapse",
            constraint=models.UniqueConstraint(
                condition=models.Q(("heartbeat", "sweep")),
                fields=("silent_since",),
                name="staleness_one_lapse_of_a_sweep",
            ),
        ),
    ]
