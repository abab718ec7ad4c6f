import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='UnsavedWork',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('typed_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('table', models.CharField(help_text='Label of the model, as in pledges.Pledge.', max_length=100)),
                ('object_id', models.CharField(blank=True, help_text='Empty: a new row.', max_length=20)),
                ('session', models.CharField(help_text='One opening of the page in one tab.', max_length=40)),
                ('fields', models.JSONField(help_text='What the form would have sent: name, list of values.')),
                ('seen_version', models.PositiveIntegerField(help_text='The version of the record that the page showed.', null=True)),
                ('begun_at', models.DateTimeField()),
                ('typed_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'unsaved work',
                'indexes': [models.Index(fields=['typed_at'], name='editorial_unsaved_oldest')],
                'constraints': [models.UniqueConstraint(fields=('typed_by', 'table', 'object_id', 'session'), name='editorial_unsavedwork_once_a_session'), models.CheckConstraint(condition=models.Q(('typed_at__gte', models.F('begun_at'))), name='editorial_unsavedwork_typed_after_begun'), models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length(django.db.models.functions.comparison.Cast('fields', models.TextField())), 400000), name='editorial_unsavedwork_fits')],
            },
        ),
    ]
