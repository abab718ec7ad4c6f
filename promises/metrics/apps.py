from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "promises.metrics"
