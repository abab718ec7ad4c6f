"""Answer language models by the Model Context Protocol on standard input and output; only reads."""

import sys
from contextlib import redirect_stdout
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import translation

from promises.api.mcp.catalogue import INSTRUCTIONS, TOOLS
from promises.api.mcp.protocol import Server

INFO = {
    "name": "prosecutor-promise-tracker",
    "title": "Prosecutor Promise Tracker",
    "version": "1",
}


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        server = Server(TOOLS, INFO, INSTRUCTIONS, close_old_connections)
        answers = sys.stdout.buffer
        # Whatever else is printed must not come between the messages.
        with redirect_stdout(sys.stderr), translation.override(settings.LANGUAGE_CODE):
            try:
                server.serve(sys.stdin.buffer, answers)
            except (BrokenPipeError, KeyboardInterrupt):
                return
