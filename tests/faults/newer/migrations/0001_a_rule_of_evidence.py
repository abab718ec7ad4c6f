"""A rule of evidence, which every page of a pledge reads: it needs the table for itself."""

from django.db import migrations

ADD = "ALTER TABLE evidence_evidence ADD CONSTRAINT newer_rule CHECK (title <> 'Newer')"
REMOVE = "ALTER TABLE evidence_evidence DROP CONSTRAINT newer_rule"


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]
    operations = [migrations.RunSQL(ADD, REMOVE)]
