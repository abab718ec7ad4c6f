"""What may stand in a log, who reads the figures, how they are written."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from promises.common.request_ids import is_request_id, request_id
from promises.watching.rules import classes_of, exposition, may_read, sample, scrubbed
from tracker.sentry import without_people


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Delivery digest:jane@example.org:1 failed", "Delivery digest:[email]:1 failed"),
        (
            "could not connect to redis://:hunter2@10.0.0.1:6379/0",
            "could not connect to redis://[secret]@10.0.0.1:6379/0",
        ),
        ("postgresql://tracker:p%40ss@db/x", "postgresql://[secret]@db/x"),
        ("Authorization: Bearer abc.def-123", "Authorization: Bearer [secret]"),
        (f"key ppt_abcdefghijkl_{'A' * 40} expired", "key ppt_abcdefghijkl_[secret] expired"),
        ("signed with whsec_MfKQ9r8GKYqrTwjU", "signed with [secret]"),
        ("GET /follow/confirm/abcdefghijklmnopqrst/ failed", "GET /follow/confirm/[token]/ failed"),
        ("/suggestions/0123456789abcdefABCD/", "/suggestions/[token]/"),
        (
            "duplicate key\nDETAIL:  Key (email)=(jane) already exists.\nnext",
            "duplicate key\nDETAIL: left out\nnext",
        ),
        ("Sweep: 3 opened at 10:04:05, https://a.example/x", None),
    ],
)
def test_a_log_holds_no_person_and_no_secret(said: str, written: str | None) -> None:
    assert scrubbed(said) == (said if written is None else written)


@pytest.mark.parametrize(
    ("given", "is_taken"),
    [
        ("4bf92f3577b34da6a3ce929d0e0e4736", True),
        ("f0c4a1b2-1234.5_6", True),
        ("short", False),
        ("x" * 65, False),
        ("with space in", False),
        ("line\nfeed12345", False),
        ("-begins-badly", False),
        ("ünicode-letters", False),
        ('{"json": "no"}', False),
        ("", False),
    ],
)
def test_a_request_keeps_its_number_only_in_the_form_of_one(given: str, is_taken: bool) -> None:
    assert is_request_id(given) is is_taken
    taken = request_id(given)
    assert (taken == given) is is_taken
    assert is_request_id(taken)


@pytest.mark.parametrize(
    ("address", "is_forwarded", "may"),
    [
        ("127.0.0.1", False, True),
        ("::1", False, True),
        ("10.1.2.3", False, True),
        ("198.51.100.9", False, False),
        ("127.0.0.1", True, False),
        ("", False, False),
        ("unix:", False, False),
    ],
)
def test_figures_are_for_networks_of_ours(address: str, is_forwarded: bool, may: bool) -> None:
    networks = ["127.0.0.0/8", "::1/128", "10.0.0.0/8"]
    assert may_read(address=address, networks=networks, is_forwarded=is_forwarded) is may


def test_an_answer_counts_in_every_class_it_is_faster_than() -> None:
    assert classes_of(0.3) == ["0.5", "1.0", "2.5", "5.0", "10.0", "+Inf"]
    assert classes_of(60) == ["+Inf"]


def test_prometheus_reads_what_is_written() -> None:
    kinds = {
        "asked_total": ("counter", "Asked."),
        "took_seconds": ("histogram", "Took."),
        "silent": ("gauge", "Nothing known."),
    }
    numbers = {
        sample("asked_total", route='a"b\\c\nd', status="200"): 3.0,
        sample("took_seconds_bucket", le="0.1"): 1.0,
        sample("took_seconds_bucket", le="+Inf"): 2.0,
        "took_seconds_sum": 1.25,
        "took_seconds_count": 2.0,
        "unknown": 9.0,
    }
    families = list(text_string_to_metric_families(exposition(kinds, numbers)))
    assert [(family.name, family.type) for family in families] == [
        ("asked", "counter"),
        ("took_seconds", "histogram"),
    ]
    (asked,) = families[0].samples
    assert (asked.labels, asked.value) == ({"route": 'a"b\\c\nd', "status": "200"}, 3.0)
    assert {each.name: each.value for each in families[1].samples if not each.labels} == {
        "took_seconds_sum": 1.25,
        "took_seconds_count": 2.0,
    }


def test_an_error_sent_elsewhere_names_nobody() -> None:
    event = {
        "request": {"url": "https://tracker.example/follow/confirm/x", "cookies": "secret"},
        "user": {"email": "jane@example.org", "ip_address": "198.51.100.9"},
        "server_name": "host",
        "exception": {"values": [{"type": "ValueError", "value": "not for jane@example.org"}]},
    }
    assert without_people(event) == {
        "exception": {"values": [{"type": "ValueError", "value": "not for [email]"}]},
        "tags": {},
    }
