import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
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
        ('evidence', '0001_initial'),
        ('officials', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('pledges', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Feed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('name', models.CharField(max_length=200, validators=[promises.common.text.without_control_characters], verbose_name='name')),
                ('url', models.CharField(max_length=1000, unique=True, validators=[promises.common.text.without_control_characters, promises.common.links.public_web_address], verbose_name='web address')),
                ('publisher', models.CharField(max_length=200, validators=[promises.common.text.without_control_characters], verbose_name='publisher')),
                ('kind', models.CharField(choices=[('office', 'office'), ('court', 'court'), ('newsroom', 'newsroom'), ('other', 'other')], max_length=10, verbose_name='kind')),
                ('jurisdiction', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='feeds', to='officials.jurisdiction')),
                ('office', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='feeds', to='officials.office')),
                ('is_active', models.BooleanField(default=True, verbose_name='is read')),
                ('fetch_every', models.PositiveIntegerField(default=180, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(10080)], verbose_name='minutes between readings')),
                ('quiet_days', models.PositiveSmallIntegerField(default=30, help_text='After that it stands out as silent.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(366)], verbose_name='days it may bring nothing')),
                ('added_at', models.DateTimeField(editable=False, verbose_name='added at')),
                ('added_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('etag', models.CharField(blank=True, editable=False, max_length=500)),
                ('last_modified', models.CharField(blank=True, editable=False, max_length=100)),
                ('last_fetched_at', models.DateTimeField(editable=False, null=True, verbose_name='last fetched')),
                ('last_new_item_at', models.DateTimeField(editable=False, null=True, verbose_name='last new item')),
                ('failing_since', models.DateTimeField(editable=False, null=True, verbose_name='failing since')),
                ('failures', models.PositiveIntegerField(default=0, editable=False, verbose_name='failures in a row')),
                ('tries', models.PositiveIntegerField(default=0, editable=False)),
                ('next_fetch_at', models.DateTimeField(editable=False, null=True, verbose_name='next fetch')),
                ('leased_until', models.DateTimeField(editable=False, null=True)),
                ('last_error', models.TextField(blank=True, editable=False, verbose_name='last error')),
            ],
            options={
                'ordering': ['name', 'pk'],
                'indexes': [models.Index(condition=models.Q(('next_fetch_at__isnull', False)), fields=['next_fetch_at', 'id'], name='discovery_feed_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('url__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('publisher__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('last_error__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True)), name='discovery_feed_plain_text'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('publisher', ''), _negated=True)), name='discovery_feed_has_names'), models.CheckConstraint(condition=models.Q(('kind__in', ['office', 'court', 'newsroom', 'other'])), name='discovery_feed_kind_known'), models.CheckConstraint(condition=models.Q(('url__iregex', '^https?://[^/@\\s]+\\.[^/@\\s]+')), name='discovery_feed_url_is_web'), models.CheckConstraint(condition=models.Q(('fetch_every__range', (5, 10080)), ('quiet_days__range', (1, 366))), name='discovery_feed_times_are_sane'), models.CheckConstraint(condition=models.Q(models.Q(('is_active', True), ('next_fetch_at__isnull', False)), models.Q(('is_active', False), ('next_fetch_at__isnull', True)), _connector='OR'), name='discovery_feed_is_read_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('failing_since__isnull', True), ('failures', 0), ('last_error', '')), models.Q(('failing_since__isnull', False), ('failures__gt', 0), models.Q(('last_error', ''), _negated=True)), _connector='OR'), name='discovery_feed_fails_for_a_reason')],
                'triggers': [pgtrigger.compiler.Trigger(name='no_lost_updates', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."added_at" IS DISTINCT FROM (NEW."added_at") OR OLD."added_by_id" IS DISTINCT FROM (NEW."added_by_id") OR OLD."fetch_every" IS DISTINCT FROM (NEW."fetch_every") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."jurisdiction_id" IS DISTINCT FROM (NEW."jurisdiction_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."office_id" IS DISTINCT FROM (NEW."office_id") OR OLD."publisher" IS DISTINCT FROM (NEW."publisher") OR OLD."quiet_days" IS DISTINCT FROM (NEW."quiet_days") OR OLD."url" IS DISTINCT FROM (NEW."url") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func="\n            IF NEW.version <> OLD.version THEN\n                RAISE EXCEPTION 'This was changed by someone else in the meantime.'\n                    USING ERRCODE = 'serialization_failure';\n            END IF;\n            NEW.version := OLD.version + 1;\n            RETURN NEW;\n            ", hash='530ff057ae1509249ce862c2aaba330d4c62f3ec', operation='UPDATE', pgid='pgtrigger_no_lost_updates_97e14', table='discovery_feed', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "discovery_feedevent" ("added_at", "added_by_id", "fetch_every", "id", "is_active", "jurisdiction_id", "kind", "name", "office_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "publisher", "quiet_days", "url", "version") VALUES (NEW."added_at", NEW."added_by_id", NEW."fetch_every", NEW."id", NEW."is_active", NEW."jurisdiction_id", NEW."kind", NEW."name", NEW."office_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."publisher", NEW."quiet_days", NEW."url", NEW."version"); RETURN NULL;', hash='03eb450db6fcaa9bbcdc01091c2a3ac3d9df6fb8', operation='INSERT', pgid='pgtrigger_insert_insert_4552f', table='discovery_feed', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."added_at" IS DISTINCT FROM (NEW."added_at") OR OLD."added_by_id" IS DISTINCT FROM (NEW."added_by_id") OR OLD."fetch_every" IS DISTINCT FROM (NEW."fetch_every") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."jurisdiction_id" IS DISTINCT FROM (NEW."jurisdiction_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."office_id" IS DISTINCT FROM (NEW."office_id") OR OLD."publisher" IS DISTINCT FROM (NEW."publisher") OR OLD."quiet_days" IS DISTINCT FROM (NEW."quiet_days") OR OLD."url" IS DISTINCT FROM (NEW."url") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func='INSERT INTO "discovery_feedevent" ("added_at", "added_by_id", "fetch_every", "id", "is_active", "jurisdiction_id", "kind", "name", "office_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "publisher", "quiet_days", "url", "version") VALUES (NEW."added_at", NEW."added_by_id", NEW."fetch_every", NEW."id", NEW."is_active", NEW."jurisdiction_id", NEW."kind", NEW."name", NEW."office_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."publisher", NEW."quiet_days", NEW."url", NEW."version"); RETURN NULL;', hash='7ed72a73501b8f7bb7c9ea8ae1f8a3949c5a8f8c', operation='UPDATE', pgid='pgtrigger_update_update_023a8', table='discovery_feed', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "discovery_feedevent" ("added_at", "added_by_id", "fetch_every", "id", "is_active", "jurisdiction_id", "kind", "name", "office_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "publisher", "quiet_days", "url", "version") VALUES (OLD."added_at", OLD."added_by_id", OLD."fetch_every", OLD."id", OLD."is_active", OLD."jurisdiction_id", OLD."kind", OLD."name", OLD."office_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."publisher", OLD."quiet_days", OLD."url", OLD."version"); RETURN NULL;', hash='cffccbdc5800c7c7e48b682c459e731915afc450', operation='DELETE', pgid='pgtrigger_delete_delete_01630', table='discovery_feed', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='FeedEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='discovery.feed')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('name', models.CharField(max_length=200, validators=[promises.common.text.without_control_characters], verbose_name='name')),
                ('url', models.CharField(max_length=1000, validators=[promises.common.text.without_control_characters, promises.common.links.public_web_address], verbose_name='web address')),
                ('publisher', models.CharField(max_length=200, validators=[promises.common.text.without_control_characters], verbose_name='publisher')),
                ('kind', models.CharField(choices=[('office', 'office'), ('court', 'court'), ('newsroom', 'newsroom'), ('other', 'other')], max_length=10, verbose_name='kind')),
                ('jurisdiction', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='officials.jurisdiction')),
                ('office', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='officials.office')),
                ('is_active', models.BooleanField(default=True, verbose_name='is read')),
                ('fetch_every', models.PositiveIntegerField(default=180, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(10080)], verbose_name='minutes between readings')),
                ('quiet_days', models.PositiveSmallIntegerField(default=30, help_text='After that it stands out as silent.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(366)], verbose_name='days it may bring nothing')),
                ('added_at', models.DateTimeField(editable=False, verbose_name='added at')),
                ('added_by', models.ForeignKey(db_constraint=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Cannot truncate %: it is kept for good.', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='91be78a559e20abd73a84f91856c1d8d6618d01a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_c8181', table='discovery_feedevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='915499b63384516aefdea816b0f3a6e66778c10a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9a220', table='discovery_feedevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='FeedItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('feed', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='discovery.feed')),
                ('guid', models.CharField(max_length=300)),
                ('url', models.CharField(max_length=1000, verbose_name='web address')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('summary', models.CharField(blank=True, max_length=2000, verbose_name='summary')),
                ('published_on', models.DateField(null=True, verbose_name='published on')),
                ('first_seen_at', models.DateTimeField(verbose_name='first seen')),
                ('matched_at', models.DateTimeField(null=True, verbose_name='held against the pledges')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('matched_at__isnull', True)), fields=['id'], name='discovery_item_unmatched')],
                'constraints': [models.UniqueConstraint(fields=('feed', 'guid'), name='discovery_item_once_a_feed'), models.CheckConstraint(condition=models.Q(models.Q(('guid__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('url__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('title__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('summary__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True)), name='discovery_feeditem_plain_text'), models.CheckConstraint(condition=models.Q(('url__iregex', '^https?://'), models.Q(('title', ''), _negated=True), models.Q(('guid', ''), _negated=True)), name='discovery_item_is_something')],
            },
        ),
        migrations.CreateModel(
            name='Candidate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='candidates', to='discovery.feeditem')),
                ('pledge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='candidates', to='pledges.pledge')),
                ('score', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='score')),
                ('words', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), size=None, verbose_name='matching words')),
                ('known', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='evidence.evidence')),
                ('found_at', models.DateTimeField(verbose_name='found at')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('linked', 'linked'), ('dismissed', 'dismissed')], default='waiting', editable=False, max_length=10, verbose_name='state')),
                ('decided_at', models.DateTimeField(editable=False, null=True, verbose_name='decided at')),
                ('decided_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reason', models.TextField(blank=True, editable=False, validators=[promises.common.text.without_control_characters], verbose_name='why dismissed')),
                ('evidence', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='candidates', to='evidence.evidence')),
            ],
            options={
                'ordering': ['-score', '-pk'],
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['-score', '-id'], name='discovery_candidate_queue'), models.Index(fields=['-score', '-id'], name='discovery_candidate_score')],
                'constraints': [models.UniqueConstraint(fields=('item', 'pledge'), name='discovery_candidate_once'), models.CheckConstraint(condition=models.Q(('reason__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), name='discovery_candidate_plain_text'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), models.Q(('decided_at__isnull', True), ('decided_by__isnull', True)), _connector='OR'), name='discovery_candidate_decided_at_is_paired'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('reason', ''), ('state', 'waiting')), models.Q(('decided_at__isnull', False), ('reason', ''), ('state', 'linked')), models.Q(('decided_at__isnull', False), ('state', 'dismissed'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='discovery_candidate_decided_by_someone'), models.CheckConstraint(condition=models.Q(('state', 'linked'), ('evidence__isnull', True), _connector='OR'), name='discovery_candidate_only_linked_has_evidence')],
                'triggers': [pgtrigger.compiler.Trigger(name='no_lost_updates', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func="\n            IF NEW.version <> OLD.version THEN\n                RAISE EXCEPTION 'This was changed by someone else in the meantime.'\n                    USING ERRCODE = 'serialization_failure';\n            END IF;\n            NEW.version := OLD.version + 1;\n            RETURN NEW;\n            ", hash='fed3121410136be1799b6673add013d476ab229b', operation='UPDATE', pgid='pgtrigger_no_lost_updates_9a2b0', table='discovery_candidate', when='BEFORE')), pgtrigger.compiler.Trigger(name='people_decide', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."decided_by_id" IS NOT NULL)', func="\n                    IF NOT EXISTS (\n                        SELECT FROM accounts_user\n                        WHERE id = NEW.decided_by_id AND is_active AND NOT is_service\n                    ) THEN\n                        RAISE EXCEPTION 'What a feed brought is linked or dismissed by a person.'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                    ", hash='5d95687b0573452ee6392767cf41d4651bc508a1', operation='INSERT OR UPDATE', pgid='pgtrigger_people_decide_ce9c5', table='discovery_candidate', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "discovery_candidateevent" ("decided_at", "decided_by_id", "evidence_id", "found_at", "id", "item_id", "known_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "reason", "score", "state", "version", "words") SELECT new_values."decided_at", new_values."decided_by_id", new_values."evidence_id", new_values."found_at", new_values."id", new_values."item_id", new_values."known_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."pledge_id", new_values."reason", new_values."score", new_values."state", new_values."version", new_values."words" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='49f8b63ffa243d8292b10120f567c72ea957eea5', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_c0ada', referencing='REFERENCING NEW TABLE AS new_values ', table='discovery_candidate', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "discovery_candidateevent" ("decided_at", "decided_by_id", "evidence_id", "found_at", "id", "item_id", "known_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "reason", "score", "state", "version", "words") SELECT new_values."decided_at", new_values."decided_by_id", new_values."evidence_id", new_values."found_at", new_values."id", new_values."item_id", new_values."known_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."pledge_id", new_values."reason", new_values."score", new_values."state", new_values."version", new_values."words" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e3642d3dfd8951ae1ec5afff9a1d7cda80c39f50', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_a87a5', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='discovery_candidate', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "discovery_candidateevent" ("decided_at", "decided_by_id", "evidence_id", "found_at", "id", "item_id", "known_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "reason", "score", "state", "version", "words") SELECT old_values."decided_at", old_values."decided_by_id", old_values."evidence_id", old_values."found_at", old_values."id", old_values."item_id", old_values."known_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."pledge_id", old_values."reason", old_values."score", old_values."state", old_values."version", old_values."words" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='8a124f85c02f4a6dfef080c6db46bb50c31ecfd7', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_0bb8e', referencing='REFERENCING OLD TABLE AS old_values ', table='discovery_candidate', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='CandidateEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='discovery.candidate')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('item', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='discovery.feeditem')),
                ('pledge', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.pledge')),
                ('score', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='score')),
                ('words', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), size=None, verbose_name='matching words')),
                ('known', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evidence.evidence')),
                ('found_at', models.DateTimeField(verbose_name='found at')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('linked', 'linked'), ('dismissed', 'dismissed')], default='waiting', editable=False, max_length=10, verbose_name='state')),
                ('decided_at', models.DateTimeField(editable=False, null=True, verbose_name='decided at')),
                ('decided_by', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('reason', models.TextField(blank=True, editable=False, validators=[promises.common.text.without_control_characters], verbose_name='why dismissed')),
                ('evidence', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evidence.evidence')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Cannot truncate %: it is kept for good.', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='d3b2bff77001b10e773050ce9df57ee417cd9ae9', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_d44d3', table='discovery_candidateevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a0c2e705d48dbeb18d8db9237bacf60a79e578d5', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_af70e', table='discovery_candidateevent', when='BEFORE'))],
            },
        ),
        promises.common.installing.InstallTriggers(
        ),
    ]
