"""What a view says about its answer: that it may be kept, and what it was made from."""

from django.http import HttpRequest

# Set in the environment of a request (PEP 3333), where no caller can set it: their headers are
# called HTTP_….
KEPT = "serving.kept"
# By which name of its address an answer is counted.
ROUTE = "serving.route"
UNSPENT = "serving.unspent"
# What the database has is older than what readers were told before.
BEHIND = "serving.behind"
FROM_RECORD, FROM_RECORD_AND_WORK = "record", "work"


def may_keep(request: HttpRequest) -> None:
    """Say that this answer is made from the record and the date alone, the same for everybody."""
    request.META.setdefault(KEPT, FROM_RECORD)


def shows_work(request: HttpRequest) -> None:
    """Say that this answer also shows what machines write all day: copies, checks, flags."""
    request.META[KEPT] = FROM_RECORD_AND_WORK


def never_keep(request: HttpRequest) -> None:
    """Say that this answer is true for the moment only: it shows the clock, or a form."""
    request.META[KEPT] = ""
