"""A sweep says when it ended by the clock it was given; no column changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staleness", "0008_one_lapse_of_a_sweep")]
    operations = [
        migrations.AlterField(
            model_name="sweep",
            name="finished_at",
            field=models.DateTimeField(verbose_name="finished at"),
        ),
    ]
