"""Changes of general terms are counted as well: pages in other languages show them."""

from django.db import migrations

from promises.serving.counting import LATER, RECORD, counted, counted_no_more


class Migration(migrations.Migration):

    dependencies = [
        ("serving", "0001_initial"),
        ("pledges", "0005_general_terms"),
    ]

    operations = [
        migrations.RunSQL(counted(table, RECORD), counted_no_more(table)) for table in LATER
    ]
