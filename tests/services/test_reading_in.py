"""What each program reads in: it takes memory, of which small machines have least, and time."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = "[n for n in sys.modules if n.startswith(('promises.site.pages', 'promises.desk.admin'))]"


def printed(*lines: str) -> str:
    """Return what a new program prints that runs these lines."""
    program = [
        "import os, sys",
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'tracker.settings'",
        *lines,
    ]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(program)],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_a_beat_reads_in_every_task_and_no_page() -> None:
    found = printed(
        "from tracker.celery import app; app.loader.import_default_modules()",
        f"print('promises.staleness.tasks.sweep' in app.tasks, {PAGES})",
    )
    assert found == "True ['promises.desk.admin_app']"


def test_a_worker_has_read_in_pages_before_it_forks() -> None:
    found = printed(
        "from celery.signals import worker_init; from tracker.celery import app",
        "app.loader.import_default_modules()",
        "worker_init.send(None)",
        f"import gc; print(len({PAGES}) > 10, gc.get_freeze_count() > 10_000)",
    )
    assert found == "True True"


def test_a_web_process_has_read_in_pages_before_its_first_reader() -> None:
    found = printed(
        "import gc, tracker.wsgi",
        f"print(len({PAGES}) > 10, gc.get_freeze_count() > 100_000)",
    )
    assert found == "True True"


def test_what_few_requests_need_is_read_in_by_those() -> None:
    found = printed(
        "import tracker.wsgi",
        "heavy = {'drf_spectacular.openapi', 'rfc3161_client', 'feedparser', 'openpyxl', 'pypdf',"
        " 'trafilatura', 'boto3', 'fontTools', 'resvg_py', 'celery'}",
        "print(heavy & set(sys.modules))",
    )
    assert found == "set()"


def test_what_the_api_framework_takes_along_for_itself_is_left_out_and_can_be_had() -> None:
    found = printed(
        "import django; django.setup(); import tracker.urls",
        "print({'pygments', 'requests'} & set(sys.modules))",
        "import pygments.lexers, requests",
        "print(requests.Session.__name__)",
    )
    assert found == "set()\nSession"


def test_a_check_reads_in_every_page_and_nothing_that_only_work_needs() -> None:
    found = printed(
        "from django.core.management import execute_from_command_line",
        "execute_from_command_line(['manage.py', 'check'])",
        "heavy = {'celery', 'httpcore2', 'kombu', 'redis', 'structlog', 'warcio'}",
        f"print(heavy & set(sys.modules), len({PAGES}) > 10)",
    )
    assert found.splitlines()[1:] == ["set() True"]


def test_the_desk_is_checked_though_no_address_was_asked_for() -> None:
    found = printed(
        "import django; django.setup()",
        "from django.contrib import admin; from django.core.checks import run_checks",
        "from promises.pledges.models import Pledge",
        "before = admin.site.is_registered(Pledge)",
        "faults = run_checks(tags=['admin'])",
        "print(before, admin.site.is_registered(Pledge), faults)",
    )
    assert found == "False True []"
