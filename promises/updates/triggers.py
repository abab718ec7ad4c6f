"""The rules of status updates as the database keeps them, whoever writes.

The same rules stand in `rules` with words for people; a test holds the two together.
"""

import pgtrigger

_REFUSE = "USING ERRCODE = 'check_violation'"


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

# Else its approvals would stand for whatever is written under its number later.
APPROVED_UPDATES_STAY = pgtrigger.Trigger(
    name="approved_updates_stay",
    when=pgtrigger.Before,
    operation=pgtrigger.Delete,
    condition=pgtrigger.Q(old__state__in=["draft", "in_review"]),
    func=pgtrigger.Func(
        f"""
        IF EXISTS (SELECT FROM updates_approval WHERE status_update_id = OLD.id) THEN
            RAISE EXCEPTION 'An update that someone has approved is not deleted.' {_REFUSE};
        END IF;
        RETURN OLD;
        """
    ),
)

# DESIGN rules 1 and 2, and the rule of standing pledges. What it reads it locks, in the order in
# which the action does, so that a writer beside it waits or is waited for.
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
        SELECT * INTO pledge FROM pledges_pledge WHERE id = NEW.pledge_id FOR NO KEY UPDATE;
        IF pledge.state <> 'published' THEN
            RAISE EXCEPTION 'Publish the pledge before a status update on it.' {_REFUSE};
        END IF;
        -- Whoever writes may claim another day of publication than today's.
        IF NEW.assessed_on > (least(NEW.published_at, now()) AT TIME ZONE 'UTC')::date THEN
            RAISE EXCEPTION 'A status update is not public before the days it speaks of.' {_REFUSE};
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
            IF EXISTS (
                SELECT FROM (
                    SELECT id, effective_on, assessed_on FROM updates_statusupdate
                    WHERE pledge_id = NEW.pledge_id AND state = 'published'
                    ORDER BY effective_on DESC, id DESC LIMIT 1
                ) in_force
                WHERE (in_force.effective_on, in_force.id) > (NEW.effective_on, NEW.id)
                    AND in_force.assessed_on < NEW.assessed_on
            ) THEN
                RAISE EXCEPTION 'A later look that takes effect before the status update in force'
                    ' would not become the status.' {_REFUSE};
            END IF;
            IF EXISTS (
                SELECT FROM (
                    SELECT id, effective_on, assessed_on FROM updates_statusupdate
                    WHERE pledge_id = NEW.pledge_id AND state = 'published'
                    ORDER BY effective_on DESC, id DESC LIMIT 1
                ) in_force
                WHERE (in_force.effective_on, in_force.id) < (NEW.effective_on, NEW.id)
                    AND in_force.assessed_on > NEW.assessed_on
            ) THEN
                RAISE EXCEPTION 'The status never rests on an older look than the status update in'
                    ' force.' {_REFUSE};
            END IF;
        END IF;
        PERFORM FROM updates_citation c JOIN evidence_evidence e ON e.id = c.evidence_id
        WHERE c.status_update_id = NEW.id ORDER BY e.id FOR SHARE;
        SELECT count(*), count(*) FILTER (
            WHERE e.provenance = 'independent' OR e.kind IN (
                'policy_memo', 'court_filing', 'official_data', 'legislation', 'election_result'
            )
        ) INTO cited, weighty
        FROM updates_citation c JOIN evidence_evidence e ON e.id = c.evidence_id
        WHERE c.status_update_id = NEW.id AND e.state = 'published';
        IF cited = 0 THEN
            RAISE EXCEPTION 'A status update rests on published evidence.' {_REFUSE};
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
        IF pledge.kind = 'standing' AND NEW.status IN ('kept', 'broken') THEN
            -- Nobody moves the end of the term until this is public; 0014 refuses it then.
            SELECT t.ends_on INTO ends_on FROM officials_term t WHERE t.id = pledge.term_id
            FOR SHARE;
            IF NEW.status = 'kept' AND (ends_on IS NULL OR NEW.effective_on < ends_on) THEN
                RAISE EXCEPTION 'A standing pledge is kept only once the term is over.'
                    {_REFUSE};
            END IF;
            IF NEW.status = 'broken' AND NEW.effective_on > ends_on THEN
                RAISE EXCEPTION 'A standing pledge can only be broken before the term ends.'
                    {_REFUSE};
            END IF;
        END IF;
        IF NEW.status <> 'not_yet_rated'
            AND NOT EXISTS (SELECT FROM pledges_criterion WHERE pledge_id = pledge.id) THEN
            RAISE EXCEPTION 'Criteria are written before the first status update.' {_REFUSE};
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
        IF NOT FOUND THEN
            RAISE EXCEPTION 'Only an update that is there can be approved.' {_REFUSE};
        END IF;
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
        -- Clocks of two machines may differ a little.
        IF NEW.reviewed_at > now() + interval '1 day' THEN
            RAISE EXCEPTION 'A review is not dated in the future.' {_REFUSE};
        END IF;
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
