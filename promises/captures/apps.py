from django.apps import AppConfig


class CapturesConfig(AppConfig):
    name = "promises.captures"
