"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
_django = get_wsgi_application()

from promises.serving.installing import with_front  # noqa: E402 -- needs Django set up

application = with_front(_django)
