"""A standing pledge is broken before its term ends, and the term does not end before that.

As in 0005, what holds terms and pledges to the ratings stands here and not on their models.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


CREATE = """
CREATE FUNCTION updates_keep_the_ground_of_broken() RETURNS trigger LANGUAGE plpgsql AS $$
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
            ' Retract that rating first.' USING ERRCODE = 'check_violation';
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
"""


class Migration(migrations.Migration):

    dependencies = [
        ('updates', '0013_no_look_that_is_not_the_status'),
    ]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        pgtrigger.migrations.RemoveTrigger(
            model_name='statusupdate',
            name='updates_are_published_by_the_rules',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statusupdate',
            trigger=pgtrigger.compiler.Trigger(name='updates_are_published_by_the_rules', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'published\' AND NOT (OLD."state" = \'published\'))', declare='DECLARE pledge pledges_pledge%ROWTYPE; ends_on date; people integer; cited integer; weighty integer;', func="\n        SELECT * INTO pledge FROM pledges_pledge WHERE id = NEW.pledge_id FOR NO KEY UPDATE;\n        IF pledge.state <> 'published' THEN\n            RAISE EXCEPTION 'Publish the pledge before a rating of it.' USING ERRCODE = 'check_violation';\n        END IF;\n        -- Whoever writes may claim another day of publication than today's.\n        IF NEW.assessed_on > (least(NEW.published_at, now()) AT TIME ZONE 'UTC')::date THEN\n            RAISE EXCEPTION 'A rating is not public before the days it speaks of.' USING ERRCODE = 'check_violation';\n        END IF;\n        IF NOT NEW.is_imported THEN\n            IF OLD.state <> 'in_review' THEN\n                RAISE EXCEPTION 'Only an update in review can be published.' USING ERRCODE = 'check_violation';\n            END IF;\n            SELECT count(*) INTO people FROM updates_approval a\n            WHERE a.status_update_id = NEW.id AND a.wording = NEW.wording\n                AND a.approved_by_id NOT IN (NEW.created_by_id, NEW.edited_by_id);\n            IF people < (CASE WHEN NEW.status IN ('kept', 'broken') THEN 2 ELSE 1 END) THEN\n                RAISE EXCEPTION 'Too few people other than the author have approved it.'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            IF EXISTS (\n                SELECT FROM (\n                    SELECT effective_on, assessed_on FROM updates_statusupdate\n                    WHERE pledge_id = NEW.pledge_id AND state = 'published'\n                    ORDER BY effective_on DESC, id DESC LIMIT 1\n                ) in_force\n                WHERE in_force.effective_on > NEW.effective_on\n                    AND in_force.assessed_on < NEW.assessed_on\n            ) THEN\n                RAISE EXCEPTION 'A later look that takes effect before the rating in force would'\n                    ' not become the status.' USING ERRCODE = 'check_violation';\n            END IF;\n        END IF;\n        PERFORM FROM updates_citation c JOIN evidence_evidence e ON e.id = c.evidence_id\n        WHERE c.status_update_id = NEW.id ORDER BY e.id FOR SHARE;\n        SELECT count(*), count(*) FILTER (\n            WHERE e.provenance = 'independent' OR e.kind IN (\n                'policy_memo', 'court_filing', 'official_data', 'legislation', 'election_result'\n            )\n        ) INTO cited, weighty\n        FROM updates_citation c JOIN evidence_evidence e ON e.id = c.evidence_id\n        WHERE c.status_update_id = NEW.id AND e.state = 'published';\n        IF cited = 0 THEN\n            RAISE EXCEPTION 'A rating rests on published evidence.' USING ERRCODE = 'check_violation';\n        END IF;\n        IF NEW.status IN ('kept', 'broken') AND weighty = 0 THEN\n            RAISE EXCEPTION 'Kept and broken need a primary or independent source.' USING ERRCODE = 'check_violation';\n        END IF;\n        IF NEW.status IN ('kept', 'broken') AND NOT NEW.is_imported AND EXISTS (\n            SELECT FROM updates_citation c\n            WHERE c.status_update_id = NEW.id AND NOT captures_is_secured(c.evidence_id)\n        ) THEN\n            RAISE EXCEPTION 'Kept and broken need a copy of every source, or a waiver.' USING ERRCODE = 'check_violation';\n        END IF;\n        IF pledge.kind = 'standing' AND NEW.status IN ('kept', 'broken') THEN\n            -- Nobody moves the end of the term until this is public; 0014 refuses it then.\n            SELECT t.ends_on INTO ends_on FROM officials_term t WHERE t.id = pledge.term_id\n            FOR SHARE;\n            IF NEW.status = 'kept' AND (ends_on IS NULL OR NEW.effective_on < ends_on) THEN\n                RAISE EXCEPTION 'A standing pledge is kept only once the term is over.'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            IF NEW.status = 'broken' AND NEW.effective_on > ends_on THEN\n                RAISE EXCEPTION 'A standing pledge can only be broken before the term ends.'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n        END IF;\n        IF NEW.status <> 'not_yet_rated'\n            AND NOT EXISTS (SELECT FROM pledges_criterion WHERE pledge_id = pledge.id) THEN\n            RAISE EXCEPTION 'Criteria are written before the first rating.' USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n        ", hash='a1795f4cb4054e86009cf5fcb410dbc11b9c52db', operation='UPDATE OF "state"', pgid='pgtrigger_updates_are_published_by_the_rules_fbcc2', table='updates_statusupdate', when='BEFORE')),
        ),
    ]
