"""The rules of sources as the database keeps them, whoever writes."""

import pgtrigger

TEXTS_STAY = pgtrigger.Protect(name="texts_stay", operation=pgtrigger.Update)
CHECKS_STAY = pgtrigger.Protect(name="checks_stay", operation=pgtrigger.Update)

# Dead, or lost, is a claim about somebody's site: three failures in the history of checks, each
# at least three days after the one before, must stand behind it.
LOST_NEEDS_FAILURES = pgtrigger.Trigger(
    name="lost_needs_failures",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    condition=pgtrigger.Q(new__lost_at__isnull=False),
    func=pgtrigger.Func(
        """
        IF NEW.failures < 3 OR NEW.last_failed_at - NEW.first_failed_at < interval '6 days' THEN
            RAISE EXCEPTION 'A link is gone after three failures, each three days apart.'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
        """
    ),
)

# A passage is what an editor or the pledge quotes: words to look for are never changed in place.
PASSAGES_STAY = pgtrigger.Trigger(
    name="passages_stay",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("exact", "prefix", "suffix", "link_id", "is_quote"),
    condition=pgtrigger.AnyChange("exact", "prefix", "suffix", "link", "is_quote"),
    func=pgtrigger.Func(
        """
        RAISE EXCEPTION 'A passage stays as it is. Remove it, and add another.'
            USING ERRCODE = 'check_violation';
        """
    ),
)
