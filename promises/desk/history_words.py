"""Acts of the record as its history names them, in plain words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ACTIONS = {
    "save_pledge": gettext_lazy("Saved the pledge"),
    "write_pledge": gettext_lazy("Saved the pledge"),
    "publish_pledge": gettext_lazy("Published the pledge"),
    "retract_pledge": gettext_lazy("Retracted the pledge"),
    "correct_pledge": gettext_lazy("Corrected the published pledge"),
    "save_criterion": gettext_lazy("Saved a criterion"),
    "save_translation": gettext_lazy("Saved the translation"),
    "publish_translation": gettext_lazy("Published the translation"),
    "retract_translation": gettext_lazy("Retracted the translation"),
    "save_topic": gettext_lazy("Saved the topic"),
    "save_general_term": gettext_lazy("Saved the term"),
    "save_evidence": gettext_lazy("Saved the evidence"),
    "write_evidence": gettext_lazy("Saved the evidence"),
    "publish_evidence": gettext_lazy("Published the evidence"),
    "retract_evidence": gettext_lazy("Retracted the evidence"),
    "correct_evidence": gettext_lazy("Corrected the published evidence"),
    "save_evidence_link": gettext_lazy("Saved what the evidence says about the pledge"),
    "delete_evidence_link": gettext_lazy("Took the evidence off the pledge"),
    "ask_for_capture": gettext_lazy("Asked for a copy"),
    "keep_copy": gettext_lazy("Captured it"),
    "keep_upload": gettext_lazy("Uploaded a copy"),
    "confirm_capture": gettext_lazy("Confirmed the suspect copy"),
    "set_aside_capture": gettext_lazy("Set the copy aside"),
    "waive_capture": gettext_lazy("Waived the copy"),
    "end_waiver": gettext_lazy("Ended the waiver"),
    "follow_evidence": gettext_lazy("Took up the address"),
    "accept_change": gettext_lazy("Accepted the change of wording"),
    "add_passage": gettext_lazy("Quoted words"),
    "remove_passage": gettext_lazy("Quoted words no more"),
    "retract_metric": gettext_lazy("Retracted the series of figures"),
    "draft_status_update": gettext_lazy("Drafted the status update"),
    "revise_status_update": gettext_lazy("Revised the draft"),
    "submit_status_update": gettext_lazy("Handed it in for approval"),
    "return_status_update": gettext_lazy("Sent it back"),
    "approve_status_update": gettext_lazy("Approved it"),
    "publish_status_update": gettext_lazy("Published the status update"),
    "retract_status_update": gettext_lazy("Retracted the status update"),
    "correct_status_update": gettext_lazy("Corrected the published status update"),
    "record_reviews": gettext_lazy("Looked again: nothing had changed"),
    "correct": gettext_lazy("Corrected published words"),
    "restore_draft": gettext_lazy("Put the words of an older version back"),
    "send_back": gettext_lazy("Sent it back"),
    "submit": gettext_lazy("Handed it in"),
    "delete_draft": gettext_lazy("Removed the draft"),
    "remove_candidacy": gettext_lazy("Removed a candidacy"),
    "load_package": gettext_lazy("Loaded a package of data"),
}


def action_in_words(action: str, kind: str) -> str:
    """Return what an act did; one without a name by what it did to the row."""
    if action in ACTIONS:
        return str(ACTIONS[action])
    if action:
        # A sentence all the same: actions are named by what they do.
        return action.replace("_", " ").capitalize()
    kinds = {"insert": _("Added a row"), "update": _("Changed a row"), "delete": _("Removed a row")}
    return kinds[kind]
