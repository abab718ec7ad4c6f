"""What the database holds of requests for records, whoever writes."""

import pgtrigger

_REFUSE = "USING ERRCODE = 'check_violation'"

# The clock: the law's day, or the day of the newest extension; then that of an appeal.
REQUESTS_KEEP_THEIR_CLOCK = pgtrigger.Trigger(
    name="requests_keep_their_clock",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func=pgtrigger.Func(
        """
        NEW.answer_due_on := COALESCE(
            (SELECT max(due_on) FROM record_requests_extension WHERE record_request_id = NEW.id),
            NEW.due_by_law_on
        );
        NEW.next_due_on := CASE
            WHEN NEW.withdrawn_on IS NOT NULL OR NEW.appeal_decided_on IS NOT NULL THEN NULL
            WHEN NEW.appealed_on IS NOT NULL THEN NEW.appeal_due_on
            WHEN NEW.answered_on IS NOT NULL THEN NULL
            ELSE NEW.answer_due_on
        END;
        RETURN NEW;
        """
    ),
)
# Readers hold on to what was asked of whom under which law; only what came of it moves on.
WHAT_WAS_ASKED_STAYS = pgtrigger.Trigger(
    name="what_was_asked_stays",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.AnyChange(
        *("slug", "office", "agency", "subject", "law", "statute", "filed_on", "filed_by"),
        *("due_basis", "due_by_law_on"),
    ),
    func=pgtrigger.Func(
        f"""
        IF OLD.state IN ('published', 'retracted') THEN
            RAISE EXCEPTION 'What was asked, of whom, when and under which law stays as published.'
                {_REFUSE};
        END IF;
        RETURN NEW;
        """
    ),
)
# A fact that readers have seen is followed by another, never changed.
WHAT_CAME_STAYS = pgtrigger.Trigger(
    name="what_came_stays",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Q(old__state__in=["published", "retracted"]),
    func=pgtrigger.Func(
        f"""
        IF OLD.acknowledged_on <> COALESCE(NEW.acknowledged_on, '-infinity')
            OR OLD.withdrawn_on <> COALESCE(NEW.withdrawn_on, '-infinity')
            OR OLD.answered_on IS NOT NULL AND
                (OLD.answered_on, OLD.outcome, OLD.answer, OLD.not_recorded) IS DISTINCT FROM
                (NEW.answered_on, NEW.outcome, NEW.answer, NEW.not_recorded)
            OR OLD.appealed_on IS NOT NULL AND
                (OLD.appealed_on, OLD.appealed_to, OLD.appeal_due_on) IS DISTINCT FROM
                (NEW.appealed_on, NEW.appealed_to, NEW.appeal_due_on)
            OR OLD.appeal_decided_on IS NOT NULL AND
                (OLD.appeal_decided_on, OLD.appeal_decision) IS DISTINCT FROM
                (NEW.appeal_decided_on, NEW.appeal_decision)
        THEN
            RAISE EXCEPTION 'What an office did and when stays as published.' {_REFUSE};
        END IF;
        RETURN NEW;
        """
    ),
)
REQUESTS_ARE_ABOUT_A_PLEDGE = pgtrigger.Trigger(
    name="requests_are_about_a_pledge",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
    condition=pgtrigger.Q(new__state="published"),
    func=pgtrigger.Func(
        f"""
        IF NOT EXISTS (
            SELECT FROM record_requests_requestpledge WHERE record_request_id = NEW.id
        ) THEN
            RAISE EXCEPTION 'A request is published with the pledge it is about.' {_REFUSE};
        END IF;
        RETURN NEW;
        """
    ),
)
PLEDGES_OF_A_REQUEST_STAY = pgtrigger.Trigger(
    name="pledges_of_a_request_stay",
    when=pgtrigger.Before,
    operation=pgtrigger.Update | pgtrigger.Delete,
    func=pgtrigger.Func(
        f"""
        IF EXISTS (
            SELECT FROM record_requests_recordrequest
            WHERE id = OLD.record_request_id AND state IN ('published', 'retracted')
        ) THEN
            RAISE EXCEPTION 'A published request stays with its pledges.' {_REFUSE};
        END IF;
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        RETURN NEW;
        """
    ),
)
EXTENSIONS_GO_FORWARD = pgtrigger.Trigger(
    name="extensions_go_forward",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("due", "date")],
    func=pgtrigger.Func(
        """
        SELECT answer_due_on INTO due FROM record_requests_recordrequest
            WHERE id = NEW.record_request_id FOR UPDATE;
        IF due IS NULL OR NEW.due_on <= due THEN
            RAISE EXCEPTION 'An extension moves a day that was set to a later one.'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
        """
    ),
)
EXTENSIONS_MOVE_THE_CLOCK = pgtrigger.Trigger(
    name="extensions_move_the_clock",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Delete,
    func=pgtrigger.Func(
        """
        UPDATE record_requests_recordrequest SET answer_due_on = answer_due_on
            WHERE id = COALESCE(NEW.record_request_id, OLD.record_request_id);
        RETURN NULL;
        """
    ),
)
EXTENSIONS_STAY = pgtrigger.Trigger(
    name="extensions_stay",
    when=pgtrigger.Before,
    operation=pgtrigger.Update | pgtrigger.Delete,
    func=pgtrigger.Func(
        f"""
        IF TG_OP = 'DELETE' AND NOT EXISTS (
            SELECT FROM record_requests_recordrequest
            WHERE id = OLD.record_request_id AND state IN ('published', 'retracted')
        ) THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'An extension stays as it was announced.' {_REFUSE};
        """
    ),
)
