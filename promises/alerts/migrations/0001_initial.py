import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('ledger', '0001_initial'),
        ('officials', '0001_initial'),
        ('pledges', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Subscriber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(editable=False, max_length=20, unique=True)),
                ('address', models.CharField(max_length=254, verbose_name='address')),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('first_asked_at', models.DateTimeField(verbose_name='first asked at')),
            ],
            options={
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('address'), name='alerts_subscriber_once'), models.CheckConstraint(condition=models.Q(('address__regex', '^[!-?A-~]+@[a-z0-9.-]+\\.[a-z0-9-]+$')), name='alerts_subscriber_can_be_mailed'), models.CheckConstraint(condition=models.Q(('language', ''), _negated=True), name='alerts_subscriber_language')],
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subscriber', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='alerts.subscriber')),
                ('pledge', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pledges.pledge')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='officials.person')),
                ('topic', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pledges.topic')),
                ('frequency', models.CharField(choices=[('immediate', 'at once'), ('daily', 'once a day'), ('weekly', 'once a week, on Monday')], max_length=10, verbose_name='how often')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('confirmed_at', models.DateTimeField(null=True, verbose_name='confirmed at')),
                ('since_edition', models.PositiveBigIntegerField(null=True, verbose_name='since edition')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(condition=models.Q(('confirmed_at__isnull', True)), fields=['asked_at'], name='alerts_unconfirmed')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', True), ('pledge__isnull', False), ('topic__isnull', True)), models.Q(('person__isnull', False), ('pledge__isnull', True), ('topic__isnull', True)), models.Q(('person__isnull', True), ('pledge__isnull', True), ('topic__isnull', False)), _connector='OR'), name='alerts_subscription_follows_one'), models.UniqueConstraint(condition=models.Q(('pledge__isnull', False)), fields=('subscriber', 'pledge'), name='alerts_subscription_pledge_once'), models.UniqueConstraint(condition=models.Q(('person__isnull', False)), fields=('subscriber', 'person'), name='alerts_subscription_person_once'), models.UniqueConstraint(condition=models.Q(('topic__isnull', False)), fields=('subscriber', 'topic'), name='alerts_subscription_topic_once'), models.CheckConstraint(condition=models.Q(('frequency__in', ['immediate', 'daily', 'weekly'])), name='alerts_frequency_known'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('since_edition__isnull', True)), models.Q(('confirmed_at__isnull', False), ('since_edition__isnull', False)), _connector='OR'), name='alerts_subscription_confirmed_since')],
            },
        ),
        migrations.CreateModel(
            name='News',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='news', to='alerts.subscription')),
                ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('due_at', models.DateTimeField(verbose_name='to be mailed at')),
            ],
            options={
                'indexes': [models.Index(fields=['due_at'], name='alerts_news_due')],
                'constraints': [models.UniqueConstraint(fields=('subscription', 'entry'), name='alerts_news_once')],
            },
        ),
        migrations.CreateModel(
            name='Cursor',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('edition', models.PositiveBigIntegerField(verbose_name='edition')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='alerts_cursor_is_one_row')],
            },
        ),
        migrations.CreateModel(
            name='Request',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mailbox', models.CharField(blank=True, max_length=32)),
                ('network', models.CharField(max_length=32)),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
            ],
            options={
                'indexes': [models.Index(fields=['mailbox', 'asked_at'], name='alerts_asked_of_mailbox'), models.Index(fields=['network', 'asked_at'], name='alerts_asked_by_network')],
            },
        ),
    ]
