"""What is about pledges here and elsewhere: a partner sees it once, and what it says of theirs."""

from typing import Any

from promises.evidence.actions import save_evidence_link
from promises.evidence.models import EvidenceLink
from promises.pledges.models import Pledge
from promises.record_requests.models import RecordRequest, RequestPledge
from tests import record
from tests.desk.asked import browser
from tests.desk.rows import address
from tests.desk.world_of_roles import World
from tests.record_requests.filed import draft_request


def test_its_history_tells_a_partner_nothing_of_drafts_elsewhere(world: World, db: None) -> None:
    piece: Any = world.places["here"]["evidence.Evidence, public"]
    elsewhere: Any = world.places["there"]["pledges.Pledge"]
    by = world.people["editor"]
    link = EvidenceLink(
        pledge=elsewhere, evidence=piece, stance="contradicts", note="Not to be told."
    )
    save_evidence_link(link=link, by=by, now=record.NOW)
    there = address(type(piece), "history", piece.pk)
    assert (
        browser(world, "partner").get(address(type(piece), "change", piece.pk)).status_code == 200
    )
    listed = browser(world, "partner").get(address(type(piece), "changelist")).context["cl"]
    assert [row.pk for row in listed.result_list].count(piece.pk) == 1
    names = [f"{elsewhere.person}: {elsewhere}", "Not to be told."]
    for who, sees in (("editor", True), ("partner", False)):
        page = browser(world, who).get(there).content.decode()
        assert [name in page for name in names] == [sees, sees], who
        # What it says about the pledge of their own place stands there all the same.
        here = Pledge.objects.get(evidence_links__evidence=piece, term=_term(world))
        assert f"{here.person}: {here}" in page


def _term(world: World) -> Any:
    return world.places["here"]["officials.Term"]


def test_what_is_about_two_pledges_comes_once(world: World, db: None) -> None:
    here: Any = world.places["here"]["pledges.Pledge"]
    elsewhere: Any = world.places["there"]["pledges.Pledge"]
    asked = draft_request(by=world.people["editor"], about=here)
    RequestPledge.objects.create(record_request=asked, pledge=elsewhere)
    partner = browser(world, "partner")
    listed = partner.get(address(RecordRequest, "changelist")).context["cl"]
    assert [row.pk for row in listed.result_list].count(asked.pk) == 1
    assert partner.get(address(RecordRequest, "change", asked.pk)).status_code == 200
