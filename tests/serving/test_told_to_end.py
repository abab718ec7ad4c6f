"""A web process that is told to end while it still starts, and one that starts in a thread."""

import subprocess
import sys

import pytest

from tests.beside import ROOT, environment_beside

# As in a worker of granian: forked, with the handler of its parent, which is for the parent alone.
STARTS = """
import os, signal, sys
signal.signal(signal.SIGTERM, lambda *_: None)
class AsSoonAsDjangoIsRead:
    def find_spec(self, name, *_):
        if name == "django.core.wsgi":
            os.kill(os.getpid(), signal.SIGTERM)
sys.meta_path.insert(0, AsSoonAsDjangoIsRead())
import tracker.wsgi
"""
# As `manage.py runserver` does.
IN_A_THREAD = """
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
print(ThreadPoolExecutor(1).submit(import_module, "tracker.wsgi").result().__name__)
"""


@pytest.mark.django_db
def test_a_web_process_ends_when_it_is_told_so_while_it_starts() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STARTS], cwd=ROOT, env=environment_beside(), check=False
    )
    assert done.returncode == -15


@pytest.mark.django_db
def test_a_web_process_starts_in_a_thread_too() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IN_A_THREAD],
        cwd=ROOT, env=environment_beside(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "tracker.wsgi\n"), done.stderr
