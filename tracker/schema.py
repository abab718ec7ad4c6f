"""Settings of the API's schema: OpenAPI 3.1, made by drf-spectacular."""

SPECTACULAR_SETTINGS = {
    "TITLE": "Prosecutor promise tracker",
    "DESCRIPTION": "The public record of what elected prosecutors promised, read-only.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "LICENSE": {
        "name": "Data: CC BY 4.0",
        "url": "https://creativecommons.org/licenses/by/4.0/",
    },
    "SERVERS": [{"url": "/", "description": "This server"}],
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
