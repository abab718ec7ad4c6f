"""Who has declared a conflict of interest neither rates nor reviews there, whoever writes."""

import pgtrigger

from promises.officials.triggers import has_conflict

_REFUSE = "USING ERRCODE = 'check_violation'"


def _has_conflict(people: str, pledge: str) -> str:
    """Return the SQL of whether one of some people has a conflict with the official of a pledge."""
    official = f"(SELECT person_id FROM pledges_pledge WHERE id = {pledge})"
    return has_conflict(f"ANY ({people})", official)


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
            RAISE EXCEPTION 'Someone behind this status update has declared a conflict of'
                ' interest in that jurisdiction.' {_REFUSE};
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
