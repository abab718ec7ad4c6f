"""Who may do what at the desk: one table, read by the action that writes it into the database,
by docs/roles.md and by the tests.

The rules of the record (four eyes, conflicts of interest, what is published never changes) bind
every role alike. They are kept by the database and are no part of this table.
"""

from collections.abc import Iterator, Mapping

from promises.accounts.choices import Role

RESEARCHER, EDITOR, ADMINISTRATOR, _ = ROLES = tuple(Role.values)

Roles = tuple[str, ...]
EVERYONE: Roles = ROLES
# Whoever is not held to the jurisdictions they were given.
UNLIMITED: Roles = (RESEARCHER, EDITOR, ADMINISTRATOR)
EDITORS: Roles = (EDITOR, ADMINISTRATOR)
ADMINISTRATORS: Roles = (ADMINISTRATOR,)

# What one writes as a draft: everybody writes, editors decide. "delete" is for drafts of one's
# own, "delete_any" for those of others; "correct" changes what is published.
_DRAFTED: dict[str, Roles] = {
    "view": EVERYONE,
    "add": EVERYONE,
    "change": EVERYONE,
    "delete": EVERYONE,
    "delete_any": EDITORS,
    "publish": EDITORS,
}
# The newsroom of a pledge, a piece of evidence, a status update: talk, work, when it may appear.
_DISCUSSED: dict[str, Roles] = {
    "submit": EVERYONE,
    "return": EDITORS,
    "comment": EVERYONE,
    "assign": EDITORS,
    "finish": EVERYONE,
    "plan": EDITORS,
    "unplan": EDITORS,
    "embargo": EDITORS,
    "lift": EDITORS,
}
# What is public as soon as it is saved.
_BY_EDITORS: dict[str, Roles] = {"view": EVERYONE, "add": EDITORS, "change": EDITORS}
_KEPT_BY_EDITORS: dict[str, Roles] = {
    "view": UNLIMITED,
    "add": EDITORS,
    "change": EDITORS,
    "delete": EDITORS,
}
_BY_ADMINISTRATORS: dict[str, Roles] = {
    "view": EVERYONE,
    "add": ADMINISTRATORS,
    "change": ADMINISTRATORS,
}

