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
        ('evidence', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('pledges', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('file_name', models.CharField(max_length=200, validators=[promises.common.text.without_control_characters], verbose_name='file')),
                ('sha256', models.CharField(editable=False, max_length=64)),
                ('size', models.PositiveIntegerField(editable=False, verbose_name='size in bytes')),
                ('kind', models.CharField(choices=[('pledge', 'pledges'), ('evidence', 'evidence')], max_length=10, verbose_name='its rows are')),
                ('source', models.CharField(help_text='Whose file it is, as “Polimeter 2019 export”. Ids belong to their source.', max_length=100, validators=[promises.common.text.without_control_characters], verbose_name='source')),
                ('reading', models.JSONField(default=dict, editable=False)),
                ('mapping', models.JSONField(default=dict, editable=False)),
                ('vocabulary', models.JSONField(default=dict, editable=False)),
                ('decisions', models.JSONField(default=dict, editable=False)),
                ('counts', models.JSONField(default=dict, editable=False)),
                ('row_count', models.PositiveIntegerField(editable=False, verbose_name='rows')),
                ('stage', models.CharField(choices=[('uploaded', 'uploaded'), ('mapped', 'columns mapped'), ('tried', 'tried'), ('imported', 'imported'), ('abandoned', 'abandoned')], default='uploaded', editable=False, max_length=10, verbose_name='stage')),
                ('problem', models.TextField(blank=True, editable=False)),
                ('uploaded_at', models.DateTimeField(editable=False, verbose_name='uploaded at')),
                ('uploaded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='uploaded by')),
                ('asked_at', models.DateTimeField(editable=False, null=True)),
                ('asked_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('imported_at', models.DateTimeField(editable=False, null=True)),
                ('imported_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('abandoned_at', models.DateTimeField(editable=False, null=True)),
                ('abandoned_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('asked_at__isnull', False), ('stage', 'tried')), fields=['asked_at'], name='imports_asked_for')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('file_name__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('source__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True)), name='imports_import_plain_text'), models.CheckConstraint(condition=models.Q(models.Q(('asked_at__isnull', False), ('asked_by__isnull', False)), models.Q(('asked_at__isnull', True), ('asked_by__isnull', True)), _connector='OR'), name='imports_import_asked_at_is_paired'), models.CheckConstraint(condition=models.Q(models.Q(('imported_at__isnull', False), ('imported_by__isnull', False)), models.Q(('imported_at__isnull', True), ('imported_by__isnull', True)), _connector='OR'), name='imports_import_imported_at_is_paired'), models.CheckConstraint(condition=models.Q(models.Q(('abandoned_at__isnull', False), ('abandoned_by__isnull', False)), models.Q(('abandoned_at__isnull', True), ('abandoned_by__isnull', True)), _connector='OR'), name='imports_import_abandoned_at_is_paired'), models.CheckConstraint(condition=models.Q(('kind__in', ['pledge', 'evidence']), ('stage__in', ['uploaded', 'mapped', 'tried', 'imported', 'abandoned'])), name='imports_import_choices_known'), models.CheckConstraint(condition=models.Q(models.Q(('source', ''), _negated=True), models.Q(('file_name', ''), _negated=True)), name='imports_import_is_named'), models.CheckConstraint(condition=models.Q(models.Q(('imported_at__isnull', False), ('stage', 'imported')), models.Q(models.Q(('stage', 'imported'), _negated=True), ('imported_at__isnull', True)), _connector='OR'), name='imports_import_done_has_a_date'), models.CheckConstraint(condition=models.Q(models.Q(('abandoned_at__isnull', False), ('stage', 'abandoned')), models.Q(models.Q(('stage', 'abandoned'), _negated=True), ('abandoned_at__isnull', True)), _connector='OR'), name='imports_import_abandoned_has_a_date'), models.CheckConstraint(condition=models.Q(('size__lte', 10000000)), name='imports_import_fits')],
                'triggers': [pgtrigger.compiler.Trigger(name='no_lost_updates', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func="\n            IF NEW.version <> OLD.version THEN\n                RAISE EXCEPTION 'This was changed by someone else in the meantime.'\n                    USING ERRCODE = 'serialization_failure';\n            END IF;\n            NEW.version := OLD.version + 1;\n            RETURN NEW;\n            ", hash='9406e9893d08a6f38e495d5cd27607fb9e7effd8', operation='UPDATE', pgid='pgtrigger_no_lost_updates_ba4a6', table='imports_import', when='BEFORE')), pgtrigger.compiler.Trigger(name='imports_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='5ea45fe97d9e091d6c70f0e407392a9a4173bf37', operation='DELETE', pgid='pgtrigger_imports_are_kept_15a3a', table='imports_import', when='BEFORE')), pgtrigger.compiler.Trigger(name='what_is_over_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."stage" IN (\'imported\', \'abandoned\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='996a917c9f57bff7f419d914f0d6f4846baedb50', operation='UPDATE', pgid='pgtrigger_what_is_over_stays_7c594', table='imports_import', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "imports_importevent" ("abandoned_at", "abandoned_by_id", "asked_at", "asked_by_id", "counts", "decisions", "file_name", "id", "imported_at", "imported_by_id", "kind", "mapping", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "reading", "row_count", "sha256", "size", "source", "stage", "uploaded_at", "uploaded_by_id", "version", "vocabulary") VALUES (NEW."abandoned_at", NEW."abandoned_by_id", NEW."asked_at", NEW."asked_by_id", NEW."counts", NEW."decisions", NEW."file_name", NEW."id", NEW."imported_at", NEW."imported_by_id", NEW."kind", NEW."mapping", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."problem", NEW."reading", NEW."row_count", NEW."sha256", NEW."size", NEW."source", NEW."stage", NEW."uploaded_at", NEW."uploaded_by_id", NEW."version", NEW."vocabulary"); RETURN NULL;', hash='16383c9805a2cff5fb89decf628c1ea6b7cf8fff', operation='INSERT', pgid='pgtrigger_insert_insert_5809a', table='imports_import', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "imports_importevent" ("abandoned_at", "abandoned_by_id", "asked_at", "asked_by_id", "counts", "decisions", "file_name", "id", "imported_at", "imported_by_id", "kind", "mapping", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "reading", "row_count", "sha256", "size", "source", "stage", "uploaded_at", "uploaded_by_id", "version", "vocabulary") VALUES (NEW."abandoned_at", NEW."abandoned_by_id", NEW."asked_at", NEW."asked_by_id", NEW."counts", NEW."decisions", NEW."file_name", NEW."id", NEW."imported_at", NEW."imported_by_id", NEW."kind", NEW."mapping", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."problem", NEW."reading", NEW."row_count", NEW."sha256", NEW."size", NEW."source", NEW."stage", NEW."uploaded_at", NEW."uploaded_by_id", NEW."version", NEW."vocabulary"); RETURN NULL;', hash='7910e8b71108f1ac93210d3fb231aee6094c2ac1', operation='UPDATE', pgid='pgtrigger_update_update_43cf2', table='imports_import', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "imports_importevent" ("abandoned_at", "abandoned_by_id", "asked_at", "asked_by_id", "counts", "decisions", "file_name", "id", "imported_at", "imported_by_id", "kind", "mapping", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "reading", "row_count", "sha256", "size", "source", "stage", "uploaded_at", "uploaded_by_id", "version", "vocabulary") VALUES (OLD."abandoned_at", OLD."abandoned_by_id", OLD."asked_at", OLD."asked_by_id", OLD."counts", OLD."decisions", OLD."file_name", OLD."id", OLD."imported_at", OLD."imported_by_id", OLD."kind", OLD."mapping", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."problem", OLD."reading", OLD."row_count", OLD."sha256", OLD."size", OLD."source", OLD."stage", OLD."uploaded_at", OLD."uploaded_by_id", OLD."version", OLD."vocabulary"); RETURN NULL;', hash='d9f85ab586c48c8239cad091634b6f4df2a57971', operation='DELETE', pgid='pgtrigger_delete_delete_1f381', table='imports_import', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ImportEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='imports.import')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('file_name', models.CharField(max_length=200, validators=[promises.common.text.without_control_characters], verbose_name='file')),
                ('sha256', models.CharField(editable=False, max_length=64)),
                ('size', models.PositiveIntegerField(editable=False, verbose_name='size in bytes')),
                ('kind', models.CharField(choices=[('pledge', 'pledges'), ('evidence', 'evidence')], max_length=10, verbose_name='its rows are')),
                ('source', models.CharField(help_text='Whose file it is, as “Polimeter 2019 export”. Ids belong to their source.', max_length=100, validators=[promises.common.text.without_control_characters], verbose_name='source')),
                ('reading', models.JSONField(default=dict, editable=False)),
                ('mapping', models.JSONField(default=dict, editable=False)),
                ('vocabulary', models.JSONField(default=dict, editable=False)),
                ('decisions', models.JSONField(default=dict, editable=False)),
                ('counts', models.JSONField(default=dict, editable=False)),
                ('row_count', models.PositiveIntegerField(editable=False, verbose_name='rows')),
                ('stage', models.CharField(choices=[('uploaded', 'uploaded'), ('mapped', 'columns mapped'), ('tried', 'tried'), ('imported', 'imported'), ('abandoned', 'abandoned')], default='uploaded', editable=False, max_length=10, verbose_name='stage')),
                ('problem', models.TextField(blank=True, editable=False)),
                ('uploaded_at', models.DateTimeField(editable=False, verbose_name='uploaded at')),
                ('uploaded_by', models.ForeignKey(db_constraint=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='uploaded by')),
                ('asked_at', models.DateTimeField(editable=False, null=True)),
                ('asked_by', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('imported_at', models.DateTimeField(editable=False, null=True)),
                ('imported_by', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('abandoned_at', models.DateTimeField(editable=False, null=True)),
                ('abandoned_by', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Cannot truncate %: it is kept for good.', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='d1db182d76648655b9f5a3fb2e95adfa0c3f1a69', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_af98b', table='imports_importevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='28a4317c7d6f2e73b0794c739745c9cb9fe178ed', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a6810', table='imports_importevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='ImportFile',
            fields=[
                ('of', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='file', serialize=False, to='imports.import')),
                ('content', models.BinaryField()),
                ('sheet', models.JSONField()),
            ],
            options={
                'triggers': [pgtrigger.compiler.Trigger(name='files_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='fd9e43ee8ad166c1647420ac95623b9c739504c4', operation='DELETE', pgid='pgtrigger_files_are_kept_07d97', table='imports_importfile', when='BEFORE')), pgtrigger.compiler.Trigger(name='bytes_never_change', sql=pgtrigger.compiler.UpsertTriggerSql(func='RAISE EXCEPTION \'pgtrigger: Cannot update of "content" rows from % table\', TG_TABLE_NAME;', hash='ce77cc237d064c743bb4909cc9b74628238dce59', operation='UPDATE OF "content"', pgid='pgtrigger_bytes_never_change_41cff', table='imports_importfile', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='ReportLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='imports.import')),
                ('row', models.PositiveIntegerField(verbose_name='row')),
                ('verdict', models.CharField(choices=[('new', 'new'), ('changed', 'changed'), ('unchanged', 'unchanged'), ('left', 'left as it is here'), ('skipped', 'skipped'), ('refused', 'refused')], max_length=10, verbose_name='outcome')),
                ('external_id', models.CharField(blank=True, max_length=200)),
                ('title', models.TextField(blank=True)),
                ('reasons', models.JSONField(default=list)),
            ],
            options={
                'ordering': ['of', 'row', 'pk'],
                'indexes': [models.Index(fields=['of', 'verdict', 'row'], name='imports_report_by_verdict')],
                'constraints': [models.UniqueConstraint(fields=('of', 'row'), name='imports_reportline_once'), models.CheckConstraint(condition=models.Q(('verdict__in', ['new', 'changed', 'unchanged', 'left', 'skipped', 'refused'])), name='imports_reportline_verdict_known')],
            },
        ),
        migrations.CreateModel(
            name='ImportedRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=100)),
                ('kind', models.CharField(choices=[('pledge', 'pledges'), ('evidence', 'evidence')], max_length=10)),
                ('external_id', models.CharField(max_length=200)),
                ('pledge', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='imported_rows', to='pledges.pledge')),
                ('evidence', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='imported_rows', to='evidence.evidence')),
                ('link', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='evidence.evidencelink')),
                ('content_hash', models.CharField(max_length=64)),
                ('record_version', models.PositiveIntegerField()),
                ('link_version', models.PositiveIntegerField(null=True)),
                ('said_status', models.CharField(blank=True, max_length=200)),
                ('status', models.CharField(blank=True, choices=[('not_yet_rated', 'Not yet rated'), ('in_the_works', 'In the works'), ('stalled', 'Stalled'), ('compromise', 'Compromise'), ('kept', 'Kept'), ('broken', 'Broken'), ('unratable', 'Unratable')], max_length=15)),
                ('last_import', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='imports.import')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('source__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('external_id__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('said_status__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True)), name='imports_importedrow_plain_text'), models.UniqueConstraint(fields=('source', 'kind', 'external_id'), name='imports_importedrow_once'), models.CheckConstraint(condition=models.Q(models.Q(('evidence__isnull', True), ('kind', 'pledge'), ('link__isnull', True)), models.Q(('kind', 'evidence'), ('pledge__isnull', True)), _connector='OR'), name='imports_importedrow_fits_its_kind'), models.CheckConstraint(condition=models.Q(models.Q(('external_id', ''), _negated=True), ('status__in', ['', 'not_yet_rated', 'in_the_works', 'stalled', 'compromise', 'kept', 'broken', 'unratable'])), name='imports_importedrow_is_named')],
                'triggers': [pgtrigger.compiler.Trigger(name='rows_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='80ee88e5fe3a7ea820c4b3aac816caecc21647c9', operation='DELETE', pgid='pgtrigger_rows_are_kept_38303', table='imports_importedrow', when='BEFORE')), pgtrigger.compiler.Trigger(name='ids_never_change', sql=pgtrigger.compiler.UpsertTriggerSql(func='RAISE EXCEPTION \'pgtrigger: Cannot update of "source", "kind", "external_id" rows from % table\', TG_TABLE_NAME;', hash='7479871e17fe7cf25a5365fb4a4ce25249119e28', operation='UPDATE OF "source", "kind", "external_id"', pgid='pgtrigger_ids_never_change_44b7b', table='imports_importedrow', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "imports_importedrowevent" ("content_hash", "evidence_id", "external_id", "id", "kind", "last_import_id", "link_id", "link_version", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "record_version", "said_status", "source", "status") VALUES (NEW."content_hash", NEW."evidence_id", NEW."external_id", NEW."id", NEW."kind", NEW."last_import_id", NEW."link_id", NEW."link_version", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pledge_id", NEW."record_version", NEW."said_status", NEW."source", NEW."status"); RETURN NULL;', hash='35b17e3e9d85faf89ced2fd10aa716cba986a5fa', operation='INSERT', pgid='pgtrigger_insert_insert_177df', table='imports_importedrow', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "imports_importedrowevent" ("content_hash", "evidence_id", "external_id", "id", "kind", "last_import_id", "link_id", "link_version", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "record_version", "said_status", "source", "status") VALUES (NEW."content_hash", NEW."evidence_id", NEW."external_id", NEW."id", NEW."kind", NEW."last_import_id", NEW."link_id", NEW."link_version", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pledge_id", NEW."record_version", NEW."said_status", NEW."source", NEW."status"); RETURN NULL;', hash='4cd0c7292461c95ef5db31a2675c26b68f6164e4', operation='UPDATE', pgid='pgtrigger_update_update_6ee24', table='imports_importedrow', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "imports_importedrowevent" ("content_hash", "evidence_id", "external_id", "id", "kind", "last_import_id", "link_id", "link_version", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "record_version", "said_status", "source", "status") VALUES (OLD."content_hash", OLD."evidence_id", OLD."external_id", OLD."id", OLD."kind", OLD."last_import_id", OLD."link_id", OLD."link_version", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."pledge_id", OLD."record_version", OLD."said_status", OLD."source", OLD."status"); RETURN NULL;', hash='ddfe1c38ad07ae6e3f49298229cfbd847ac9c02e', operation='DELETE', pgid='pgtrigger_delete_delete_06714', table='imports_importedrow', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ImportedRowEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='imports.importedrow')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('source', models.CharField(max_length=100)),
                ('kind', models.CharField(choices=[('pledge', 'pledges'), ('evidence', 'evidence')], max_length=10)),
                ('external_id', models.CharField(max_length=200)),
                ('pledge', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.pledge')),
                ('evidence', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evidence.evidence')),
                ('link', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evidence.evidencelink')),
                ('content_hash', models.CharField(max_length=64)),
                ('record_version', models.PositiveIntegerField()),
                ('link_version', models.PositiveIntegerField(null=True)),
                ('said_status', models.CharField(blank=True, max_length=200)),
                ('status', models.CharField(blank=True, choices=[('not_yet_rated', 'Not yet rated'), ('in_the_works', 'In the works'), ('stalled', 'Stalled'), ('compromise', 'Compromise'), ('kept', 'Kept'), ('broken', 'Broken'), ('unratable', 'Unratable')], max_length=15)),
                ('last_import', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='imports.import')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Cannot truncate %: it is kept for good.', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='beeff5d27333e0db9d452aa11737c1fb9c5abb4a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_2c28e', table='imports_importedrowevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='66db4af26c035722f63b516401348df330e84409', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a9ce9', table='imports_importedrowevent', when='BEFORE'))],
            },
        ),
        promises.common.installing.InstallTriggers(
        ),
    ]
