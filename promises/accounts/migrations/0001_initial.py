import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import promises.common.installing
import promises.common.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
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
                ('display_name', models.CharField(help_text='Signs status updates and reviews. Everyone can read it.', max_length=120, validators=[promises.common.text.without_control_characters], verbose_name='public name')),
                ('is_service', models.BooleanField(default=False, help_text='Acts for the system: imports, periodic jobs. It can approve nothing.', verbose_name='service account')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('display_name__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), name='accounts_user_plain_text'), models.CheckConstraint(condition=models.Q(('display_name', ''), _negated=True), name='accounts_user_has_a_public_name')],
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
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
                ('kind', models.CharField(choices=[('logged_in', 'logged in'), ('login_failed', 'login failed'), ('logins_slowed', 'too many failed attempts, refused for a while'), ('logged_out', 'logged out'), ('session_ended', 'session ended'), ('password_changed', 'password changed'), ('link_sent', 'link to set a password sent'), ('factor_added', 'second factor added'), ('factor_removed', 'second factor removed'), ('codes_renewed', 'new recovery codes made')], max_length=20, verbose_name='what')),
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
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('means__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('reason__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True), models.Q(('browser__regex', '[\\u0001-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]'), _negated=True)), name='accounts_securityevent_plain_text'), models.CheckConstraint(condition=models.Q(('kind__in', ['logged_in', 'login_failed', 'logins_slowed', 'logged_out', 'session_ended', 'password_changed', 'link_sent', 'factor_added', 'factor_removed', 'codes_renewed'])), name='accounts_event_kind_is_known'), models.CheckConstraint(condition=models.Q(('by', None), models.Q(('reason', ''), _negated=True), _connector='OR'), name='accounts_event_of_administrator_says_why')],
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nRAISE EXCEPTION 'The security log is append-only.' USING ERRCODE = 'check_violation';\n", hash='24bad4edfec024491d9272b5b23c22cbdc2c5fd6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f4724', table='accounts_securityevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nRAISE EXCEPTION 'The security log is append-only.' USING ERRCODE = 'check_violation';\n", hash='81f8a24bb220e3864ae750e2590665dae4dece33', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_2c232', table='accounts_securityevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to=settings.AUTH_USER_MODEL)),
                ('kind', models.CharField(choices=[('invitation', 'invitation'), ('password_link', 'link to set a password'), ('notice', 'notice of a change')], max_length=20)),
                ('event', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.securityevent')),
                ('queued_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('tried_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('sent_at', None)), fields=['queued_at'], name='accounts_letter_to_send')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind', 'notice'), ('event', None), _connector='XOR'), name='accounts_letter_notice_has_an_event')],
            },
        ),
        promises.common.installing.InstallTriggers(
        ),
    ]
