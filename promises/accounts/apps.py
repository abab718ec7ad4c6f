from django.apps import AppConfig

from promises.common.trigger_index import index_triggers

# Every app's configuration is read before the first model is, and so before the first trigger.
index_triggers()


class AccountsConfig(AppConfig):
    name = "promises.accounts"
