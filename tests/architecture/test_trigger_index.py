"""Registering triggers is quick, and refuses what the library refuses."""

import pytest
from pgtrigger import Before, Trigger, Update, registry

from promises.common.trigger_index import Indexed
from promises.ledger.models import Entry
from promises.pledges.models import Pledge


def a_trigger(name: str, func: str = "RETURN NEW;") -> Trigger:
    return Trigger(name=name, when=Before, operation=Update, func=func)


def test_both_lists_are_what_the_library_would_make() -> None:
    ours = registry._registry

    assert isinstance(ours, Indexed)
    assert len(ours) > 400
    assert ours.by_db_table == registry._Registry.by_db_table.fget(ours)
    assert ours.pg_function_names == registry._Registry.pg_function_names.fget(ours)


def test_a_name_is_taken_once_and_free_again() -> None:
    count = len(registry._registry)
    one = a_trigger("example_once")
    one.register(Pledge)
    try:
        with pytest.raises(KeyError, match="already used for model"):
            a_trigger("example_once", "RETURN OLD;").register(Pledge)
        a_trigger("example_once").register(Entry)
        assert len(registry._registry) == count + 2
    finally:
        one.unregister(Pledge)
        a_trigger("example_once").unregister(Entry)
    assert len(registry._registry) == count
    assert ("pledges_pledge", "example_once") not in registry._registry.by_db_table
