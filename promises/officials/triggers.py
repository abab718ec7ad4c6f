"""The rules of conflicts of interest as the database keeps them, whoever writes."""

import pgtrigger

_REFUSE = "USING ERRCODE = 'check_violation'"


def _is_administrator(who: str) -> str:
    """Return the SQL of whether someone is an administrator; the group is that of the role."""
    return f"""EXISTS (
        SELECT FROM accounts_user u WHERE u.id = {who} AND u.is_active AND NOT u.is_service AND (
            u.is_superuser OR EXISTS (
                SELECT FROM accounts_user_groups ug JOIN auth_group g ON g.id = ug.group_id
                WHERE ug.user_id = u.id AND g.name = 'administrator'
            )
        )
    )"""  # noqa: S608 -- `who` is a column, written in this file


def has_conflict(who: str, official: str) -> str:
    """Return the SQL of whether someone has an open conflict of interest in a jurisdiction where
    an official held, holds or sought an office.
    """
    return f"""EXISTS (
        SELECT FROM officials_conflictofinterest c
        JOIN officials_office o ON o.jurisdiction_id = c.jurisdiction_id
        WHERE c.person_id = {who} AND c.ended_at IS NULL AND (
            EXISTS (
                SELECT FROM officials_term t
                WHERE t.office_id = o.id AND t.person_id = {official}
            ) OR EXISTS (
                SELECT FROM officials_candidacy a JOIN officials_election e ON e.id = a.election_id
                WHERE e.office_id = o.id AND a.person_id = {official}
            )
        )
    )"""  # noqa: S608 -- both are columns, written in files of triggers


CONFLICTS_ARE_DECLARED_OPEN = pgtrigger.Trigger(
    name="conflicts_are_declared_open",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=pgtrigger.Func(
        f"""
        IF NEW.ended_at IS NOT NULL THEN
            RAISE EXCEPTION 'A conflict of interest is declared before it ends.' {_REFUSE};
        END IF;
        IF NEW.declared_by_id <> NEW.person_id AND NOT {_is_administrator("NEW.declared_by_id")}
        THEN
            RAISE EXCEPTION 'A conflict of interest is declared by its person or an administrator.'
                {_REFUSE};
        END IF;
        RETURN NEW;
        """
    ),
)

CONFLICTS_ONLY_END = pgtrigger.Trigger(
    name="conflicts_only_end",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func=pgtrigger.Func(
        f"""
        IF OLD.ended_at IS NOT NULL OR (
            OLD.person_id, OLD.jurisdiction_id, OLD.nature, OLD.declared_at, OLD.declared_by_id
        ) IS DISTINCT FROM (
            NEW.person_id, NEW.jurisdiction_id, NEW.nature, NEW.declared_at, NEW.declared_by_id
        ) THEN
            RAISE EXCEPTION 'A declared conflict of interest never changes; it ends, once.'
                {_REFUSE};
        END IF;
        IF NEW.ended_at IS NOT NULL AND NOT {_is_administrator("NEW.ended_by_id")} THEN
            RAISE EXCEPTION 'Only an administrator ends a conflict of interest.' {_REFUSE};
        END IF;
        RETURN NEW;
        """
    ),
)

TERMS_WITH_PLEDGES_KEEP_THEIR_PERSON = pgtrigger.Trigger(
    name="terms_with_pledges_keep_their_person",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("person_id"),
    condition=pgtrigger.Q(old__person_id__df=pgtrigger.F("new__person_id")),
    func=pgtrigger.Func(
        f"""
        IF EXISTS (SELECT FROM pledges_pledge WHERE term_id = OLD.id) THEN
            RAISE EXCEPTION 'Pledges were made for this term: it stays that of its person.'
                {_REFUSE};
        END IF;
        RETURN NEW;
        """
    ),
)

CONFLICTS_BLOCK_RETRACTING = pgtrigger.Trigger(
    name="conflicts_block_retracting",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("state"),
    condition=pgtrigger.Q(new__state="retracted") & ~pgtrigger.Q(old__state="retracted"),
    func=pgtrigger.Func(
        f"""
        IF {has_conflict("NEW.retracted_by_id", "NEW.id")} THEN
            RAISE EXCEPTION 'Who has declared a conflict of interest retracts nobody there.'
                {_REFUSE};
        END IF;
        RETURN NEW;
        """
    ),
)

# With the key, which whoever publishes a pledge of theirs looks at: they wait, or we do.
PUBLIC_PLEDGES_ARE_WITHDRAWN_FIRST = pgtrigger.Trigger(
    name="public_pledges_are_withdrawn_first",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("state"),
    condition=CONFLICTS_BLOCK_RETRACTING.condition,
    func=pgtrigger.Func(
        f"""
        PERFORM FROM officials_person WHERE id = NEW.id FOR UPDATE;
        IF EXISTS (
            SELECT FROM pledges_pledge WHERE person_id = NEW.id AND state = 'published'
        ) THEN
            RAISE EXCEPTION 'Pledges of this person are public: they are withdrawn first.'
                {_REFUSE};
        END IF;
        RETURN NEW;
        """
    ),
)

# A constraint reads no other table: whether a term is that of somebody who was withdrawn stands in
# its own row, worked out here and nowhere else. Nobody comes back, so it changes with the person.
WITHDRAWN_WITH_THEIR_PERSON = pgtrigger.Trigger(
    name="withdrawn_with_their_person",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("person_id", "is_withdrawn"),
    func=pgtrigger.Func(
        """
        -- Whoever withdraws the person waits for us, or we for them.
        PERFORM FROM officials_person WHERE id = NEW.person_id FOR KEY SHARE;
        NEW.is_withdrawn := EXISTS (
            SELECT FROM officials_person WHERE id = NEW.person_id AND state = 'retracted'
        );
        RETURN NEW;
        """
    ),
)

# After PUBLIC_PLEDGES_ARE_WITHDRAWN_FIRST has locked the person with the key.
WITHDRAWN_PEOPLE_LEAVE_THEIR_OFFICES = pgtrigger.Trigger(
    name="withdrawn_people_leave_their_offices",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("state"),
    condition=CONFLICTS_BLOCK_RETRACTING.condition,
    func=pgtrigger.Func(
        """
        UPDATE officials_term SET is_withdrawn = TRUE WHERE person_id = NEW.id;
        RETURN NULL;
        """
    ),
)

# A later report follows, also one that corrects a slip.
REPORTS_STAY_AS_THEY_CAME = pgtrigger.Trigger(
    name="reports_stay_as_they_came",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.AnyChange(exclude=["version", "election", "position"]),
    func=pgtrigger.Func(
        f"""
        RAISE EXCEPTION 'A result stays as it was reported; add a later report.' {_REFUSE};
        """
    ),
)
