"""Settings of logs and figures: how a line looks, who reads the figures, where errors go."""

from tracker import env, logs

# `json`: one object a line, for programs; `lines`: for people at a terminal.
LOG_FORMAT = env.choice(
    "LOG_FORMAT", ("json", "lines"), "lines" if env.is_development() else "json"
)
LOG_LEVEL = env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO")
# That a task was sent, has come and is done: by these a worker is followed, but at a terminal eight
# lines every five seconds hide all else. LOG_LEVEL=DEBUG shows them there too.
ROUTINE = ("celery.beat", "celery.app.trace", "tracker.tasks")
ROUTINE_LEVEL = "WARNING" if env.is_development() and LOG_LEVEL == "INFO" else LOG_LEVEL
# Who reads /internal/metrics: addresses in these networks, and whoever shows the token.
METRICS_NETWORKS = env.networks("METRICS_NETWORKS", "127.0.0.0/8,::1/128")
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
# Asked every few seconds, and saying nothing: these are counted and not logged.
ROUTES_NOT_LOGGED = ["programs:healthz", "programs:readyz", "watching:metrics", "static"]
# Where errors are sent, if anywhere; needs the package sentry-sdk.
SENTRY_DSN = env.text("SENTRY_DSN", "")
# What a stranger may send and is refused: these are no errors of the site (logs.quietly).
_REFUSED = ("DisallowedHost", "RequestDataTooBig", "TooManyFieldsSent", "TooManyFilesSent")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"event": {"()": "tracker.logs.EventFormatter", "kind": LOG_FORMAT}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "event"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # Of a request that was refused Django says again what our own line says.
        "django.request": {"level": "ERROR"},
        **{f"django.security.{name}": {"filters": [logs.quietly]} for name in _REFUSED},
        # That a task was received is said with its number (tracker/carrying.py).
        "celery.worker.strategy": {"level": "WARNING"},
        **{name: {"level": ROUTINE_LEVEL} for name in ROUTINE},
    },
}
