"""Scorecards: how many pledges of each prosecutor stand where."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q
from rest_framework import serializers

from promises.api import addresses
from promises.api.paging import Key, Order
from promises.api.parameters import NAMES, Among, Filter, named
from promises.api.resource import Resource
from promises.api.rows import RowSerializer
from promises.common.canonical import plain
from promises.officials.models import Person, Term
from promises.pledges.choices import Kind, Status
from promises.pledges.models import Pledge
from promises.pledges.querysets.pledges import UNCONFIRMED
from promises.staleness.models import Due


def _empty() -> dict[str, Any]:
    return {
        "statuses": dict.fromkeys(Status.values, 0),
        "holding": 0,
        "provisional": 0,
        "stale": 0,
        "last_reviewed_at": None,
        "edition": 0,
    }


def _scores(ids: Collection[int], today: date) -> Mapping[int, Any]:
    """Return the counts of each person's public pledges, in two queries."""
    found = {pk: _empty() for pk in ids}
    pledges = Pledge.objects.published().filter(person__in=ids).order_by()
    in_term = Q(term__ends_on=None) | Q(term__ends_on__gt=today)
    counted = pledges.values("person", "status").annotate(
        pledges=Count("pk"),
        holding=Count("pk", in_term & Q(kind=Kind.STANDING, status=Status.IN_THE_WORKS)),
        provisional=Count("pk", UNCONFIRMED),
        last_reviewed_at=Max("last_reviewed_at"),
        edition=Max("edition"),
    )
    for group in counted:
        score = found[group["person"]]
        score["statuses"][group["status"]] = group["pledges"]
        score["holding"] += group["holding"]
        score["provisional"] += group["provisional"]
        score["edition"] = max(score["edition"], group["edition"])
        moments = [score["last_reviewed_at"], group["last_reviewed_at"]]
        score["last_reviewed_at"] = max(filter(None, moments), default=None)
    stale = Due.objects.stale_pledges(pledges, today).values("person")
    for person, number in stale.annotate(stale=Count("pk")).values_list("person", "stale"):
        found[person]["stale"] = number
    return found


def _score(name: str) -> tuple[str, Any]:
    """Return how one field follows from the counts of a person."""
    return "scores", lambda scores: plain(scores[name])


class StatusCountsSerializer(RowSerializer):
    """How many pledges have each rating."""

    not_yet_rated = serializers.IntegerField(help_text="Not yet rated.")
    in_the_works = serializers.IntegerField(help_text="In the works.")
    stalled = serializers.IntegerField(help_text="Stalled.")
    compromise = serializers.IntegerField(help_text="Ended in a compromise.")
    kept = serializers.IntegerField(help_text="Kept.")
    broken = serializers.IntegerField(help_text="Broken.")
    unratable = serializers.IntegerField(help_text="Worded too unclearly to rate.")


class ScorecardSerializer(RowSerializer):
    """How many pledges of one prosecutor stand where."""

    prosecutor = serializers.SlugField(source="slug", help_text="The prosecutor.")
    url = addresses.PageField("prosecutors", help_text="Address of the public page.")
    name = serializers.CharField(help_text="Name as commonly written.")
    pledges = serializers.IntegerField(help_text="Public pledges in all.")
    statuses = StatusCountsSerializer(help_text="How many have each rating.")
    holding = serializers.IntegerField(
        help_text="Of those in the works, standing pledges that have held so far: today their term"
        " is not over."
    )
    provisional = serializers.IntegerField(
        help_text="Whose rating was imported and not yet confirmed by two editors here."
    )
    stale = serializers.IntegerField(help_text="Which may be out of date today.")
    last_reviewed_at = serializers.DateTimeField(
        allow_null=True, help_text="When an editor last looked at any of them."
    )
    edition = serializers.IntegerField(
        help_text="Number of the newest ledger entry about any of them."
    )

    attached = {"scores": _scores}
    follows = {
        "pledges": ("scores", lambda scores: sum(scores["statuses"].values())),
        **{
            name: _score(name)
            for name in (
                "statuses", "holding", "provisional", "stale", "last_reviewed_at", "edition",
            )
        },
    }  # fmt: skip


class Scorecards(Resource):
    """How many pledges of each prosecutor stand where. It counts; it does not score."""

    section = "scorecards"
    serializer = ScorecardSerializer
    orders = (
        Order("prosecutor", (Key("slug"),), "by public name of the prosecutor"),
        Order("name", (Key("name"), Key("slug")), "by name"),
    )
    filters = (
        named("prosecutor", "slug", "Of these prosecutors."),
        Filter(
            "office",
            NAMES,
            "Of those who hold or held one of these offices.",
            narrow=Among(Term.objects.published, "office__slug__in", "person"),
        ),
        Filter(
            "jurisdiction",
            NAMES,
            "Of those who hold or held an office in one of these jurisdictions.",
            narrow=Among(Term.objects.published, "office__jurisdiction__slug__in", "person"),
        ),
    )
    route = "<slug:slug>"
    parts = {"slug": "Public name of the prosecutor."}

    def rows(self) -> Any:
        """Return public people with a term."""
        return Person.objects.published().prosecutors()
