from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Word',
            fields=[
                ('word', models.TextField(primary_key=True, serialize=False)),
                ('folded', models.TextField()),
                ('english', models.TextField()),
                ('spanish', models.TextField()),
                ('weight', models.SmallIntegerField()),
                ('letters', models.BigIntegerField()),
                ('length', models.SmallIntegerField(db_index=True)),
            ],
            options={
                'indexes': [models.Index(fields=['folded'], name='vocabulary_folded'), models.Index(condition=models.Q(('english', ''), _negated=True), fields=['english'], name='vocabulary_english'), models.Index(condition=models.Q(('spanish', ''), _negated=True), fields=['spanish'], name='vocabulary_spanish')],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edition', models.BigIntegerField()),
                ('read_at', models.DateTimeField()),
                ('seconds', models.FloatField()),
            ],
        ),
    ]
