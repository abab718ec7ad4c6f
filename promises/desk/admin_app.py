"""Django's admin, with the desk as its site. Its own file: `apps` holds one app."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.contrib.admin import autodiscover
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks


class DeskAdminConfig(SimpleAdminConfig):
    """Puts DeskSite where `django.contrib.admin.site` points to.

    The desk's pages are read in where addresses are, so that a worker and a beat, which answer
    nobody, do without them.
    """

    default_site = "promises.desk.site.DeskSite"

    def ready(self) -> None:
        """Have the desk checked, whether or not anybody has asked for an address yet."""
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(_check_desk, checks.Tags.admin)


def _check_desk(
    app_configs: Sequence[AppConfig] | None, **more: Any
) -> Sequence[checks.CheckMessage]:
    autodiscover()
    return check_admin_app(app_configs, **more)
