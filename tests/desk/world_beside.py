"""What the newsroom, strangers and the sweep keep beside a record, for the tests of roles."""

from datetime import timedelta
from typing import Any

from promises.accounts.models import ApiKey, SecurityEvent, User
from promises.alerts.models import Subscriber
from promises.discovery.models import Feed
from promises.newsroom.actions import assign, comment_on, plan_publication, set_embargo
from promises.outbox.models import Delivery
from promises.pledges.models import GeneralTerm, Pledge
from promises.record_requests.models import RecordsLaw
from promises.sources.models import Source
from promises.staleness.models import Lapse, ReviewPolicy, Watched
from promises.staleness.policies import save_review_policy
from promises.webhooks.models import Endpoint
from tests import record


def beside(author: User, public: Pledge, draft: Pledge) -> dict[str, Any]:
    """Return a row of each kind about a public pledge and about a draft."""
    given, later = {"by": author, "now": record.NOW}, record.NOW + timedelta(days=2)
    assert public.term is not None
    place = ReviewPolicy(jurisdiction=public.term.office.jurisdiction, days_in_term=30)
    return {
        "newsroom.Comment": comment_on(item=draft, text="Which memo?", **given),
        "newsroom.Assignment": assign(
            item=draft, to=author, task="review", due_on=later.date(), note="", **given
        ),
        "newsroom.Embargo": set_embargo(item=draft, ends_at=later, reason="Agreed.", **given),
        "newsroom.PlannedPublication": plan_publication(item=draft, publish_at=later, **given),
        **_copies(public),
        "sources.Source": Source.objects.filter(evidence__links__pledge=public).earliest("pk"),
        "pledges.GeneralTerm": GeneralTerm.objects.latest("pk"),
        "pledges.PledgeTranslation": public.translations.get(),
        "discovery.Candidate": public.candidates.get(),
        "discovery.Feed": Feed.objects.latest("pk"),
        "record_requests.RecordRequest": public.record_requests.get(),
        "record_requests.RecordsLaw": RecordsLaw.objects.latest("pk"),
        "suggestions.Challenge": public.challenges.get(),
        "suggestions.Suggestion": public.suggestions.get(),
        "staleness.ReviewPolicy": save_review_policy(policy=place, **given),
        "staleness.ReviewBy": public.review_by,
        "staleness.MetricLimit": public.metric_limits.get(),
        "staleness.Watched": Watched.objects.get(pledge=public),
        "staleness.Lapse": Lapse.objects.latest("pk"),
        "accounts.ApiKey": ApiKey.objects.latest("pk"),
        "accounts.SecurityEvent": SecurityEvent.objects.earliest("pk"),
        "alerts.Subscriber": Subscriber.objects.latest("pk"),
        "webhooks.Endpoint": Endpoint.objects.latest("pk"),
        "outbox.Delivery": Delivery.objects.earliest("pk"),
    }


def _copies(public: Pledge) -> dict[str, Any]:
    """Return a wish for a copy, a waiver and a stored file of the evidence of a pledge."""
    piece = public.evidence.exclude(capture_waivers=None).get()
    kept = piece.captures.good().get()
    return {
        "captures.Capture": piece.captures.waiting().get(),
        "captures.CaptureWaiver": piece.capture_waivers.get(),
        "captures.StoredFile": kept.body,
    }
