"""The table of rights as a page for people (docs/roles.md)."""

from collections.abc import Iterator

from promises.accounts.rights import RIGHTS, ROLES

INTRODUCTION = """\
# Roles of the desk

Who may do what. This page is made by `python manage.py roles_page` from the table in
`promises/accounts/rights.py`; a test keeps it equal to the code, and others walk every row of it on
the real pages of the desk. `python manage.py write_roles` writes the table into the database: run
it after `migrate`, as often as you like (`make run` does).

- **Researchers** write drafts and hand them in. **Editors** also decide what becomes public.
  **Administrators** also look after people, roles, policies, topics and offices. **Partners** are
  researchers for the jurisdictions they were given: they see, choose and change nothing else.
- A role is given on the page of a person on the desk, with a reason, by an administrator, never to
  oneself. Who gave which role to whom, when and why is kept.
- *delete* is for drafts of one's own, *delete any* for drafts of others. *correct* changes what
  readers see, and leaves the old words standing beside it. *work in every* is what partners lack.
- On the page of a public pledge researchers and partners add evidence and a draft update, and
  leave the rest. Evidence that also speaks about pledges elsewhere is not changed by a partner.
- A superuser has every right of this table and no other: the rules of the record bind everyone.

## What no role can do

The database refuses it, whoever asks, by whatever way (`tests/flows/test_six_cheats.py`):

- approve what one wrote or edited; publish `kept` or `broken` with fewer than two approvals;
- write, hand in, approve, publish or retract a rating, review a pledge, retract it, evidence on it
  or its official where one has an open **conflict of interest**: a jurisdiction where the official
  held, holds or sought an office. Sending back and correcting stay open. Everybody declares their
  own on the desk, an administrator those of others too; only an administrator ends one, never
  their own. A rating approved or written by someone who has declared a conflict since is not
  published: an approval is given anew after the rating was sent back, a text is written anew by
  someone else;
- change a published rating, an approval, a review, a correction, or any history; empty such
  a table.

A role of the database that owns its tables, or a superuser of the server, can switch guards off:
in production give the application a role that owns nothing (`GRANT` on tables and sequences).

## The table
"""


def as_markdown() -> str:
    """Return the whole page."""
    return "\n".join([INTRODUCTION, *_table()]) + "\n"


def _table() -> Iterator[str]:
    yield f"| object | action | {' | '.join(ROLES)} |"
    yield f"|---|---|{'---|' * len(ROLES)}"
    for kind, actions in RIGHTS.items():
        for names, roles in _alike(dict(actions)):
            cells = ["yes" if role in roles else "" for role in ROLES]
            yield f"| {kind.split('.')[1]} | {', '.join(names)} | {' | '.join(cells)} |"


def _alike(actions: dict[str, tuple[str, ...]]) -> Iterator[tuple[list[str], tuple[str, ...]]]:
    """Yield the actions of a kind that the same roles may take, in order of the first."""
    for roles in dict.fromkeys(actions.values()):
        names = [name.replace("_", " ") for name, may in actions.items() if may == roles]
        yield names, roles
