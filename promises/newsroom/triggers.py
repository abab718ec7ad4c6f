"""The rules of the newsroom as the database keeps them, whoever writes.

The embargo itself is held by triggers on the three tables of items, which stand in the migration
`embargoes_hold`: an app declares triggers on its own models only.
"""

import pgtrigger

_REFUSE = "USING ERRCODE = 'check_violation'"

# Deferred to the end of the transaction: Django deletes what points to a row before the row.
GOES_ONLY_WITH_ITS_ITEM = pgtrigger.Trigger(
    name="goes_only_with_its_item",
    when=pgtrigger.After,
    operation=pgtrigger.Delete,
    timing=pgtrigger.Deferred,
    func=pgtrigger.Func(
        """
        IF EXISTS (SELECT FROM pledges_pledge WHERE id = OLD.pledge_id)
            OR EXISTS (SELECT FROM evidence_evidence WHERE id = OLD.evidence_id)
            OR EXISTS (SELECT FROM updates_statusupdate WHERE id = OLD.status_update_id) THEN
            RAISE EXCEPTION 'What was said and agreed about an item stays as long as the item.'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
        """
    ),
)

COMMENTS_STAY = pgtrigger.Protect(name="comments_stay", operation=pgtrigger.Update)

WORK_IS_GIVEN_TO_PEOPLE = pgtrigger.Trigger(
    name="work_is_given_to_people",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("assigned_to_id"),
    func=pgtrigger.Func(
        f"""
        IF NOT EXISTS (
            SELECT FROM accounts_user
            WHERE id = NEW.assigned_to_id AND is_active AND NOT is_service
        ) THEN
            RAISE EXCEPTION 'Only a person can be given work.' {_REFUSE};
        END IF;
        RETURN NEW;
        """
    ),
)

WHAT_ENDED_STAYS = pgtrigger.Trigger(
    name="what_ended_stays",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Q(old__ended_at__isnull=False),
    func=pgtrigger.Func(f"RAISE EXCEPTION 'An ended assignment stays as it is.' {_REFUSE};"),
)

# A plan that was set aside can be made anew; one that was carried out or cancelled is over.
CLOSED_PLANS_STAY = pgtrigger.Trigger(
    name="closed_plans_stay",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Q(old__outcome__in=["published", "cancelled"]),
    func=pgtrigger.Func(f"RAISE EXCEPTION 'This plan is over; make a new one.' {_REFUSE};"),
)

LIFTED_EMBARGOES_STAY = pgtrigger.Trigger(
    name="lifted_embargoes_stay",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Q(old__lifted_at__isnull=False),
    func=pgtrigger.Func(f"RAISE EXCEPTION 'A lifted embargo stays as it is.' {_REFUSE};"),
)

# FOR SHARE waits for whoever is publishing the item at this moment, and then sees that they did.
NO_EMBARGO_ON_WHAT_IS_PUBLIC = pgtrigger.Trigger(
    name="no_embargo_on_what_is_public",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("ends_at"),
    declare=[("is_public", "boolean")],
    func=pgtrigger.Func(
        """
        IF NEW.pledge_id IS NOT NULL THEN
            SELECT published_at IS NOT NULL INTO is_public FROM pledges_pledge
            WHERE id = NEW.pledge_id FOR SHARE;
        ELSIF NEW.evidence_id IS NOT NULL THEN
            SELECT published_at IS NOT NULL INTO is_public FROM evidence_evidence
            WHERE id = NEW.evidence_id FOR SHARE;
        ELSE
            SELECT published_at IS NOT NULL INTO is_public FROM updates_statusupdate
            WHERE id = NEW.status_update_id FOR SHARE;
        END IF;
        IF is_public THEN
            RAISE EXCEPTION 'Readers have seen this already; an embargo comes too late.'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
        """
    ),
)
