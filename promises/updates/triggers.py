"""The rules of status updates as the database keeps them, whoever writes.

The same rules stand in `rules` with words for people; a test holds the two together.
"""

import pgtrigger

_REFUSE = "USING ERRCODE = 'check_violation'"


def _has_conflict(people: str, pledge: str) -> str:
    """Return the SQL of whether one of some people has an open conflict of interest in a
    jurisdiction where the official of a pledge held, holds or sought an office.
    """
    return f"""EXISTS (
        SELECT FROM officials_conflictofinterest c
        JOIN officials_office o ON o.jurisdiction_id = c.jurisdiction_id
        JOIN pledges_pledge p ON p.id = {pledge}
        WHERE c.person_id = ANY ({people}) AND c.ended_at IS NULL AND (
            EXISTS (
                SELECT FROM officials_term t WHERE t.office_id = o.id AND t.person_id = p.person_id
            ) OR EXISTS (
                SELECT FROM officials_candidacy a JOIN officials_election e ON e.id = a.election_id
                WHERE e.office_id = o.id AND a.person_id = p.person_id
            )
        )
    )"""


# DESIGN rule 4: a correction or a newer update follows a published one.
PUBLISHED_UPDATES_NEVER_CHANGE = pgtrigger.Trigger(
    name="published_updates_never_change",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func=pgtrigger.Func(
        f"""
        IF OLD.is_imported IS DISTINCT FROM NEW.is_imported THEN
            RAISE EXCEPTION 'Whether an update was imported never changes.' {_REFUSE};
        END IF;
        IF OLD.state IN ('published', 'retracted') AND (
            OLD.slug, OLD.pledge_id, OLD.status, OLD.effective_on, OLD.assessed_on,
            OLD.confidence, OLD.reason, OLD.reasoning, OLD.methodology_id, OLD.wording,
            OLD.edited_by_id, OLD.published_at, OLD.published_by_id
        ) IS DISTINCT FROM (
            NEW.slug, NEW.pledge_id, NEW.status, NEW.effective_on, NEW.assessed_on,
            NEW.confidence, NEW.reason, NEW.reasoning, NEW.methodology_id, NEW.wording,
            NEW.edited_by_id, NEW.published_at, NEW.published_by_id
        ) THEN
            RAISE EXCEPTION 'A published update never changes; write a correction or a newer'
                ' update.' {_REFUSE};
        END IF;
        IF OLD.state = 'in_review' AND NEW.state <> 'draft' AND (
            OLD.slug, OLD.pledge_id, OLD.status, OLD.effective_on, OLD.assessed_on,
            OLD.confidence, OLD.reason, OLD.reasoning, OLD.methodology_id, OLD.wording,
            OLD.edited_by_id
        ) IS DISTINCT FROM (
            NEW.slug, NEW.pledge_id, NEW.status, NEW.effective_on, NEW.assessed_on,
            NEW.confidence, NEW.reason, NEW.reasoning, NEW.methodology_id, NEW.wording,
            NEW.edited_by_id
        ) THEN
            RAISE EXCEPTION 'An update in review does not change; send it back first.' {_REFUSE};
        END IF;
        IF NEW.wording < OLD.wording OR
            OLD.state = 'draft' AND NEW.state = 'in_review' AND NEW.wording = OLD.wording THEN
            RAISE EXCEPTION 'Each time an update is handed in its wording counts up.' {_REFUSE};
        END IF;
        RETURN NEW;
        """
    ),
)

UPDATES_START_AS_DRAFTS = pgtrigger.Trigger(
    name="updates_start_as_drafts",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=pgtrigger.Func(
        f"""
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION 'A status update starts as a draft.' {_REFUSE};
        END IF;
        RETURN NEW;
        """
    ),
)

