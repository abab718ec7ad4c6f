"""The WSGI application that granian serves."""

import os
import signal
import threading

# What granian forked has the handler of its parent until all is read in, which takes seconds:
# told to end meanwhile it would not, and its parent would wait for it for ever. `runserver` reads
# this in another thread, from where no handler can be set.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGTERM, signal.SIG_DFL)

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
_django = get_wsgi_application()

from django.conf import settings  # noqa: E402 -- needs Django set up

from promises.serving.installing import with_bodies, with_front  # noqa: E402
from tracker.reading_in import read_in  # noqa: E402
from tracker.sentry import send_errors_to  # noqa: E402

send_errors_to(settings.SENTRY_DSN)

application = with_front(with_bodies(_django))
# Every page, so that the first reader does not wait for it either.
read_in(settings.ROOT_URLCONF)
