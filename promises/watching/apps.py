from django.apps import AppConfig


class WatchingConfig(AppConfig):
    name = "promises.watching"

    def ready(self) -> None:
        """Register the checks of a deployment."""
        from promises.watching import checks  # noqa: F401
