"""Registers the pages of the desk, one module for each area of the record."""

# ruff: noqa: F401 -- imported to register

import promises.desk.accounts.conflicts
import promises.desk.accounts.groups
import promises.desk.accounts.keys
import promises.desk.accounts.people
import promises.desk.accounts.security
import promises.desk.alerts
import promises.desk.captures.pages
import promises.desk.discovery.candidates
import promises.desk.discovery.feeds
import promises.desk.evidence
import promises.desk.imports.pages
import promises.desk.ledger
import promises.desk.metrics
import promises.desk.newsroom.pages
import promises.desk.officials.elections
import promises.desk.officials.pages
import promises.desk.outbox
import promises.desk.pledges.general_terms
import promises.desk.pledges.pages
import promises.desk.pledges.translations
import promises.desk.record_requests.pages
import promises.desk.sources
import promises.desk.staleness.pages
import promises.desk.staleness.watching
import promises.desk.suggestions.challenges
import promises.desk.suggestions.suggested
import promises.desk.updates.corrections
import promises.desk.updates.methods
import promises.desk.updates.pages
import promises.desk.updates.responses
import promises.desk.updates.reviews
import promises.desk.webhooks
from promises.desk.icons import say_what_icons_mean
from promises.desk.links import link_what_opens

link_what_opens()
say_what_icons_mean()
