"""The history of a row says which request of the desk changed it."""

from django.test import Client

from promises.accounts.models import User
from promises.common.writes import current_request
from promises.pledges.models import Pledge
from tests import record
from tests.desk import sent


def test_a_step_of_the_desk_names_its_request(desk: Client, person: User, author: User) -> None:
    pledge = record.draft_pledge(by=author)
    address = f"/admin/pledges/pledge/{pledge.pk}/step/publish/"
    assert sent.step(desk, address).status_code == 302
    history = Pledge.pgh_event_models["update"]  # type: ignore[attr-defined]
    event = history.objects.filter(pgh_obj_id=pledge.pk).latest("pgh_id")
    metadata = event.pgh_context.metadata
    assert (metadata["request"], metadata["action"], metadata["by"]) == (
        f"POST {address}",
        "publish_pledge",
        person.pk,
    )
    assert current_request.get() == ""
