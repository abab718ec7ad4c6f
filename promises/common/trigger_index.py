"""Makes registering triggers cheap.

django-pgtrigger lists every trigger there is whenever one more is registered, twice: with some
hundreds of them that was a third of the time every process took to start. Here both lists are kept
instead of made again. What is registered, and what is refused, stays the library's own affair.
"""

from typing import Any

from pgtrigger import registry


class Indexed(registry._Registry):
    """The registry of pgtrigger, which remembers what it would otherwise look for."""

    def __init__(self) -> None:
        self.tables: dict[tuple[str, str], Any] = {}
        self.functions: set[str] = set()
        super().__init__()

    @property
    def pg_function_names(self) -> set[str]:
        """The names of the functions of all triggers."""
        return self.functions

    @property
    def by_db_table(self) -> dict[tuple[str, str], Any]:
        """The triggers by the table they are on and their name."""
        return self.tables

    def __setitem__(self, key: str, value: tuple[Any, Any]) -> None:
        super().__setitem__(key, value)  # type: ignore[no-untyped-call]
        model, trigger = value
        self.tables[model._meta.db_table, trigger.name] = trigger
        self.functions.add(trigger.get_pgid(model))

    def __delitem__(self, key: str) -> None:
        model, trigger = self[key]
        super().__delitem__(key)  # type: ignore[no-untyped-call]
        del self.tables[model._meta.db_table, trigger.name]
        self.functions.remove(trigger.get_pgid(model))


def index_triggers() -> None:
    """Use the quick registry; before the first model is read."""
    if not isinstance(registry._registry, Indexed):
        assert not registry._registry, "too late: a trigger is registered already"
        registry._registry = Indexed()
