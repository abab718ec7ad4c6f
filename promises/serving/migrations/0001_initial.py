"""Changes that public answers show are counted. The statements are those of counting.py."""

from django.db import migrations

from promises.serving.counting import COUNT, COUNT_NO_MORE, all_counted, none_counted


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("captures", "0001_copies_of_evidence"),
        ("evidence", "0001_initial"),
        ("ledger", "0001_initial"),
        ("metrics", "0001_initial"),
        ("officials", "0001_initial"),
        ("pledges", "0001_initial"),
        ("record_requests", "0001_initial"),
        ("sources", "0001_initial"),
        ("staleness", "0004_stored_due_dates"),
        ("suggestions", "0001_initial"),
        ("updates", "0001_initial"),
        ("vocabulary", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(COUNT, COUNT_NO_MORE),
        migrations.RunSQL(all_counted(), none_counted()),
    ]
