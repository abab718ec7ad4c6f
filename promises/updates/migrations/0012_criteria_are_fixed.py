"""Criteria are written before the first rating is public and stay as they are after it.

The trigger stands here and not on the model of criteria: that knows nothing of ratings. A rating
that was withdrawn counts: whoever reads why can no longer be shown another measure. Publishing
locks the pledge, so one of the two sees the other.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION updates_keep_the_criteria() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    pledges bigint[] := '{}';
BEGIN
    IF TG_OP <> 'INSERT' THEN
        pledges := pledges || OLD.pledge_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        pledges := pledges || NEW.pledge_id;
    END IF;
    PERFORM FROM pledges_pledge WHERE id = ANY(pledges) ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM updates_statusupdate
        WHERE pledge_id = ANY(pledges) AND state IN ('published', 'retracted')
    ) THEN
        RAISE EXCEPTION 'Criteria are written before the first status update and stay as they are.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER updates_criteria_are_fixed BEFORE INSERT OR DELETE ON pledges_criterion
    FOR EACH ROW EXECUTE FUNCTION updates_keep_the_criteria();
CREATE TRIGGER updates_criteria_stay BEFORE UPDATE ON pledges_criterion
    FOR EACH ROW WHEN (
        (OLD.id, OLD.pledge_id, OLD.position, OLD.verdict, OLD.aspect, OLD.text, OLD.how_to_verify)
        IS DISTINCT FROM
        (NEW.id, NEW.pledge_id, NEW.position, NEW.verdict, NEW.aspect, NEW.text, NEW.how_to_verify)
    )
    EXECUTE FUNCTION updates_keep_the_criteria();
"""
DROP = """
DROP TRIGGER updates_criteria_are_fixed ON pledges_criterion;
DROP TRIGGER updates_criteria_stay ON pledges_criterion;
DROP FUNCTION updates_keep_the_criteria();
"""


class Migration(migrations.Migration):
    dependencies = [("updates", "0005_kept_needs_its_term")]
    operations = [migrations.RunSQL(CREATE, DROP)]
