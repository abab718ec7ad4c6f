"""Filters by what waits for whom before readers see it."""

from django.utils.translation import gettext_lazy as _

from promises.desk.lists.filters import HANDED_IN
from promises.desk.lists.plain_filters import OfferFilter


class ItemWaitsFilter(OfferFilter):
    """Keeps the pledges or evidence that wait for a person."""

    title = _("what it waits for")
    parameter_name = "waits"
    offers = (
        (
            "review",
            _("for a second person"),
            lambda rows, person, now: rows.handed_in_by_others(person),
        ),
        ("author", _("came back to me"), lambda rows, person, now: rows.returned_to(person)),
        HANDED_IN,
    )


class WorkFilter(OfferFilter):
    """Keeps the work that is still to be done, or mine."""

    title = _("whose hands it is in")
    parameter_name = "hands"
    offers = (
        ("mine", _("me"), lambda rows, person, now: rows.given_to(person)),
        ("open", _("anyone, not yet done"), lambda rows, person, now: rows.open()),
    )


class PlanFilter(OfferFilter):
    """Keeps the plans that someone should know of."""

    title = _("plan")
    parameter_name = "plan"
    offers = (("waiting", _("to come, or set aside"), lambda rows, person, now: rows.waiting()),)
