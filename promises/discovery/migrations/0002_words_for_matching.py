"""The words of some items and of all pledges, for the statement that holds them together.

The owner makes the tables, under names that no other table has: a login that could make temporary
tables could shadow those that triggers read (docs/decisions/0056).
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION discovery_words(items bigint[], common integer, common_share numeric)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DROP TABLE IF EXISTS pg_temp.found_item, pg_temp.item_word, pg_temp.pledge_word,
        pg_temp.word_weight, pg_temp.pledge_place;

    CREATE TEMP TABLE found_item ON COMMIT DROP AS
    SELECT item.id, item.url, item.title || ' ' || item.summary AS text, feed.office_id,
        COALESCE(feed.jurisdiction_id, office.jurisdiction_id) AS jurisdiction_id
    FROM discovery_feeditem item
    JOIN discovery_feed feed ON feed.id = item.feed_id
    LEFT JOIN officials_office office ON office.id = feed.office_id
    WHERE item.id = ANY(items);

    CREATE TEMP TABLE item_word ON COMMIT DROP AS
    SELECT item.id AS item_id, said.word, lexeme
    FROM found_item item,
        LATERAL (
            SELECT DISTINCT lower(piece[1]) AS word
            FROM regexp_matches(item.text, '[[:alpha:]]{3,}', 'g') piece
        ) said,
        LATERAL unnest(ts_lexize('english_stem', said.word)) lexeme;

    CREATE TEMP TABLE pledge_word ON COMMIT DROP AS
    SELECT pledge.id AS pledge_id, lexeme
    FROM pledges_pledge pledge
    JOIN pledges_topic topic ON topic.id = pledge.topic_id,
        LATERAL unnest(tsvector_to_array(to_tsvector('english',
            pledge.title || ' ' || pledge.statement || ' ' || pledge.quote || ' ' || topic.name
        ))) lexeme
    WHERE pledge.state <> 'retracted';

    CREATE TEMP TABLE word_weight ON COMMIT DROP AS
    SELECT lexeme, ln(1 + total.pledges::numeric / count(*)) / ln(1 + total.pledges) AS weight
    FROM pledge_word, (SELECT count(DISTINCT pledge_id) AS pledges FROM pledge_word) total
    WHERE lexeme IN (SELECT lexeme FROM item_word)
    GROUP BY lexeme, total.pledges
    HAVING count(*) <= greatest(common, common_share * total.pledges);

    CREATE TEMP TABLE pledge_place ON COMMIT DROP AS
    SELECT pledge.id, lower(person.name) AS name, term.office_id, office.jurisdiction_id,
        lower(substring(
            regexp_replace(person.name, ',? +(Jr|Sr|II|III|IV)[.]?$', '')
            from '([[:alpha:]]{2,})[^[:alpha:]]*$'
        )) AS last_name
    FROM pledges_pledge pledge
    JOIN officials_person person ON person.id = pledge.person_id
    LEFT JOIN officials_term term ON term.id = pledge.term_id
    LEFT JOIN officials_office office ON office.id = term.office_id
    WHERE pledge.state <> 'retracted';

    ANALYZE pg_temp.found_item, pg_temp.item_word, pg_temp.pledge_word, pg_temp.word_weight, pg_temp.pledge_place;

    -- Nobody but this session sees them.
    GRANT SELECT ON pg_temp.found_item, pg_temp.item_word, pg_temp.pledge_word,
        pg_temp.word_weight, pg_temp.pledge_place TO PUBLIC;
END $$;
"""
DROP = "DROP FUNCTION discovery_words(bigint[], integer, numeric);"


class Migration(migrations.Migration):
    dependencies = [("discovery", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
