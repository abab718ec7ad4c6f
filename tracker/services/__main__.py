"""Command line of the launcher; see `python -m tracker.services --help`."""

import argparse
import os
import shutil
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from tracker.services import children
from tracker.services.embedded import is_all_given, services, with_programs
from tracker.services.errors import ServiceError, StopRequested
from tracker.services.lock import held, holder_of
from tracker.services.postgres import Postgres
from tracker.services.run import run
from tracker.services.state import Profile

PROJECT = Path(__file__).resolve().parents[2]
PROFILES = ("development", "test", "check", "bench")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOP_STEPS: tuple[children.Step, ...] = ((signal.SIGTERM, 40),)
COMMAND_STEPS: tuple[children.Step, ...] = ((signal.SIGTERM, 10), (signal.SIGKILL, 2))


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says and return the exit code.

    0 also when a signal ended `run`, since that is how it is meant to end; 1 with a message on
    standard error when something cannot be done; otherwise the code of the `exec`ed command.
    """
    asked = _parser().parse_args(arguments)
    profile = Profile(asked.project.resolve(), asked.profile)
    for number in SIGNALS:
        signal.signal(number, _request_stop)
    try:
        match asked.action:
            case "run":
                return run(profile, asked.port, os.environ)
            case "exec":
                return execute(profile, asked.command)
            case "status":
                return status(profile)
            case "stop":
                return stop(profile)
            case _:
                return erase(profile)
    except ServiceError as error:
        print(error, file=sys.stderr)
        return 1
    except StopRequested:
        return 0 if asked.action == "run" else 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tracker.services", description=__doc__)
    parser.add_argument("--project", type=Path, default=PROJECT, help="folder of manage.py")
    _add_profile(parser, "development")
    actions = parser.add_subparsers(dest="action", required=True)
    everything = actions.add_parser("run", help="run services, web, worker and beat")
    everything.add_argument("--port", type=_port, default=os.environ.get("PORT") or "8000")
    one = actions.add_parser("exec", help="run one command with the services beside it")
    _add_profile(one, argparse.SUPPRESS)
    one.add_argument("command", nargs="+")
    actions.add_parser("status", help="say whether a launcher is running, and which")
    actions.add_parser("stop", help="stop the running launcher and all it started")
    actions.add_parser("erase", help="stop it and remove all data of the profile")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: it is a number from 1 to 65535")
    return int(text)


def _add_profile(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument("--profile", choices=PROFILES, default=default)


def _request_stop(number: int, frame: FrameType | None) -> None:
    # Once is enough: a second Ctrl-C must not interrupt the orderly end.
    for other in SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    raise StopRequested


def execute(profile: Profile, command: list[str]) -> int:
    """Run `command` with the services of `profile` and return its exit code.

    Ctrl-C reaches the command itself; the services end when it has ended.
    """
    with ExitStack() as stack:
        # With both services given there is nothing to share, so nothing to hold.
        if not is_all_given(os.environ):
            stack.enter_context(held(profile, f"exec {' '.join(command)}"))
        running = stack.enter_context(services(profile, os.environ))
        child = children.start(
            command,
            environment=with_programs({**os.environ, **running.environment}),
            in_terminal=True,
        )
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            code = child.wait()
        finally:
            children.stop(child, COMMAND_STEPS)
    # As a shell reports a command that a signal ended.
    return code if code >= 0 else 128 - code


def status(profile: Profile) -> int:
    """Say who holds `profile`; return 3, as service managers do, when nobody does."""
    holder = holder_of(profile)
    if holder is None:
        print(f"The {profile.name} services are not running.")
        return 3
    print(f"The {profile.name} services are held by process {holder.pid}: {holder.doing}")
    return 0


def stop(profile: Profile) -> int:
    """Stop the launcher that holds `profile` and wait until all is down."""
    holder = holder_of(profile)
    if holder and children.started_at(holder.pid) == holder.started:
        children.stop_others([holder.pid], STOP_STEPS)
    print(f"The {profile.name} services are stopped.")
    return 0


def erase(profile: Profile) -> int:
    """Stop `profile` and remove its folder and its data, wherever that is."""
    stop(profile)
    # Root's data may lie outside the project.
    for folder in (Postgres(profile).home, profile.folder):
        if folder.exists():
            shutil.rmtree(folder)
            print(f"Removed {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
