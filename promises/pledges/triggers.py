"""The rules of pledges as the database keeps them, whoever writes."""

import pgtrigger

from promises.officials.triggers import has_conflict

DERIVED_COLUMNS_ARE_NOT_WRITTEN = pgtrigger.Trigger(
    name="derived_columns_are_not_written",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func=pgtrigger.Func(
        """
        IF pg_trigger_depth() = 1 AND (
            OLD.status, OLD.status_since, OLD.status_assessed_on,
            OLD.status_is_provisional, OLD.confidence, OLD.last_reviewed_at,
            OLD.supports_count, OLD.contradicts_count, OLD.context_count,
            OLD.edition, OLD.updated_at
        ) IS DISTINCT FROM (
            NEW.status, NEW.status_since, NEW.status_assessed_on,
            NEW.status_is_provisional, NEW.confidence, NEW.last_reviewed_at,
            NEW.supports_count, NEW.contradicts_count, NEW.context_count,
            NEW.edition, NEW.updated_at
        ) THEN
            RAISE EXCEPTION 'The status of a pledge follows from its published'
                ' updates; publish one instead.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
        """
    ),
)

DERIVED_COLUMNS_START_EMPTY = pgtrigger.Trigger(
    name="derived_columns_start_empty",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=pgtrigger.Func(
        """
        NEW.status := 'not_yet_rated'; NEW.status_since := NULL;
        NEW.status_assessed_on := NULL; NEW.status_is_provisional := false;
        NEW.confidence := ''; NEW.last_reviewed_at := NULL;
        NEW.supports_count := 0; NEW.contradicts_count := 0; NEW.context_count := 0;
        NEW.edition := 0; NEW.updated_at := NULL;
        RETURN NEW;
        """
    ),
)

TRANSLATIONS_FALL_BEHIND = pgtrigger.Trigger(
    name="translations_fall_behind",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("title", "statement"),
    condition=pgtrigger.AnyChange("title", "statement"),
    func=pgtrigger.Func(
        """
        UPDATE pledges_pledgetranslation SET behind_on = behind_on
        WHERE pledge_id = NEW.id;
        RETURN NULL;
        """
    ),
)

THE_TERM_IS_THE_PERSONS = pgtrigger.Trigger(
    name="the_term_is_the_persons",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("person_id", "term_id"),
    func=pgtrigger.Func(
        """
        IF NEW.term_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM officials_term
            WHERE id = NEW.term_id AND person_id = NEW.person_id
        ) THEN
            RAISE EXCEPTION 'The term of a pledge must be one of its own person.'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
        """
    ),
)

# Whoever withdraws the person meanwhile is waited for; whoever edits them is not.
THE_PERSON_IS_PUBLIC = pgtrigger.Trigger(
    name="the_person_is_public",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("person_id", "state"),
    condition=pgtrigger.Q(new__state="published"),
    func=pgtrigger.Func(
        """
        PERFORM FROM officials_person
        WHERE id = NEW.person_id AND state = 'published' FOR KEY SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'A pledge cannot be public before the person who made it.'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
        """
    ),
)

# Withdrawing a pledge withdraws all its ratings.
CONFLICTS_BLOCK_RETRACTING = pgtrigger.Trigger(
    name="conflicts_block_retracting",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("state"),
    condition=pgtrigger.Q(new__state="retracted") & ~pgtrigger.Q(old__state="retracted"),
    func=pgtrigger.Func(
        f"""
        IF {has_conflict("NEW.retracted_by_id", "NEW.person_id")} THEN
            RAISE EXCEPTION 'Who has declared a conflict of interest retracts no pledge there.'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
        """
    ),
)

# Whoever moves the wider topic meanwhile is waited for.
TOPICS_ARE_TWO_DEEP = pgtrigger.Trigger(
    name="topics_are_two_deep",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
    condition=pgtrigger.Q(new__parent_id__isnull=False),
    func=pgtrigger.Func(
        """
        PERFORM FROM pledges_topic WHERE id = NEW.parent_id FOR SHARE;
        IF EXISTS (
            SELECT FROM pledges_topic
            WHERE (id = NEW.parent_id AND parent_id IS NOT NULL) OR parent_id = NEW.id
        ) THEN
            RAISE EXCEPTION 'Topics are two deep: one under another has none below it.'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
        """
    ),
)

IS_OF_A_KNOWN_PLEDGE = """EXISTS (
    SELECT FROM pledges_pledge p
    WHERE p.id = OLD.pledge_id AND p.state IN ('published', 'retracted')
)"""
