"""Rounds of checks against real servers: polite, safe to kill, and honest about our own faults."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from promises.accounts.models import User
from promises.sources.actions import add_passage, claim_source
from promises.sources.checking import check_due
from promises.sources.models import Host, LinkCheck, Passage, Source
from promises.sources.visits import PAUSE
from tests import record
from tests.sources.conftest import Clock, due_again, entered
from tests.sources.link_kinds import LOST, always
from tests.sources.sites import STORY, Asked, Reply, Sites, page, story

OK = always(Reply(200, story()))
SAID = (
    "The office will ask for no cash bail in twenty-five kinds of cases, it says in a memo.",
    "Judges remain free to set conditions of release, and several said that they would.",
    "The county council will discuss the budget of the office in its session of October.",
)


def again(source: Source, *, by: User, clock: Clock, days: float = 7) -> Source:
    """Check a source some days later."""
    due_again(source, clock.pass_by(days=days))
    check_due(by=by, clock=clock)
    return Source.objects.get(pk=source.pk)


def test_a_round_visits_what_is_due_and_nothing_else(sites: Sites, clock: Clock, by: User) -> None:
    one = entered(sites, OK, by=by)
    two = entered(sites, always(Reply(404, LOST)), by=by)
    done = check_due(by=by, clock=clock)
    assert dict(done.verdicts) == {"ok": 1, "gone": 1}
    assert done.changed == 0
    assert check_due(by=by, clock=clock).visits == 0
    assert sites.paths(one.host.name) == ["/robots.txt", STORY]
    checks = LinkCheck.objects.order_by("source_id").values_list(
        "verdict", "status", "url", "error"
    )
    assert list(checks) == [("ok", 200, one.url, ""), ("gone", 404, two.url, "")]
    assert Source.objects.get(pk=one.pk).accepted_text.text.startswith("Report 0 on bail")
    assert "User-Agent: PromiseTracker/1" in sites.heads[0]


def test_robots_are_respected_and_kept_for_a_day(sites: Sites, clock: Clock, by: User) -> None:
    source = entered(sites, OK, by=by)
    host = source.host.name
    sites.robots[host] = Reply(
        200, "User-agent: *\nDisallow: /2019/\n\nUser-agent: promisetracker\nDisallow: /2019/05/\n"
    )
    check_due(by=by, clock=clock)
    assert sites.paths(host) == ["/robots.txt"]
    assert Source.objects.get(pk=source.pk).state == "robots"
    sites.robots[host] = Reply(
        200, "User-agent: *\nDisallow: /\n\nUser-agent: PromiseTracker\nAllow: /\nCrawl-delay: 30\n"
    )
    again(source, by=by, clock=clock, days=0.9)
    assert sites.paths(host) == ["/robots.txt"]
    source = again(source, by=by, clock=clock, days=0.2)
    assert sites.paths(host) == ["/robots.txt", "/robots.txt", STORY]
    assert source.state == "there"
    assert Host.objects.get().next_visit_at == clock.now + timedelta(seconds=30)


@pytest.mark.parametrize(
    ("robots", "state", "asked"),
    [
        (Reply(200, "User-agent: *\nDisallow: /2019/\n"), "robots", ["/robots.txt"]),
        (Reply(200, "User-agent: *\nDisallow: /x\n"), "there", ["/robots.txt", STORY]),
        (Reply(404, "no such file"), "there", ["/robots.txt", STORY]),
        (Reply(503, "busy"), "robots", ["/robots.txt"]),
    ],
)
def test_a_redirect_to_another_server_asks_its_robots_too(
    sites: Sites, clock: Clock, by: User, robots: Reply, state: str, asked: list[str]
) -> None:
    there = sites.add(OK)
    name = there.split("/")[2].partition(":")[0]
    sites.robots[name] = robots
    source = entered(sites, always(Reply(302, "", f"Location: {there}\r\n")), by=by)
    check_due(by=by, clock=clock)
    assert sites.paths(source.host.name) == ["/robots.txt", STORY]
    assert sites.paths(name) == asked
    assert Source.objects.get(pk=source.pk).state == state


def test_a_server_that_cannot_send_its_robots_keeps_the_old_one(
    sites: Sites, clock: Clock, by: User
) -> None:
    source = entered(sites, OK, by=by)
    host = source.host.name
    sites.robots[host] = Reply(503, "busy")
    check_due(by=by, clock=clock)
    assert Source.objects.get().state == "robots"
    assert again(source, by=by, clock=clock, days=29).state == "robots"
    # It has had none for thirty days: it has none.
    assert again(source, by=by, clock=clock, days=2).state == "there"
    sites.robots[host] = Reply(200, "User-agent: *\nDisallow: /2019\n")
    assert again(source, by=by, clock=clock).state == "robots"
    sites.robots[host] = Reply(500, "error")
    assert again(source, by=by, clock=clock, days=60).state == "robots"


def test_one_visit_at_a_time_on_a_server_and_a_pause_after_it(
    sites: Sites, clock: Clock, by: User
) -> None:
    first = entered(sites, OK, by=by)
    entered(sites, OK, by=by, url=f"{first.url}/other")
    assert check_due(by=by, clock=clock).visits == 1
    assert check_due(by=by, clock=clock).visits == 0
    clock.now += PAUSE
    assert check_due(by=by, clock=clock).visits == 1
    # Another worker holds the server: this one leaves it alone.
    due_again(first, clock.pass_by(days=7))
    assert claim_source(by=by, now=clock.now) is not None
    assert check_due(by=by, clock=clock).visits == 0


def test_a_wait_that_is_asked_for_is_kept(sites: Sites, clock: Clock, by: User) -> None:
    source = entered(sites, always(Reply(429, "slow", "Retry-After: 180000\r\n")), by=by)
    check_due(by=by, clock=clock)
    source = Source.objects.get(pk=source.pk)
    assert source.state == "rate_limited"
    assert source.next_check_at == clock.now + timedelta(seconds=180000)
    assert Host.objects.get().next_visit_at == clock.now + timedelta(days=1)


def test_our_own_outage_is_not_theirs(sites: Sites, clock: Clock, by: User) -> None:
    sources = [entered(sites, OK, by=by) for _number in range(8)]
    check_due(by=by, clock=clock)
    assert Source.objects.filter(state="there").count() == 8
    sites.cut_off()
    clock.pass_by(days=8)
    for _round in range(12):
        done = check_due(by=by, clock=clock)
        assert set(done.verdicts) <= {"no_network"}
        # A round ends as soon as it is clear.
        assert done.visits <= 1
        assert done.is_cut_off is bool(done.visits)
        clock.pass_by(minutes=1)
    assert Source.objects.filter(state="there", failures=0).count() == 8
    assert LinkCheck.objects.filter(verdict="no_network").count() == 8
    sites.connect()
    clock.pass_by(hours=2)
    assert dict(check_due(by=by, clock=clock).verdicts) == {"ok": 8}
    # One of them alone falls silent: that is its own.
    sites.behaviours[sources[0].host.name] = always(Reply(0))
    sites.robots[sources[0].host.name] = Reply(0)
    clock.pass_by(days=8)
    first = check_due(by=by, clock=clock)
    # Whoever was asked whether it answers is left alone for a moment.
    clock.pass_by(minutes=1)
    second = check_due(by=by, clock=clock)
    assert dict(first.verdicts + second.verdicts) == {"ok": 7, "unreachable": 1}
    assert Source.objects.get(pk=sources[0].pk).state == "failing"


def test_nothing_was_ever_reached_and_nothing_is_called_dead(
    sites: Sites, clock: Clock, by: User
) -> None:
    for _number in range(8):
        entered(sites, OK, by=by)
    sites.cut_off()
    for _half_day in range(40):
        check_due(by=by, clock=clock)
        clock.pass_by(hours=12)
    assert set(Source.objects.values_list("state", "failures")) == {("unchecked", 0)}
    assert LinkCheck.objects.exclude(verdict="no_network").count() == 0


def test_where_there_is_one_server_only_its_silence_is_its_own(
    sites: Sites, clock: Clock, by: User
) -> None:
    source = entered(sites, OK, by=by)
    sites.cut_off()
    for _day in range(9):
        check_due(by=by, clock=clock)
        clock.pass_by(days=1.2)
    assert Source.objects.get(pk=source.pk).state == "dead"


def test_an_address_that_leads_inside_is_not_visited(sites: Sites, clock: Clock, by: User) -> None:
    source = entered(sites, OK, by=by, url="http://127.0.0.1/secret")
    entered(sites, OK, by=by)
    done = check_due(by=by, clock=clock)
    assert dict(done.verdicts) == {"ok": 1, "not_visited": 1}
    source = Source.objects.get(pk=source.pk)
    assert (source.state, source.failures) == ("not_visited", 0)


def _page(*said: str, layout: str = "<p>{}</p>") -> str:
    return page("Memo on bail", extra="".join(layout.format(each) for each in said))


def test_other_layout_is_no_change_and_other_words_are(
    sites: Sites, clock: Clock, by: User
) -> None:
    source = entered(sites, always(Reply(200, _page(*SAID))), by=by)
    pledge = record.draft_pledge(by=by)
    link = source.evidence.links.create(pledge=pledge, stance="context")
    quoted = add_passage(link=link, exact="no cash bail in twenty-five kinds", by=by, now=clock.now)
    host = source.host.name
    check_due(by=by, clock=clock)
    assert Passage.objects.get().is_found is True
    # The paper has a new site: every tag is another, paragraphs are split, notes stand between.
    sites.behaviours[host] = always(
        Reply(
            200,
            page(
                "Memo on bail | New Paper",
                extra=f"<div><div>{SAID[0]}</div><ul><li>Share</li></ul>"
                f"<section>{SAID[1]} {SAID[2]}</section></div>",
            ),
        )
    )
    source = again(source, by=by, clock=clock)
    assert (source.changed_at, LinkCheck.objects.filter(is_changed=True).count()) == (None, 0)
    # The paper has second thoughts.
    other = SAID[0].replace("twenty-five kinds of", "some")
    sites.behaviours[host] = always(Reply(200, _page(other, *SAID[1:])))
    source = again(source, by=by, clock=clock)
    assert source.changed_at is None
    assert source.next_check_at - clock.now < timedelta(days=1.1)
    source = again(source, by=by, clock=clock, days=1)
    assert source.changed_at == clock.now
    assert other in source.found_text.text
    assert other not in source.accepted_text.text
    quoted.refresh_from_db()
    assert (quoted.is_found, quoted.lost_at) == (False, clock.now - timedelta(days=1))
    # And takes them back.
    sites.behaviours[host] = always(Reply(200, _page(*SAID)))
    source = again(source, by=by, clock=clock)
    quoted.refresh_from_db()
    assert (source.changed_at, quoted.is_found, quoted.lost_at) == (None, True, None)


def test_what_changes_at_every_visit_is_furniture(sites: Sites, clock: Clock, by: User) -> None:
    def varies(asked: Asked) -> Reply:
        teaser = (
            f"Read next: council number {asked.number} meets to speak about something else today."
        )
        return Reply(200, _page(*SAID, teaser, f"{asked.number} comments"))

    source = entered(sites, varies, by=by)
    check_due(by=by, clock=clock)
    for _week in range(4):
        source = again(source, by=by, clock=clock)
    assert source.changed_at is None


def test_a_page_that_breaks_our_reader_stops_nothing(sites: Sites, clock: Clock, by: User) -> None:
    entered(sites, always(Reply(200, "<div>" * 50_000)), by=by)
    entered(sites, OK, by=by)
    assert check_due(by=by, clock=clock).visits == 2


def test_the_command_visits_what_is_named(sites: Sites, clock: Clock, by: User) -> None:
    source = entered(sites, OK, by=by, slug="ev-example-memo")
    entered(sites, OK, by=by)
    Source.objects.update(next_check_at=clock.now + timedelta(days=9999))
    out = io.StringIO()
    call_command("check_evidence", "ev-example-memo", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0].split() == ["ev-example-memo", "200", "ok", "there"]
    assert lines[1] == "1 visited."
    assert LinkCheck.objects.get().source == source
    with pytest.raises(CommandError, match="No evidence with a web address: ev-none"):
        call_command("check_evidence", "ev-none")


def test_the_command_says_that_the_network_is_down(sites: Sites, clock: Clock, by: User) -> None:
    for _number in range(3):
        entered(sites, OK, by=by)
    Source.objects.update(next_check_at=record.NOW)
    sites.cut_off()
    out = io.StringIO()
    call_command("check_evidence", stdout=out)
    assert "No server answers: this looks like our own network. Stopped." in out.getvalue()
    assert LinkCheck.objects.count() == 1
