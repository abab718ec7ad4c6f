"""Pledges: verifiable public commitments, with their status and whether it may be out of date."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from rest_framework.request import Request

from promises.api.orders import BY_SLUG, by_day, by_moment, by_text
from promises.api.paging import Key, Order, Page, number
from promises.api.parameters import Filter, Parameter, bad_value, by, named, under_topic
from promises.api.resource import Resource
from promises.api.resources.pledges_as_of import PledgeAsOfSerializer, named_on, rows_as_of
from promises.api.resources.pledges_shape import PledgeDetailSerializer, PledgeSerializer
from promises.api.rows import Values
from promises.api.searching import words_in
from promises.api.values import Day, Flag, Moment, OneOf, Several
from promises.pledges.choices import Kind, Origin, Status
from promises.pledges.models import Pledge
from promises.serving.marks import shows_work
from promises.staleness.models import Due
from promises.staleness.reasons import PUBLIC


def _stale(rows: Any, value: bool, today: date) -> Any:
    keep = Due.objects.keep_stale if value else Due.objects.keep_fresh
    return keep(rows, today)


def _stale_for(rows: Any, value: list[str], today: date) -> Any:
    return Due.objects.keep_stale(rows, today, value)


def _choice(name: str, values: Any, about: str) -> Filter:
    """Return the filter by one of a few words in a column of its own."""
    return Filter(name, Several(OneOf(tuple(values))), about, narrow=by(f"{name}__in"))


AS_OF = Parameter(
    "as_of",
    Day(),
    "As readers saw it when this day ended in UTC, without what has been withdrawn since."
    " `is_stale` then means that a stale flag lasted, `review_due_on` is null, and the detail has"
    " only the fields of the list. Not with `updated_since`, and ordered by `slug`.",
)


def _past_day(asked: Mapping[str, Any], today: date) -> date | None:
    """Return the past day that was asked for; None for today, which is not over."""
    day: date | None = asked.get("as_of")
    if day is not None and day > today:
        raise bad_value("as_of", day.isoformat(), f"Write a day up to today, {today}.")
    return None if day == today else day


class Pledges(Resource):
    """Verifiable public commitments of officials, and what became of them."""

    section = "pledges"
    is_planned = True
    serializer = PledgeSerializer
    detail_serializer = PledgeDetailSerializer
    orders = (
        BY_SLUG,
        by_text("title", "by title"),
        by_day("made_on", "by the day it was made"),
        by_day("due_on", "by deadline", is_nullable=True),
        by_day("status_since", "by since when it has its status", is_nullable=True),
        by_day("review_due_on", "by when someone should look again", is_nullable=True),
        by_moment("last_reviewed_at", "by when an editor last looked", is_nullable=True),
        by_moment("updated_at", "by when it last changed", is_nullable=True),
        Order("edition", (Key("edition", number), Key("slug")), "by its newest ledger entry"),
    )
    filters = (
        named("prosecutor", "person__slug", "Made by one of these prosecutors."),
        named("office", "term__office__slug", "To be kept in one of these offices."),
        named(
            "jurisdiction",
            "term__office__jurisdiction__slug",
            "To be kept in one of these jurisdictions.",
        ),
        named("term", "term__slug", "To be kept in one of these terms."),
        under_topic("topic", "Under one of these topics, or of those below them."),
        _choice("kind", Kind.values, "Of one of these kinds."),
        _choice("origin", Origin.values, "Made in one of these places."),
        _choice("status", Status.values, "With one of these ratings."),
        Filter("stale", Flag(), "That may be out of date today, or may not.", narrow=_stale),
        Filter(
            "stale_reason",
            Several(OneOf(tuple(reason.value for reason in PUBLIC))),
            "That may be out of date today for one of these reasons.",
            narrow=_stale_for,
        ),
        Filter("made_after", Day(), "Made on this day or later.", narrow=by("made_on__gte")),
        Filter("made_before", Day(), "Made on this day or before.", narrow=by("made_on__lte")),
        Filter(
            "updated_since",
            Moment(),
            "Changed at this moment or later.",
            narrow=by("updated_at__gte"),
        ),
        words_in(
            "title",
            "statement",
            "quote",
            "person__name",
            about="title, statement, quote or the name of the prosecutor",
            answering=Pledge.objects.answering,
        ),
    )

    @classmethod
    def list_parameters(cls) -> list[Parameter]:
        """Return every parameter of the list."""
        return [AS_OF, *super().list_parameters()]

    @classmethod
    def detail_parameters(cls) -> list[Parameter]:
        """Return every parameter of the detail."""
        return [AS_OF, *super().detail_parameters()]

    def rows(self) -> Any:
        """Return public pledges of public people."""
        return Pledge.objects.published()

    def mark(self, request: Request) -> None:
        """A past day shows the flags that were open on it."""
        if "as_of" in request.query_params:
            shows_work(request)

    def page(self, asked: Mapping[str, Any], order: Order, today: date) -> Page:
        """Read a page of the present, or of a past day."""
        day = _past_day(asked, today)
        if day is None:
            return super().page(asked, order, today)
        rows = rows_as_of(asked, day)
        return self.read_page(rows, PledgeAsOfSerializer, asked, order, day)

    def found(self, asked: Mapping[str, Any], today: date, **parts: str) -> Values:
        """Read one pledge of the present, or of a past day. Raises Http404."""
        day = _past_day(asked, today)
        if day is None:
            return super().found(asked, today, **parts)
        present_only = set(asked.get("fields", ())) - set(PledgeSerializer().fields)
        if present_only:
            raise bad_value(
                "as_of", day.isoformat(), f"Not with {', '.join(sorted(present_only))}."
            )
        return self.read_one(named_on(day).filter(**parts), PledgeAsOfSerializer, asked, day)
