import pgtrigger.compiler
import promises.common.installing
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Head',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('edition', models.BigIntegerField(default=0)),
                ('hash', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', max_length=64)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='ledger_head_is_one_row')],
                'triggers': [pgtrigger.compiler.Trigger(name='moved_only_by_an_entry', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 THEN RETURN NEW; END IF; RAISE EXCEPTION 'The ledger is append-only.' USING ERRCODE = 'check_violation';", hash='bfff04e992fc648aa8ab1edff423678af77b675b', operation='UPDATE OR DELETE', pgid='pgtrigger_moved_only_by_an_entry_8e5ff', table='ledger_head', when='BEFORE')), pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'The ledger is append-only.' USING ERRCODE = 'check_violation';", hash='104f1c718b13061e6d8c514e388672c336db9b9b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_b9ec7', table='ledger_head', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('edition', models.BigIntegerField(primary_key=True, serialize=False)),
                ('event', models.CharField(max_length=60)),
                ('subject', models.CharField(max_length=400)),
                ('pledge', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=150)),
                ('data', models.TextField()),
                ('previous_hash', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name': 'ledger entry',
                'verbose_name_plural': 'ledger entries',
                'ordering': ['edition'],
                'indexes': [models.Index(fields=['pledge', '-edition'], name='ledger_entry_of_pledge'), models.Index(fields=['subject', '-edition'], name='ledger_entry_of_subject')],
                'constraints': [models.UniqueConstraint(fields=('hash',), name='ledger_entry_hash_is_unique')],
                'triggers': [pgtrigger.compiler.Trigger(name='follows_the_head', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE head ledger_head%ROWTYPE; stray bigint;', func="\n                    SELECT * INTO head FROM ledger_head WHERE id = 1 FOR UPDATE;\n                    SELECT min(edition) INTO stray FROM (\n                        SELECT edition, previous_hash,\n                            coalesce(head.edition, 0) + row_number() OVER line AS expected,\n                            lag(hash, 1, head.hash) OVER line AS hash_before\n                        FROM appended WINDOW line AS (ORDER BY edition)\n                    ) chained\n                    WHERE edition <> expected OR previous_hash IS DISTINCT FROM hash_before;\n                    IF head.id IS NULL OR stray IS NOT NULL THEN\n                        RAISE EXCEPTION 'Entry % does not follow edition %.',\n                            stray, head.edition USING ERRCODE = 'check_violation';\n                    END IF;\n                    UPDATE ledger_head SET edition = last.edition, hash = last.hash\n                    FROM (SELECT * FROM appended ORDER BY edition DESC LIMIT 1) last\n                    WHERE id = 1;\n                    RETURN NULL;\n                    ", hash='6797228e5c6c43b08f53a3a671a6f689b8960d98', level='STATEMENT', operation='INSERT', pgid='pgtrigger_follows_the_head_782f5', referencing='REFERENCING NEW TABLE AS appended ', table='ledger_entry', when='AFTER')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'The ledger is append-only.' USING ERRCODE = 'check_violation';", hash='4689015391a6434604c21f7d9742bd79dffdead8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_af900', table='ledger_entry', when='BEFORE')), pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'The ledger is append-only.' USING ERRCODE = 'check_violation';", hash='50cf60a6cd76ca311d1f6dc2536c9b86e55e6a6f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_69bc3', table='ledger_entry', when='BEFORE'))],
            },
        ),
        promises.common.installing.InstallTriggers(
        ),
    ]
