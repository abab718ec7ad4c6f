"""The rules of evidence as the database keeps them, whoever writes."""

import pgtrigger

from promises.officials.triggers import has_conflict

# What ratings rest on goes with it: those that cite it, and the pledges it speaks about.
CONFLICTS_BLOCK_RETRACTING = pgtrigger.Trigger(
    name="conflicts_block_retracting",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("state"),
    condition=pgtrigger.Q(new__state="retracted") & ~pgtrigger.Q(old__state="retracted"),
    func=pgtrigger.Func(
        f"""
        IF EXISTS (
            SELECT FROM pledges_pledge p
            WHERE p.id IN (
                SELECT pledge_id FROM evidence_evidencelink WHERE evidence_id = NEW.id
                UNION
                SELECT u.pledge_id FROM updates_citation cited
                JOIN updates_statusupdate u ON u.id = cited.status_update_id
                WHERE cited.evidence_id = NEW.id
            ) AND {has_conflict("NEW.retracted_by_id", "p.person_id")}
        ) THEN
            RAISE EXCEPTION 'Who has declared a conflict of interest retracts no evidence on'
                ' pledges there.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
        """  # noqa: S608 -- made of names of columns
    ),
)
