"""Registers the pages of the desk, one module for each area of the record."""

from promises.desk import (  # noqa: F401 -- imported to register
    accounts,
    challenges,
    conflicts,
    elections,
    evidence,
    following,
    groups,
    imports,
    ledger,
    methods,
    metrics,
    newsroom,
    officials,
    outbox,
    pledges,
    security,
    staleness,
    updates,
    watching,
)
