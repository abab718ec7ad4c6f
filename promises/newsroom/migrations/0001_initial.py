import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
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
        ('updates', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pledge', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pledges.pledge')),
                ('evidence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='evidence.evidence')),
                ('status_update', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='updates.statusupdate')),
                ('kind', models.CharField(choices=[('comment', 'comment'), ('sent_back', 'sent back')], default='comment', max_length=10)),
                ('text', models.TextField(validators=[promises.common.text.without_control_characters, django.core.validators.MaxLengthValidator(10000)], verbose_name='comment')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('written_at', models.DateTimeField(verbose_name='written at')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('evidence__isnull', True), ('pledge__isnull', False), ('status_update__isnull', True)), models.Q(('evidence__isnull', False), ('pledge__isnull', True), ('status_update__isnull', True)), models.Q(('evidence__isnull', True), ('pledge__isnull', True), ('status_update__isnull', False)), _connector='OR'), name='newsroom_comment_is_about_one_item'), models.CheckConstraint(condition=models.Q(('text__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), name='newsroom_comment_plain_text'), models.CheckConstraint(condition=models.Q(('kind__in', ['comment', 'sent_back'])), name='newsroom_comment_kind_known'), models.CheckConstraint(condition=models.Q(('text__regex', '\\S')), name='newsroom_comment_says_something'), models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('text'), 10000), name='newsroom_comment_fits')],
                'triggers': [pgtrigger.compiler.Trigger(name='goes_only_with_its_item', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func="\n        IF EXISTS (SELECT FROM pledges_pledge WHERE id = OLD.pledge_id)\n            OR EXISTS (SELECT FROM evidence_evidence WHERE id = OLD.evidence_id)\n            OR EXISTS (SELECT FROM updates_statusupdate WHERE id = OLD.status_update_id) THEN\n            RAISE EXCEPTION 'What was said and agreed about an item stays as long as the item.'\n                USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NULL;\n        ", hash='028034bffa9ff8e89698fc96f3a79113dcf2584b', operation='DELETE', pgid='pgtrigger_goes_only_with_its_item_2ea5b', table='newsroom_comment', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')), pgtrigger.compiler.Trigger(name='comments_stay', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='26f5604159c35770591720a476afcfa50414aa96', operation='UPDATE', pgid='pgtrigger_comments_stay_07ecd', table='newsroom_comment', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "newsroom_commentevent" ("evidence_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "status_update_id", "text", "written_at", "written_by_id") VALUES (NEW."evidence_id", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pledge_id", NEW."status_update_id", NEW."text", NEW."written_at", NEW."written_by_id"); RETURN NULL;', hash='63fd736b9fc3a8583cdeaf30455fa3a70f8326c9', operation='INSERT', pgid='pgtrigger_insert_insert_9acfd', table='newsroom_comment', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "newsroom_commentevent" ("evidence_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "status_update_id", "text", "written_at", "written_by_id") VALUES (NEW."evidence_id", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pledge_id", NEW."status_update_id", NEW."text", NEW."written_at", NEW."written_by_id"); RETURN NULL;', hash='1ff94ed67ca4bbfb55f8513e8f5231ef1d7cff69', operation='UPDATE', pgid='pgtrigger_update_update_8241d', table='newsroom_comment', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "newsroom_commentevent" ("evidence_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "status_update_id", "text", "written_at", "written_by_id") VALUES (OLD."evidence_id", OLD."id", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."pledge_id", OLD."status_update_id", OLD."text", OLD."written_at", OLD."written_by_id"); RETURN NULL;', hash='5f3cf34d0339dfaab8ee9b1eb458f1aaf29ce4ae', operation='DELETE', pgid='pgtrigger_delete_delete_4c292', table='newsroom_comment', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='CommentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='newsroom.comment')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('pledge', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.pledge')),
                ('evidence', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evidence.evidence')),
                ('status_update', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='updates.statusupdate')),
                ('kind', models.CharField(choices=[('comment', 'comment'), ('sent_back', 'sent back')], default='comment', max_length=10)),
                ('text', models.TextField(validators=[promises.common.text.without_control_characters, django.core.validators.MaxLengthValidator(10000)], verbose_name='comment')),
                ('written_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('written_at', models.DateTimeField(verbose_name='written at')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Cannot truncate %: it is kept for good.', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='2982d5f21d65acbd8aa6df61e81a708c733293f0', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_cbc5f', table='newsroom_commentevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3ca2ff708070262cc0365cf7431a0e25c9fd7e86', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d9c37', table='newsroom_commentevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pledge', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pledges.pledge')),
                ('evidence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='evidence.evidence')),
                ('status_update', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='updates.statusupdate')),
                ('task', models.CharField(choices=[('research', 'research'), ('write', 'write'), ('review', 'review'), ('proofread', 'proofread'), ('publish', 'publish')], max_length=10, verbose_name='task')),
                ('assigned_to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to=settings.AUTH_USER_MODEL)),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='due on')),
                ('note', models.TextField(blank=True, validators=[promises.common.text.without_control_characters], verbose_name='note')),
                ('assigned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('assigned_at', models.DateTimeField(verbose_name='assigned at')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='ended at')),
                ('ended_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ending', models.CharField(blank=True, choices=[('done', 'done'), ('withdrawn', 'withdrawn')], editable=False, max_length=10, verbose_name='how it ended')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['assigned_to', 'due_on'], name='newsroom_open_assignments')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('evidence__isnull', True), ('pledge__isnull', False), ('status_update__isnull', True)), models.Q(('evidence__isnull', False), ('pledge__isnull', True), ('status_update__isnull', True)), models.Q(('evidence__isnull', True), ('pledge__isnull', True), ('status_update__isnull', False)), _connector='OR'), name='newsroom_assignment_is_about_one_item'), models.CheckConstraint(condition=models.Q(('note__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), name='newsroom_assignment_plain_text'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), _connector='OR'), name='newsroom_assignment_ended_at_is_paired'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('pledge', 'evidence', 'status_update', 'assigned_to'), name='newsroom_one_assignment_a_person', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('task__in', ['research', 'write', 'review', 'proofread', 'publish'])), name='newsroom_assignment_task_known'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ending', '')), models.Q(('ended_at__isnull', False), ('ending__in', ['done', 'withdrawn'])), _connector='OR'), name='newsroom_assignment_says_how_it_ended')],
                'triggers': [pgtrigger.compiler.Trigger(name='goes_only_with_its_item', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func="\n        IF EXISTS (SELECT FROM pledges_pledge WHERE id = OLD.pledge_id)\n            OR EXISTS (SELECT FROM evidence_evidence WHERE id = OLD.evidence_id)\n            OR EXISTS (SELECT FROM updates_statusupdate WHERE id = OLD.status_update_id) THEN\n            RAISE EXCEPTION 'What was said and agreed about an item stays as long as the item.'\n                USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NULL;\n        ", hash='fd1a53c1921878411901e144fe7d8b380ddfe038', operation='DELETE', pgid='pgtrigger_goes_only_with_its_item_19c6b', table='newsroom_assignment', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')), pgtrigger.compiler.Trigger(name='work_is_given_to_people', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF NOT EXISTS (\n            SELECT FROM accounts_user\n            WHERE id = NEW.assigned_to_id AND is_active AND NOT is_service\n        ) THEN\n            RAISE EXCEPTION 'Only a person can be given work.' USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n        ", hash='5e2533103669adf3f17ad60d41d3cd9185ba33d1', operation='INSERT OR UPDATE OF "assigned_to_id"', pgid='pgtrigger_work_is_given_to_people_3b052', table='newsroom_assignment', when='BEFORE')), pgtrigger.compiler.Trigger(name='what_ended_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."ended_at" IS NOT NULL)', func="RAISE EXCEPTION 'An ended assignment stays as it is.' USING ERRCODE = 'check_violation';", hash='37e8a150dc916ad020e8e429479e6cfde87796a1', operation='UPDATE', pgid='pgtrigger_what_ended_stays_84d0d', table='newsroom_assignment', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "newsroom_assignmentevent" ("assigned_at", "assigned_by_id", "assigned_to_id", "due_on", "ended_at", "ended_by_id", "ending", "evidence_id", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "status_update_id", "task") VALUES (NEW."assigned_at", NEW."assigned_by_id", NEW."assigned_to_id", NEW."due_on", NEW."ended_at", NEW."ended_by_id", NEW."ending", NEW."evidence_id", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pledge_id", NEW."status_update_id", NEW."task"); RETURN NULL;', hash='ad3b06b050abd9df09eecdaabc64bebffb39e83f', operation='INSERT', pgid='pgtrigger_insert_insert_17d76', table='newsroom_assignment', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "newsroom_assignmentevent" ("assigned_at", "assigned_by_id", "assigned_to_id", "due_on", "ended_at", "ended_by_id", "ending", "evidence_id", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "status_update_id", "task") VALUES (NEW."assigned_at", NEW."assigned_by_id", NEW."assigned_to_id", NEW."due_on", NEW."ended_at", NEW."ended_by_id", NEW."ending", NEW."evidence_id", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pledge_id", NEW."status_update_id", NEW."task"); RETURN NULL;', hash='aeebcbf3985291b295e75207d6ae3a5d192cd2c2', operation='UPDATE', pgid='pgtrigger_update_update_4f986', table='newsroom_assignment', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "newsroom_assignmentevent" ("assigned_at", "assigned_by_id", "assigned_to_id", "due_on", "ended_at", "ended_by_id", "ending", "evidence_id", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "status_update_id", "task") VALUES (OLD."assigned_at", OLD."assigned_by_id", OLD."assigned_to_id", OLD."due_on", OLD."ended_at", OLD."ended_by_id", OLD."ending", OLD."evidence_id", OLD."id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."pledge_id", OLD."status_update_id", OLD."task"); RETURN NULL;', hash='e3412de2c22e7da889a6891a06591dd94472f33a', operation='DELETE', pgid='pgtrigger_delete_delete_b25c9', table='newsroom_assignment', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='AssignmentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='newsroom.assignment')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('pledge', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.pledge')),
                ('evidence', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evidence.evidence')),
                ('status_update', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='updates.statusupdate')),
                ('task', models.CharField(choices=[('research', 'research'), ('write', 'write'), ('review', 'review'), ('proofread', 'proofread'), ('publish', 'publish')], max_length=10, verbose_name='task')),
                ('assigned_to', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='due on')),
                ('note', models.TextField(blank=True, validators=[promises.common.text.without_control_characters], verbose_name='note')),
                ('assigned_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('assigned_at', models.DateTimeField(verbose_name='assigned at')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='ended at')),
                ('ended_by', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('ending', models.CharField(blank=True, choices=[('done', 'done'), ('withdrawn', 'withdrawn')], editable=False, max_length=10, verbose_name='how it ended')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Cannot truncate %: it is kept for good.', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='3c862de8391d3afe5458e966463c295f6d4f6de0', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_5b2b9', table='newsroom_assignmentevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='629cf8feeb597d9115f873c71f5b819b21bf6fdf', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_25f5e', table='newsroom_assignmentevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='PlannedPublication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pledge', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pledges.pledge')),
                ('evidence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='evidence.evidence')),
                ('status_update', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='updates.statusupdate')),
                ('publish_at', models.DateTimeField(verbose_name='publish at')),
                ('planned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('planned_at', models.DateTimeField(verbose_name='planned at')),
                ('outcome', models.CharField(blank=True, choices=[('published', 'published'), ('set_aside', 'set aside'), ('cancelled', 'cancelled')], editable=False, max_length=10, verbose_name='outcome')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='ended at')),
                ('ended_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reason', models.TextField(blank=True, editable=False, verbose_name='reason')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('outcome', '')), fields=['publish_at', 'id'], name='newsroom_plans_to_come')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('evidence__isnull', True), ('pledge__isnull', False), ('status_update__isnull', True)), models.Q(('evidence__isnull', False), ('pledge__isnull', True), ('status_update__isnull', True)), models.Q(('evidence__isnull', True), ('pledge__isnull', True), ('status_update__isnull', False)), _connector='OR'), name='newsroom_plannedpublication_is_about_one_item'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), _connector='OR'), name='newsroom_plannedpublication_ended_at_is_paired'), models.UniqueConstraint(condition=models.Q(('outcome__in', ('', 'set_aside'))), fields=('pledge', 'evidence', 'status_update'), name='newsroom_one_plan_an_item', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('outcome', '')), models.Q(('ended_at__isnull', False), ('outcome__in', ['published', 'set_aside', 'cancelled'])), _connector='OR'), name='newsroom_plan_ends_with_an_outcome'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'set_aside'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='newsroom_plan_set_aside_for_a_reason')],
                'triggers': [pgtrigger.compiler.Trigger(name='goes_only_with_its_item', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func="\n        IF EXISTS (SELECT FROM pledges_pledge WHERE id = OLD.pledge_id)\n            OR EXISTS (SELECT FROM evidence_evidence WHERE id = OLD.evidence_id)\n            OR EXISTS (SELECT FROM updates_statusupdate WHERE id = OLD.status_update_id) THEN\n            RAISE EXCEPTION 'What was said and agreed about an item stays as long as the item.'\n                USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NULL;\n        ", hash='93475fa7216105b650e7a01b2791ecc1b0a41bdd', operation='DELETE', pgid='pgtrigger_goes_only_with_its_item_2c727', table='newsroom_plannedpublication', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')), pgtrigger.compiler.Trigger(name='closed_plans_stay', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."outcome" IN (\'published\', \'cancelled\'))', func="RAISE EXCEPTION 'This plan is over; make a new one.' USING ERRCODE = 'check_violation';", hash='fa7d6b1bec69376502be3c02adb90574ad43f4c2', operation='UPDATE', pgid='pgtrigger_closed_plans_stay_1919a', table='newsroom_plannedpublication', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "newsroom_plannedpublicationevent" ("ended_at", "ended_by_id", "evidence_id", "id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_at", "planned_by_id", "pledge_id", "publish_at", "reason", "status_update_id") VALUES (NEW."ended_at", NEW."ended_by_id", NEW."evidence_id", NEW."id", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."planned_at", NEW."planned_by_id", NEW."pledge_id", NEW."publish_at", NEW."reason", NEW."status_update_id"); RETURN NULL;', hash='dde075a5d6ed0456f2583d2a84ef5c5c2220df39', operation='INSERT', pgid='pgtrigger_insert_insert_67bf2', table='newsroom_plannedpublication', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "newsroom_plannedpublicationevent" ("ended_at", "ended_by_id", "evidence_id", "id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_at", "planned_by_id", "pledge_id", "publish_at", "reason", "status_update_id") VALUES (NEW."ended_at", NEW."ended_by_id", NEW."evidence_id", NEW."id", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."planned_at", NEW."planned_by_id", NEW."pledge_id", NEW."publish_at", NEW."reason", NEW."status_update_id"); RETURN NULL;', hash='4f3e15448b35fdb583dc1c857e22be81e047784e', operation='UPDATE', pgid='pgtrigger_update_update_66d5a', table='newsroom_plannedpublication', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "newsroom_plannedpublicationevent" ("ended_at", "ended_by_id", "evidence_id", "id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_at", "planned_by_id", "pledge_id", "publish_at", "reason", "status_update_id") VALUES (OLD."ended_at", OLD."ended_by_id", OLD."evidence_id", OLD."id", OLD."outcome", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."planned_at", OLD."planned_by_id", OLD."pledge_id", OLD."publish_at", OLD."reason", OLD."status_update_id"); RETURN NULL;', hash='beb251e11f73e0aa579d8f6b7df80207f1718a92', operation='DELETE', pgid='pgtrigger_delete_delete_7a1a9', table='newsroom_plannedpublication', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='PlannedPublicationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='newsroom.plannedpublication')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('pledge', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.pledge')),
                ('evidence', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evidence.evidence')),
                ('status_update', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='updates.statusupdate')),
                ('publish_at', models.DateTimeField(verbose_name='publish at')),
                ('planned_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('planned_at', models.DateTimeField(verbose_name='planned at')),
                ('outcome', models.CharField(blank=True, choices=[('published', 'published'), ('set_aside', 'set aside'), ('cancelled', 'cancelled')], editable=False, max_length=10, verbose_name='outcome')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='ended at')),
                ('ended_by', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('reason', models.TextField(blank=True, editable=False, verbose_name='reason')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Cannot truncate %: it is kept for good.', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='37c78d5ad2ba8727ce0045e4bece32514586674b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_3792d', table='newsroom_plannedpublicationevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='12b64b5261902e539a274a42f470a883fc397e50', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ff231', table='newsroom_plannedpublicationevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Embargo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pledge', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pledges.pledge')),
                ('evidence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='evidence.evidence')),
                ('status_update', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='updates.statusupdate')),
                ('ends_at', models.DateTimeField(verbose_name='ends at')),
                ('reason', models.TextField(validators=[promises.common.text.without_control_characters], verbose_name='reason')),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_at', models.DateTimeField(verbose_name='set at')),
                ('lifted_at', models.DateTimeField(editable=False, null=True, verbose_name='lifted at')),
                ('lifted_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lift_reason', models.TextField(blank=True, editable=False, verbose_name='why it was lifted')),
            ],
            options={
                'verbose_name_plural': 'embargoes',
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('evidence__isnull', True), ('pledge__isnull', False), ('status_update__isnull', True)), models.Q(('evidence__isnull', False), ('pledge__isnull', True), ('status_update__isnull', True)), models.Q(('evidence__isnull', True), ('pledge__isnull', True), ('status_update__isnull', False)), _connector='OR'), name='newsroom_embargo_is_about_one_item'), models.CheckConstraint(condition=models.Q(models.Q(('reason__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('lift_reason__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True)), name='newsroom_embargo_plain_text'), models.CheckConstraint(condition=models.Q(models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False)), models.Q(('lifted_at__isnull', True), ('lifted_by__isnull', True)), _connector='OR'), name='newsroom_embargo_lifted_at_is_paired'), models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('pledge', 'evidence', 'status_update'), name='newsroom_one_embargo_an_item', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('reason__regex', '\\S')), name='newsroom_embargo_says_something'), models.CheckConstraint(condition=models.Q(models.Q(('lift_reason', ''), ('lifted_at__isnull', True)), models.Q(('lift_reason__regex', '\\S'), ('lifted_at__isnull', False)), _connector='OR'), name='newsroom_embargo_lifted_for_a_reason')],
                'triggers': [pgtrigger.compiler.Trigger(name='goes_only_with_its_item', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func="\n        IF EXISTS (SELECT FROM pledges_pledge WHERE id = OLD.pledge_id)\n            OR EXISTS (SELECT FROM evidence_evidence WHERE id = OLD.evidence_id)\n            OR EXISTS (SELECT FROM updates_statusupdate WHERE id = OLD.status_update_id) THEN\n            RAISE EXCEPTION 'What was said and agreed about an item stays as long as the item.'\n                USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NULL;\n        ", hash='ded899da581a3e803c2cadb8205ff0541682dd52', operation='DELETE', pgid='pgtrigger_goes_only_with_its_item_3ddb9', table='newsroom_embargo', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')), pgtrigger.compiler.Trigger(name='lifted_embargoes_stay', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."lifted_at" IS NOT NULL)', func="RAISE EXCEPTION 'A lifted embargo stays as it is.' USING ERRCODE = 'check_violation';", hash='ed3abe3415904baf2142bfc736ce4ad85af55e2a', operation='UPDATE', pgid='pgtrigger_lifted_embargoes_stay_1f8a2', table='newsroom_embargo', when='BEFORE')), pgtrigger.compiler.Trigger(name='no_embargo_on_what_is_public', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE is_public boolean;', func="\n        IF NEW.pledge_id IS NOT NULL THEN\n            SELECT published_at IS NOT NULL INTO is_public FROM pledges_pledge\n            WHERE id = NEW.pledge_id FOR SHARE;\n        ELSIF NEW.evidence_id IS NOT NULL THEN\n            SELECT published_at IS NOT NULL INTO is_public FROM evidence_evidence\n            WHERE id = NEW.evidence_id FOR SHARE;\n        ELSE\n            SELECT published_at IS NOT NULL INTO is_public FROM updates_statusupdate\n            WHERE id = NEW.status_update_id FOR SHARE;\n        END IF;\n        IF is_public THEN\n            RAISE EXCEPTION 'Readers have seen this already; an embargo comes too late.'\n                USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n        ", hash='e6f4498221fc051527d5a88e5143e9e490e3dd75', operation='INSERT OR UPDATE OF "ends_at"', pgid='pgtrigger_no_embargo_on_what_is_public_b14ac', table='newsroom_embargo', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "newsroom_embargoevent" ("ends_at", "evidence_id", "id", "lift_reason", "lifted_at", "lifted_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "reason", "set_at", "set_by_id", "status_update_id") VALUES (NEW."ends_at", NEW."evidence_id", NEW."id", NEW."lift_reason", NEW."lifted_at", NEW."lifted_by_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pledge_id", NEW."reason", NEW."set_at", NEW."set_by_id", NEW."status_update_id"); RETURN NULL;', hash='1fc08f324276c7ecd670eafb2da4d20964e04780', operation='INSERT', pgid='pgtrigger_insert_insert_7750a', table='newsroom_embargo', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "newsroom_embargoevent" ("ends_at", "evidence_id", "id", "lift_reason", "lifted_at", "lifted_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "reason", "set_at", "set_by_id", "status_update_id") VALUES (NEW."ends_at", NEW."evidence_id", NEW."id", NEW."lift_reason", NEW."lifted_at", NEW."lifted_by_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pledge_id", NEW."reason", NEW."set_at", NEW."set_by_id", NEW."status_update_id"); RETURN NULL;', hash='8268f8eeb40bf12fe3aa59ddcdfd63f25667f5ea', operation='UPDATE', pgid='pgtrigger_update_update_c28ed', table='newsroom_embargo', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "newsroom_embargoevent" ("ends_at", "evidence_id", "id", "lift_reason", "lifted_at", "lifted_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "reason", "set_at", "set_by_id", "status_update_id") VALUES (OLD."ends_at", OLD."evidence_id", OLD."id", OLD."lift_reason", OLD."lifted_at", OLD."lifted_by_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."pledge_id", OLD."reason", OLD."set_at", OLD."set_by_id", OLD."status_update_id"); RETURN NULL;', hash='b3bed41f3880efa201e2040e6b878f62e017fab0', operation='DELETE', pgid='pgtrigger_delete_delete_5bf25', table='newsroom_embargo', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='EmbargoEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='newsroom.embargo')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('pledge', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.pledge')),
                ('evidence', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evidence.evidence')),
                ('status_update', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='updates.statusupdate')),
                ('ends_at', models.DateTimeField(verbose_name='ends at')),
                ('reason', models.TextField(validators=[promises.common.text.without_control_characters], verbose_name='reason')),
                ('set_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_at', models.DateTimeField(verbose_name='set at')),
                ('lifted_at', models.DateTimeField(editable=False, null=True, verbose_name='lifted at')),
                ('lifted_by', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('lift_reason', models.TextField(blank=True, editable=False, verbose_name='why it was lifted')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Cannot truncate %: it is kept for good.', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='7b30027a5efc2e92191717c19dc45e66d29a84d0', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_6b99f', table='newsroom_embargoevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0c7c5f51178d182d250ce471d4d419272811eac3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_fad3d', table='newsroom_embargoevent', when='BEFORE'))],
            },
        ),
        promises.common.installing.InstallTriggers(
        ),
    ]
