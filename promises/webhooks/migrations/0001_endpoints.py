import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import promises.common.installing
import promises.common.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('ledger', '0001_initial'),
        ('officials', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('pledges', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Endpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(editable=False, max_length=20, unique=True, verbose_name='number')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='of')),
                ('url', models.CharField(max_length=2000, verbose_name='address')),
                ('description', models.CharField(blank=True, max_length=200, validators=[promises.common.text.without_control_characters], verbose_name='what for')),
                ('event_types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None, verbose_name='events')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='officials.person')),
                ('topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pledges.topic')),
                ('secret', models.TextField(editable=False)),
                ('old_secret', models.TextField(blank=True, editable=False)),
                ('old_secret_expires_at', models.DateTimeField(blank=True, null=True, verbose_name='old secret signs until')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('since_edition', models.PositiveBigIntegerField(verbose_name='since edition')),
                ('disabled_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('disabled_reason', models.CharField(blank=True, choices=[('owner', 'its owner closed it'), ('administrator', 'an administrator closed it'), ('login_closed', 'the login of its owner was closed'), ('gone', 'it answered 410: it is gone for good'), ('failing', 'it took nothing for days')], max_length=20, verbose_name='closed because')),
                ('disabled_note', models.CharField(blank=True, max_length=500, validators=[promises.common.text.without_control_characters], verbose_name='note')),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('resumes_at', models.DateTimeField(blank=True, null=True, verbose_name='left alone until')),
                ('first_failed_at', models.DateTimeField(blank=True, null=True, verbose_name='taking nothing since')),
            ],
            options={
                'verbose_name': 'webhook',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['owner', '-id'], name='webhooks_endpoint_of_owner')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('description__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('disabled_note__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True)), name='webhooks_endpoint_plain_text'), models.CheckConstraint(condition=models.Q(('secret', ''), _negated=True), name='webhooks_endpoint_has_a_secret'), models.CheckConstraint(condition=models.Q(models.Q(('old_secret', ''), ('old_secret_expires_at', None)), models.Q(models.Q(('old_secret', ''), _negated=True), ('old_secret_expires_at__isnull', False)), _connector='OR'), name='webhooks_endpoint_old_secret_ends'), models.CheckConstraint(condition=models.Q(models.Q(('disabled_at', None), ('disabled_reason', '')), models.Q(('disabled_at__isnull', False), ('disabled_reason__in', ['owner', 'administrator', 'login_closed', 'gone', 'failing'])), _connector='OR'), name='webhooks_endpoint_closed_for_a_reason')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "webhooks_endpointevent" ("description", "disabled_at", "disabled_note", "disabled_reason", "event_types", "id", "made_at", "old_secret_expires_at", "owner_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "since_edition", "topic_id", "url") VALUES (NEW."description", NEW."disabled_at", NEW."disabled_note", NEW."disabled_reason", NEW."event_types", NEW."id", NEW."made_at", NEW."old_secret_expires_at", NEW."owner_id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reference", NEW."since_edition", NEW."topic_id", NEW."url"); RETURN NULL;', hash='2924c7cea45d3dc40163353f3df35c70b86d28a1', operation='INSERT', pgid='pgtrigger_insert_insert_e0322', table='webhooks_endpoint', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."disabled_at" IS DISTINCT FROM (NEW."disabled_at") OR OLD."disabled_note" IS DISTINCT FROM (NEW."disabled_note") OR OLD."disabled_reason" IS DISTINCT FROM (NEW."disabled_reason") OR OLD."event_types" IS DISTINCT FROM (NEW."event_types") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."made_at" IS DISTINCT FROM (NEW."made_at") OR OLD."old_secret_expires_at" IS DISTINCT FROM (NEW."old_secret_expires_at") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."since_edition" IS DISTINCT FROM (NEW."since_edition") OR OLD."topic_id" IS DISTINCT FROM (NEW."topic_id") OR OLD."url" IS DISTINCT FROM (NEW."url"))', func='INSERT INTO "webhooks_endpointevent" ("description", "disabled_at", "disabled_note", "disabled_reason", "event_types", "id", "made_at", "old_secret_expires_at", "owner_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "since_edition", "topic_id", "url") VALUES (NEW."description", NEW."disabled_at", NEW."disabled_note", NEW."disabled_reason", NEW."event_types", NEW."id", NEW."made_at", NEW."old_secret_expires_at", NEW."owner_id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reference", NEW."since_edition", NEW."topic_id", NEW."url"); RETURN NULL;', hash='78bb41ee0ef202ef325d45e8168c07df35a0ad01', operation='UPDATE', pgid='pgtrigger_update_update_6342c', table='webhooks_endpoint', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "webhooks_endpointevent" ("description", "disabled_at", "disabled_note", "disabled_reason", "event_types", "id", "made_at", "old_secret_expires_at", "owner_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "since_edition", "topic_id", "url") VALUES (OLD."description", OLD."disabled_at", OLD."disabled_note", OLD."disabled_reason", OLD."event_types", OLD."id", OLD."made_at", OLD."old_secret_expires_at", OLD."owner_id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reference", OLD."since_edition", OLD."topic_id", OLD."url"); RETURN NULL;', hash='3c4173c41a4e6008cd4e7dff48cc11a771ea37cd', operation='DELETE', pgid='pgtrigger_delete_delete_7e399', table='webhooks_endpoint', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='EndpointEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='webhooks.endpoint')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('reference', models.CharField(editable=False, max_length=20, verbose_name='number')),
                ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='of')),
                ('url', models.CharField(max_length=2000, verbose_name='address')),
                ('description', models.CharField(blank=True, max_length=200, validators=[promises.common.text.without_control_characters], verbose_name='what for')),
                ('event_types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None, verbose_name='events')),
                ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='officials.person')),
                ('topic', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.topic')),
                ('old_secret_expires_at', models.DateTimeField(blank=True, null=True, verbose_name='old secret signs until')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('since_edition', models.PositiveBigIntegerField(verbose_name='since edition')),
                ('disabled_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('disabled_reason', models.CharField(blank=True, choices=[('owner', 'its owner closed it'), ('administrator', 'an administrator closed it'), ('login_closed', 'the login of its owner was closed'), ('gone', 'it answered 410: it is gone for good'), ('failing', 'it took nothing for days')], max_length=20, verbose_name='closed because')),
                ('disabled_note', models.CharField(blank=True, max_length=500, validators=[promises.common.text.without_control_characters], verbose_name='note')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Cannot truncate %: it is kept for good.', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='ec84a00cab8d11d7671fa0144188ee38b90f34ab', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_e23a7', table='webhooks_endpointevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fdbdfb7f7ea69f5992a59bba21c1c9e7d7eaa25d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ebe5e', table='webhooks_endpointevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('endpoint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='webhooks.endpoint')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='webhook-id')),
                ('entry', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('event_type', models.CharField(max_length=60, verbose_name='event')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('next_try_at', models.DateTimeField(blank=True, null=True, verbose_name='next try at')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted at')),
                ('set_aside_at', models.DateTimeField(blank=True, null=True, verbose_name='given up at')),
                ('set_aside_reason', models.CharField(blank=True, choices=[('tried_out', 'every try failed'), ('withheld', 'what it was to tell is not public any more'), ('closed', 'the endpoint was closed')], max_length=20, verbose_name='given up because')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('next_try_at__isnull', False)), fields=['endpoint', 'next_try_at', 'id'], name='webhooks_message_waiting'), models.Index(fields=['endpoint', '-id'], name='webhooks_message_of_endpoint'), models.Index(fields=['made_at'], name='webhooks_message_oldest')],
                'constraints': [models.UniqueConstraint(fields=('endpoint', 'entry'), name='webhooks_message_once'), models.CheckConstraint(condition=models.Q(models.Q(('accepted_at', None), ('next_try_at__isnull', False), ('set_aside_at', None)), models.Q(('accepted_at__isnull', False), ('next_try_at', None), ('set_aside_at', None)), models.Q(('accepted_at', None), ('next_try_at', None), ('set_aside_at__isnull', False)), _connector='OR'), name='webhooks_message_waits_or_is_settled'), models.CheckConstraint(condition=models.Q(models.Q(('set_aside_at', None), ('set_aside_reason', '')), models.Q(('set_aside_at__isnull', False), ('set_aside_reason__in', ['tried_out', 'withheld', 'closed'])), _connector='OR'), name='webhooks_message_given_up_for_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tries', to='webhooks.message')),
                ('tried_at', models.DateTimeField(verbose_name='tried at')),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='status')),
                ('fault', models.CharField(blank=True, max_length=40, verbose_name='fault')),
                ('excerpt', models.TextField(blank=True, verbose_name="the answer's first words")),
                ('milliseconds', models.PositiveIntegerField(verbose_name='milliseconds')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Cursor',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('edition', models.PositiveBigIntegerField(verbose_name='edition')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='webhooks_cursor_is_one_row')],
            },
        ),
        promises.common.installing.InstallTriggers(
        ),
    ]
