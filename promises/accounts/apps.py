from django.apps import AppConfig

from promises.common.always_on import keep_triggers_on
from promises.common.trigger_index import index_triggers

# Every app's configuration is read before the first model is, and so before the first trigger.
index_triggers()
keep_triggers_on()


class AccountsConfig(AppConfig):
    name = "promises.accounts"
