"""Whatever writes to an item, it is not public before its embargo ends.

The triggers stand here and not on the models of the items: those know nothing of the newsroom.
The moment that is written down is compared, and so is the server's clock, or a moment made up in
the future would open the door. A minute is granted for clocks that differ.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION newsroom_hold_{pointer}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ends timestamptz;
BEGIN
    SELECT ends_at INTO ends FROM newsroom_embargo
    WHERE {pointer}_id = NEW.id AND lifted_at IS NULL;
    IF LEAST(NEW.published_at, clock_timestamp() + interval '1 minute') < ends THEN
        RAISE EXCEPTION 'This is under embargo until % UTC.',
            to_char(ends AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER newsroom_embargo_holds BEFORE UPDATE ON {table}
    FOR EACH ROW WHEN (OLD.published_at IS NULL AND NEW.published_at IS NOT NULL)
    EXECUTE FUNCTION newsroom_hold_{pointer}();
"""
DROP = """
DROP TRIGGER newsroom_embargo_holds ON {table};
DROP FUNCTION newsroom_hold_{pointer}();
"""
TABLES = {
    "pledge": "pledges_pledge",
    "evidence": "evidence_evidence",
    "status_update": "updates_statusupdate",
}


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=CREATE.format(pointer=pointer, table=table),
            reverse_sql=DROP.format(pointer=pointer, table=table),
        )
        for pointer, table in TABLES.items()
    ]