# Kind of object → action → who may. An action is one of Django's four, or a step of the desk.
RIGHTS: dict[str, Mapping[str, Roles]] = {
    "pledges.Pledge": {
        **_DRAFTED,
        **_DISCUSSED,
        "correct": EDITORS,
        "review": EDITORS,
        "retract": EDITORS,
    },
    "pledges.Criterion": {"view": EVERYONE, "add": EVERYONE, "change": EVERYONE},
    "pledges.PledgeTranslation": {**_DRAFTED, "correct": EDITORS, "retract": EDITORS},
    "pledges.Topic": _BY_ADMINISTRATORS,
    "pledges.GeneralTerm": _BY_ADMINISTRATORS,
    "evidence.Evidence": {
        **_DRAFTED,
        **_DISCUSSED,
        "correct": EDITORS,
        "retract": EDITORS,
        "capture": EVERYONE,
        "upload": EVERYONE,
        "waive": EDITORS,
        "end-waiver": EDITORS,
    },
    "evidence.EvidenceLink": {
        "view": EVERYONE,
        "add": EVERYONE,
        "change": EVERYONE,
        "delete": EVERYONE,
    },
    "evidence.ResultReportSource": _BY_EDITORS,
    "captures.Capture": {"view": EVERYONE, "confirm": EDITORS, "set-aside": EDITORS},
    "captures.CaptureWaiver": {"view": EVERYONE},
    "captures.StoredFile": {"view": UNLIMITED},
    "sources.Source": {
        "view": EVERYONE,
        "check-now": EVERYONE,
        "quote": UNLIMITED,
        "unquote": UNLIMITED,
        "accept": EDITORS,
    },
    "updates.StatusUpdate": {
        **_DRAFTED,
        **_DISCUSSED,
        "approve": EDITORS,
        "correct": EDITORS,
        "retract": EDITORS,
    },
    "updates.Approval": {"view": EVERYONE, "add": EDITORS},
    "updates.Review": {"view": EVERYONE, "add": EDITORS},
    "updates.Correction": {"view": EVERYONE, "add": EDITORS},
    "updates.Response": {**_DRAFTED, "retract": EDITORS},
    "updates.MethodologyVersion": {"view": EVERYONE, "add": ADMINISTRATORS},
    "staleness.StaleFlag": {
        "view": EVERYONE,
        "assign": EDITORS,
        "hand-over": EDITORS,
        "release": EDITORS,
        "snooze": EDITORS,
        "review": EDITORS,
    },
    "staleness.ReviewPolicy": {
        "view": UNLIMITED,
        "add": ADMINISTRATORS,
        "change": ADMINISTRATORS,
        "delete": ADMINISTRATORS,
    },
    "staleness.ReviewBy": _KEPT_BY_EDITORS,
    "staleness.MetricLimit": _KEPT_BY_EDITORS,
    "staleness.Watched": {"view": UNLIMITED},
    "staleness.Lapse": {"view": UNLIMITED},
    "staleness.Sweep": {"view": UNLIMITED},
    "officials.Person": {
        **_BY_EDITORS,
        "delete": EDITORS,
        "delete_any": EDITORS,
        "publish": EDITORS,
        "correct": EDITORS,
        "retract": EDITORS,
    },
    "officials.Term": _BY_EDITORS,
    "officials.Candidacy": {**_BY_EDITORS, "delete": EDITORS},
    "officials.Election": _BY_EDITORS,
    "officials.ResultReport": _BY_EDITORS,
    "officials.Office": _BY_ADMINISTRATORS,
    "officials.Jurisdiction": {**_BY_ADMINISTRATORS, "work_in_every": UNLIMITED},
    "officials.ConflictOfInterest": {"view": EVERYONE, "add": EVERYONE, "end": ADMINISTRATORS},
    "metrics.Metric": {
        **_BY_EDITORS,
        "delete": EDITORS,
        "delete_any": EDITORS,
        "publish": EDITORS,
        "correct": EDITORS,
        "retract": EDITORS,
    },
    "metrics.MetricAnnotation": {**_BY_EDITORS, "view": UNLIMITED},
    "metrics.MetricPledge": {**_BY_EDITORS, "delete": EDITORS},
    "metrics.MetricSource": {**_BY_EDITORS, "view": UNLIMITED},
    "metrics.Observation": {"view": EVERYONE, "add": EDITORS, "retract": EDITORS},
    "newsroom.Assignment": {"view": EVERYONE, "finish": EVERYONE, "withdraw": EDITORS},
    "newsroom.Comment": {"view": EVERYONE},
    "newsroom.PlannedPublication": {"view": UNLIMITED},
    "newsroom.Embargo": {"view": UNLIMITED},
    # Strangers' names and addresses are not for partners.
    "suggestions.Challenge": {
        "view": UNLIMITED,
        "take-up": EDITORS,
        "accept": EDITORS,
        "decline": EDITORS,
        "outcome": EDITORS,
        "set-aside": EDITORS,
    },
    "discovery.Feed": {**_BY_EDITORS, "view": UNLIMITED, "requeue": EDITORS},
    "discovery.Candidate": {
        "view": EVERYONE,
        "link": EVERYONE,
        "link-known": EVERYONE,
        "dismiss": EVERYONE,
    },
    "record_requests.RecordRequest": {
        **_DRAFTED,
        "submit": EVERYONE,
        "return": EDITORS,
        "correct": EDITORS,
        "retract": EDITORS,
        "acknowledge": EDITORS,
        "extend": EDITORS,
        "answer": EDITORS,
        "appeal": EDITORS,
        "decide": EDITORS,
        "withdraw": EDITORS,
    },
    "record_requests.RequestPledge": {
        "view": EVERYONE,
        "add": EVERYONE,
        "change": EVERYONE,
        "delete": EVERYONE,
    },
    "record_requests.RequestDocument": {
        "view": EVERYONE,
        "add": EVERYONE,
        "change": EVERYONE,
        "delete": EVERYONE,
    },
    "record_requests.Extension": {"view": EVERYONE},
    "record_requests.RecordsLaw": _BY_EDITORS,
    "suggestions.Suggestion": {
        "view": UNLIMITED,
        "take-up": EDITORS,
        "draft-evidence": EDITORS,
        "draft-pledge": EDITORS,
        "set-aside": EDITORS,
    },
    "imports.Import": {"view": UNLIMITED, "add": UNLIMITED, "change": UNLIMITED},
    "alerts.Subscriber": {"view": ADMINISTRATORS, "erase": ADMINISTRATORS},
    "outbox.Delivery": {"view": ADMINISTRATORS, "send-again": ADMINISTRATORS},
    "webhooks.Endpoint": {"view": ADMINISTRATORS, "close": ADMINISTRATORS},
    "ledger.Entry": {"view": UNLIMITED},
    "accounts.User": {
        "view": ADMINISTRATORS,
        "add": ADMINISTRATORS,
        "change": ADMINISTRATORS,
        "role": ADMINISTRATORS,
        "invite": ADMINISTRATORS,
        "end-sessions": ADMINISTRATORS,
        "close": ADMINISTRATORS,
        "open": ADMINISTRATORS,
        "remove-second-factor": ADMINISTRATORS,
    },
    "accounts.ApiKey": {
        "view": ADMINISTRATORS,
        "revoke": ADMINISTRATORS,
        "move": ADMINISTRATORS,
    },
    "accounts.SecurityEvent": {"view": ADMINISTRATORS},
    "accounts.RoleGrant": {"view": ADMINISTRATORS},
    "auth.Group": {"view": ADMINISTRATORS},
}


def codename(kind: str, action: str) -> str:
    """Return Django's name of a right, without its app: `approve_statusupdate`."""
    return f"{action.replace('-', '_')}_{kind.split('.')[1].lower()}"


def right(kind: str, action: str) -> str:
    """Return Django's full name of a right: `updates.approve_statusupdate`."""
    return f"{kind.split('.')[0]}.{codename(kind, action)}"


def rows() -> Iterator[tuple[str, str, Roles]]:
    """Yield (kind, action, roles), in the order of the table."""
    for kind, actions in RIGHTS.items():
        for action, roles in actions.items():
            yield kind, action, roles
