"""Every act that a history of the desk can show has plain words there."""

import ast

from promises.desk.history.events import GROWING
from promises.desk.history.words import ACTIONS, action_in_words
from tests.architecture.house import ROOT, SOURCES

# Always part of another act, whose name the history has.
INSIDE_OTHERS = {
    "close_endpoints_of", "note_heartbeats", "publish", "put_in_outbox", "record_captures_of",
    "record_documents_of", "record_links_of", "record_metrics_of", "record_requests_of",
    "record_uses_of", "reopen_statuses", "retract", "revoke_keys_of", "settle_flags",
    "settle_reviewed_flags", "tell_of_request", "withdraw_captures_of",
}  # fmt: skip
# They write tables and columns without a history, or with one that no page of the desk shows.
WITHOUT_A_HISTORY = {
    "abandon_import", "ask_for_import", "change_frequency", "check_soon", "claim_source",
    "claim_witness", "confirm_following", "discard_unsaved", "erase_senders", "erase_subscriber",
    "erase_suggesters", "forget_messages", "forget_names", "forget_unconfirmed", "forget_unsaved",
    "gather_words", "give_role", "keep_timestamp", "keep_unsaved", "lease_feed", "lock_cursor",
    "map_columns", "map_words", "note_failure", "note_reading", "note_unchanged", "read_again",
    "read_ledger", "release_witness", "replay_message", "replay_range", "requeue_feed",
    "rotate_secret", "send_test", "set_partnerships", "stop_following", "try_import",
    "upload_file", "wait_out_silence", "write_roles",
}  # fmt: skip
# The row they take away takes the page of its history with it.
TAKE_THE_PAGE_AWAY = {
    "clear_review_by", "delete_metric_limit", "delete_review_policy", "drop", "forget_old",
    "remove_endpoint",
}  # fmt: skip


def acts() -> set[str]:
    """Return the names of all writes."""
    return {
        part.name
        for path in SOURCES
        if (ROOT / "promises") in path.parents
        for part in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(part, ast.FunctionDef)
        and any(isinstance(by, ast.Name) and by.id == "write" for by in part.decorator_list)
    }


def test_every_act_that_a_history_can_show_has_words() -> None:
    never_seen = INSIDE_OTHERS | WITHOUT_A_HISTORY | TAKE_THE_PAGE_AWAY
    named = acts() | {action for _at, _by, action in GROWING.values()}
    assert never_seen - named == set()
    assert named - never_seen - ACTIONS.keys() == set()
    assert ACTIONS.keys() - (named - never_seen) == set()


def test_no_act_reads_as_its_name_in_the_code() -> None:
    assert [
        name
        for name, words in ACTIONS.items()
        if "_" in str(words) or str(words) == name.replace("_", " ").capitalize()
    ] == []
    assert action_in_words("decide_appeal", "update") == "Noted how the appeal was decided"
    # What older versions called an act stands in their rows for good.
    assert action_in_words("an_act_of_old", "update") == "An act of old"
