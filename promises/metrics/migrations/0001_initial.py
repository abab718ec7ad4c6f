import datetime
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.lookups
import pgtrigger.compiler
import promises.common.installing
import promises.common.links
import promises.common.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('officials', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('pledges', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='MetricSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('slug', models.SlugField(max_length=100, unique=True, verbose_name='slug')),
                ('publisher', models.CharField(max_length=200, validators=[promises.common.text.without_control_characters], verbose_name='publisher')),
                ('landing_url', models.CharField(blank=True, max_length=1000, validators=[promises.common.text.without_control_characters, promises.common.links.public_web_address])),
                ('repository_url', models.CharField(blank=True, max_length=1000, validators=[promises.common.text.without_control_characters, promises.common.links.public_web_address])),
                ('taken_from', models.TextField(blank=True, validators=[promises.common.text.without_control_characters], verbose_name='taken from')),
                ('licence', models.CharField(blank=True, max_length=200, validators=[promises.common.text.without_control_characters], verbose_name='licence')),
                ('cadence', models.CharField(blank=True, max_length=200, verbose_name='how often it changes')),
                ('redistribution', models.CharField(blank=True, max_length=200, validators=[promises.common.text.without_control_characters])),
            ],
            options={
                'ordering': ['slug'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('publisher__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('taken_from__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('licence__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('cadence__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True)), name='metrics_metricsource_plain_text')],
                'triggers': [pgtrigger.compiler.Trigger(name='no_lost_updates', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func="\n            IF NEW.version <> OLD.version THEN\n                RAISE EXCEPTION 'This was changed by someone else in the meantime.'\n                    USING ERRCODE = 'serialization_failure';\n            END IF;\n            NEW.version := OLD.version + 1;\n            RETURN NEW;\n            ", hash='e15176ff3f96f0bf2eb5a881e51d8b4beea85e17', operation='UPDATE', pgid='pgtrigger_no_lost_updates_911db', table='metrics_metricsource', when='BEFORE')), pgtrigger.compiler.Trigger(name='the_name_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."slug" IS DISTINCT FROM (NEW."slug"))', func="\n            IF TRUE THEN\n                RAISE EXCEPTION 'Links and copies know this by its name: that never changes.'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n            ", hash='694c0c6608da5cabee05947bdf1eaf63487c7025', operation='UPDATE', pgid='pgtrigger_the_name_stays_1d926', table='metrics_metricsource', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "metrics_metricsourceevent" ("cadence", "id", "landing_url", "licence", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "publisher", "redistribution", "repository_url", "slug", "taken_from", "version") VALUES (NEW."cadence", NEW."id", NEW."landing_url", NEW."licence", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."publisher", NEW."redistribution", NEW."repository_url", NEW."slug", NEW."taken_from", NEW."version"); RETURN NULL;', hash='7aba97aedd8c6b7a8081fed6b838723c52ddcdda', operation='INSERT', pgid='pgtrigger_insert_insert_f246c', table='metrics_metricsource', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "metrics_metricsourceevent" ("cadence", "id", "landing_url", "licence", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "publisher", "redistribution", "repository_url", "slug", "taken_from", "version") VALUES (NEW."cadence", NEW."id", NEW."landing_url", NEW."licence", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."publisher", NEW."redistribution", NEW."repository_url", NEW."slug", NEW."taken_from", NEW."version"); RETURN NULL;', hash='5cc9c0b159da07437e576477bef0869eecec5406', operation='UPDATE', pgid='pgtrigger_update_update_4c4b9', table='metrics_metricsource', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "metrics_metricsourceevent" ("cadence", "id", "landing_url", "licence", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "publisher", "redistribution", "repository_url", "slug", "taken_from", "version") VALUES (OLD."cadence", OLD."id", OLD."landing_url", OLD."licence", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."publisher", OLD."redistribution", OLD."repository_url", OLD."slug", OLD."taken_from", OLD."version"); RETURN NULL;', hash='77862d2fef05a69b2d2b1c7266a71624ed798c73', operation='DELETE', pgid='pgtrigger_delete_delete_21cc2', table='metrics_metricsource', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='MetricSourceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='metrics.metricsource')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('slug', models.SlugField(db_index=False, max_length=100, verbose_name='slug')),
                ('publisher', models.CharField(max_length=200, validators=[promises.common.text.without_control_characters], verbose_name='publisher')),
                ('landing_url', models.CharField(blank=True, max_length=1000, validators=[promises.common.text.without_control_characters, promises.common.links.public_web_address])),
                ('repository_url', models.CharField(blank=True, max_length=1000, validators=[promises.common.text.without_control_characters, promises.common.links.public_web_address])),
                ('taken_from', models.TextField(blank=True, validators=[promises.common.text.without_control_characters], verbose_name='taken from')),
                ('licence', models.CharField(blank=True, max_length=200, validators=[promises.common.text.without_control_characters], verbose_name='licence')),
                ('cadence', models.CharField(blank=True, max_length=200, verbose_name='how often it changes')),
                ('redistribution', models.CharField(blank=True, max_length=200, validators=[promises.common.text.without_control_characters])),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Cannot truncate %: it is kept for good.', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='e308324e8d6a626902644d230116800bf3875764', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_ae69d', table='metrics_metricsourceevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='166618eaf685b962bfda6026b614af7be67b78a3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_962f5', table='metrics_metricsourceevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Metric',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('in_review', 'in review'), ('published', 'published'), ('retracted', 'retracted')], default='draft', editable=False, max_length=10, verbose_name='state')),
                ('created_at', models.DateTimeField(editable=False, verbose_name='created at')),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submitted_at', models.DateTimeField(editable=False, null=True)),
                ('submitted_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_at', models.DateTimeField(editable=False, null=True)),
                ('published_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('retracted_at', models.DateTimeField(editable=False, null=True)),
                ('retracted_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('retraction_reason', models.TextField(blank=True, editable=False)),
                ('slug', models.SlugField(max_length=150, unique=True, verbose_name='slug')),
                ('jurisdiction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='metrics', to='officials.jurisdiction')),
                ('key', models.CharField(max_length=120, validators=[promises.common.text.without_control_characters], verbose_name='key')),
                ('name', models.CharField(max_length=200, validators=[promises.common.text.without_control_characters], verbose_name='name')),
                ('unit', models.CharField(max_length=60, validators=[promises.common.text.without_control_characters], verbose_name='unit')),
                ('description', models.TextField(blank=True, validators=[promises.common.text.without_control_characters], verbose_name='description')),
                ('reading', models.TextField(blank=True, help_text='Which way is which.', validators=[promises.common.text.without_control_characters], verbose_name='how to read it')),
            ],
            options={
                'ordering': ['name', 'pk'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'in_review', 'published', 'retracted'])), name='metrics_metric_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('submitted_at__isnull', False), ('submitted_by__isnull', False)), models.Q(('submitted_at__isnull', True), ('submitted_by__isnull', True)), _connector='OR'), name='metrics_metric_submitted_at_is_paired'), models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', False), ('published_by__isnull', False)), models.Q(('published_at__isnull', True), ('published_by__isnull', True)), _connector='OR'), name='metrics_metric_published_at_is_paired'), models.CheckConstraint(condition=models.Q(models.Q(('retracted_at__isnull', False), ('retracted_by__isnull', False)), models.Q(('retracted_at__isnull', True), ('retracted_by__isnull', True)), _connector='OR'), name='metrics_metric_retracted_at_is_paired'), models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('state__in', ['draft', 'in_review'])), models.Q(('published_at__isnull', False), ('state__in', ['published', 'retracted'])), _connector='OR'), name='metrics_metric_published_has_a_date'), models.CheckConstraint(condition=models.Q(models.Q(('retracted_at__isnull', False), ('state', 'retracted'), models.Q(('retraction_reason', ''), _negated=True)), models.Q(models.Q(('state', 'retracted'), _negated=True), ('retracted_at__isnull', True), ('retraction_reason', '')), _connector='OR'), name='metrics_metric_retracted_has_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('key__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('name__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('unit__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('description__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('reading__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True)), name='metrics_metric_plain_text'), models.UniqueConstraint(fields=('jurisdiction', 'key'), name='metrics_metric_key_once_per_place')],
                'triggers': [pgtrigger.compiler.Trigger(name='the_name_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."slug" IS DISTINCT FROM (NEW."slug"))', func="\n            IF OLD.state IN ('published', 'retracted') THEN\n                RAISE EXCEPTION 'Links and copies know this by its name: that never changes.'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n            ", hash='71116d3807c954f9f69b60c4c1160b44a2ea5e23', operation='UPDATE', pgid='pgtrigger_the_name_stays_56c95', table='metrics_metric', when='BEFORE')), pgtrigger.compiler.Trigger(name='state_moves_forward', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IS DISTINCT FROM (NEW."state"))', func="\n                    IF (OLD.state, NEW.state) NOT IN (\n                        ('draft', 'in_review'), ('in_review', 'draft'), ('draft', 'published'),\n                        ('in_review', 'published'), ('published', 'retracted')\n                    ) THEN\n                        RAISE EXCEPTION 'A % record cannot become %.', OLD.state, NEW.state\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                    ", hash='4a5b6bab6b34bd874dd8c042f793a3c4130f1576', operation='UPDATE OF "state"', pgid='pgtrigger_state_moves_forward_01036', table='metrics_metric', when='BEFORE')), pgtrigger.compiler.Trigger(name='only_drafts_are_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IN (\'published\', \'retracted\'))', func="\n                    RAISE EXCEPTION 'A % record is not deleted; retract it.', OLD.state\n                        USING ERRCODE = 'check_violation';\n                    ", hash='6d55cb7cb0c834104d8a8de49d7b496f6e50d83d', operation='DELETE', pgid='pgtrigger_only_drafts_are_deleted_54f8d', table='metrics_metric', when='BEFORE')), pgtrigger.compiler.Trigger(name='the_author_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))', func="\n                    RAISE EXCEPTION 'Who wrote a record, and when, never changes.'\n                        USING ERRCODE = 'check_violation';\n                    ", hash='a979c23b4c436ad4edd8b853ec12ef5e34f1821f', operation='UPDATE OF "created_by_id", "created_at"', pgid='pgtrigger_the_author_stays_1b370', table='metrics_metric', when='BEFORE')), pgtrigger.compiler.Trigger(name='no_lost_updates', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func="\n            IF NEW.version <> OLD.version THEN\n                RAISE EXCEPTION 'This was changed by someone else in the meantime.'\n                    USING ERRCODE = 'serialization_failure';\n            END IF;\n            NEW.version := OLD.version + 1;\n            RETURN NEW;\n            ", hash='27535d9bdf4ff31ea56cb0b77b901b2d152c09bd', operation='UPDATE', pgid='pgtrigger_no_lost_updates_a8fb7', table='metrics_metric', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "metrics_metricevent" ("created_at", "created_by_id", "description", "id", "jurisdiction_id", "key", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "reading", "retracted_at", "retracted_by_id", "retraction_reason", "slug", "state", "submitted_at", "submitted_by_id", "unit", "version") VALUES (NEW."created_at", NEW."created_by_id", NEW."description", NEW."id", NEW."jurisdiction_id", NEW."key", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."published_at", NEW."published_by_id", NEW."reading", NEW."retracted_at", NEW."retracted_by_id", NEW."retraction_reason", NEW."slug", NEW."state", NEW."submitted_at", NEW."submitted_by_id", NEW."unit", NEW."version"); RETURN NULL;', hash='2a5e3d0ce7057d9eab5ea55837839f408b7102b3', operation='INSERT', pgid='pgtrigger_insert_insert_be2f6', table='metrics_metric', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "metrics_metricevent" ("created_at", "created_by_id", "description", "id", "jurisdiction_id", "key", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "reading", "retracted_at", "retracted_by_id", "retraction_reason", "slug", "state", "submitted_at", "submitted_by_id", "unit", "version") VALUES (NEW."created_at", NEW."created_by_id", NEW."description", NEW."id", NEW."jurisdiction_id", NEW."key", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."published_at", NEW."published_by_id", NEW."reading", NEW."retracted_at", NEW."retracted_by_id", NEW."retraction_reason", NEW."slug", NEW."state", NEW."submitted_at", NEW."submitted_by_id", NEW."unit", NEW."version"); RETURN NULL;', hash='747d937106ce6c406459c0323fa7dc4cccbeba09', operation='UPDATE', pgid='pgtrigger_update_update_1b131', table='metrics_metric', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "metrics_metricevent" ("created_at", "created_by_id", "description", "id", "jurisdiction_id", "key", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "reading", "retracted_at", "retracted_by_id", "retraction_reason", "slug", "state", "submitted_at", "submitted_by_id", "unit", "version") VALUES (OLD."created_at", OLD."created_by_id", OLD."description", OLD."id", OLD."jurisdiction_id", OLD."key", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."published_at", OLD."published_by_id", OLD."reading", OLD."retracted_at", OLD."retracted_by_id", OLD."retraction_reason", OLD."slug", OLD."state", OLD."submitted_at", OLD."submitted_by_id", OLD."unit", OLD."version"); RETURN NULL;', hash='b32276fc9e818f1b3361a6fa5e11c93aabd022ca', operation='DELETE', pgid='pgtrigger_delete_delete_110e8', table='metrics_metric', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='MetricEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='metrics.metric')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('in_review', 'in review'), ('published', 'published'), ('retracted', 'retracted')], default='draft', editable=False, max_length=10, verbose_name='state')),
                ('created_at', models.DateTimeField(editable=False, verbose_name='created at')),
                ('created_by', models.ForeignKey(db_constraint=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('submitted_at', models.DateTimeField(editable=False, null=True)),
                ('submitted_by', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_at', models.DateTimeField(editable=False, null=True)),
                ('published_by', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('retracted_at', models.DateTimeField(editable=False, null=True)),
                ('retracted_by', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('retraction_reason', models.TextField(blank=True, editable=False)),
                ('slug', models.SlugField(db_index=False, max_length=150, verbose_name='slug')),
                ('jurisdiction', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='officials.jurisdiction')),
                ('key', models.CharField(max_length=120, validators=[promises.common.text.without_control_characters], verbose_name='key')),
                ('name', models.CharField(max_length=200, validators=[promises.common.text.without_control_characters], verbose_name='name')),
                ('unit', models.CharField(max_length=60, validators=[promises.common.text.without_control_characters], verbose_name='unit')),
                ('description', models.TextField(blank=True, validators=[promises.common.text.without_control_characters], verbose_name='description')),
                ('reading', models.TextField(blank=True, help_text='Which way is which.', validators=[promises.common.text.without_control_characters], verbose_name='how to read it')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Cannot truncate %: it is kept for good.', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='2f9be400acecb611245508b2b1c7d5951245f312', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_3750b', table='metrics_metricevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2bee8d216c49fa712e105dbba2f7a947fd6c1f1b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b7710', table='metrics_metricevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='MetricPledge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('metric', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='metric_pledges', to='metrics.metric')),
                ('pledge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='metric_pledges', to='pledges.pledge')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('metric', 'pledge'), name='metrics_metricpledge_once')],
                'triggers': [pgtrigger.compiler.Trigger(name='the_name_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."metric_id" IS DISTINCT FROM (NEW."metric_id") OR OLD."pledge_id" IS DISTINCT FROM (NEW."pledge_id"))', func="\n            IF TRUE THEN\n                RAISE EXCEPTION 'Links and copies know this by its name: that never changes.'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n            ", hash='7c90c10cd48ec1ac2d404d2c6febdd7987c7a582', operation='UPDATE', pgid='pgtrigger_the_name_stays_517da', table='metrics_metricpledge', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "metrics_metricpledgeevent" ("id", "metric_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id") VALUES (NEW."id", NEW."metric_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pledge_id"); RETURN NULL;', hash='a3777d9230006bfd6d3bc48cdf5020c71f0cd339', operation='INSERT', pgid='pgtrigger_insert_insert_58efc', table='metrics_metricpledge', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "metrics_metricpledgeevent" ("id", "metric_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id") VALUES (NEW."id", NEW."metric_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pledge_id"); RETURN NULL;', hash='c8f7f29a5906dbab8f529e61797e40c5ce928bae', operation='UPDATE', pgid='pgtrigger_update_update_94b44', table='metrics_metricpledge', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "metrics_metricpledgeevent" ("id", "metric_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id") VALUES (OLD."id", OLD."metric_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."pledge_id"); RETURN NULL;', hash='24e1054a458fb84d30e9d5b5332d3370eb2020c1', operation='DELETE', pgid='pgtrigger_delete_delete_81124', table='metrics_metricpledge', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='MetricPledgeEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='metrics.metricpledge')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('metric', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='metrics.metric')),
                ('pledge', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.pledge')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Cannot truncate %: it is kept for good.', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='684c5bfbeee9f0b8ab494a75ca7308394d361a5e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_e5050', table='metrics_metricpledgeevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3c02955fc341bb2ce3beb6b5e390ecd452e2981b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_51740', table='metrics_metricpledgeevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='MetricAnnotation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('slug', models.SlugField(max_length=100, unique=True, verbose_name='slug')),
                ('metric', models.ForeignKey(blank=True, help_text='Leave empty for all metrics.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='annotations', to='metrics.metric')),
                ('from_on', models.DateField(verbose_name='from')),
                ('to_on', models.DateField(help_text='The last day.', verbose_name='to')),
                ('text', models.CharField(help_text='A few plain words.', max_length=200, validators=[promises.common.text.without_control_characters], verbose_name='what is different')),
                ('source', models.CharField(max_length=300, validators=[promises.common.text.without_control_characters], verbose_name='source')),
                ('source_url', models.CharField(blank=True, max_length=1000, validators=[promises.common.text.without_control_characters, promises.common.links.public_web_address], verbose_name='where it can be read')),
                ('is_shown', models.BooleanField(default=True, verbose_name='shown on charts')),
            ],
            options={
                'ordering': ['from_on', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('text__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('source__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True)), name='metrics_metricannotation_plain_text'), models.CheckConstraint(condition=models.Q(('to_on__gte', models.F('from_on'))), name='metrics_metricannotation_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), models.Q(('source', ''), _negated=True)), name='metrics_metricannotation_says_what_and_where_from')],
                'triggers': [pgtrigger.compiler.Trigger(name='no_lost_updates', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func="\n            IF NEW.version <> OLD.version THEN\n                RAISE EXCEPTION 'This was changed by someone else in the meantime.'\n                    USING ERRCODE = 'serialization_failure';\n            END IF;\n            NEW.version := OLD.version + 1;\n            RETURN NEW;\n            ", hash='f02cafad2b0601b2d282bc20660afd8398d0c13a', operation='UPDATE', pgid='pgtrigger_no_lost_updates_a872d', table='metrics_metricannotation', when='BEFORE')), pgtrigger.compiler.Trigger(name='the_name_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."slug" IS DISTINCT FROM (NEW."slug"))', func="\n            IF TRUE THEN\n                RAISE EXCEPTION 'Links and copies know this by its name: that never changes.'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n            ", hash='49371a32534680db32e4abf5dbb8a3d6c5834085', operation='UPDATE', pgid='pgtrigger_the_name_stays_ea073', table='metrics_metricannotation', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "metrics_metricannotationevent" ("from_on", "id", "is_shown", "metric_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "source", "source_url", "text", "to_on", "version") VALUES (NEW."from_on", NEW."id", NEW."is_shown", NEW."metric_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."slug", NEW."source", NEW."source_url", NEW."text", NEW."to_on", NEW."version"); RETURN NULL;', hash='91f78772109528f634b25a06dafced28de7e41bc', operation='INSERT', pgid='pgtrigger_insert_insert_c6968', table='metrics_metricannotation', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "metrics_metricannotationevent" ("from_on", "id", "is_shown", "metric_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "source", "source_url", "text", "to_on", "version") VALUES (NEW."from_on", NEW."id", NEW."is_shown", NEW."metric_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."slug", NEW."source", NEW."source_url", NEW."text", NEW."to_on", NEW."version"); RETURN NULL;', hash='562fe5f18581c3933b42c097d505d5829f2728ec', operation='UPDATE', pgid='pgtrigger_update_update_f1052', table='metrics_metricannotation', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "metrics_metricannotationevent" ("from_on", "id", "is_shown", "metric_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "source", "source_url", "text", "to_on", "version") VALUES (OLD."from_on", OLD."id", OLD."is_shown", OLD."metric_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."slug", OLD."source", OLD."source_url", OLD."text", OLD."to_on", OLD."version"); RETURN NULL;', hash='3f108acbf98b0d2404d34c8bcef61d99846025ee', operation='DELETE', pgid='pgtrigger_delete_delete_0bfc9', table='metrics_metricannotation', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='MetricAnnotationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='metrics.metricannotation')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('slug', models.SlugField(db_index=False, max_length=100, verbose_name='slug')),
                ('metric', models.ForeignKey(blank=True, db_constraint=False, help_text='Leave empty for all metrics.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='metrics.metric')),
                ('from_on', models.DateField(verbose_name='from')),
                ('to_on', models.DateField(help_text='The last day.', verbose_name='to')),
                ('text', models.CharField(help_text='A few plain words.', max_length=200, validators=[promises.common.text.without_control_characters], verbose_name='what is different')),
                ('source', models.CharField(max_length=300, validators=[promises.common.text.without_control_characters], verbose_name='source')),
                ('source_url', models.CharField(blank=True, max_length=1000, validators=[promises.common.text.without_control_characters, promises.common.links.public_web_address], verbose_name='where it can be read')),
                ('is_shown', models.BooleanField(default=True, verbose_name='shown on charts')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Cannot truncate %: it is kept for good.', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='ab4e4a5a8a2ce5e1bb5eb2ceafb4e1d798916100', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_e926b', table='metrics_metricannotationevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='35651de4cc72cfad6698885df0263429c92cb540', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2ff6c', table='metrics_metricannotationevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Observation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('metric', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='observations', to='metrics.metric')),
                ('observed_on', models.DateField(verbose_name='first day of the period')),
                ('period', models.CharField(choices=[('day', 'day'), ('week', 'week'), ('month', 'month'), ('quarter', 'quarter'), ('quarter_end', 'end of a quarter'), ('half_year', 'half-year'), ('year', 'year'), ('partial_year', 'part of a year'), ('year_to_date', 'year to date')], max_length=15, verbose_name='period')),
                ('value', models.DecimalField(decimal_places=4, max_digits=16, verbose_name='value')),
                ('vintage_on', models.DateField(verbose_name='published on')),
                ('vintage_precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year'), ('unknown', 'unknown')], default='day', max_length=10, verbose_name='date is known to the')),
                ('source', models.CharField(max_length=200, validators=[promises.common.text.without_control_characters], verbose_name='source')),
                ('retracted_at', models.DateTimeField(editable=False, null=True)),
                ('retracted_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('retraction_reason', models.TextField(blank=True, db_default='', editable=False)),
            ],
            options={
                'ordering': ['metric_id', 'observed_on', 'vintage_on', 'pk'],
                'indexes': [models.Index(fields=['metric', '-vintage_on', '-id'], name='metrics_newest_vintage')],
                'constraints': [models.CheckConstraint(condition=models.Q(('source__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), name='metrics_observation_plain_text'), models.CheckConstraint(condition=models.Q(models.Q(('vintage_on__isnull', True), ('vintage_precision', 'unknown')), models.Q(('vintage_precision', 'day'), ('vintage_on__isnull', False)), models.Q(('vintage_precision', 'month'), ('vintage_on__isnull', False), django.db.models.lookups.Exact(django.db.models.functions.datetime.ExtractDay(django.db.models.functions.comparison.Cast('vintage_on', models.DateField())), 1)), models.Q(('vintage_precision', 'year'), ('vintage_on__isnull', False), django.db.models.lookups.Exact(django.db.models.functions.datetime.ExtractDay(django.db.models.functions.comparison.Cast('vintage_on', models.DateField())), 1), django.db.models.lookups.Exact(django.db.models.functions.datetime.ExtractMonth(django.db.models.functions.comparison.Cast('vintage_on', models.DateField())), 1)), _connector='OR'), name='metrics_observation_vintage_on_as_precise_as_known'), models.UniqueConstraint(condition=models.Q(('retracted_at__isnull', True)), fields=('metric', 'observed_on', 'period', 'vintage_on', 'source'), name='metrics_observation_once_per_vintage', violation_error_message='A value of this period, published on that day by that source, is here already.'), models.CheckConstraint(condition=models.Q(models.Q(('retracted_at__isnull', False), ('retracted_by__isnull', False)), models.Q(('retracted_at__isnull', True), ('retracted_by__isnull', True)), _connector='OR'), name='metrics_observation_retracted_at_is_paired'), models.CheckConstraint(condition=models.Q(models.Q(('retracted_at__isnull', True), ('retraction_reason', '')), models.Q(('retracted_at__isnull', False), models.Q(('retraction_reason', ''), _negated=True)), _connector='OR'), name='metrics_observation_retracted_for_a_reason'), models.CheckConstraint(condition=models.Q(('period__in', ['day', 'week', 'month', 'quarter', 'quarter_end', 'half_year', 'year', 'partial_year', 'year_to_date'])), name='metrics_observation_period_known'), models.CheckConstraint(condition=models.Q(('retracted_at__isnull', False), ('period__in', ('day', 'week', 'partial_year')), models.Q(('period__in', ('month', 'quarter', 'half_year', 'year', 'year_to_date')), django.db.models.lookups.Exact(django.db.models.functions.datetime.ExtractDay(django.db.models.functions.comparison.Cast('observed_on', models.DateField())), 1)), models.Q(('period', 'quarter_end'), django.db.models.lookups.Exact(django.db.models.functions.datetime.ExtractDay(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(django.db.models.functions.comparison.Cast('observed_on', models.DateField()), '+', models.Value(datetime.timedelta(days=1))), models.DateField())), 1)), _connector='OR'), name='metrics_observation_begins_with_its_period', violation_error_message='A month, a quarter, a half-year, a year and a year to date begin on the first day of a month, and the end of a quarter is the last day of one: give that day. What begins on another day is a day, a week or part of a year: choose that period.'), models.CheckConstraint(condition=models.Q(('retracted_at__isnull', False), ('vintage_on__gte', models.F('observed_on')), models.Q(('vintage_precision', 'month'), django.db.models.lookups.GreaterThanOrEqual(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.functions.datetime.ExtractYear(django.db.models.functions.comparison.Cast('vintage_on', models.DateField())), '*', models.Value(12)), '+', django.db.models.functions.datetime.ExtractMonth(django.db.models.functions.comparison.Cast('vintage_on', models.DateField()))), django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.functions.datetime.ExtractYear(django.db.models.functions.comparison.Cast('observed_on', models.DateField())), '*', models.Value(12)), '+', django.db.models.functions.datetime.ExtractMonth(django.db.models.functions.comparison.Cast('observed_on', models.DateField()))))), models.Q(('vintage_precision', 'year'), django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.datetime.ExtractYear(django.db.models.functions.comparison.Cast('vintage_on', models.DateField())), django.db.models.functions.datetime.ExtractYear(django.db.models.functions.comparison.Cast('observed_on', models.DateField())))), _connector='OR'), name='metrics_observation_published_after_it_began', violation_error_message='The day on which this value was published lies before its period: check both. What an office only expects is no value.')],
                'triggers': [pgtrigger.compiler.Trigger(name='vintages_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF TG_OP = 'UPDATE' AND OLD.retracted_at IS NULL\n                        AND NEW.retracted_at IS NOT NULL\n                        AND to_jsonb(NEW) - ARRAY['retracted_at', 'retracted_by_id', 'retraction_reason'] = to_jsonb(OLD) - ARRAY['retracted_at', 'retracted_by_id', 'retraction_reason']\n                    THEN\n                        RETURN NEW;\n                    END IF;\n                    RAISE EXCEPTION 'A value stays as it was published. It is retracted at most.'\n                        USING ERRCODE = 'check_violation';\n                    ", hash='275832740e008080f1991b205a2355c71d7bb1ed', operation='UPDATE OR DELETE', pgid='pgtrigger_vintages_are_kept_ac9ac', table='metrics_observation', when='BEFORE')), pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Cannot truncate %: it is kept for good.', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='c248a49d8853254d56a5b2e10f3190fff22a8a3b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_0abc4', table='metrics_observation', when='BEFORE'))],
            },
        ),
        migrations.AddField(
            model_name='Metric',
            name='pledges',
            field=models.ManyToManyField(related_name='metrics', through='metrics.MetricPledge', to='pledges.pledge'),
        ),
        promises.common.installing.InstallTriggers(
        ),
    ]
