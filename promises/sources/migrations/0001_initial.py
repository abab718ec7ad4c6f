import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
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
    ]

    operations = [
        migrations.CreateModel(
            name='PageText',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('text', models.TextField(verbose_name='text')),
                ('characters', models.PositiveIntegerField(verbose_name='characters')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector(django.db.models.functions.text.Left('text', 150000), config='simple'), name='sources_pagetext_words')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sha256', models.Func(models.F('text'), output_field=models.TextField(), template="encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')"))), name='sources_pagetext_is_what_it_is_called')],
                'triggers': [pgtrigger.compiler.Trigger(name='texts_stay', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='cd039618f2569c0d1e3ec4d7e825027842a4bf72', operation='UPDATE', pgid='pgtrigger_texts_stay_b6b35', table='sources_pagetext', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Host',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=253, unique=True, verbose_name='name')),
                ('next_visit_at', models.DateTimeField(verbose_name='not before')),
                ('leased_until', models.DateTimeField(null=True, verbose_name='being visited until')),
                ('visits', models.PositiveIntegerField(default=0, verbose_name='visits')),
                ('last_answered_at', models.DateTimeField(null=True, verbose_name='last answered at')),
                ('robots_text', models.TextField(blank=True)),
                ('robots_status', models.PositiveSmallIntegerField(null=True)),
                ('robots_read_at', models.DateTimeField(null=True)),
                ('robots_expires_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['-last_answered_at'], name='sources_host_answered')],
            },
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('evidence', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='source', to='evidence.evidence')),
                ('url', models.CharField(max_length=1000, verbose_name='web address')),
                ('host', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sources', to='sources.host')),
                ('state', models.CharField(choices=[('unchecked', 'not checked yet'), ('there', 'still there'), ('failing', 'did not answer lately; not called gone until it fails again'), ('dead', 'gone from its address'), ('soft_404', 'gone: its address says that the page is not there'), ('redirected_home', 'gone: its address leads to a home page'), ('parked', 'gone: the name of its site is for sale'), ('login', 'not readable without a login'), ('payment_required', 'not readable without a payment'), ('forbidden', 'not shown to our checks'), ('paywall', 'readable in full for subscribers only'), ('bot_wall', 'not shown to our checks, which it takes for robots'), ('consent_wall', 'shown after a question about cookies only'), ('empty_shell', 'there, but our checks cannot read its text'), ('region_block', 'not shown in every country'), ('rate_limited', 'too busy for our last check'), ('refused', 'not shown to our last check'), ('bad_certificate', 'behind a certificate that is not valid'), ('too_large', 'too large for our checks'), ('not_visited', 'at an address that our checks do not visit'), ('robots', 'closed to checks by its site')], default='unchecked', max_length=20, verbose_name='state')),
                ('last_verdict', models.CharField(blank=True, choices=[('ok', 'the page'), ('gone', 'not there (404 or 410)'), ('soft_404', 'a page that says it is not there'), ('redirected_home', 'the home page instead'), ('parked', 'a page that sells the name of the site'), ('login', 'a page to log in'), ('payment_required', 'payment asked for (402)'), ('forbidden', 'refused (403)'), ('paywall', 'the beginning of it, the rest for subscribers'), ('bot_wall', 'a test for robots'), ('consent_wall', 'a question about cookies'), ('empty_shell', 'a page without text'), ('region_block', 'not shown in this country'), ('rate_limited', 'too many visits (429)'), ('server_error', 'an error of the server'), ('refused', 'another refusal of the server'), ('no_name', 'no server of that name'), ('unreachable', 'no answer'), ('bad_certificate', 'a certificate that is not valid'), ('too_large', 'more than we fetch'), ('not_visited', 'an address that we do not visit'), ('robots', 'closed to robots by its robots.txt'), ('no_network', 'nothing: it failed on our side')], max_length=20, verbose_name='found last')),
                ('failures', models.PositiveSmallIntegerField(default=0, verbose_name='failures that count')),
                ('failed_by', models.CharField(blank=True, choices=[('ok', 'the page'), ('gone', 'not there (404 or 410)'), ('soft_404', 'a page that says it is not there'), ('redirected_home', 'the home page instead'), ('parked', 'a page that sells the name of the site'), ('login', 'a page to log in'), ('payment_required', 'payment asked for (402)'), ('forbidden', 'refused (403)'), ('paywall', 'the beginning of it, the rest for subscribers'), ('bot_wall', 'a test for robots'), ('consent_wall', 'a question about cookies'), ('empty_shell', 'a page without text'), ('region_block', 'not shown in this country'), ('rate_limited', 'too many visits (429)'), ('server_error', 'an error of the server'), ('refused', 'another refusal of the server'), ('no_name', 'no server of that name'), ('unreachable', 'no answer'), ('bad_certificate', 'a certificate that is not valid'), ('too_large', 'more than we fetch'), ('not_visited', 'an address that we do not visit'), ('robots', 'closed to robots by its robots.txt'), ('no_network', 'nothing: it failed on our side')], max_length=20)),
                ('first_failed_at', models.DateTimeField(null=True, verbose_name='failing since')),
                ('last_failed_at', models.DateTimeField(null=True, verbose_name='last failure that counts')),
                ('lost_at', models.DateTimeField(null=True, verbose_name='gone since')),
                ('last_checked_at', models.DateTimeField(null=True, verbose_name='last checked at')),
                ('last_seen_at', models.DateTimeField(null=True, verbose_name='last seen at')),
                ('next_check_at', models.DateTimeField(null=True, verbose_name='next check at')),
                ('found_text', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.pagetext')),
                ('found_whole', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.pagetext')),
                ('accepted_text', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.pagetext')),
                ('accepted_whole', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.pagetext')),
                ('changed_at', models.DateTimeField(null=True, verbose_name='wording changed at')),
                ('accepted_at', models.DateTimeField(null=True, verbose_name='change accepted at')),
                ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('accepted_note', models.TextField(blank=True, validators=[promises.common.text.without_control_characters], verbose_name='what the change means')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('next_check_at__isnull', False)), fields=['next_check_at', 'id'], name='sources_source_due'), models.Index(condition=models.Q(('next_check_at__isnull', False)), fields=['host', 'next_check_at'], name='sources_source_of_host'), models.Index(fields=['state', '-id'], name='sources_source_state'), models.Index(condition=models.Q(('lost_at__isnull', False)), fields=['lost_at'], name='sources_source_lost'), models.Index(condition=models.Q(('changed_at__isnull', False)), fields=['changed_at'], name='sources_source_changed')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['unchecked', 'there', 'failing', 'dead', 'soft_404', 'redirected_home', 'parked', 'login', 'payment_required', 'forbidden', 'paywall', 'bot_wall', 'consent_wall', 'empty_shell', 'region_block', 'rate_limited', 'refused', 'bad_certificate', 'too_large', 'not_visited', 'robots'])), name='sources_source_state_known'), models.CheckConstraint(condition=models.Q(('last_verdict__in', ['', 'ok', 'gone', 'soft_404', 'redirected_home', 'parked', 'login', 'payment_required', 'forbidden', 'paywall', 'bot_wall', 'consent_wall', 'empty_shell', 'region_block', 'rate_limited', 'server_error', 'refused', 'no_name', 'unreachable', 'bad_certificate', 'too_large', 'not_visited', 'robots', 'no_network']), ('failed_by__in', ['', 'ok', 'gone', 'soft_404', 'redirected_home', 'parked', 'login', 'payment_required', 'forbidden', 'paywall', 'bot_wall', 'consent_wall', 'empty_shell', 'region_block', 'rate_limited', 'server_error', 'refused', 'no_name', 'unreachable', 'bad_certificate', 'too_large', 'not_visited', 'robots', 'no_network'])), name='sources_source_verdicts_known'), models.CheckConstraint(condition=models.Q(models.Q(('lost_at__isnull', False), ('state__in', ('dead', 'soft_404', 'redirected_home', 'parked'))), models.Q(models.Q(('state__in', ('dead', 'soft_404', 'redirected_home', 'parked')), _negated=True), ('lost_at__isnull', True)), _connector='OR'), name='sources_source_lost_since'), models.CheckConstraint(condition=models.Q(models.Q(('failures', 0), ('first_failed_at', None), ('last_failed_at', None)), models.Q(('failures__gt', 0), ('first_failed_at__isnull', False), ('last_failed_at__isnull', False)), _connector='OR'), name='sources_source_failures_have_dates'), models.CheckConstraint(condition=models.Q(('changed_at', None), ('accepted_text__isnull', False), _connector='OR'), name='sources_source_changed_from_something'), models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False)), models.Q(('accepted_at__isnull', True), ('accepted_by__isnull', True)), _connector='OR'), name='sources_source_accepted_at_is_paired'), models.CheckConstraint(condition=models.Q(('accepted_note__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), name='sources_source_plain_text')],
                'triggers': [pgtrigger.compiler.Trigger(name='lost_needs_failures', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."lost_at" IS NOT NULL)', func="\n        IF NEW.failures < 3 OR NEW.last_failed_at - NEW.first_failed_at < interval '6 days' THEN\n            RAISE EXCEPTION 'A link is gone after three failures, each three days apart.'\n                USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n        ", hash='4a8d5d93330fe695863e681a5f5ed925e9fe0e39', operation='INSERT OR UPDATE', pgid='pgtrigger_lost_needs_failures_48efc', table='sources_source', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "sources_sourceevent" ("accepted_at", "accepted_by_id", "accepted_note", "accepted_text_id", "accepted_whole_id", "changed_at", "evidence_id", "host_id", "id", "lost_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "url") VALUES (NEW."accepted_at", NEW."accepted_by_id", NEW."accepted_note", NEW."accepted_text_id", NEW."accepted_whole_id", NEW."changed_at", NEW."evidence_id", NEW."host_id", NEW."id", NEW."lost_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."url"); RETURN NULL;', hash='59b80cadd92789e43967d9a0a5566d87ad714e92', operation='INSERT', pgid='pgtrigger_insert_insert_c3ed3', table='sources_source', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."accepted_at" IS DISTINCT FROM (NEW."accepted_at") OR OLD."accepted_by_id" IS DISTINCT FROM (NEW."accepted_by_id") OR OLD."accepted_note" IS DISTINCT FROM (NEW."accepted_note") OR OLD."accepted_text_id" IS DISTINCT FROM (NEW."accepted_text_id") OR OLD."accepted_whole_id" IS DISTINCT FROM (NEW."accepted_whole_id") OR OLD."changed_at" IS DISTINCT FROM (NEW."changed_at") OR OLD."evidence_id" IS DISTINCT FROM (NEW."evidence_id") OR OLD."host_id" IS DISTINCT FROM (NEW."host_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."lost_at" IS DISTINCT FROM (NEW."lost_at") OR OLD."url" IS DISTINCT FROM (NEW."url"))', func='INSERT INTO "sources_sourceevent" ("accepted_at", "accepted_by_id", "accepted_note", "accepted_text_id", "accepted_whole_id", "changed_at", "evidence_id", "host_id", "id", "lost_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "url") VALUES (NEW."accepted_at", NEW."accepted_by_id", NEW."accepted_note", NEW."accepted_text_id", NEW."accepted_whole_id", NEW."changed_at", NEW."evidence_id", NEW."host_id", NEW."id", NEW."lost_at", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."url"); RETURN NULL;', hash='3ee5ca6a2f4c9f1f6426a92dfca589afa577cbb7', operation='UPDATE', pgid='pgtrigger_update_update_e6185', table='sources_source', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "sources_sourceevent" ("accepted_at", "accepted_by_id", "accepted_note", "accepted_text_id", "accepted_whole_id", "changed_at", "evidence_id", "host_id", "id", "lost_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "url") VALUES (OLD."accepted_at", OLD."accepted_by_id", OLD."accepted_note", OLD."accepted_text_id", OLD."accepted_whole_id", OLD."changed_at", OLD."evidence_id", OLD."host_id", OLD."id", OLD."lost_at", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."url"); RETURN NULL;', hash='997ff82207714702ae10fcac35e157a62240ff48', operation='DELETE', pgid='pgtrigger_delete_delete_fde77', table='sources_source', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='SourceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='sources.source')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('evidence', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evidence.evidence')),
                ('url', models.CharField(max_length=1000, verbose_name='web address')),
                ('host', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='sources.host')),
                ('lost_at', models.DateTimeField(null=True, verbose_name='gone since')),
                ('accepted_text', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='sources.pagetext')),
                ('accepted_whole', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='sources.pagetext')),
                ('changed_at', models.DateTimeField(null=True, verbose_name='wording changed at')),
                ('accepted_at', models.DateTimeField(null=True, verbose_name='change accepted at')),
                ('accepted_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('accepted_note', models.TextField(blank=True, validators=[promises.common.text.without_control_characters], verbose_name='what the change means')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Cannot truncate %: it is kept for good.', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='db4707e059efe2a08812e41a1ae01555594b85bf', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_4d1f4', table='sources_sourceevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f130dee5c0afd9f03250b1f9000e554b81c5c4ae', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_add2d', table='sources_sourceevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='LinkCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='sources.source')),
                ('checked_at', models.DateTimeField(verbose_name='checked at')),
                ('asked_url', models.CharField(max_length=1000, verbose_name='asked')),
                ('url', models.CharField(blank=True, max_length=2000, verbose_name='ended at')),
                ('verdict', models.CharField(choices=[('ok', 'the page'), ('gone', 'not there (404 or 410)'), ('soft_404', 'a page that says it is not there'), ('redirected_home', 'the home page instead'), ('parked', 'a page that sells the name of the site'), ('login', 'a page to log in'), ('payment_required', 'payment asked for (402)'), ('forbidden', 'refused (403)'), ('paywall', 'the beginning of it, the rest for subscribers'), ('bot_wall', 'a test for robots'), ('consent_wall', 'a question about cookies'), ('empty_shell', 'a page without text'), ('region_block', 'not shown in this country'), ('rate_limited', 'too many visits (429)'), ('server_error', 'an error of the server'), ('refused', 'another refusal of the server'), ('no_name', 'no server of that name'), ('unreachable', 'no answer'), ('bad_certificate', 'a certificate that is not valid'), ('too_large', 'more than we fetch'), ('not_visited', 'an address that we do not visit'), ('robots', 'closed to robots by its robots.txt'), ('no_network', 'nothing: it failed on our side')], max_length=20, verbose_name='found')),
                ('status', models.PositiveSmallIntegerField(null=True, verbose_name='status of HTTP')),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='error')),
                ('text_sha256', models.CharField(blank=True, max_length=64, verbose_name='hash of the text')),
                ('is_changed', models.BooleanField(default=False, verbose_name='wording differs')),
            ],
            options={
                'ordering': ['-checked_at', '-pk'],
                'indexes': [models.Index(fields=['source', '-checked_at'], name='sources_linkcheck_newest'), models.Index(fields=['-checked_at'], name='sources_linkcheck_recent')],
                'constraints': [models.CheckConstraint(condition=models.Q(('verdict__in', ['ok', 'gone', 'soft_404', 'redirected_home', 'parked', 'login', 'payment_required', 'forbidden', 'paywall', 'bot_wall', 'consent_wall', 'empty_shell', 'region_block', 'rate_limited', 'server_error', 'refused', 'no_name', 'unreachable', 'bad_certificate', 'too_large', 'not_visited', 'robots', 'no_network'])), name='sources_linkcheck_verdict_known')],
                'triggers': [pgtrigger.compiler.Trigger(name='checks_stay', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='fdd2c02ad331c601ff505cdcf84c057f97a83933', operation='UPDATE', pgid='pgtrigger_checks_stay_46488', table='sources_linkcheck', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passages', to='evidence.evidencelink', verbose_name='evidence of')),
                ('exact', models.TextField(validators=[promises.common.text.without_control_characters], verbose_name='quoted words')),
                ('prefix', models.CharField(blank=True, max_length=300, validators=[promises.common.text.without_control_characters], verbose_name='words before')),
                ('suffix', models.CharField(blank=True, max_length=300, validators=[promises.common.text.without_control_characters], verbose_name='words after')),
                ('is_quote', models.BooleanField(default=False, verbose_name="the pledge's quote")),
                ('is_found', models.BooleanField(blank=True, null=True, verbose_name='found')),
                ('first_found_at', models.DateTimeField(blank=True, null=True, verbose_name='first found at')),
                ('lost_at', models.DateTimeField(blank=True, null=True, verbose_name='found no more since')),
                ('created_at', models.DateTimeField(verbose_name='added at')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('exact__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('prefix__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('suffix__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True)), name='sources_passage_plain_text'), models.CheckConstraint(condition=models.Q(('exact__regex', models.Value('^\\s*$')), _negated=True), name='sources_passage_says_something'), models.UniqueConstraint(condition=models.Q(('is_quote', True)), fields=('link',), name='sources_passage_one_quote'), models.UniqueConstraint(models.F('link'), django.db.models.functions.text.MD5('exact'), name='sources_passage_once'), models.CheckConstraint(condition=models.Q(('lost_at', None), models.Q(('first_found_at__isnull', False), ('is_found', False), ('is_found__isnull', False)), _connector='OR'), name='sources_passage_lost_after_found')],
                'triggers': [pgtrigger.compiler.Trigger(name='passages_stay', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."exact" IS DISTINCT FROM (NEW."exact") OR OLD."is_quote" IS DISTINCT FROM (NEW."is_quote") OR OLD."link_id" IS DISTINCT FROM (NEW."link_id") OR OLD."prefix" IS DISTINCT FROM (NEW."prefix") OR OLD."suffix" IS DISTINCT FROM (NEW."suffix"))', func="\n        RAISE EXCEPTION 'A passage stays as it is. Remove it, and add another.'\n            USING ERRCODE = 'check_violation';\n        ", hash='30493508263064be6dc0b80099e2c2a7d0d7bc9e', operation='UPDATE OF "exact", "prefix", "suffix", "link_id", "is_quote"', pgid='pgtrigger_passages_stay_50acd', table='sources_passage', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "sources_passageevent" ("created_at", "created_by_id", "exact", "id", "is_quote", "link_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "suffix") VALUES (NEW."created_at", NEW."created_by_id", NEW."exact", NEW."id", NEW."is_quote", NEW."link_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."prefix", NEW."suffix"); RETURN NULL;', hash='1574312abd02b3ee02f50cb1860135d922e1270d', operation='INSERT', pgid='pgtrigger_insert_insert_af5cd', table='sources_passage', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."exact" IS DISTINCT FROM (NEW."exact") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_quote" IS DISTINCT FROM (NEW."is_quote") OR OLD."link_id" IS DISTINCT FROM (NEW."link_id") OR OLD."prefix" IS DISTINCT FROM (NEW."prefix") OR OLD."suffix" IS DISTINCT FROM (NEW."suffix"))', func='INSERT INTO "sources_passageevent" ("created_at", "created_by_id", "exact", "id", "is_quote", "link_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "suffix") VALUES (NEW."created_at", NEW."created_by_id", NEW."exact", NEW."id", NEW."is_quote", NEW."link_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."prefix", NEW."suffix"); RETURN NULL;', hash='d145734af8d2afa0f4698c653b1bcbc6298435a0', operation='UPDATE', pgid='pgtrigger_update_update_1d8d7', table='sources_passage', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "sources_passageevent" ("created_at", "created_by_id", "exact", "id", "is_quote", "link_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "suffix") VALUES (OLD."created_at", OLD."created_by_id", OLD."exact", OLD."id", OLD."is_quote", OLD."link_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."prefix", OLD."suffix"); RETURN NULL;', hash='6928f4151579876b37cd67ba5d81700799094e38', operation='DELETE', pgid='pgtrigger_delete_delete_cbe2a', table='sources_passage', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='PassageEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='sources.passage')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('link', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evidence.evidencelink', verbose_name='evidence of')),
                ('exact', models.TextField(validators=[promises.common.text.without_control_characters], verbose_name='quoted words')),
                ('prefix', models.CharField(blank=True, max_length=300, validators=[promises.common.text.without_control_characters], verbose_name='words before')),
                ('suffix', models.CharField(blank=True, max_length=300, validators=[promises.common.text.without_control_characters], verbose_name='words after')),
                ('is_quote', models.BooleanField(default=False, verbose_name="the pledge's quote")),
                ('created_at', models.DateTimeField(verbose_name='added at')),
                ('created_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Cannot truncate %: it is kept for good.', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='beadc941171a28874f5cd76d4f2667a7424e0b6b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_ad71d', table='sources_passageevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a33021aae1f4288af48c83a7580a5519bdae747d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a3092', table='sources_passageevent', when='BEFORE'))],
            },
        ),
        promises.common.installing.InstallTriggers(
        ),
    ]