# DESIGN rules 1 and 2, and the rule of standing pledges.
UPDATES_ARE_PUBLISHED_BY_THE_RULES = pgtrigger.Trigger(
    name="updates_are_published_by_the_rules",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("state"),
    condition=pgtrigger.Q(new__state="published") & ~pgtrigger.Q(old__state="published"),
    declare=[
        ("pledge", "pledges_pledge%ROWTYPE"),
        ("ends_on", "date"),
        ("people", "integer"),
        ("cited", "integer"),
        ("weighty", "integer"),
    ],
    func=pgtrigger.Func(
        f"""
        SELECT * INTO pledge FROM pledges_pledge WHERE id = NEW.pledge_id;
        IF pledge.state <> 'published' THEN
            RAISE EXCEPTION 'Publish the pledge before a rating of it.' {_REFUSE};
        END IF;
        IF NOT NEW.is_imported THEN
            IF OLD.state <> 'in_review' THEN
                RAISE EXCEPTION 'Only an update in review can be published.' {_REFUSE};
            END IF;
            SELECT count(*) INTO people FROM updates_approval a
            WHERE a.status_update_id = NEW.id AND a.wording = NEW.wording
                AND a.approved_by_id NOT IN (NEW.created_by_id, NEW.edited_by_id);
            IF people < (CASE WHEN NEW.status IN ('kept', 'broken') THEN 2 ELSE 1 END) THEN
                RAISE EXCEPTION 'Too few people other than the author have approved it.'
                    {_REFUSE};
            END IF;
        END IF;
        SELECT count(*), count(*) FILTER (
            WHERE e.provenance = 'independent' OR e.kind IN (
                'policy_memo', 'court_filing', 'official_data', 'legislation', 'election_result'
            )
        ) INTO cited, weighty
        FROM updates_citation c JOIN evidence_evidence e ON e.id = c.evidence_id
        WHERE c.status_update_id = NEW.id AND e.state = 'published';
        IF cited = 0 THEN
            RAISE EXCEPTION 'A rating rests on published evidence.' {_REFUSE};
        END IF;
        IF NEW.status IN ('kept', 'broken') AND weighty = 0 THEN
            RAISE EXCEPTION 'Kept and broken need a primary or independent source.' {_REFUSE};
        END IF;
        IF NEW.status IN ('kept', 'broken') AND NOT NEW.is_imported AND EXISTS (
            SELECT FROM updates_citation c
            WHERE c.status_update_id = NEW.id AND NOT captures_is_secured(c.evidence_id)
        ) THEN
            RAISE EXCEPTION 'Kept and broken need a copy of every source, or a waiver.' {_REFUSE};
        END IF;
        IF pledge.kind = 'standing' AND NEW.status = 'kept' THEN
            -- Nobody moves the end of the term until this is public; 0004 refuses it then.
            SELECT t.ends_on INTO ends_on FROM officials_term t WHERE t.id = pledge.term_id
            FOR SHARE;
            IF ends_on IS NULL OR NEW.effective_on < ends_on THEN
                RAISE EXCEPTION 'A standing pledge is kept only once the term is over.'
                    {_REFUSE};
            END IF;
        END IF;
        IF NEW.status <> 'not_yet_rated'
            AND NOT EXISTS (SELECT FROM pledges_criterion WHERE pledge_id = pledge.id) THEN
            RAISE EXCEPTION 'Criteria are written before the first rating.' {_REFUSE};
        END IF;
        RETURN NEW;
        """
    ),
)

CITATIONS_CHANGE_IN_DRAFTS = pgtrigger.Trigger(
    name="citations_change_in_drafts",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    func=pgtrigger.Func(
        f"""
        IF EXISTS (
            SELECT FROM updates_statusupdate u WHERE u.state <> 'draft' AND (
                (TG_OP <> 'INSERT' AND u.id = OLD.status_update_id)
                OR (TG_OP <> 'DELETE' AND u.id = NEW.status_update_id)
            )
        ) THEN
            RAISE EXCEPTION 'The evidence of an update changes only while it is a draft.'
                {_REFUSE};
        END IF;
        RETURN COALESCE(NEW, OLD);
        """
    ),
)

