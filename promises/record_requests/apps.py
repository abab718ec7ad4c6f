from django.apps import AppConfig


class RecordRequestsConfig(AppConfig):
    name = "promises.record_requests"
