import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import promises.accounts.names
import promises.common.installing
import promises.common.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('display_name', promises.accounts.names.PublicNameField(help_text='Signs status updates and reviews. Everyone can read it.', max_length=120, verbose_name='public name')),
                ('is_service', models.BooleanField(default=False, help_text='Acts for the system: imports, periodic jobs. It can approve nothing.', verbose_name='service account')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('display_name__regex', '[\\u0001-\\u001F\\u007F-\\u009F\\u00AD\\u034F\\u061C\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F\\u200B\\u200E\\u200F\\u2028-\\u202E\\u2060-\\u206F\\u2800\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFF\\U000E0000-\\U000E0FFF\\u00A0\\u1680\\u2000-\\u200A\\u202F\\u205F\\u3000]|^ | $|  '), _negated=True), name='accounts_user_public_name_is_plain'), models.CheckConstraint(condition=models.Q(('display_name', ''), _negated=True), name='accounts_user_has_a_public_name'), models.UniqueConstraint(django.db.models.functions.text.Lower(promises.accounts.names.AsCompared('display_name')), name='accounts_user_public_name_once', violation_error_message='Someone else signs with this name. Add an initial, so that readers can tell the two apart.')],
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='RoleGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='role_grants', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                ('role', models.CharField(blank=True, choices=[('researcher', 'Researcher: writes drafts and hands them in'), ('editor', 'Editor: also approves, publishes, retracts, reviews'), ('administrator', 'Administrator: also people, roles, policies, offices'), ('partner', 'Partner: a researcher for chosen jurisdictions only')], max_length=20, verbose_name='role')),
                ('given_at', models.DateTimeField(verbose_name='given at')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='given by')),
                ('reason', models.TextField(blank=True, validators=[promises.common.text.without_control_characters], verbose_name='why')),
            ],
            options={
                'ordering': ['-given_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), name='accounts_rolegrant_plain_text'), models.CheckConstraint(condition=models.Q(('role__in', ['', 'researcher', 'editor', 'administrator', 'partner'])), name='accounts_rolegrant_role_known'), models.CheckConstraint(condition=models.Q(('person', models.F('given_by')), _negated=True), name='accounts_rolegrant_by_another')],
                'triggers': [pgtrigger.compiler.Trigger(name='role_grants_stay', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bb500166bd685822964e422ebe75713a2882f7e0', operation='UPDATE OR DELETE', pgid='pgtrigger_role_grants_stay_427ce', table='accounts_rolegrant', when='BEFORE')), pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Cannot truncate %: it is kept for good.', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='a3eeffcad79eb7673282ed2e660fccaeecbfc477', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_626a6', table='accounts_rolegrant', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='SecurityEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('happened_at', models.DateTimeField(verbose_name='when')),
                ('kind', models.CharField(choices=[('logged_in', 'logged in'), ('login_failed', 'login failed'), ('logins_slowed', 'too many failed attempts, refused for a while'), ('logged_out', 'logged out'), ('session_ended', 'session ended'), ('password_changed', 'password changed'), ('email_changed', 'email address changed'), ('link_sent', 'link to set a password sent'), ('factor_added', 'second factor added'), ('factor_removed', 'second factor removed'), ('codes_renewed', 'new recovery codes made'), ('key_made', 'API key made'), ('key_revoked', 'API key revoked'), ('key_moved', 'API key moved to another tier'), ('login_closed', 'login closed'), ('login_opened', 'login opened again')], max_length=20, verbose_name='what')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='security_events', to=settings.AUTH_USER_MODEL, verbose_name='whose login')),
                ('by', models.ForeignKey(blank=True, help_text='Who did it, where it was an administrator and not the person.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('means', models.CharField(blank=True, max_length=60, verbose_name='with')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='why')),
                ('address', models.GenericIPAddressField(blank=True, null=True, verbose_name='address')),
                ('browser', models.CharField(blank=True, max_length=200, verbose_name='browser')),
            ],
            options={
                'verbose_name': 'security event',
                'verbose_name_plural': 'security log',
                'ordering': ['-happened_at', '-pk'],
                'indexes': [models.Index(fields=['person', '-happened_at'], name='accounts_event_of_person'), models.Index(fields=['-happened_at', '-id'], name='accounts_event_newest'), models.Index(condition=models.Q(('kind', 'logged_in')), fields=['person', 'address', 'happened_at'], name='accounts_event_place')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('means__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('reason__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('browser__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True)), name='accounts_securityevent_plain_text'), models.CheckConstraint(condition=models.Q(('kind__in', ['logged_in', 'login_failed', 'logins_slowed', 'logged_out', 'session_ended', 'password_changed', 'email_changed', 'link_sent', 'factor_added', 'factor_removed', 'codes_renewed', 'key_made', 'key_revoked', 'key_moved', 'login_closed', 'login_opened'])), name='accounts_event_kind_is_known'), models.CheckConstraint(condition=models.Q(('by', None), models.Q(('reason', ''), _negated=True), _connector='OR'), name='accounts_event_of_administrator_says_why')],
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nRAISE EXCEPTION 'The security log is append-only.' USING ERRCODE = 'check_violation';\n", hash='24bad4edfec024491d9272b5b23c22cbdc2c5fd6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f4724', table='accounts_securityevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nRAISE EXCEPTION 'The security log is append-only.' USING ERRCODE = 'check_violation';\n", hash='81f8a24bb220e3864ae750e2590665dae4dece33', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_2c232', table='accounts_securityevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='LoginAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tried_at', models.DateTimeField()),
                ('purpose', models.CharField(choices=[('password', 'password'), ('code', 'second factor'), ('link', 'link to set a password')], max_length=10)),
                ('account_key', models.CharField(max_length=32)),
                ('network_key', models.CharField(max_length=32)),
                ('device_key', models.CharField(blank=True, max_length=32)),
                ('is_familiar_place', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['account_key', 'tried_at'], name='accounts_attempt_on_account'), models.Index(fields=['network_key', 'tried_at'], name='accounts_attempt_of_network'), models.Index(fields=['tried_at'], name='accounts_attempt_oldest')],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to=settings.AUTH_USER_MODEL)),
                ('kind', models.CharField(choices=[('invitation', 'invitation'), ('password_link', 'link to set a password'), ('notice', 'notice of a change')], max_length=20)),
                ('event', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.securityevent')),
                ('to', models.EmailField(blank=True, max_length=254)),
                ('queued_at', models.DateTimeField()),
                ('posted_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('posted_at', None)), fields=['queued_at'], name='accounts_letter_to_post')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind', 'notice'), ('event', None), _connector='XOR'), name='accounts_letter_notice_has_an_event'), models.CheckConstraint(condition=models.Q(('to', ''), ('kind', 'notice'), _connector='OR'), name='accounts_letter_only_a_notice_goes_elsewhere')],
            },
        ),
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='api_keys', to=settings.AUTH_USER_MODEL, verbose_name='of')),
                ('name', models.CharField(max_length=80, validators=[promises.common.text.without_control_characters], verbose_name='name')),
                ('prefix', models.CharField(max_length=20, unique=True, verbose_name='begins with')),
                ('hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('read', 'read the public record, with more requests an hour'), ('suggest', 'send suggestions to the editors'), ('webhooks', 'set up webhooks and read their log')], max_length=10), size=3)),
                ('tier', models.CharField(choices=[('standard', 'standard'), ('partner', 'partner: mirrors the record')], default='standard', max_length=10, verbose_name='tier')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
                ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='last used at')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked at')),
            ],
            options={
                'verbose_name': 'API key',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), name='accounts_apikey_plain_text'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='accounts_apikey_has_a_name'), models.CheckConstraint(condition=models.Q(('scopes__contained_by', ['read', 'suggest', 'webhooks']), ('scopes__len__gt', 0)), name='accounts_apikey_scopes_known'), models.CheckConstraint(condition=models.Q(('tier__in', ['standard', 'partner'])), name='accounts_apikey_tier_known'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='accounts_apikey_expires_later')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_apikeyevent" ("expires_at", "id", "made_at", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "revoked_at", "scopes", "tier") VALUES (NEW."expires_at", NEW."id", NEW."made_at", NEW."name", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."prefix", NEW."revoked_at", NEW."scopes", NEW."tier"); RETURN NULL;', hash='e4f528e2d1be6cdb4ed32c55f4640b63ff65e513', operation='INSERT', pgid='pgtrigger_insert_insert_1ed31', table='accounts_apikey', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."expires_at" IS DISTINCT FROM (NEW."expires_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."made_at" IS DISTINCT FROM (NEW."made_at") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."prefix" IS DISTINCT FROM (NEW."prefix") OR OLD."revoked_at" IS DISTINCT FROM (NEW."revoked_at") OR OLD."scopes" IS DISTINCT FROM (NEW."scopes") OR OLD."tier" IS DISTINCT FROM (NEW."tier"))', func='INSERT INTO "accounts_apikeyevent" ("expires_at", "id", "made_at", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "revoked_at", "scopes", "tier") VALUES (NEW."expires_at", NEW."id", NEW."made_at", NEW."name", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."prefix", NEW."revoked_at", NEW."scopes", NEW."tier"); RETURN NULL;', hash='c862960b686605c8bfd7e84b714d2159ee752b63', operation='UPDATE', pgid='pgtrigger_update_update_1c34c', table='accounts_apikey', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_apikeyevent" ("expires_at", "id", "made_at", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "revoked_at", "scopes", "tier") VALUES (OLD."expires_at", OLD."id", OLD."made_at", OLD."name", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."prefix", OLD."revoked_at", OLD."scopes", OLD."tier"); RETURN NULL;', hash='637dc5030addf546028a7d1f7b1ab2bc577f35a4', operation='DELETE', pgid='pgtrigger_delete_delete_18c5d', table='accounts_apikey', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ApiKeyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='accounts.apikey')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='of')),
                ('name', models.CharField(max_length=80, validators=[promises.common.text.without_control_characters], verbose_name='name')),
                ('prefix', models.CharField(max_length=20, verbose_name='begins with')),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('read', 'read the public record, with more requests an hour'), ('suggest', 'send suggestions to the editors'), ('webhooks', 'set up webhooks and read their log')], max_length=10), size=3)),
                ('tier', models.CharField(choices=[('standard', 'standard'), ('partner', 'partner: mirrors the record')], default='standard', max_length=10, verbose_name='tier')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked at')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Cannot truncate %: it is kept for good.', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='e22921bfe20c05066c9282ec73126829234b893f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_01728', table='accounts_apikeyevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='81decc7750ef48a82b6961d47e10bed8cc804bb5', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f8804', table='accounts_apikeyevent', when='BEFORE'))],
            },
        ),
        promises.common.installing.InstallTriggers(
        ),
    ]
