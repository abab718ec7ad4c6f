from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "promises.api"
