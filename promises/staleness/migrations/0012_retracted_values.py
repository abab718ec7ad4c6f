"""What is retracted counts no more: no limit is passed by it, and no source is awake for it.

RULE is the text of promises.staleness.triggers.rule_sql.
"""

from importlib import import_module

from django.db import migrations

before = import_module("promises.staleness.migrations.0007_originals_and_copies")

_MOVED = """ AND o.vintage_on > w.last_look
"""
_NEWEST = """ WHERE metric_id = m.id ORDER BY vintage_on DESC, id DESC LIMIT 1
"""
RULE = before.RULE.replace(
    _MOVED, _MOVED + "            AND o.retracted_at IS NULL\n"
).replace(
    _NEWEST,
    " WHERE metric_id = m.id AND retracted_at IS NULL\n"
    "                ORDER BY vintage_on DESC, id DESC LIMIT 1\n",
)
# A source is as new as its newest value that stands; one without any is no source here.
FIGURES = """
CREATE FUNCTION staleness_figures_retracted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    slugs text[] := ARRAY(SELECT DISTINCT split_part(source, '/', 1) FROM after);
BEGIN
    DELETE FROM staleness_sourcebeat WHERE slug = ANY(slugs);
    INSERT INTO staleness_sourcebeat (slug, newest_on, silent_on)
    SELECT n.slug, n.newest_on, staleness_silent_on(n.newest_on, s.cadence)
    FROM (
        SELECT split_part(source, '/', 1) AS slug, max(vintage_on) AS newest_on
        FROM metrics_observation WHERE retracted_at IS NULL AND split_part(source, '/', 1) = ANY(slugs)
        GROUP BY 1 ORDER BY 1
    ) n LEFT JOIN metrics_metricsource s ON s.slug = n.slug;
    PERFORM staleness_derive_many(staleness_pledges_of_metrics(ARRAY(
        SELECT DISTINCT metric_id FROM after
    )));
    RETURN NULL;
END $$;
CREATE TRIGGER zz_staleness_changed AFTER UPDATE ON metrics_observation
    REFERENCING NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_figures_retracted();
"""
BACK = """
DROP TRIGGER zz_staleness_changed ON metrics_observation;
DROP FUNCTION staleness_figures_retracted();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("metrics", "0005_retracted_values"),
        ("staleness", "0011_an_episode_whose_cause_is_gone"),
    ]

    operations = [migrations.RunSQL(RULE + FIGURES, BACK + before.RULE)]
