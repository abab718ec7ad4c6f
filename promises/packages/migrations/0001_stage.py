"""The table of a long file on its way in, made for those who may make no table of their own.

The owner makes it, under a name that no other table has: a login that could make temporary tables
could shadow those that triggers read (docs/decisions/0056).
"""

from django.db import migrations

CREATE = """
-- `own` are the columns of the file: the types of the real table, none of its rules.
CREATE FUNCTION packages_open_stage(origin regclass, own text[]) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DROP TABLE IF EXISTS pg_temp.packages_stage;
    EXECUTE format(
        'CREATE TEMP TABLE packages_stage AS'
        ' SELECT 0 AS line, true AS is_sound, %s FROM %s WITH NO DATA',
        (
            SELECT string_agg(quote_ident(name), ', ' ORDER BY place)
            FROM unnest(own) WITH ORDINALITY columns (name, place)
        ), origin
    );
    -- Nobody but this session sees it.
    GRANT SELECT, INSERT, DELETE ON pg_temp.packages_stage TO PUBLIC;
END $$;
CREATE FUNCTION packages_index_stage(key text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    EXECUTE format('CREATE INDEX ON pg_temp.packages_stage (%I)', key);
    CREATE INDEX ON pg_temp.packages_stage (line);
    ANALYZE pg_temp.packages_stage;
END $$;
CREATE FUNCTION packages_close_stage() RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DROP TABLE IF EXISTS pg_temp.packages_stage
$$;
"""
DROP = """
DROP FUNCTION packages_close_stage();
DROP FUNCTION packages_index_stage(text);
DROP FUNCTION packages_open_stage(regclass, text[]);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(CREATE, DROP)]
