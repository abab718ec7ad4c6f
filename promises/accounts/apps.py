from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "promises.accounts"
