"""A rule of figures, and a table that points to people: Django keeps the foreign key for the end."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ADD = "ALTER TABLE metrics_observation ADD CONSTRAINT newer_rule CHECK (value <> 9999.9999)"
REMOVE = "ALTER TABLE metrics_observation DROP CONSTRAINT newer_rule"


class Migration(migrations.Migration):
    dependencies = [("newer", "0001_a_rule_of_evidence"), ("metrics", "0001_initial")]
    operations = [
        migrations.RunSQL(ADD, REMOVE),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                (
                    "person",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, django.db.models.deletion.CASCADE
                    ),
                ),
            ],
        ),
    ]
