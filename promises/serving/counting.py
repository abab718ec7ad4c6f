"""How the database counts the changes that public answers show, in the transaction that makes them.

Each transaction that changes a public row of one of these tables adds one row to
`serving_change`; what is added up is a number that goes up with every such commit and with
nothing else. No transaction waits for another: each writes a row of its own, and now and then one
gathers the older rows into its own, those that nobody else is gathering.
"""

RECORD, WORK = "record", "work"

# Rows that readers see once they are published: drafts are not counted.
EDITORIAL: tuple[str, ...] = (
    "evidence_evidence",
    "metrics_metric",
    "officials_person",
    "pledges_pledge",
    "pledges_pledgetranslation",
    "record_requests_recordrequest",
    "updates_response",
    "updates_statusupdate",
)
# Copies that count as such; those that are being made are not counted.
COPIES: tuple[str, ...] = ("captures_capture",)
# Rows of a pledge: those of drafts are not counted.
OF_PLEDGES: tuple[str, ...] = (
    "evidence_evidencelink",
    "pledges_criterion",
    "staleness_duedate",
)
# Other rows that hang on those, and all of which may be shown.
PLAIN: tuple[str, ...] = (
    "captures_capturewaiver",
    "evidence_resultreportsource",
    "ledger_entry",
    "metrics_metricannotation",
    "metrics_metricpledge",
    "metrics_metricsource",
    "metrics_observation",
    "officials_candidacy",
    "officials_election",
    "officials_jurisdiction",
    "officials_office",
    "officials_partnership",
    "officials_resultreport",
    "officials_term",
    "pledges_generalterm",
    "pledges_topic",
    "record_requests_extension",
    "record_requests_recordslaw",
    "record_requests_requestdocument",
    "record_requests_requestpledge",
    "staleness_reviewby",
    "staleness_reviewpolicy",
    "suggestions_challenge",
    "updates_approval",
    "updates_citation",
    "updates_correction",
    "updates_methodologyversion",
    "updates_review",
    "vocabulary_word",
)
# Rows of which readers see these columns, and others change all day.
SOME_COLUMNS: dict[str, tuple[str, ...]] = {
    "accounts_user": ("username", "display_name"),
}
# Rows that machines write all day, and only some pages show.
OF_WORK: tuple[str, ...] = (
    "captures_storedfile",
    "sources_passage",
    "sources_source",
    "staleness_staleflag",
)

COUNT = """
CREATE TABLE serving_change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind varchar(10) NOT NULL,
    changes bigint NOT NULL
);
CREATE FUNCTION serving_count(counted text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    me text := pg_current_xact_id()::text;
    gathered bigint := 0;
BEGIN
    IF current_setting('serving.' || counted, true) = me THEN
        RETURN;
    END IF;
    PERFORM set_config('serving.' || counted, me, true);
    IF me::numeric % 64 = 0 AND current_setting('transaction_isolation') = 'read committed' THEN
        WITH others AS (
            SELECT id FROM serving_change WHERE kind = counted FOR UPDATE SKIP LOCKED
        ), gone AS (
            DELETE FROM serving_change USING others WHERE serving_change.id = others.id
            RETURNING changes
        )
        SELECT coalesce(sum(changes), 0) INTO gathered FROM gone;
    END IF;
    INSERT INTO serving_change (kind, changes) VALUES (counted, gathered + 1);
END;
$$;
CREATE FUNCTION serving_rows_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT FROM after) THEN RETURN NULL; END IF;
    ELSIF TG_OP <> 'TRUNCATE' THEN
        IF NOT EXISTS (SELECT FROM before) THEN RETURN NULL; END IF;
    END IF;
    PERFORM serving_count(TG_ARGV[0]);
    RETURN NULL;
END;
$$;
CREATE FUNCTION serving_row_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM serving_count(TG_ARGV[0]);
    RETURN NULL;
END;
$$;
"""
# Counts the rows that are, or were, shown.
_SHOWN = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_shown boolean := TG_OP = 'TRUNCATE';
BEGIN
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        is_shown := EXISTS (SELECT FROM after WHERE {condition});
    END IF;
    IF NOT is_shown AND TG_OP IN ('UPDATE', 'DELETE') THEN
        is_shown := EXISTS (SELECT FROM before WHERE {condition});
    END IF;
    IF is_shown THEN PERFORM serving_count(TG_ARGV[0]); END IF;
    RETURN NULL;
