"""What the database holds of challenges, whoever writes."""

import pgtrigger

_FIXED = (
    "reference",
    "pledge",
    "status_update",
    "edition",
    "kind",
    "received_at",
    "answer_due_on",
)

STATES_MOVE_FORWARD = pgtrigger.Trigger(
    name="states_move_forward",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("state"),
    condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
    func=pgtrigger.Func(
        """
        IF (OLD.state, NEW.state) NOT IN (
            ('received', 'being_looked_at'), ('received', 'spam'), ('being_looked_at', 'spam'),
            ('received', 'accepted'), ('being_looked_at', 'accepted'),
            ('received', 'declined'), ('being_looked_at', 'declined'),
            ('spam', 'being_looked_at')
        ) THEN
            RAISE EXCEPTION 'A challenge that is % cannot become %.', OLD.state, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
        """
    ),
)
# The words go only when what was set aside is erased.
WHAT_WAS_SENT_STAYS = pgtrigger.Trigger(
    name="what_was_sent_stays",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.AnyChange(*_FIXED, "explanation", "source_url"),
    func=pgtrigger.Func(
        """
        IF NEW.state = 'spam' AND NEW.explanation = '' AND NEW.source_url = ''
            AND (OLD.reference, OLD.pledge_id, OLD.kind, OLD.received_at, OLD.answer_due_on)
                = (NEW.reference, NEW.pledge_id, NEW.kind, NEW.received_at, NEW.answer_due_on)
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'What was sent, and when, never changes.'
            USING ERRCODE = 'check_violation';
        """
    ),
)
ANSWERS_STAY = pgtrigger.Trigger(
    name="answers_stay",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.AnyChange("summary", "answer", "answered_at", "answered_by"),
    func=pgtrigger.Func(
        """
        IF OLD.answered_at IS NULL THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'An answer stays as it was given.' USING ERRCODE = 'check_violation';
        """
    ),
)
CHALLENGES_STAY = pgtrigger.Protect(name="challenges_stay", operation=pgtrigger.Delete)

SUGGESTIONS_MOVE_FORWARD = pgtrigger.Trigger(
    name="suggestions_move_forward",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("state"),
    condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
    func=pgtrigger.Func(
        """
        IF (OLD.state, NEW.state) NOT IN (
            ('received', 'being_looked_at'), ('received', 'drafted'),
            ('received', 'set_aside'), ('being_looked_at', 'drafted'),
            ('being_looked_at', 'set_aside'), ('set_aside', 'being_looked_at')
        ) THEN
            RAISE EXCEPTION 'A suggestion that is % cannot become %.', OLD.state, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
        """
    ),
)
# The words go only when what was set aside is erased.
SUGGESTED_WORDS_STAY = pgtrigger.Trigger(
    name="suggested_words_stay",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.AnyChange(
        "reference", "kind", "pledge", "person", "received_at", "explanation", "source_url"
    ),
    func=pgtrigger.Func(
        """
        IF NEW.state = 'set_aside' AND NEW.explanation = '' AND NEW.source_url = ''
            AND (OLD.reference, OLD.kind, OLD.pledge_id, OLD.person_id, OLD.received_at)
                IS NOT DISTINCT FROM
                (NEW.reference, NEW.kind, NEW.pledge_id, NEW.person_id, NEW.received_at)
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'What was sent, and when, never changes.'
            USING ERRCODE = 'check_violation';
        """
    ),
)
SUGGESTIONS_STAY = pgtrigger.Protect(name="suggestions_stay", operation=pgtrigger.Delete)
