import django.contrib.postgres.indexes
import django.contrib.postgres.search
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
        ('officials', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('pledges', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Evidence',
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
                ('title', models.CharField(max_length=300, validators=[promises.common.text.without_control_characters], verbose_name='title')),
                ('is_title_exact', models.BooleanField(default=True, help_text='Off when the headline was not seen.', verbose_name='title is exact')),
                ('kind', models.CharField(choices=[('policy_memo', 'policy memo'), ('court_filing', 'court filing'), ('official_data', 'official data'), ('legislation', 'legislation'), ('statement', 'statement'), ('news_report', 'news report'), ('independent_study', 'independent study'), ('campaign_material', 'campaign material'), ('election_result', 'election result')], max_length=20, verbose_name='kind')),
                ('provenance', models.CharField(choices=[('self_reported', 'the official, the office or the campaign'), ('independent', 'independent'), ('adversarial', 'an opponent or the other side of a case')], max_length=15, verbose_name='provenance')),
                ('publisher', models.CharField(blank=True, max_length=200, validators=[promises.common.text.without_control_characters], verbose_name='publisher')),
                ('url', models.CharField(blank=True, max_length=1000, validators=[promises.common.text.without_control_characters, promises.common.links.public_web_address], verbose_name='web address')),
                ('published_on', models.DateField(blank=True, help_text='If only the month or year is known, its first day.', null=True, verbose_name='published on')),
                ('date_precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year'), ('unknown', 'unknown')], default='day', max_length=10, verbose_name='date is known to the')),
                ('summary', models.TextField(help_text='One sentence in our own words.', validators=[promises.common.text.without_control_characters], verbose_name='summary')),
                ('checked', models.CharField(choices=[('excerpt', 'an excerpt of the page carries the summary'), ('computed', 'computed from published data'), ('unconfirmed', 'not confirmed: no page was read')], max_length=15, verbose_name='how the summary was checked')),
            ],
            options={
                'verbose_name_plural': 'evidence',
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('state', 'published')), fields=['-published_on', 'id'], name='evidence_newest'), models.Index(condition=models.Q(('state', 'published'), _negated=True), fields=['state', '-id'], name='evidence_not_public'), models.Index(condition=models.Q(('state', 'draft')), fields=['created_by', '-created_at', '-id'], name='evidence_drafts'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('title', 'slug', 'publisher', 'summary', 'url', config='simple'), name='evidence_words')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'in_review', 'published', 'retracted'])), name='evidence_evidence_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('submitted_at__isnull', False), ('submitted_by__isnull', False)), models.Q(('submitted_at__isnull', True), ('submitted_by__isnull', True)), _connector='OR'), name='evidence_evidence_submitted_at_is_paired'), models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', False), ('published_by__isnull', False)), models.Q(('published_at__isnull', True), ('published_by__isnull', True)), _connector='OR'), name='evidence_evidence_published_at_is_paired'), models.CheckConstraint(condition=models.Q(models.Q(('retracted_at__isnull', False), ('retracted_by__isnull', False)), models.Q(('retracted_at__isnull', True), ('retracted_by__isnull', True)), _connector='OR'), name='evidence_evidence_retracted_at_is_paired'), models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('state__in', ['draft', 'in_review'])), models.Q(('published_at__isnull', False), ('state__in', ['published', 'retracted'])), _connector='OR'), name='evidence_evidence_published_has_a_date'), models.CheckConstraint(condition=models.Q(models.Q(('retracted_at__isnull', False), ('state', 'retracted'), models.Q(('retraction_reason', ''), _negated=True)), models.Q(models.Q(('state', 'retracted'), _negated=True), ('retracted_at__isnull', True), ('retraction_reason', '')), _connector='OR'), name='evidence_evidence_retracted_has_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('title__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('publisher__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('url__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('summary__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True)), name='evidence_evidence_plain_text'), models.CheckConstraint(condition=models.Q(models.Q(('date_precision', 'unknown'), ('published_on__isnull', True)), models.Q(('date_precision', 'day'), ('published_on__isnull', False)), models.Q(('date_precision', 'month'), ('published_on__day', 1)), models.Q(('date_precision', 'year'), ('published_on__day', 1), ('published_on__month', 1)), _connector='OR'), name='evidence_evidence_published_on_as_precise_as_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['policy_memo', 'court_filing', 'official_data', 'legislation', 'statement', 'news_report', 'independent_study', 'campaign_material', 'election_result']), ('provenance__in', ['self_reported', 'independent', 'adversarial']), ('checked__in', ['excerpt', 'computed', 'unconfirmed'])), name='evidence_evidence_choices_known'), models.CheckConstraint(condition=models.Q(('url', ''), ('url__iregex', '^https?://[^/@\\s]+\\.[^/@\\s]+'), _connector='OR'), name='evidence_evidence_url_is_web'), models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('summary', ''), _negated=True)), name='evidence_evidence_says_something')],
                'triggers': [pgtrigger.compiler.Trigger(name='state_moves_forward', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IS DISTINCT FROM (NEW."state"))', func="\n                    IF (OLD.state, NEW.state) NOT IN (\n                        ('draft', 'in_review'), ('in_review', 'draft'), ('draft', 'published'),\n                        ('in_review', 'published'), ('published', 'retracted')\n                    ) THEN\n                        RAISE EXCEPTION 'A % record cannot become %.', OLD.state, NEW.state\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                    ", hash='5984dbfb59844a3d54d75a01dcfbcdbf14ce12ae', operation='UPDATE OF "state"', pgid='pgtrigger_state_moves_forward_f22e3', table='evidence_evidence', when='BEFORE')), pgtrigger.compiler.Trigger(name='only_drafts_are_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IN (\'published\', \'retracted\'))', func="\n                    RAISE EXCEPTION 'A % record is not deleted; retract it.', OLD.state\n                        USING ERRCODE = 'check_violation';\n                    ", hash='cc29aa8f358561f9b8844c3a56481355370732e9', operation='DELETE', pgid='pgtrigger_only_drafts_are_deleted_9db5c', table='evidence_evidence', when='BEFORE')), pgtrigger.compiler.Trigger(name='the_author_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))', func="\n                    RAISE EXCEPTION 'Who wrote a record, and when, never changes.'\n                        USING ERRCODE = 'check_violation';\n                    ", hash='e0efd6f8d52f19a128d4df8d858db2a31a98d0f4', operation='UPDATE OF "created_by_id", "created_at"', pgid='pgtrigger_the_author_stays_769d6', table='evidence_evidence', when='BEFORE')), pgtrigger.compiler.Trigger(name='no_lost_updates', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func="\n            IF NEW.version <> OLD.version THEN\n                RAISE EXCEPTION 'This was changed by someone else in the meantime.'\n                    USING ERRCODE = 'serialization_failure';\n            END IF;\n            NEW.version := OLD.version + 1;\n            RETURN NEW;\n            ", hash='f99b03b316a179c8b29a24b5f0b95773ebe69a68', operation='UPDATE', pgid='pgtrigger_no_lost_updates_65dd7', table='evidence_evidence', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_evidenceevent" ("checked", "created_at", "created_by_id", "date_precision", "id", "is_title_exact", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "published_at", "published_by_id", "published_on", "publisher", "retracted_at", "retracted_by_id", "retraction_reason", "slug", "state", "submitted_at", "submitted_by_id", "summary", "title", "url", "version") VALUES (NEW."checked", NEW."created_at", NEW."created_by_id", NEW."date_precision", NEW."id", NEW."is_title_exact", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."provenance", NEW."published_at", NEW."published_by_id", NEW."published_on", NEW."publisher", NEW."retracted_at", NEW."retracted_by_id", NEW."retraction_reason", NEW."slug", NEW."state", NEW."submitted_at", NEW."submitted_by_id", NEW."summary", NEW."title", NEW."url", NEW."version"); RETURN NULL;', hash='19bc1092d4ef5137726429ccc9bf68cbfac9e0b3', operation='INSERT', pgid='pgtrigger_insert_insert_1215e', table='evidence_evidence', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "evidence_evidenceevent" ("checked", "created_at", "created_by_id", "date_precision", "id", "is_title_exact", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "published_at", "published_by_id", "published_on", "publisher", "retracted_at", "retracted_by_id", "retraction_reason", "slug", "state", "submitted_at", "submitted_by_id", "summary", "title", "url", "version") VALUES (NEW."checked", NEW."created_at", NEW."created_by_id", NEW."date_precision", NEW."id", NEW."is_title_exact", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."provenance", NEW."published_at", NEW."published_by_id", NEW."published_on", NEW."publisher", NEW."retracted_at", NEW."retracted_by_id", NEW."retraction_reason", NEW."slug", NEW."state", NEW."submitted_at", NEW."submitted_by_id", NEW."summary", NEW."title", NEW."url", NEW."version"); RETURN NULL;', hash='d3eaf832cf55634f641291f0e686b228c4d62310', operation='UPDATE', pgid='pgtrigger_update_update_1de0e', table='evidence_evidence', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_evidenceevent" ("checked", "created_at", "created_by_id", "date_precision", "id", "is_title_exact", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "published_at", "published_by_id", "published_on", "publisher", "retracted_at", "retracted_by_id", "retraction_reason", "slug", "state", "submitted_at", "submitted_by_id", "summary", "title", "url", "version") VALUES (OLD."checked", OLD."created_at", OLD."created_by_id", OLD."date_precision", OLD."id", OLD."is_title_exact", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."provenance", OLD."published_at", OLD."published_by_id", OLD."published_on", OLD."publisher", OLD."retracted_at", OLD."retracted_by_id", OLD."retraction_reason", OLD."slug", OLD."state", OLD."submitted_at", OLD."submitted_by_id", OLD."summary", OLD."title", OLD."url", OLD."version"); RETURN NULL;', hash='7bb30f1a66f20acad1f518b7e6ac0c65fbb27332', operation='DELETE', pgid='pgtrigger_delete_delete_25375', table='evidence_evidence', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='EvidenceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='evidence.evidence')),
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
                ('title', models.CharField(max_length=300, validators=[promises.common.text.without_control_characters], verbose_name='title')),
                ('is_title_exact', models.BooleanField(default=True, help_text='Off when the headline was not seen.', verbose_name='title is exact')),
                ('kind', models.CharField(choices=[('policy_memo', 'policy memo'), ('court_filing', 'court filing'), ('official_data', 'official data'), ('legislation', 'legislation'), ('statement', 'statement'), ('news_report', 'news report'), ('independent_study', 'independent study'), ('campaign_material', 'campaign material'), ('election_result', 'election result')], max_length=20, verbose_name='kind')),
                ('provenance', models.CharField(choices=[('self_reported', 'the official, the office or the campaign'), ('independent', 'independent'), ('adversarial', 'an opponent or the other side of a case')], max_length=15, verbose_name='provenance')),
                ('publisher', models.CharField(blank=True, max_length=200, validators=[promises.common.text.without_control_characters], verbose_name='publisher')),
                ('url', models.CharField(blank=True, max_length=1000, validators=[promises.common.text.without_control_characters, promises.common.links.public_web_address], verbose_name='web address')),
                ('published_on', models.DateField(blank=True, help_text='If only the month or year is known, its first day.', null=True, verbose_name='published on')),
                ('date_precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year'), ('unknown', 'unknown')], default='day', max_length=10, verbose_name='date is known to the')),
                ('summary', models.TextField(help_text='One sentence in our own words.', validators=[promises.common.text.without_control_characters], verbose_name='summary')),
                ('checked', models.CharField(choices=[('excerpt', 'an excerpt of the page carries the summary'), ('computed', 'computed from published data'), ('unconfirmed', 'not confirmed: no page was read')], max_length=15, verbose_name='how the summary was checked')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Cannot truncate %: it is kept for good.', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='a650307259eb2e14c8048c3fba3a2df44cef5e5f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_e2ee8', table='evidence_evidenceevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9015ed7c6ff39066186033419474e39856535cdf', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c44b8', table='evidence_evidenceevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='EvidenceLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('pledge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence_links', to='pledges.pledge')),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='evidence.evidence')),
                ('stance', models.CharField(choices=[('supports', 'supports'), ('contradicts', 'contradicts'), ('context', 'context')], max_length=15, verbose_name='stance')),
                ('is_source', models.BooleanField(default=False, help_text='The pledge was made here.', verbose_name='source of the pledge')),
                ('note', models.TextField(blank=True, validators=[promises.common.text.without_control_characters], verbose_name='note')),
                ('locator', models.CharField(blank=True, help_text='Page, time …', max_length=200, validators=[promises.common.text.without_control_characters], verbose_name='where in it')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('note__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('locator__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True)), name='evidence_evidencelink_plain_text'), models.UniqueConstraint(fields=('pledge', 'evidence'), name='evidence_link_once_per_pledge'), models.CheckConstraint(condition=models.Q(('stance__in', ['supports', 'contradicts', 'context'])), name='evidence_link_stance_known')],
                'triggers': [pgtrigger.compiler.Trigger(name='no_lost_updates', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func="\n            IF NEW.version <> OLD.version THEN\n                RAISE EXCEPTION 'This was changed by someone else in the meantime.'\n                    USING ERRCODE = 'serialization_failure';\n            END IF;\n            NEW.version := OLD.version + 1;\n            RETURN NEW;\n            ", hash='e0703124357fead9ee4a0a4870f70dd5b35edeab', operation='UPDATE', pgid='pgtrigger_no_lost_updates_06e91', table='evidence_evidencelink', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_evidencelinkevent" ("evidence_id", "id", "is_source", "locator", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "stance", "version") VALUES (NEW."evidence_id", NEW."id", NEW."is_source", NEW."locator", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pledge_id", NEW."stance", NEW."version"); RETURN NULL;', hash='30658e0b56560b6c51e4d4e335cf2f3829326af9', operation='INSERT', pgid='pgtrigger_insert_insert_82ae9', table='evidence_evidencelink', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "evidence_evidencelinkevent" ("evidence_id", "id", "is_source", "locator", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "stance", "version") VALUES (NEW."evidence_id", NEW."id", NEW."is_source", NEW."locator", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pledge_id", NEW."stance", NEW."version"); RETURN NULL;', hash='d7a5ee3015f7a1b263c5b1962a20988a297a93aa', operation='UPDATE', pgid='pgtrigger_update_update_d6e2f', table='evidence_evidencelink', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_evidencelinkevent" ("evidence_id", "id", "is_source", "locator", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pledge_id", "stance", "version") VALUES (OLD."evidence_id", OLD."id", OLD."is_source", OLD."locator", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."pledge_id", OLD."stance", OLD."version"); RETURN NULL;', hash='9733a93b84dff713f7218ba1ef6990e0183c096a', operation='DELETE', pgid='pgtrigger_delete_delete_a8959', table='evidence_evidencelink', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ResultReportSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('result_report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sources', to='officials.resultreport')),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='result_reports', to='evidence.evidence')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('result_report', 'evidence'), name='evidence_resultreportsource_once')],
                'triggers': [pgtrigger.compiler.Trigger(name='sources_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='ea5bc1c58777527d25141bd93f633c5a547f4325', operation='DELETE', pgid='pgtrigger_sources_are_kept_dffd0', table='evidence_resultreportsource', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_resultreportsourceevent" ("evidence_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result_report_id") VALUES (NEW."evidence_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."result_report_id"); RETURN NULL;', hash='1f6c8eb24a5dce7c10666496691c708e6af6b641', operation='INSERT', pgid='pgtrigger_insert_insert_4daae', table='evidence_resultreportsource', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "evidence_resultreportsourceevent" ("evidence_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result_report_id") VALUES (NEW."evidence_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."result_report_id"); RETURN NULL;', hash='ea1278bc4ac43eedd7d39e8fd9c5cd254075c9cc', operation='UPDATE', pgid='pgtrigger_update_update_e7dfa', table='evidence_resultreportsource', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_resultreportsourceevent" ("evidence_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result_report_id") VALUES (OLD."evidence_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."result_report_id"); RETURN NULL;', hash='dfe83b9275a0e4b3dfc22d873b5b1c661bd347d7', operation='DELETE', pgid='pgtrigger_delete_delete_4f1ba', table='evidence_resultreportsource', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='EvidenceLinkEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='evidence.evidencelink')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('pledge', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.pledge')),
                ('evidence', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evidence.evidence')),
                ('stance', models.CharField(choices=[('supports', 'supports'), ('contradicts', 'contradicts'), ('context', 'context')], max_length=15, verbose_name='stance')),
                ('is_source', models.BooleanField(default=False, help_text='The pledge was made here.', verbose_name='source of the pledge')),
                ('note', models.TextField(blank=True, validators=[promises.common.text.without_control_characters], verbose_name='note')),
                ('locator', models.CharField(blank=True, help_text='Page, time …', max_length=200, validators=[promises.common.text.without_control_characters], verbose_name='where in it')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Cannot truncate %: it is kept for good.', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='ed5963749230dff380b2c63254c92b093710846f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_89904', table='evidence_evidencelinkevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f85526d8d1921ad6dd51896a08ec0eb29a69d09c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e67e5', table='evidence_evidencelinkevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='ResultReportSourceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='evidence.resultreportsource')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('result_report', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='officials.resultreport')),
                ('evidence', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evidence.evidence')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Cannot truncate %: it is kept for good.', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='1a5e08e7ef00db9cdf078325a5a1e4648b4d1ace', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_0fe24', table='evidence_resultreportsourceevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='48c11c3d0b7804ff95891375a34db77b77720432', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1ad94', table='evidence_resultreportsourceevent', when='BEFORE'))],
            },
        ),
        migrations.AddField(
            model_name='evidence',
            name='pledges',
            field=models.ManyToManyField(related_name='evidence', through='evidence.EvidenceLink', to='pledges.pledge'),
        ),
        promises.common.installing.InstallTriggers(
        ),
    ]
