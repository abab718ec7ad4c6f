from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "promises.site"
