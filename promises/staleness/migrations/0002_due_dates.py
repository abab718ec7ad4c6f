"""When someone should look again: a stored date, and one view of every reason with its rule."""

from django.db import migrations

# Days until the next look, while the term runs and once it is over. Editors change them on the
# desk. Kept, broken and compromise are final once the term is over: nothing is due then.
POLICIES = [
    ("not_yet_rated", 180, 180),
    ("in_the_works", 180, 180),
    ("stalled", 180, 180),
    ("compromise", 365, None),
    ("kept", 365, None),
    ("broken", 365, None),
    ("unratable", 365, None),
]

CREATE = """
-- The last look is the newest of: a review or rating made here, the day up to which the present
-- rating looked at evidence, else the day the pledge was published.
CREATE FUNCTION staleness_review_due_on(p pledges_pledge) RETURNS date
LANGUAGE plpgsql STABLE AS $$
DECLARE
    policy staleness_reviewpolicy%ROWTYPE;
    term_ends_on date;
    last_look date;
    days integer;
BEGIN
    last_look := greatest((p.last_reviewed_at AT TIME ZONE 'UTC')::date, p.status_assessed_on);
    last_look := coalesce(last_look, (p.published_at AT TIME ZONE 'UTC')::date);
    SELECT * INTO policy FROM staleness_reviewpolicy WHERE status = p.status;
    SELECT t.ends_on INTO term_ends_on FROM officials_term t WHERE t.id = p.term_id;
    days := CASE WHEN term_ends_on <= last_look THEN policy.days_after_term
        ELSE policy.days_in_term END;
    IF term_ends_on > last_look AND policy.days_after_term IS NULL
        AND last_look + days >= term_ends_on THEN
        RETURN NULL;
    END IF;
    RETURN last_look + days;
END $$;

CREATE FUNCTION staleness_set_review_due_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.review_due_on := staleness_review_due_on(NEW);
    RETURN NEW;
END $$;
-- Named to run after the guards of pledges_pledge: triggers fire in alphabetical order.
CREATE TRIGGER zz_staleness_review_due_on BEFORE INSERT OR UPDATE ON pledges_pledge
    FOR EACH ROW EXECUTE FUNCTION staleness_set_review_due_on();

-- When the end of a term is learned or moves, its pledges are due at other times.
CREATE FUNCTION staleness_term_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE pledges_pledge SET review_due_on = NULL WHERE term_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER staleness_term_moved AFTER UPDATE OF ends_on ON officials_term
    FOR EACH ROW WHEN (OLD.ends_on IS DISTINCT FROM NEW.ends_on)
    EXECUTE FUNCTION staleness_term_moved();

CREATE VIEW staleness_due (id, pledge_id, reason, due_on) AS
    SELECT id || ':review_overdue', id, 'review_overdue', review_due_on
    FROM pledges_pledge WHERE state = 'published' AND review_due_on IS NOT NULL
UNION ALL
    SELECT id || ':deadline_passed', id, 'deadline_passed', due_on + 1
    FROM pledges_pledge
    WHERE state = 'published' AND due_on IS NOT NULL
        AND status IN ('not_yet_rated', 'in_the_works', 'stalled')
UNION ALL
    SELECT p.id || ':term_ended', p.id, 'term_ended', t.ends_on
    FROM officials_term t JOIN pledges_pledge p ON p.term_id = t.id
    WHERE p.state = 'published' AND t.ends_on IS NOT NULL
        AND p.status IN ('not_yet_rated', 'in_the_works', 'stalled')
UNION ALL
    SELECT id || ':never_reviewed', id, 'never_reviewed',
        (published_at AT TIME ZONE 'UTC')::date + 90
    FROM pledges_pledge WHERE state = 'published' AND last_reviewed_at IS NULL
UNION ALL
    SELECT id || ':no_evidence', id, 'no_evidence', (published_at AT TIME ZONE 'UTC')::date
    FROM pledges_pledge
    WHERE state = 'published'
        AND supports_count = 0 AND contradicts_count = 0 AND context_count = 0;
"""
DROP = """
DROP VIEW staleness_due;
DROP TRIGGER staleness_term_moved ON officials_term;
DROP FUNCTION staleness_term_moved();
DROP TRIGGER zz_staleness_review_due_on ON pledges_pledge;
DROP FUNCTION staleness_set_review_due_on();
DROP FUNCTION staleness_review_due_on(pledges_pledge);
"""
INSERT = [
    (
        "INSERT INTO staleness_reviewpolicy (status, days_in_term, days_after_term)"
        " VALUES (%s, %s, %s)",
        list(policy),
    )
    for policy in POLICIES
]


class Migration(migrations.Migration):
    dependencies = [
        ("staleness", "0001_initial"),
        ("pledges", "0002_edition_of_pledge"),
        ("updates", "0002_derived_status"),
    ]
    operations = [
        migrations.RunSQL(INSERT, "DELETE FROM staleness_reviewpolicy"),
        migrations.RunSQL(CREATE, DROP),
    ]
