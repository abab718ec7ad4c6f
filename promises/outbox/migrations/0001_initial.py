import django.core.serializers.json
import django.db.models.deletion
import pgtrigger.compiler
import promises.common.installing
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True, verbose_name='idempotency key')),
                ('courier', models.CharField(choices=[('mail', 'mail')], max_length=10, verbose_name='by')),
                ('address', models.CharField(max_length=400, verbose_name='to')),
                ('content', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='content')),
                ('created_at', models.DateTimeField(verbose_name='written at')),
                ('next_try_at', models.DateTimeField(null=True, verbose_name='next try at')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('leased_until', models.DateTimeField(null=True, verbose_name="in a dispatcher's hands until")),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent at')),
                ('set_aside_at', models.DateTimeField(null=True, verbose_name='set aside at')),
                ('last_error', models.TextField(blank=True, verbose_name='last error')),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('next_try_at__isnull', False)), fields=['next_try_at', 'id'], name='outbox_waiting'), models.Index(condition=models.Q(('set_aside_at__isnull', False)), fields=['set_aside_at'], name='outbox_set_aside')],
                'constraints': [models.CheckConstraint(condition=models.Q(('courier__in', ['mail'])), name='outbox_courier_known'), models.CheckConstraint(condition=models.Q(models.Q(('next_try_at__isnull', False), ('sent_at', None), ('set_aside_at', None)), models.Q(('next_try_at', None), ('sent_at__isnull', False), ('set_aside_at', None)), models.Q(('next_try_at', None), ('sent_at', None), ('set_aside_at__isnull', False)), _connector='OR'), name='outbox_waits_or_is_sent_or_set_aside')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "outbox_deliveryevent" ("address", "courier", "created_at", "id", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sent_at", "set_aside_at") VALUES (NEW."address", NEW."courier", NEW."created_at", NEW."id", NEW."key", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."sent_at", NEW."set_aside_at"); RETURN NULL;', hash='f2865f9d17c922b85d2d6a4b2fa12cbfbe22f08b', operation='INSERT', pgid='pgtrigger_insert_insert_f9242', table='outbox_delivery', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."address" IS DISTINCT FROM (NEW."address") OR OLD."courier" IS DISTINCT FROM (NEW."courier") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."sent_at" IS DISTINCT FROM (NEW."sent_at") OR OLD."set_aside_at" IS DISTINCT FROM (NEW."set_aside_at"))', func='INSERT INTO "outbox_deliveryevent" ("address", "courier", "created_at", "id", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sent_at", "set_aside_at") VALUES (NEW."address", NEW."courier", NEW."created_at", NEW."id", NEW."key", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."sent_at", NEW."set_aside_at"); RETURN NULL;', hash='8c11bdd99349ec21ec242b34264ddd4e42efed14', operation='UPDATE', pgid='pgtrigger_update_update_9df59', table='outbox_delivery', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "outbox_deliveryevent" ("address", "courier", "created_at", "id", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sent_at", "set_aside_at") VALUES (OLD."address", OLD."courier", OLD."created_at", OLD."id", OLD."key", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."sent_at", OLD."set_aside_at"); RETURN NULL;', hash='73fb58040737e409798d438856c83c4ad7085f7c', operation='DELETE', pgid='pgtrigger_delete_delete_17712', table='outbox_delivery', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='DeliveryEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='outbox.delivery')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('key', models.CharField(max_length=200, verbose_name='idempotency key')),
                ('courier', models.CharField(choices=[('mail', 'mail')], max_length=10, verbose_name='by')),
                ('address', models.CharField(max_length=400, verbose_name='to')),
                ('created_at', models.DateTimeField(verbose_name='written at')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent at')),
                ('set_aside_at', models.DateTimeField(null=True, verbose_name='set aside at')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Cannot truncate %: it is kept for good.', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='69fa7999c322b3f1b9e62e920e2426f43c24b36b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_486cc', table='outbox_deliveryevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='df81dbe5793ccc78ccafe080507543fc4e658ab3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7b8f2', table='outbox_deliveryevent', when='BEFORE'))],
            },
        ),
        promises.common.installing.InstallTriggers(
        ),
    ]
