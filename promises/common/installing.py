"""How a first migration installs the triggers that its tables are created with."""

from typing import Any

from django.db.migrations.operations.base import Operation


class InstallTriggers(Operation):
    """Install all triggers of an app's models: one operation for all, after their CreateModel.

    The triggers stand in the options of each CreateModel. One AddTrigger each, as pgtrigger
    writes for later changes, makes Django build its models anew for each: most of the time of
    a first `migrate`.
    """

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Leave the state: CreateModel has put the triggers in it."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Install each trigger, in order of model and place."""
        for (app, _), model in to_state.models.items():
            if app == app_label:
                for trigger in model.options.get("triggers", []):
                    # The text holds no parameters, and may hold "%".
                    schema_editor.execute(trigger.install_sql, params=None)

    def database_backwards(self, *args: Any) -> None:
        """Leave it to the end of the tables, which ends their triggers."""

    def describe(self) -> str:
        """Say what it does, for `migrate --plan`."""
        return "Install the triggers of the tables"
