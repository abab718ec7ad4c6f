"""A database that is away is a line of the log without a trace, and with the reason."""

import logging
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.beside import environment_beside
from tests.watching.test_requests import Lines, lines

__all__ = ["lines"]
log = logging.getLogger("example")


@pytest.mark.django_db
def test_why_nobody_is_let_in_stays_in_the_line(lines: Lines) -> None:
    address = urlsplit(environment_beside()["DATABASE_URL"])
    stranger = address._replace(netloc=f"nobody_example:wrong@{address.netloc.rpartition('@')[2]}")
    try:
        psycopg.connect(stranger.geturl())
    except psycopg.OperationalError:
        log.exception("Nothing was done.")
    (line,) = lines()
    assert line["event"] == "Nothing was done. The database is away."
    assert "nobody_example" in line["error"]
    assert "exception" not in line


def test_a_line_that_asks_for_a_trace_where_there_is_none_is_written(lines: Lines) -> None:
    log.error("Nothing was done.", exc_info=True)
    assert [line["event"] for line in lines()] == ["Nothing was done."]
