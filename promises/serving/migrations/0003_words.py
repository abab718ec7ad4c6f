"""Words that came or went are counted as well: searches find other forms by them."""

from django.db import migrations

from promises.serving.counting import LATER_STILL, RECORD, counted, counted_no_more


class Migration(migrations.Migration):

    dependencies = [
        ("serving", "0002_general_terms"),
        ("vocabulary", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(counted(table, RECORD), counted_no_more(table)) for table in LATER_STILL
    ]
