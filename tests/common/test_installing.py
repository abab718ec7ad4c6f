import pgtrigger
import pytest
from pgtrigger import registered


@pytest.mark.django_db
def test_every_trigger_the_models_declare_is_installed_as_declared() -> None:
    triggers = registered()
    status = {
        f"{model._meta.label}:{trigger.name}": trigger.get_installation_status(model)[0]
        for model, trigger in triggers
    }
    assert len(status) == len(triggers) > 200
    assert set(status.values()) == {pgtrigger.core.INSTALLED}
