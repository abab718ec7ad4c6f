"""A pledge carries the edition and the time of the newest ledger entry about it."""

from django.db import migrations

CREATE = """
CREATE FUNCTION pledges_follow_the_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE pledges_pledge p SET edition = newest.edition, updated_at = newest.at
    FROM (
        SELECT DISTINCT ON (pledge) pledge, edition, at
        FROM appended WHERE pledge <> '' ORDER BY pledge, edition DESC
    ) newest
    WHERE p.slug = newest.pledge;
    RETURN NULL;
END $$;
CREATE TRIGGER pledges_follow_the_ledger AFTER INSERT ON ledger_entry
    REFERENCING NEW TABLE AS appended
    FOR EACH STATEMENT EXECUTE FUNCTION pledges_follow_the_ledger();
"""
DROP = """
DROP TRIGGER pledges_follow_the_ledger ON ledger_entry;
DROP FUNCTION pledges_follow_the_ledger();
"""


class Migration(migrations.Migration):
    dependencies = [("pledges", "0001_initial"), ("ledger", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
