"""The status of a pledge follows from its published updates, in the same transaction."""

from django.db import migrations

CREATE = """
CREATE FUNCTION updates_derive(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM (
        SELECT FROM pledges_pledge WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE
    ) locked;
    WITH history AS (
        SELECT u.id, u.pledge_id, u.status, u.effective_on, u.assessed_on, u.confidence,
            u.is_imported, u.published_at,
            row_number() OVER newest AS age,
            first_value(u.status) OVER newest AS current
        FROM updates_statusupdate u
        WHERE u.pledge_id = ANY(ids) AND u.state = 'published'
        WINDOW newest AS (PARTITION BY u.pledge_id ORDER BY u.effective_on DESC, u.id DESC)
    ), approved AS (
        SELECT h.id, max(a.approved_at) AS last_at
        FROM history h
        JOIN updates_statusupdate u ON u.id = h.id
        JOIN updates_approval a ON a.status_update_id = u.id AND a.wording = u.wording
        WHERE h.is_imported
        GROUP BY h.id HAVING count(*) >= 2
    ), broken_off AS (
        SELECT pledge_id, min(age) AS age FROM history WHERE status <> current GROUP BY pledge_id
    ), since AS (
        SELECT h.pledge_id, min(h.effective_on) AS day
        FROM history h LEFT JOIN broken_off b USING (pledge_id)
        WHERE b.age IS NULL OR h.age < b.age
        GROUP BY h.pledge_id
    ), looked AS (
        SELECT pledge_id, max(at) AS last_at FROM (
            SELECT pledge_id, reviewed_at AS at FROM updates_review WHERE pledge_id = ANY(ids)
            UNION ALL
            SELECT pledge_id, published_at FROM history WHERE NOT is_imported
            UNION ALL
            SELECT h.pledge_id, approved.last_at FROM history h JOIN approved USING (id)
        ) looks GROUP BY pledge_id
    ), derived AS (
        SELECT wanted.id,
            coalesce(h.status, 'not_yet_rated') AS status,
            since.day AS status_since,
            h.assessed_on AS status_assessed_on,
            coalesce(h.is_imported AND approved.id IS NULL, false) AS status_is_provisional,
            coalesce(h.confidence, '') AS confidence,
            looked.last_at AS last_reviewed_at
        FROM unnest(ids) AS wanted(id)
        LEFT JOIN history h ON h.pledge_id = wanted.id AND h.age = 1
        LEFT JOIN approved ON approved.id = h.id
        LEFT JOIN since ON since.pledge_id = wanted.id
        LEFT JOIN looked ON looked.pledge_id = wanted.id
    )
    UPDATE pledges_pledge p SET
        status = d.status,
        status_since = d.status_since,
        status_assessed_on = d.status_assessed_on,
        status_is_provisional = d.status_is_provisional,
        confidence = d.confidence,
        last_reviewed_at = d.last_reviewed_at
    FROM derived d
    WHERE p.id = d.id AND (
        p.status, p.status_since, p.status_assessed_on, p.status_is_provisional, p.confidence,
        p.last_reviewed_at
    ) IS DISTINCT FROM (
        d.status, d.status_since, d.status_assessed_on, d.status_is_provisional, d.confidence,
        d.last_reviewed_at
    );
END $$;

CREATE FUNCTION updates_status_updates_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM updates_derive(ARRAY(
        SELECT DISTINCT after.pledge_id FROM before JOIN after ON after.id = before.id
        WHERE before.state <> after.state
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER updates_derive_on_state AFTER UPDATE ON updates_statusupdate
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION updates_status_updates_changed();

CREATE FUNCTION updates_reviews_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM updates_derive(ARRAY(SELECT DISTINCT pledge_id FROM added));
    RETURN NULL;
END $$;
CREATE TRIGGER updates_derive_on_review AFTER INSERT ON updates_review
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION updates_reviews_added();

CREATE FUNCTION updates_approvals_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM updates_derive(ARRAY(
        SELECT DISTINCT u.pledge_id FROM added
        JOIN updates_statusupdate u ON u.id = added.status_update_id AND u.state = 'published'
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER updates_derive_on_approval AFTER INSERT ON updates_approval
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION updates_approvals_added();
"""
DROP = """
DROP TRIGGER updates_derive_on_approval ON updates_approval;
DROP TRIGGER updates_derive_on_review ON updates_review;
DROP TRIGGER updates_derive_on_state ON updates_statusupdate;
DROP FUNCTION updates_approvals_added();
DROP FUNCTION updates_reviews_added();
DROP FUNCTION updates_status_updates_changed();
DROP FUNCTION updates_derive(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("updates", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
