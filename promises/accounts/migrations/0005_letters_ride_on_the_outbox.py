from django.db import migrations, models


class Migration(migrations.Migration):
    """What was given up after eight tries, unseen, is taken up by the outbox with what waits."""

    dependencies = [
        ("accounts", "0004_names_and_notices"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="letter", name="accounts_letter_to_send"),
        migrations.RenameField(model_name="letter", old_name="sent_at", new_name="posted_at"),
        migrations.RemoveField(model_name="letter", name="tries"),
        migrations.RemoveField(model_name="letter", name="tried_at"),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("posted_at", None)),
                fields=["queued_at"],
                name="accounts_letter_to_post",
            ),
        ),
    ]
