"""What Schemathesis cannot know from a schema, told to it before it sends a request.

A fault that it has put into a request stays there. Names of fields that there are are none.
"""

from datetime import UTC, date, datetime
from typing import Any

import schemathesis
from jsonschema import Draft202012Validator
from schemathesis.generation.meta import TestPhase

NOT_WITH_A_PAST_DAY = ("ordering", "updated_since")


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Keep the rules between parameters in requests that are no case of a fault, and of any phase.

    Ask for whole rows: with `fields` they lack what the schema calls required. Fields that there
    are not are still asked for. test_schema.py tries those that there are.
    """
    map_case(context, case)
    # There each fault stands alone, and where it is in this parameter it must stay.
    if _is_faulty(case) and case.meta.phase.name == TestPhase.COVERAGE:
        return
    if isinstance(case.query, dict) and "fields" in case.query:
        asked = case.query["fields"]
        names = asked.split(",") if isinstance(asked, str) else asked
        # A list of names that there are can be a fault as well: it may be too long.
        if any(Draft202012Validator(known).is_valid(names) for known in _schemas(case, "fields")):
            del case.query["fields"]


def _schemas(case: Any, name: str) -> list[dict[str, Any]]:
    return [found.definition["schema"] for found in case.operation.query if found.name == name]


@schemathesis.hook
def map_case(context: Any, case: Any) -> Any:
    """Return a request that keeps the rules between parameters, and names what there is."""
    if _is_faulty(case):
        return case
    if isinstance(case.query, dict):
        _mend_query(case.query)
    if isinstance(case.body, dict):
        _mend_body(case.body)
    return case


def _is_faulty(case: Any) -> bool:
    return case.meta is not None and case.meta.generation.mode.is_negative


def _mend_query(query: dict[str, Any]) -> None:
    # A cursor is one that the list gave out (test_paging.py).
    query.pop("cursor", None)
    if "as_of" in query:
        if not _is_past(query["as_of"]):
            del query["as_of"]
            return
        for name in NOT_WITH_A_PAST_DAY:
            query.pop(name, None)


def _mend_body(body: dict[str, Any]) -> None:
    if "url" in body:
        body["url"] = "https://watch.example.org/hook"
    if "explanation" in body:
        body["source_url"] = "https://news.example.org/story"
    for name in ("pledge", "prosecutor", "topic"):
        if name in body:
            body[name] = None


def _is_past(text: Any) -> bool:
    try:
        return date.fromisoformat(str(text)) <= datetime.now(UTC).date()
    except ValueError:
        return False
