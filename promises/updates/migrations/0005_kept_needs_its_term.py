"""A standing pledge stays kept or broken only as long as its ground stands: when its term ends.

It is kept once the term is over and broken before that. The triggers stand here and not on the
models of terms and pledges: those know nothing of ratings. Publishing holds a lock on the term, so
one of the two sees the other.
"""

from django.db import migrations

KEPT = """
CREATE FUNCTION updates_keep_the_ground_of_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands boolean;
BEGIN
    IF TG_TABLE_NAME = 'officials_term' THEN
        stands := NOT EXISTS (
            SELECT FROM updates_statusupdate u JOIN pledges_pledge p ON p.id = u.pledge_id
            WHERE p.term_id = NEW.id AND p.kind = 'standing'
                AND u.state = 'published' AND u.status = 'kept'
                AND (NEW.ends_on IS NULL OR u.effective_on < NEW.ends_on)
        );
    ELSE
        stands := NOT EXISTS (
            SELECT FROM updates_statusupdate u
            LEFT JOIN officials_term t ON t.id = NEW.term_id
            WHERE u.pledge_id = NEW.id AND u.state = 'published' AND u.status = 'kept'
                AND (t.ends_on IS NULL OR u.effective_on < t.ends_on)
        );
    END IF;
    IF NOT stands THEN
        RAISE EXCEPTION 'A standing pledge is rated kept because this term is over. Retract that'
            ' status update first.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER updates_kept_needs_its_term BEFORE UPDATE OF ends_on ON officials_term
    FOR EACH ROW WHEN (OLD.ends_on IS DISTINCT FROM NEW.ends_on)
    EXECUTE FUNCTION updates_keep_the_ground_of_kept();
CREATE TRIGGER updates_kept_needs_its_term BEFORE UPDATE OF kind, term_id ON pledges_pledge
    FOR EACH ROW WHEN (
        NEW.kind = 'standing'
        AND (OLD.kind, OLD.term_id) IS DISTINCT FROM (NEW.kind, NEW.term_id)
    )
    EXECUTE FUNCTION updates_keep_the_ground_of_kept();
"""
BROKEN = """
CREATE FUNCTION updates_keep_the_ground_of_broken() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    falls boolean;
BEGIN
    IF TG_TABLE_NAME = 'officials_term' THEN
        falls := EXISTS (
            SELECT FROM updates_statusupdate u JOIN pledges_pledge p ON p.id = u.pledge_id
            WHERE p.term_id = NEW.id AND p.kind = 'standing'
                AND u.state = 'published' AND u.status = 'broken' AND u.effective_on > NEW.ends_on
        );
    ELSE
        falls := EXISTS (
            SELECT FROM updates_statusupdate u JOIN officials_term t ON t.id = NEW.term_id
            WHERE u.pledge_id = NEW.id
                AND u.state = 'published' AND u.status = 'broken' AND u.effective_on > t.ends_on
        );
    END IF;
    IF falls THEN
        RAISE EXCEPTION 'A standing pledge is rated broken on a day after the end of this term.'
            ' Retract that status update first.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER updates_broken_needs_its_term BEFORE UPDATE OF ends_on ON officials_term
    FOR EACH ROW WHEN (OLD.ends_on IS DISTINCT FROM NEW.ends_on)
    EXECUTE FUNCTION updates_keep_the_ground_of_broken();
CREATE TRIGGER updates_broken_needs_its_term BEFORE UPDATE OF kind, term_id ON pledges_pledge
    FOR EACH ROW WHEN (
        NEW.kind = 'standing'
        AND (OLD.kind, OLD.term_id) IS DISTINCT FROM (NEW.kind, NEW.term_id)
    )
    EXECUTE FUNCTION updates_keep_the_ground_of_broken();
"""
DROP = """
DROP TRIGGER updates_broken_needs_its_term ON pledges_pledge;
DROP TRIGGER updates_broken_needs_its_term ON officials_term;
DROP FUNCTION updates_keep_the_ground_of_broken();
DROP TRIGGER updates_kept_needs_its_term ON pledges_pledge;
DROP TRIGGER updates_kept_needs_its_term ON officials_term;
DROP FUNCTION updates_keep_the_ground_of_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("updates", "0002_derived_status")]
    operations = [migrations.RunSQL(KEPT + BROKEN, DROP)]
