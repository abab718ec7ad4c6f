"""Registers the pages of the desk, one module for each area of the record."""

from promises.desk import (  # noqa: F401 -- imported to register
    accounts,
    alerts,
    captures,
    challenges,
    conflicts,
    corrections,
    discovery,
    elections,
    evidence,
    feeds,
    general_terms,
    groups,
    imports,
    keys,
    ledger,
    methods,
    metrics,
    newsroom,
    officials,
    outbox,
    pledges,
    record_requests,
    responses,
    reviews,
    security,
    sources,
    staleness,
    suggestions,
    translations,
    updates,
    watching,
    webhooks,
)
from promises.desk.links import link_what_opens

link_what_opens()
