"""No session may have a trigger ignored, in databases of earlier versions too."""

from django.db import migrations

from promises.common.always_on import NOBODY_IGNORES


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(NOBODY_IGNORES, migrations.RunSQL.noop)]
