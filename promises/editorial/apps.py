from django.apps import AppConfig


class EditorialConfig(AppConfig):
    name = "promises.editorial"
