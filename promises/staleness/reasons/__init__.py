"""Every reason for staleness, declared once: its rule in words, its limit, its data, its SQL.

The pages, the desk and the API print the words; the function `staleness_rule` of the database is
made of the SQL by `triggers.rule_sql`. Each branch reads `w`, the pledges in question
with their policy (view `staleness_effective`, watched ones only), or `newest`, their newest
published update, and returns pledge_id, due_on, until_on and the facts it rests on: dates
and numbers alone, so that a closed flag never repeats what was withdrawn since.
"""

from collections.abc import Mapping
from datetime import date

from django.utils.formats import date_format

from promises.staleness.choices import StaleReason
from promises.staleness.reasons import evidence, figures, looks, terms, updates, words
from promises.staleness.reasons.rule import Rule

__all__ = [
    "CLEARED_BY",
    "PUBLIC",
    "PUBLIC_CHOICES",
    "RULES",
    "Rule",
    "facts_in_words",
]

_FAMILIES = (looks, terms, evidence, figures, words, updates)
_DECLARED = {reason: rule for family in _FAMILIES for reason, rule in family.RULES.items()}
# In the order in which they are listed everywhere.
RULES: Mapping[StaleReason, Rule] = {reason: _DECLARED[reason] for reason in StaleReason}
PUBLIC = tuple(reason for reason, rule in RULES.items() if rule.is_public)
# As forms and schemas list them.
PUBLIC_CHOICES = [(reason.value, reason.label) for reason in PUBLIC]
CLEARED_BY = {reason: rule.clears_by for reason, rule in RULES.items()}


def facts_in_words(reason: StaleReason, facts: Mapping[str, object]) -> str:
    """Return what a flag rests on: its facts put into the words of its reason."""
    told = {name: _fact(value) for name, value in facts.items()}
    # Episodes from before facts were kept have none.
    return str(RULES[reason].data).format_map(told) if told else ""


def _fact(value: object) -> str:
    if isinstance(value, str):
        return str(date_format(date.fromisoformat(value)))
    return str(value)
