"""The rules of captures as the database keeps them, whoever writes.

What the publishing of a rating asks for stands in the migration `sources_are_secured`, as a
function: `captures_is_secured(evidence)`.
"""

import pgtrigger

_REFUSE = "USING ERRCODE = 'check_violation'"

# The files of a capture, when it was made and of what: a copy that can be changed proves nothing.
WHAT_WAS_CAPTURED_STAYS = pgtrigger.Trigger(
    name="what_was_captured_stays",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=~pgtrigger.Q(old__state="waiting"),
    func=pgtrigger.Func(
        f"""
        IF (
            OLD.evidence_id, OLD.how, OLD.asked_url, OLD.final_url, OLD.requested_at,
            OLD.captured_at, OLD.http_status, OLD.headers, OLD.media_type, OLD.charset,
            OLD.body_id, OLD.warc_id, OLD.rendering_id, OLD.verdict, OLD.is_suspect,
            OLD.file_name, OLD.text_id
        ) IS DISTINCT FROM (
            NEW.evidence_id, NEW.how, NEW.asked_url, NEW.final_url, NEW.requested_at,
            NEW.captured_at, NEW.http_status, NEW.headers, NEW.media_type, NEW.charset,
            NEW.body_id, NEW.warc_id, NEW.rendering_id, NEW.verdict, NEW.is_suspect,
            NEW.file_name, NEW.text_id
        ) OR NEW.state = 'waiting' OR (OLD.state = 'set_aside' AND NEW.state <> 'set_aside') THEN
            RAISE EXCEPTION 'What was captured never changes; capture it again.' {_REFUSE};
        END IF;
        IF OLD.confirmed_at IS NOT NULL AND (
            OLD.confirmed_at, OLD.confirmed_by_id, OLD.confirmation_note
        ) IS DISTINCT FROM (
            NEW.confirmed_at, NEW.confirmed_by_id, NEW.confirmation_note
        ) THEN
            RAISE EXCEPTION 'What a person has confirmed stays confirmed; set it aside.'
                {_REFUSE};
        END IF;
        RETURN NEW;
        """
    ),
)


def _by_a_person(*, name: str, column: str, what: str) -> pgtrigger.Trigger:
    """Return the trigger by which only a person may stand in a column."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(column),
        func=pgtrigger.Func(
            f"""
            IF NEW.{column} IS NOT NULL AND NOT EXISTS (
                SELECT FROM accounts_user
                WHERE id = NEW.{column} AND is_active AND NOT is_service
            ) THEN
                RAISE EXCEPTION 'Only a person can {what}.' {_REFUSE};
            END IF;
            RETURN NEW;
            """
        ),
    )


A_PERSON_CONFIRMS = _by_a_person(
    name="a_person_confirms", column="confirmed_by_id", what="confirm a suspect copy"
)
A_PERSON_WAIVES = _by_a_person(
    name="a_person_waives", column="waived_by_id", what="do without a copy"
)

WAIVERS_ONLY_END = pgtrigger.Trigger(
    name="waivers_only_end",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func=pgtrigger.Func(
        f"""
        IF OLD.ended_at IS NOT NULL OR (
            OLD.evidence_id, OLD.reason, OLD.waived_at, OLD.waived_by_id
        ) IS DISTINCT FROM (
            NEW.evidence_id, NEW.reason, NEW.waived_at, NEW.waived_by_id
        ) THEN
            RAISE EXCEPTION 'A waiver only ends; give another reason by another waiver.'
                {_REFUSE};
        END IF;
        RETURN NEW;
        """
    ),
)

# Django deletes what points to a draft before the draft itself.
GOES_ONLY_WITH_A_DRAFT = pgtrigger.Trigger(
    name="goes_only_with_a_draft",
    when=pgtrigger.Before,
    operation=pgtrigger.Delete,
    func=pgtrigger.Func(
        f"""
        IF EXISTS (
            SELECT FROM evidence_evidence
            WHERE id = OLD.evidence_id AND state NOT IN ('draft', 'in_review')
        ) THEN
            RAISE EXCEPTION 'Copies of evidence, and why there is none, stay.' {_REFUSE};
        END IF;
        RETURN OLD;
        """
    ),
)

A_FILE_STAYS_WHAT_IT_IS = pgtrigger.Trigger(
    name="a_file_stays_what_it_is",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("sha256", "size", "stored_at"),
    condition=pgtrigger.AnyChange("sha256", "size", "stored_at"),
    func=pgtrigger.Func(
        f"RAISE EXCEPTION 'The hash of a stored file is its name, and stays.' {_REFUSE};"
    ),
)
