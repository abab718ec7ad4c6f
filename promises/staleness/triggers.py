"""What the database refuses and keeps in order in the tables of this app, whoever writes."""

from collections.abc import Iterable

import pgtrigger

from promises.officials.choices import EndReason
from promises.pledges.choices import OPEN_STATUSES
from promises.staleness.reasons import RULES

CLOSED_EPISODES_STAY = pgtrigger.Trigger(
    name="closed_episodes_stay",
    when=pgtrigger.Before,
    operation=pgtrigger.Update | pgtrigger.Delete,
    condition=pgtrigger.Q(old__closed_at__isnull=False),
    func=pgtrigger.Func(
        "RAISE EXCEPTION 'A closed episode stays as it is.' USING ERRCODE = 'check_violation';"
    ),
)
# Who is handed an episode hears of it, by whatever way it came into their hands. Written in the
# statement that does it, so neither can be without the other.
_NOTICES = """
    INSERT INTO staleness_notice (flag_id, person_id, kind, written_at)
    {} ON CONFLICT (flag_id, person_id) DO NOTHING;
    RETURN NULL;
"""
NOTICE_OF_A_NEW_EPISODE = pgtrigger.Trigger(
    name="notice_of_a_new_episode",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    referencing=pgtrigger.Referencing(new="after"),
    func=pgtrigger.Func(
        _NOTICES.format(
            "SELECT id, assigned_to_id, 'handed', now() FROM after"
            " WHERE assigned_to_id IS NOT NULL AND closed_at IS NULL"
        )
    ),
)
NOTICE_OF_A_CHANGE_OF_HANDS = pgtrigger.Trigger(
    name="notice_of_a_change_of_hands",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Update,
    referencing=pgtrigger.Referencing(old="before", new="after"),
    func=pgtrigger.Func(
        _NOTICES.format(
            """
            SELECT after.id, told.person_id, told.kind, now()
            FROM after JOIN before USING (id)
            CROSS JOIN LATERAL (VALUES
                (after.assigned_to_id, before.assigned_to_id, 'handed'),
                (after.escalated_to_id, before.escalated_to_id, 'escalated')
            ) told (person_id, person_before, kind)
            WHERE told.person_id IS NOT NULL AND after.closed_at IS NULL
                AND told.person_id IS DISTINCT FROM told.person_before
            """
        )
    ),
)
# Only the two functions that compute them write them. The login of the site may not even try;
# this is for whoever owns the tables.
DUE_DATES_ARE_COMPUTED = pgtrigger.Trigger(
    name="due_dates_are_computed",
    level=pgtrigger.Statement,
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    declare=[("callers", "text")],
    func=pgtrigger.Func(
        """
        GET DIAGNOSTICS callers = PG_CONTEXT;
        IF callers !~ '\\mfunction (public\\.)?staleness_(derive|pledges_gone)\\(' THEN
            RAISE EXCEPTION 'Due dates follow from the record and its policies; change those.'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
        """
    ),
)

# The pledges in question with their policy, and the newest published update of each. What is due
# is materialized, else it is found anew for each pledge; and PostgreSQL, which expects one in two
# hundred to be `watch = 'on'`, expects most of them by what they are not.
_FROM = """
    WITH w AS MATERIALIZED (
        SELECT * FROM staleness_effective
        WHERE pledge_id = ANY(ids) AND watch NOT IN ('off', 'paused')
    ), newest AS MATERIALIZED (
        SELECT DISTINCT ON (u.pledge_id) u.pledge_id, u.id, u.status, u.methodology_id,
            u.published_at, (u.published_at AT TIME ZONE 'UTC')::date AS published_on
        FROM w JOIN updates_statusupdate u ON u.pledge_id = w.pledge_id AND u.state = 'published'
        WHERE w.state = 'published' AND w.status_since IS NOT NULL
        ORDER BY u.pledge_id, u.effective_on DESC, u.id DESC
    ), due (pledge_id, reason, has_grace, due_on, until_on, facts) AS MATERIALIZED ("""
_BRANCH = """
        SELECT pledge_id, '{reason}', {has_grace}, due_on, until_on, facts
        FROM ({sql}
        ) _ (pledge_id, due_on, until_on, facts)"""
_INTO = """
    )
    SELECT due.pledge_id, due.reason, due.due_on, flag.flag_on, due.until_on,
        staleness_later(flag.flag_on, w.escalation_days, w.calendar),
        w.owner_id, w.escalation_to_id, due.facts
    FROM due
    JOIN w ON w.pledge_id = due.pledge_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN due.has_grace
            THEN staleness_later(due.due_on, w.grace_days, w.calendar) ELSE due.due_on END
    ) flag (flag_on)
    WHERE due.due_on IS NOT NULL
"""


# Ends of a term before its time.
_EARLY = (
    EndReason.RECALLED,
    EndReason.RESIGNED,
    EndReason.APPOINTED_ELSEWHERE,
    EndReason.REMOVED,
    EndReason.DIED,
)


def rule_sql() -> str:
    """Return the body of the database's function `staleness_rule(ids)`.

    The migrations hold its text as it was; a test holds this and the last of them together.
    A new reason needs a new migration with this text.
    """
    words = {"open": _listed(OPEN_STATUSES), "early": _listed(_EARLY)}
    branches = [
        _BRANCH.format(
            reason=reason,
            has_grace=str(rule.has_grace).lower(),
            sql=rule.sql.format(limit=rule.limit, **words),
        )
        for reason, rule in RULES.items()
    ]
    return "".join((_FROM, "\n        UNION ALL".join(branches), _INTO))


def _listed(values: Iterable[str]) -> str:
    return "({})".format(", ".join(f"'{value}'" for value in values))
