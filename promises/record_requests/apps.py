from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordRequestsConfig(AppConfig):
    name = "promises.record_requests"
    verbose_name = _("Record requests")
