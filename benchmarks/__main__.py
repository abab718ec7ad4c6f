"""One command, one table: `make bench` (some of it: ARGS="serving sweep", large: ARGS="--large").

Makes a database of its own beside that of DATABASE_URL, fills it with the same invented record
each time and keeps it for the next run (`--anew` makes it again). Measures each section and writes
what came out, met or not, to docs/performance.md; what is not measured this time stays there as it
was. Interrupt it when you like: the sections that are through are written.
"""

import argparse
import hashlib
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from benchmarks import (
    bulk,
    data,
    election,
    processes,
    publication,
    rows,
    serving,
    storage,
    sweep,
    webhooks,
)
from tracker.services.run import is_collected

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- {}: begin -->", "<!-- {}: end -->"
SECTIONS: dict[str, tuple[str, Callable[[], list[rows.Row]]]] = {
    "serving": ("Public answers", serving.measure),
    "search": ("Search", storage.search),
    "dump": ("Taking everything out", bulk.dump),
    "load": ("Bringing everything in", bulk.load),
    "publication": ("Publication", publication.measure),
    "election": ("Election night", election.measure),
    "webhooks": ("Webhooks", webhooks.fan_out),
    "memory": ("Memory", processes.memory),
    "start": ("Start", processes.start),
}


def main(arguments: list[str]) -> None:
    """Measure what was asked for."""
    reader = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    reader.add_argument("sections", nargs="*", help=", ".join([*SECTIONS, "sweep"]))
    reader.add_argument("--large", action="store_true", help="the record of twenty times the size")
    reader.add_argument("--anew", action="store_true", help="make the record again")
    reader.add_argument("--sweeps", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    reader.add_argument("--rows", type=int, help=f"rows that are loaded, instead of {bulk.ROWS}")
    asked = reader.parse_args(arguments)
    bulk.ROWS = asked.rows or bulk.ROWS
    # Whoever ends this ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    wanted = asked.sections or [*SECTIONS, "sweep"]
    if unknown := set(wanted) - {*SECTIONS, "sweep"}:
        reader.error(f"unknown: {', '.join(sorted(unknown))}")
    size = data.SIZES["L" if asked.large else "S"]
    given = os.environ["DATABASE_URL"]
    if set(wanted) & set(SECTIONS):
        prepare(size, is_anew=asked.anew)
        for name in (name for name in SECTIONS if name in wanted):
            title, measure = SECTIONS[name]
            say(f"{title}, {size.name}")
            key = f"{name} {size.name}"
            if name == "load" and asked.rows:
                key, title = f"{key} {asked.rows}", f"{title}, {asked.rows:,} rows"
            write(key, f"## {title}, {size.name}", rows.as_table(measure()))
    if "sweep" in wanted:
        say("Sweeps")
        os.environ["DATABASE_URL"] = given
        write("sweep", "## Sweeps", sweep.measured_text(asked.sweeps))
    say(f"Written to {PAGE.name}.")


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(f"==> {text}", file=sys.stderr, flush=True)


def prepare(size: data.Size, *, is_anew: bool) -> None:
    """Point the settings to the filled database; make it where there is none as this code does."""
    import psycopg

    name = f"benchmark_{size.name.lower()}"
    migrations = sorted(PAGE.parents[1].glob("promises/*/migrations/*.py"))
    sources = [Path(data.__file__), *migrations]
    made_from = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    given = os.environ["DATABASE_URL"]
    os.environ["DATABASE_URL"] = urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    with psycopg.connect(given, autocommit=True) as server:
        found = server.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        ).fetchone()
        is_there = found is not None and found[0] == made_from and not is_anew
        if not is_there:
            say(f"Filling the record of size {size.name}")
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            server.execute(f"CREATE DATABASE {name}")
        import django
        from django.core.management import call_command

        django.setup()
        if not is_there:
            call_command("migrate", verbosity=0)
            data.fill(size)
            server.execute(f"COMMENT ON DATABASE {name} IS '{made_from}'")
        if not is_collected(PAGE.parents[1]):
            call_command("collectstatic", interactive=False, verbosity=0)


def write(key: str, title: str, text: str) -> None:
    """Put a section into the page, in place of what it said before."""
    now = datetime.now(UTC)
    facts = f"{now:%Y-%m-%d}, {rows.machine()}."
    begin, end = BEGIN.format(key), END.format(key)
    section = f"{begin}\n{title}\n\n{text}\n\n{facts}\n{end}\n"
    page = PAGE.read_text(encoding="utf-8")
    if begin in page:
        before, _, rest = page.partition(begin)
        page = before + section + rest.partition(f"{end}\n")[2]
    else:
        page = f"{page.rstrip()}\n\n{section}"
    PAGE.write_text(page, encoding="utf-8")
    print(text, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
