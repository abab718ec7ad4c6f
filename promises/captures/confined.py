"""Starts a program within limits. Run as a script, so that it needs nothing of ours:

    python confined.py READ WRITE PROGRAM ARGUMENTS…

READ and WRITE are open files that the program gets as 3 and 4. Memory is watched from outside:
Chromium reserves far more than it uses, so that a limit of it (RLIMIT_AS, RLIMIT_DATA) ends it.
"""

import fcntl
import os
import resource
import sys

CPU_SECONDS = 40
LARGEST_FILE = 300_000_000


def main(read: str, write: str, *command: str) -> None:
    """Set the limits and become the program."""
    for what, limit in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))
    # First out of the way: the files may have been opened as 3 and 4 the other way round.
    here, there = (fcntl.fcntl(int(each), fcntl.F_DUPFD, 10) for each in (read, write))
    os.dup2(here, 3)
    os.dup2(there, 4)
    os.closerange(5, 256)
    os.execv(command[0], command)  # noqa: S606 -- no shell


if __name__ == "__main__":
    main(*sys.argv[1:])
