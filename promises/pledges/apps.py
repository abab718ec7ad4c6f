from django.apps import AppConfig


class PledgesConfig(AppConfig):
    name = "promises.pledges"
