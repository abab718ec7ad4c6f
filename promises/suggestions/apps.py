from django.apps import AppConfig


class SuggestionsConfig(AppConfig):
    name = "promises.suggestions"
