"""The day of a source's newest figures is as exact as they are: a month stays a month."""

from importlib import import_module

from django.db import migrations, models

added = import_module("promises.staleness.migrations.0006_more_reasons")
retracted = import_module("promises.staleness.migrations.0012_retracted_values")

# Of figures of one day, the day is as exact as the one that says it most exactly.
_NEWEST = """
        SELECT DISTINCT ON (slug) slug, newest_on, newest_precision
        FROM (
            SELECT split_part(source, '/', 1) AS slug, vintage_precision AS newest_precision,
                max(vintage_on) AS newest_on
            FROM {rows} GROUP BY 1, 2
        ) each ORDER BY slug, newest_on DESC, newest_precision
"""
FIGURES = f"""
CREATE OR REPLACE FUNCTION staleness_figures_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO staleness_sourcebeat AS b (slug, newest_on, newest_precision, silent_on)
    SELECT a.slug, a.newest_on, a.newest_precision, staleness_silent_on(a.newest_on, s.cadence)
    FROM ({_NEWEST.format(rows="added")}
    ) a LEFT JOIN metrics_metricsource s ON s.slug = a.slug
    ON CONFLICT (slug) DO UPDATE SET newest_on = excluded.newest_on,
        newest_precision = excluded.newest_precision, silent_on = excluded.silent_on
    WHERE excluded.newest_on > b.newest_on;
    PERFORM staleness_derive_many(staleness_pledges_of_metrics(ARRAY(
        SELECT DISTINCT metric_id FROM added
    )));
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION staleness_figures_retracted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    slugs text[] := ARRAY(SELECT DISTINCT split_part(source, '/', 1) FROM after);
BEGIN
    DELETE FROM staleness_sourcebeat WHERE slug = ANY(slugs);
    INSERT INTO staleness_sourcebeat (slug, newest_on, newest_precision, silent_on)
    SELECT n.slug, n.newest_on, n.newest_precision, staleness_silent_on(n.newest_on, s.cadence)
    FROM ({_NEWEST.format(
        rows="metrics_observation"
        " WHERE retracted_at IS NULL AND split_part(source, '/', 1) = ANY(slugs)"
    )}
    ) n LEFT JOIN metrics_metricsource s ON s.slug = n.slug;
    PERFORM staleness_derive_many(staleness_pledges_of_metrics(ARRAY(
        SELECT DISTINCT metric_id FROM after
    )));
    RETURN NULL;
END $$;
UPDATE staleness_sourcebeat b SET newest_precision = n.newest_precision
FROM ({_NEWEST.format(rows="metrics_observation WHERE retracted_at IS NULL")}) n
WHERE n.slug = b.slug;
"""
BACK = added.FIGURES.split("CREATE OR REPLACE FUNCTION staleness_metrics_changed")[0] + (
    retracted.FIGURES.split("CREATE TRIGGER")[0].replace(
        "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
    )
)


class Migration(migrations.Migration):

    dependencies = [
        ("metrics", "0005_retracted_values"),
        ("staleness", "0022_oldest_first"),
    ]

    operations = [
        migrations.AddField(
            model_name="sourcebeat",
            name="newest_precision",
            field=models.CharField(
                choices=[
                    ("day", "day"), ("month", "month"), ("year", "year"), ("unknown", "unknown"),
                ],
                db_default="day",
                default="day",
                max_length=7,
                verbose_name="known to the",
            ),
        ),
        migrations.RunSQL(FIGURES, BACK),
    ]
