"""Public answers: ready, unchanged, and made anew; pages and the API."""

import json
from tempfile import NamedTemporaryFile

from benchmarks.rows import Row, in_turns, row, told
from benchmarks.web import get, rate, served

PAGE = "/pledges/pledge-7/"
LIST = "/api/v1/pledges/?status=kept&topic=topic-4"
OURS = "tracker.wsgi:application"
NO_LIMIT = {"API_REQUESTS_PER_HOUR": "1000000000"}


def measure() -> list[Row]:
    """Measure pages, then lists."""
    return [*ready(), *made()]


def ready() -> list[Row]:
    """Measure answers that are ready against a WSGI function with the same headers and bytes."""
    found = []
    with served(OURS, **NO_LIMIT) as ours:
        for what, address in (("pledge page", PAGE), ("API list", LIST)):
            get(ours, address)
            _, headers, body = get(ours, address)
            kept = [
                (name, value)
                for name, value in headers.items()
                if name not in {"content-length", "content-type", "server", "date"}
            ]
            with NamedTemporaryFile() as content:
                content.write(body)
                content.flush()
                same = {"BENCHMARK_CONTENT": content.name, "BENCHMARK_HEADERS": json.dumps(kept)}
                found += _against_bare(what, address, ours, headers["etag"], len(body), same)
    return found


def _against_bare(
    what: str, address: str, ours: int, etag: str, size: int, same: dict[str, str]
) -> list[Row]:
    with (
        served("benchmarks.bare:function", **same) as bare,
        served("benchmarks.bare:unchanged", **same) as bare_304,
    ):
        taken = in_turns(
            {
                "ours": lambda: rate(ours, address),
                "bare": lambda: rate(bare, "/"),
                "304": lambda: rate(ours, address, status=304, If_None_Match=etag),
                "bare 304": lambda: rate(bare_304, "/", status=304),
            }
        )
    of = "a bare WSGI function, same headers and bytes"
    return [
        row(f"{what}, {size / 1000:.0f} kB, ready", taken["ours"], taken["bare"], unit="/s",
            of=of, least=0.6),
        row(f"{what}, 304", taken["304"], taken["bare 304"], unit="/s", of=of, least=0.6),
    ]  # fmt: skip


def made() -> list[Row]:
    """Measure answers that are made anew each time."""
    with NamedTemporaryFile() as content, served(OURS, ANSWERS_MEGABYTES="0", **NO_LIMIT) as ours:
        content.write(get(ours, PAGE)[2])
        content.flush()
        same = {"BENCHMARK_CONTENT": content.name}
        with (
            served("benchmarks.bare:one_view", **same) as view,
            served("benchmarks.bare:usual", **same) as usual,
            served("benchmarks.bare:json_agg") as aggregated,
        ):
            assert get(usual, PAGE)[2] == get(ours, PAGE)[2], "the usual page shows something else"
            taken = in_turns(
                {
                    "page": lambda: rate(ours, PAGE, ahead=1),
                    "view": lambda: rate(view, "/plain", ahead=1),
                    "usual": lambda: rate(usual, PAGE, ahead=1),
                    "list": lambda: rate(ours, LIST, ahead=1),
                    "agg": lambda: rate(aggregated, "/", ahead=1),
                    "usual list": lambda: rate(usual, "/list?status=kept&topic=topic-4", ahead=1),
                }
            )
    return [
        row("pledge page, made anew", taken["page"], taken["usual"], unit="/s",
            of="a usual Django page, the same bytes", least=4),
        Row("the same, beside a Django view without middleware", f"{told(taken['page'])} /s",
            f"{told(taken['view'])} /s", taken["page"] / taken["view"], "", None),
        _queries(),
        row("API: 50 pledges, made anew", taken["list"], taken["usual list"], unit="/s",
            of="usual DRF", least=5),
        row("the same, beside `json_agg`", taken["list"], taken["agg"], unit="/s",
            of="`json_agg` of the same rows", least=0.4),
    ]  # fmt: skip


def _queries() -> Row:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        assert Client(HTTP_HOST="127.0.0.1").get(PAGE).status_code == 200
    return Row("pledge page, queries", str(len(asked)), "", None, "≤ 8", len(asked) <= 8)