# Whoever saved any of its drafts wrote it: the history knows who did, however long ago.
NOBODY_APPROVES_THEIR_OWN = pgtrigger.Trigger(
    name="nobody_approves_their_own",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("rated", "updates_statusupdate%ROWTYPE")],
    func=pgtrigger.Func(
        f"""
        SELECT * INTO rated FROM updates_statusupdate WHERE id = NEW.status_update_id FOR SHARE;
        IF NEW.approved_by_id IN (rated.created_by_id, rated.edited_by_id) OR EXISTS (
            SELECT FROM updates_statusupdateevent e
            WHERE e.pgh_obj_id = rated.id AND e.edited_by_id = NEW.approved_by_id
        ) THEN
            RAISE EXCEPTION 'Who wrote an update cannot approve it.' {_REFUSE};
        END IF;
        IF NOT EXISTS (
            SELECT FROM accounts_user
            WHERE id = NEW.approved_by_id AND is_active AND NOT is_service
        ) THEN
            RAISE EXCEPTION 'Only a person can approve.' {_REFUSE};
        END IF;
        IF NEW.wording <> rated.wording OR NOT (
            rated.state = 'in_review' OR rated.state = 'published' AND rated.is_imported
        ) THEN
            RAISE EXCEPTION 'Only the wording now in review can be approved.' {_REFUSE};
        END IF;
        RETURN NEW;
        """
    ),
)

A_PERSON_REVIEWS = pgtrigger.Trigger(
    name="a_person_reviews",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=pgtrigger.Func(
        f"""
        IF NOT EXISTS (
            SELECT FROM accounts_user
            WHERE id = NEW.reviewed_by_id AND is_active AND NOT is_service
        ) THEN
            RAISE EXCEPTION 'A review is the act of a person.' {_REFUSE};
        END IF;
        RETURN NEW;
        """
    ),
)

# Judging is writing, handing in, publishing and retracting. When it becomes public nobody who
# stands behind it has a conflict: its authors, who handed it in, who approved its wording.
CONFLICTS_BLOCK_RATING = pgtrigger.Trigger(
    name="conflicts_block_rating",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    declare=[("people", "bigint[] := '{}'")],
    func=pgtrigger.Func(
        f"""
        IF TG_OP = 'INSERT' THEN
            people := ARRAY[NEW.created_by_id, NEW.edited_by_id];
        ELSE
            IF (
                OLD.pledge_id, OLD.status, OLD.effective_on, OLD.assessed_on, OLD.confidence,
                OLD.reason, OLD.reasoning, OLD.methodology_id, OLD.edited_by_id
            ) IS DISTINCT FROM (
                NEW.pledge_id, NEW.status, NEW.effective_on, NEW.assessed_on, NEW.confidence,
                NEW.reason, NEW.reasoning, NEW.methodology_id, NEW.edited_by_id
            ) THEN
                people := people || NEW.edited_by_id;
            END IF;
            IF (OLD.submitted_by_id, OLD.submitted_at)
                IS DISTINCT FROM (NEW.submitted_by_id, NEW.submitted_at) THEN
                people := people || NEW.submitted_by_id;
            END IF;
            IF NEW.state = 'published' AND OLD.state <> 'published' THEN
                people := people || ARRAY[
                    NEW.created_by_id, NEW.edited_by_id, NEW.submitted_by_id, NEW.published_by_id
                ] || ARRAY(
                    SELECT approved_by_id FROM updates_approval
                    WHERE status_update_id = NEW.id AND wording = NEW.wording
                );
            END IF;
            IF NEW.state = 'retracted' AND OLD.state <> 'retracted' THEN
                people := people || NEW.retracted_by_id;
            END IF;
        END IF;
        IF {_has_conflict("people", "NEW.pledge_id")} THEN
            RAISE EXCEPTION 'Someone behind this rating has declared a conflict of interest in'
                ' that jurisdiction.' {_REFUSE};
        END IF;
        RETURN NEW;
        """
    ),
)

CONFLICTS_BLOCK_APPROVING = pgtrigger.Trigger(
    name="conflicts_block_approving",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("rated", "bigint")],
    func=pgtrigger.Func(
        f"""
        SELECT pledge_id INTO rated FROM updates_statusupdate WHERE id = NEW.status_update_id;
        IF {_has_conflict("ARRAY[NEW.approved_by_id]", "rated")} THEN
            RAISE EXCEPTION 'Who has declared a conflict of interest does not approve there.'
                {_REFUSE};
        END IF;
        RETURN NEW;
        """
    ),
)

CONFLICTS_BLOCK_REVIEWING = pgtrigger.Trigger(
    name="conflicts_block_reviewing",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=pgtrigger.Func(
        f"""
        IF {_has_conflict("ARRAY[NEW.reviewed_by_id]", "NEW.pledge_id")} THEN
            RAISE EXCEPTION 'Who has declared a conflict of interest does not review there.'
                {_REFUSE};
        END IF;
        RETURN NEW;
        """
    ),
)
