"""Changes that public answers show are counted. The statements are those of counting.py."""

from django.db import migrations

from promises.serving.counting import COUNT, COUNT_NO_MORE, all_counted, none_counted


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("captures", "0003_texts_of_copies"),
        ("evidence", "0002_evidence_counts"),
        ("ledger", "0001_initial"),
        ("metrics", "0003_annotations"),
        ("officials", "0001_initial"),
        ("pledges", "0003_translations"),
        ("record_requests", "0002_due"),
        ("sources", "0001_initial"),
        ("staleness", "0007_originals_and_copies"),
        ("suggestions", "0002_suggestions"),
        ("updates", "0005_kept_needs_its_term"),
    ]

    operations = [
        migrations.RunSQL(COUNT, COUNT_NO_MORE),
        migrations.RunSQL(all_counted(), none_counted()),
    ]
