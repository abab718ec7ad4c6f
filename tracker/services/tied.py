"""Replaces itself by a command that dies with the process that asked for it.

Run as a file, with `python -I -S tied.py PARENT SIGNAL USER COMMAND...`, so that it starts in
milliseconds and needs nothing of this project. A separate program rather than `preexec_fn`,
which is unsafe in a process with threads. USER is `-` to stay who one is.
"""

import ctypes
import os
import pwd
import sys

PR_SET_PDEATHSIG = 1


def become(user: str) -> None:
    """Give up root for `user`: its group, no other groups, its number, for good."""
    account = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def die_with(parent: int, signal_number: int) -> None:
    """Ask the kernel for `signal_number` when `parent`, who started this process, is gone.

    Linux only. Elsewhere nothing happens: what a killed launcher leaves behind is then found
    and stopped by the next start.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    # The parent may have died before the line above took effect.
    if os.getppid() != parent:
        sys.exit(1)


def main() -> None:
    """Change user, tie, and run the command; exits 127 when it cannot be run."""
    parent, signal_number, user, *command = sys.argv[1:]
    if user != "-":
        become(user)
    # After the change of user, which would clear the wish.
    die_with(int(parent), int(signal_number))
    try:
        os.execvp(command[0], command)  # noqa: S606 - no shell wanted
    except OSError as error:
        print(f"cannot run {command[0]}: {error.strerror}", file=sys.stderr)
        sys.exit(127)


if __name__ == "__main__":
    main()
