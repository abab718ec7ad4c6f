"""Answers that nobody expects: the fault stays with who gave them, and stops no other check."""

import pytest
from django.db import connection

from promises.accounts.models import User
from promises.sources.checking import check_due
from promises.sources.models import LinkCheck, Source
from tests.sources.conftest import Clock, entered
from tests.sources.link_kinds import LOST, always
from tests.sources.sites import Reply, Sites, story

OK = always(Reply(200, story()))
_TO_NOWHERE = '<meta http-equiv="refresh" content="0; url=http://[">'


@pytest.mark.parametrize(
    ("reply", "verdict", "state"),
    [
        (
            Reply(503, "busy", "Retry-After: Mon, 01 Jan 99999999999 00:00:00 GMT\r\n"),
            "server_error",
            "failing",
        ),
        (Reply(302, "", "Location: http://[\r\n"), "not_visited", "not_visited"),
        (Reply(302, "", "Location: //℀.example/\r\n"), "not_visited", "not_visited"),
        (
            Reply(200, story().replace("<title>", _TO_NOWHERE + "<title>")),
            "ok",
            "there",
        ),
    ],
)
def test_no_server_makes_its_own_fault_ours(
    sites: Sites, clock: Clock, by: User, reply: Reply, verdict: str, state: str
) -> None:
    source = entered(sites, always(reply), by=by)
    for _number in range(3):
        entered(sites, OK, by=by)
    done = check_due(by=by, clock=clock)
    assert (done.visits, done.is_cut_off) == (4, False)
    assert LinkCheck.objects.get(source=source).verdict == verdict
    assert Source.objects.get(pk=source.pk).state == state


def test_what_cannot_be_written_down_of_one_page_stops_no_other(
    sites: Sites, clock: Clock, by: User
) -> None:
    gone = entered(sites, always(Reply(404, LOST)), by=by)
    for _number in range(3):
        entered(sites, OK, by=by)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE sources_linkcheck ADD CHECK (verdict <> 'gone')")
    done = check_due(by=by, clock=clock)
    assert (dict(done.verdicts), done.is_cut_off) == ({"ok": 3, "no_network": 1}, False)
    check = LinkCheck.objects.get(source=gone)
    assert (check.verdict, check.error[:16]) == ("no_network", "IntegrityError: ")
    gone = Source.objects.select_related("host").get(pk=gone.pk)
    assert (gone.state, gone.host.leased_until) == ("unchecked", None)
    assert gone.next_check_at is not None
    assert gone.next_check_at > clock.now
