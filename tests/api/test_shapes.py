"""The exact JSON of one row of every resource, in lists and alone."""

from datetime import timedelta

import pytest

from promises.common.canonical import timestamp
from promises.updates.actions import (
    approve_status_update,
    publish_status_update,
    return_status_update,
    submit_status_update,
)
from promises.updates.correcting import correct_status_update
from tests import record
from tests.api.conftest import Api
from tests.api.expected import EXPECTED, NOON
from tests.api.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", EXPECTED)
def test_a_list_is_exactly_this(path: str, api: Api, world: World) -> None:
    assert api.read(path) == {"next": None, "previous": None, "results": EXPECTED[path]}


@pytest.mark.parametrize("path", sorted(set(EXPECTED) - {"pledges/"}))
def test_each_row_has_an_address_that_shows_it_alone(path: str, api: Api, world: World) -> None:
    section = path.split("/")[0]
    for row in EXPECTED[path]:
        name = row.get("id") or row.get("slug") or row["prosecutor"]
        assert api.read(f"{section}/{name}/") == row


def test_a_status_update(api: Api, world: World) -> None:
    approver = world.update.approvals.get().approved_by.display_name
    expected = {
        "slug": "bail-update",
        "pledge": "end-cash-bail",
        "prosecutor": "jane-example",
        "status": "in_the_works",
        "effective_on": "2025-06-01",
        "assessed_on": "2025-06-02",
        "confidence": "medium",
        "reason": None,
        "reasoning": "The evidence says so.",
        "corrected_at": None,
        "methodology": "1",
        "written_by": "Author",
        "is_imported": False,
        "is_provisional": False,
        "published_at": NOON,
        "approvals": [{"approved_by": approver, "approved_at": NOON}],
        "evidence": ["bail-report"],
    }
    assert api.rows("status-updates/") == [expected]
    assert api.read("status-updates/bail-update/") == expected


def test_a_status_update_says_when_its_reasoning_was_corrected(api: Api, world: World) -> None:
    address = f"status-updates/{world.update.slug}/"
    for minutes, words in ((1, "The evidence says little."), (2, "The evidence says some of it.")):
        moment = record.NOW + timedelta(minutes=minutes)
        correct_status_update(
            update=world.update, new_text=words, kind="correction", note="A slip.",
            by=world.author, now=moment,
        )  # fmt: skip
        told = timestamp(moment)
        shown = api.read(address)
        # Published words stay; the correction that is named says what they should be.
        assert (shown["reasoning"], shown["corrected_at"]) == ("The evidence says so.", told)
        (row,) = api.rows("status-updates/?fields=slug,corrected_at")
        assert row == {"slug": "bail-update", "corrected_at": told}
        newest = api.rows("corrections/?status_update=bail-update")[0]
        assert (newest["corrected_at"], newest["new_text"]) == (told, words)
        sheet = api.ask("status-updates/?format=csv&fields=slug,corrected_at").content.decode()
        assert sheet.splitlines() == ["slug,corrected_at", f"bail-update,{told}"]


def test_an_approval_counts_for_one_wording_only(api: Api, world: World) -> None:
    draft = record.draft_update(by=world.author, of=world.pledge, cited=world.evidence)
    update = submit_status_update(update=draft, by=world.author, now=record.NOW)
    approve_status_update(update=update, by=record.user("early"), now=record.NOW)
    update = return_status_update(update=update, by=record.user("later"), now=record.NOW)
    update = submit_status_update(update=update, by=world.author, now=record.NOW)
    approve_status_update(update=update, by=record.user("last"), now=record.NOW)
    publish_status_update(update=update, by=world.author, now=record.NOW)
    shown = api.read(f"status-updates/{update.slug}/")
    assert [one["approved_by"] for one in shown["approvals"]] == ["Last"]
