from django.apps import AppConfig


class StalenessConfig(AppConfig):
    name = "promises.staleness"
