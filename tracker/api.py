"""The settings of the API, its keys and its schema."""

from tracker import env

REST_FRAMEWORK = {
    # The door of the API has looked at the key before any view is asked (promises/api/door.py).
    "DEFAULT_AUTHENTICATION_CLASSES": ["promises.api.callers.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "promises.api.accepting.ByWeight",
    "DEFAULT_SCHEMA_CLASS": "promises.api.schema.ResourceSchema",
    "EXCEPTION_HANDLER": "promises.api.problems.respond",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Prosecutor promise tracker",
    "DESCRIPTION": "The public record of what elected prosecutors promised.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "LICENSE": {
        "name": "Data: CC BY 4.0",
        "url": "https://creativecommons.org/licenses/by/4.0/",
    },
    "SERVERS": [{"url": "/", "description": "This server"}],
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "key": {
                "type": "http",
                "scheme": "bearer",
                "description": "A key from /account/keys/. The public record is read without one.",
            }
        }
    },
    "SERVE_INCLUDE_SCHEMA": False,
    "SORT_OPERATIONS": False,
    "SORT_OPERATION_PARAMETERS": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "PledgeKind": "promises.pledges.choices.Kind",
        "PledgeOrigin": "promises.pledges.choices.Origin",
        "PledgeStatus": "promises.pledges.choices.Status",
        "EvidenceKind": "promises.evidence.choices.EvidenceKind",
        "CorrectionKind": "promises.updates.choices.CorrectionKind",
        "ReportStatus": "promises.officials.choices.ReportStatus",
        "StatusReason": "promises.updates.choices.Reason",
        "StaleReason": "promises.staleness.reasons.PUBLIC_CHOICES",
        "DatePrecision": "promises.common.dates.DatePrecision",
    },
}
# What a client without a key may ask of the API, counted by its address.
API_REQUESTS_PER_HOUR = env.number("API_REQUESTS_PER_HOUR", 1000)
# What the keys of one person may ask together, by the tier of the key.
API_TIERS = {
    "standard": env.number("API_REQUESTS_PER_HOUR_STANDARD", 10_000),
    "partner": env.number("API_REQUESTS_PER_HOUR_PARTNER", 100_000),
}

# How many webhooks a worker process sends side by side.
WEBHOOKS_AT_ONCE = env.number("WEBHOOKS_AT_ONCE", 16, least=1)
# Whether webhooks may be sent without encryption: in development, to a program beside it.
WEBHOOKS_BY_HTTP = env.is_development()
