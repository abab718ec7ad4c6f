"""Django's admin, with the desk as its site. Its own file: `apps` holds one app."""

from django.contrib.admin.apps import AdminConfig


class DeskAdminConfig(AdminConfig):
    """Puts DeskSite where `django.contrib.admin.site` points to."""

    default_site = "promises.desk.site.DeskSite"