END;
$$;
"""
_ALL, _PUBLIC, _GOOD, _OF_PLEDGE = (
    "serving_rows_changed",
    "serving_public_rows_changed",
    "serving_good_rows_changed",
    "serving_rows_of_pledge_changed",
)
COUNT += _SHOWN.format(name=_PUBLIC, condition="state IN ('published', 'retracted')")
COUNT += _SHOWN.format(name=_GOOD, condition="is_good")
COUNT += _SHOWN.format(
    name=_OF_PLEDGE,
    condition="pledge_id IN (SELECT id FROM pledges_pledge WHERE state <> 'draft'"
    " AND state <> 'in_review')",
)
COUNT_NO_MORE = """
DROP FUNCTION serving_row_changed();
DROP FUNCTION serving_rows_of_pledge_changed();
DROP FUNCTION serving_good_rows_changed();
DROP FUNCTION serving_public_rows_changed();
DROP FUNCTION serving_rows_changed();
DROP FUNCTION serving_count(text);
DROP TABLE serving_change;
"""
_ROWS = {
    "INSERT": "REFERENCING NEW TABLE AS after",
    "UPDATE": "REFERENCING OLD TABLE AS before NEW TABLE AS after",
    "DELETE": "REFERENCING OLD TABLE AS before",
    "TRUNCATE": "",
}


def counted(table: str, kind: str, function: str = _ALL) -> str:
    """Return the statements that let the database count the changes of a table.

    ALWAYS: a load that switches other triggers off is seen by readers like any other.
    """
    return "".join(
        f"CREATE TRIGGER serving_{event.lower()} AFTER {event} ON {table} {rows}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {function}('{kind}');\n"
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER serving_{event.lower()};\n"
        for event, rows in _ROWS.items()
    )


def counted_no_more(table: str) -> str:
    """Return the statements that take back what `counted` gave a table."""
    return "".join(f"DROP TRIGGER serving_{event.lower()} ON {table};\n" for event in _ROWS)


def counted_by_columns(table: str, columns: tuple[str, ...]) -> str:
    """Return the statements that let the database count the changes of these columns alone."""
    differs = " OR ".join(f"old.{name} IS DISTINCT FROM new.{name}" for name in columns)
    return (
        f"CREATE TRIGGER serving_columns AFTER UPDATE ON {table} FOR EACH ROW WHEN ({differs})"
        f" EXECUTE FUNCTION serving_row_changed('{RECORD}');\n"
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER serving_columns;\n"
    )


def all_counted() -> str:
    """Return the statements for every table that public answers are read from."""
    return "".join(
        [
            *(counted(table, RECORD, _PUBLIC) for table in EDITORIAL),
            *(counted(table, RECORD, _GOOD) for table in COPIES),
            *(counted(table, RECORD, _OF_PLEDGE) for table in OF_PLEDGES),
            *(counted(table, RECORD) for table in PLAIN),
            *(counted_by_columns(table, columns) for table, columns in SOME_COLUMNS.items()),
            *(counted(table, WORK) for table in OF_WORK),
        ]
    )


def none_counted() -> str:
    """Return the statements that take them all back."""
    return "".join(
        [
            *map(counted_no_more, (*EDITORIAL, *COPIES, *OF_PLEDGES, *PLAIN, *OF_WORK)),
            *(f"DROP TRIGGER serving_columns ON {table};\n" for table in SOME_COLUMNS),
        ]
    )
