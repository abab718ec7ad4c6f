#!/usr/bin/env python
"""Django's command line for this project."""

import gc
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    # Nearly all that a start makes stays: models, their history, addresses. The collector looks
    # through it less often, and the system takes it back when a command is done; taking it apart
    # before was a third of `manage.py check`.
    gc.set_threshold(50_000)
    from tracker.commands import run

    failure = run(sys.argv)
    gc.freeze()
    sys.exit(failure)
