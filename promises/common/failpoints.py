"""Named places between two statements where the fault tests kill the process."""

import os
import random
import signal

from django.conf import settings


def failpoint(name: str) -> None:
    """End this process here, as by kill -9, with the chance that settings.FAILPOINTS gives.

    The setting is empty except in the fault tests, which set TRACKER_FAILPOINTS.
    """
    chance = settings.FAILPOINTS.get(name, 0.0)
    if chance and random.random() < chance:  # noqa: S311 -- no secret
        os.kill(os.getpid(), signal.SIGKILL)
