"""The number of a row never changes: what points to it, and its history, know it by nothing else.

Foreign keys are looked at when a transaction ends, so that without this two rows could change
numbers in one, and each get what others signed for the other.
"""

NUMBERS_STAY = """
CREATE FUNCTION the_number_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The number of a row never changes.' USING ERRCODE = 'check_violation';
END $$;
"""


def number_stays(table: str, key: str = "id") -> str:
    """Return the statement by which the rows of a table keep their numbers, whoever writes.

    It costs nothing: PostgreSQL asks only where a statement names the column. By its name it comes
    before the triggers of pgtrigger.
    """
    return (
        f'CREATE TRIGGER number_stays BEFORE UPDATE OF "{key}" ON "{table}" FOR EACH ROW'
        f' WHEN (OLD."{key}" IS DISTINCT FROM NEW."{key}") EXECUTE FUNCTION the_number_stays();\n'
    )


def number_may_change(table: str) -> str:
    """Return the statement that takes back what `number_stays` gave a table."""
    return f'DROP TRIGGER number_stays ON "{table}";\n'
