"""A record in which one of every kind of thing is hidden, each with the same secret in it."""

from datetime import timedelta

from django.conf import settings

from promises.accounts.models import User
from promises.evidence.actions import publish_evidence, retract_evidence, save_evidence_link
from promises.evidence.models import Evidence, EvidenceLink, ResultReportSource
from promises.metrics.actions import add_observation, save_metric
from promises.metrics.models import Metric, MetricPledge, Observation
from promises.officials.actions import save_official_record
from promises.officials.models import Candidacy, Person
from promises.pledges.actions import retract_pledge
from promises.pledges.models import Pledge, PledgeTranslation
from promises.pledges.translating import (
    publish_translation,
    retract_translation,
    save_translation,
)
from promises.record_requests.actions import (
    retract_record_request,
    save_request_document,
    save_request_pledge,
)
from promises.record_requests.models import RecordRequest, RequestDocument, RequestPledge
from promises.staleness.actions import sweep_stale
from promises.staleness.models import StaleFlag
from promises.suggestions.actions import answer_challenge, link_outcome, mark_as_spam, take_up
from promises.suggestions.suggesting import set_suggestion_aside
from promises.updates.actions import retract_status_update, submit_status_update
from promises.updates.correcting import correct_evidence, correct_pledge, correct_status_update
from promises.updates.models import Response
from promises.updates.responding import save_response
from tests import record
from tests.record import NOW, assign_flag, record_review, snooze_flag
from tests.record_requests.filed import draft_request, request
from tests.site import whole
from tests.suggestions.challenged import challenge
from tests.suggestions.suggested import suggestion

# In every hidden text, and in no public one.
SECRET = "quillfeather"
LATER = NOW + timedelta(days=400)


def hidden_record(author: User) -> Pledge:
    """A public pledge of which everything is known, surrounded by all that is not public."""
    topic = record.topic(by=author, parent=record.topic(by=author))
    pledge = whole.pledge(by=author, topic=topic)
    _hidden_people(author, pledge)
    _hidden_pledges(author, pledge)
    _hidden_evidence(author, pledge)
    _hidden_updates(author, pledge)
    _hidden_figures_and_replies(author, pledge)
    _hidden_senders(author, pledge)
    _hidden_requests(author, pledge)
    _hidden_translations(author, pledge)
    _hidden_work_of_the_desk(author)
    return pledge


def _hidden_people(author: User, pledge: Pledge) -> None:
    """A draft successor who also stood in the election, and a draft person with pledges."""
    assert pledge.term is not None
    heir = whole.successor(by=author, term=pledge.term, is_published=False, name=f"{SECRET} heir")
    election = pledge.person.candidacies.get().election
    stood = Candidacy(election=election, person=heir, party=f"{SECRET} party")
    save_official_record(record=stood, by=author, now=NOW)
    term = record.term(by=author, note=f"{SECRET} note of a term")
    held = record.pledge(by=author, of=term, title=f"{SECRET} pledge of a hidden person")
    whole.imported_update(by=author, of=held, reasoning=f"{SECRET} rating of a hidden person")
    record_review(pledge=held, note=f"{SECRET} review of a hidden person", by=author, now=NOW)
    held.title = f"{SECRET} other title"
    correct_pledge(pledge=held, kind="typo", note=f"{SECRET} correction", by=author, now=NOW)
    whole.election(by=author, of=term.person, source=held.evidence.get(), note=f"{SECRET} vote")
    also = record.pledge(by=author, of=term, title=f"{SECRET} withdrawn")
    retract_pledge(pledge=also, reason="She never said it.", by=author, now=NOW)
    record.withdrawn_person(person=term.person, by=author)
    Person.objects.filter(pk=term.person_id).update(name=f"{SECRET} person")


def _hidden_pledges(author: User, pledge: Pledge) -> None:
    """A draft and a withdrawn pledge of the public person, on the public topic."""
    same = {"of": pledge.term, "topic": pledge.topic, "title": f"{SECRET} pledge"}
    draft = record.draft_pledge(by=author, statement=f"{SECRET} draft", **same)
    withdrawn = record.pledge(by=author, quote=f"{SECRET}", quote_attribution="x", **same)
    record.published_update(by=author, of=withdrawn, reasoning=f"{SECRET} rating")
    record_review(pledge=withdrawn, note=f"{SECRET} review", by=author, now=NOW)
    article = record.draft_evidence(by=author, slug=settings.FOUNDING_DOCUMENT)
    for hidden in (draft, withdrawn):
        MetricPledge.objects.create(metric=pledge.metrics.get(), pledge=hidden)
        link = EvidenceLink(pledge=hidden, evidence=article, stance="context", is_source=True)
        save_evidence_link(link=link, by=author, now=NOW)
    publish_evidence(evidence=article, by=author, now=NOW)
    retract_pledge(pledge=withdrawn, reason="It was never said.", by=author, now=NOW)


def _hidden_evidence(author: User, pledge: Pledge) -> None:
    """Draft evidence, and evidence withdrawn after it was cited, corrected and read from."""
    draft = record.draft_evidence(
        by=author, title=f"{SECRET} draft evidence", publisher=f"{SECRET} publisher"
    )
    link = EvidenceLink(pledge=pledge, evidence=draft, stance="supports", note=f"{SECRET} link")
    save_evidence_link(link=link, by=author, now=NOW)
    report = pledge.person.candidacies.filter(is_winner=True).get().election.result_reports.last()
    assert report is not None
    ResultReportSource.objects.create(result_report=report, evidence=draft)
    gone = record.evidence(by=author, about=pledge, title=f"{SECRET} withdrawn evidence")
    record.published_update(by=author, of=pledge, cited=gone, status="stalled")
    gone.summary = f"{SECRET} summary"
    correct_evidence(evidence=gone, kind="update", note=f"{SECRET} why", by=author, now=NOW)
    ResultReportSource.objects.create(result_report=report, evidence=gone)
    reply = Response.objects.get(pledge=pledge)
    Response.objects.filter(pk=reply.pk).update(evidence=gone)
    retract_evidence(evidence=gone, reason="It was a forgery.", by=author, now=NOW)


def _hidden_updates(author: User, pledge: Pledge) -> None:
    """A draft, one in review, and one withdrawn after a correction of it."""
    record.draft_update(by=author, of=pledge, reasoning=f"{SECRET} draft rating")
    waiting = record.draft_update(by=author, of=pledge, reasoning=f"{SECRET} rating in review")
    submit_status_update(update=waiting, by=author, now=NOW)
    gone = record.published_update(by=author, of=pledge, reasoning=f"{SECRET} withdrawn rating")
    correct_status_update(
        update=gone, new_text=f"{SECRET} text", kind="typo", note=SECRET, by=author, now=NOW
    )
    retract_status_update(update=gone, reason="It was misread.", by=author, now=NOW)


def _hidden_figures_and_replies(author: User, pledge: Pledge) -> None:
    """A draft metric with a value, and a draft reply."""
    assert pledge.term is not None
    series = Metric(
        slug="hidden-metric",
        jurisdiction=pledge.term.office.jurisdiction,
        key="hidden",
        name=f"{SECRET} metric",
        unit="cases",
    )
    series = save_metric(metric=series, by=author, now=NOW)
    MetricPledge.objects.create(metric=series, pledge=pledge)
    value = Observation(
        metric=series,
        observed_on=NOW.date().replace(day=1),
        period="month",
        value=1,
        vintage_on=NOW.date(),
        source=f"{SECRET} source",
    )
    add_observation(observation=value, by=author, now=NOW)
    reply = Response(
        slug="hidden-response",
        pledge=pledge,
        said_by=f"{SECRET} speaker",
        text=f"{SECRET} reply",
        published_on=NOW.date(),
    )
    save_response(response=reply, by=author, now=NOW)


def _hidden_senders(author: User, pledge: Pledge) -> None:
    """What strangers wrote of the pledge: set aside, taken up, and answered with a draft."""
    words = {"explanation": f"{SECRET} words", "source_url": f"https://{SECRET}.example.org/"}
    who = {"sender_name": f"{SECRET} name", "sender_email": f"{SECRET}@example.org"}
    one, two, three = (
        challenge(of=pledge, kind=kind, **words, **who)
        for kind in ("other", "source", "wrong_status")
    )
    suggestion(pledge=pledge, **words, **who)
    aside = suggestion(**words, **who)
    set_suggestion_aside(suggestion=aside, reason="We have it.", by=author, now=NOW)
    mark_as_spam(challenge=one, by=author, now=NOW)
    take_up(challenge=two, by=author, now=NOW)
    answer = {"is_accepted": True, "answer": "You are right.", "by": author, "now": NOW}
    answer_challenge(challenge=two, **answer)
    answer_challenge(challenge=three, **answer)
    draft = pledge.status_updates.filter(state="draft").first()
    link_outcome(challenge=three, update=draft, correction=None, by=author, now=NOW)


def _hidden_requests(author: User, pledge: Pledge) -> None:
    """A draft, one withdrawn, one of a hidden pledge; a hidden pledge and document of a public."""
    draft_request(by=author, about=pledge, subject=f"{SECRET} draft", note=f"{SECRET} note")
    gone = request(by=author, about=pledge, subject=f"{SECRET} withdrawn")
    retract_record_request(record_request=gone, reason="Sent twice.", by=author, now=NOW)
    hidden = Pledge.objects.filter(title__contains=SECRET, state="draft").earliest("pk")
    of_two = request(by=author, about=pledge)
    alone = draft_request(by=author, about=hidden, subject=f"{SECRET} of a hidden pledge")
    RecordRequest.objects.filter(pk=alone.pk).update(
        state="published", published_at=NOW, published_by=author
    )
    link = RequestPledge(record_request=of_two, pledge=hidden)
    save_request_pledge(link=link, by=author, now=NOW)
    paper = Evidence.objects.filter(title__contains=SECRET, state="draft").earliest("pk")
    document = RequestDocument(record_request=of_two, evidence=paper)
    save_request_document(link=document, by=author, now=NOW)


def _hidden_translations(author: User, pledge: Pledge) -> None:
    """A draft, and one withdrawn."""
    words = {"language": "es", "title": f"{SECRET} título", "statement": f"{SECRET} texto"}
    gone = PledgeTranslation(pledge=pledge, **words)
    gone = save_translation(translation=gone, by=author, now=NOW)
    gone = publish_translation(translation=gone, by=author, now=NOW)
    retract_translation(translation=gone, reason=f"{SECRET} reason", by=author, now=NOW)
    draft = PledgeTranslation(pledge=pledge, **words)
    save_translation(translation=draft, by=author, now=NOW)


def _hidden_work_of_the_desk(author: User) -> None:
    """Whose desk a stale pledge is on, why it is snoozed, and logins."""
    sweep_stale(by=author, now=LATER)
    desk = record.user(f"{SECRET}-desk", first_name=SECRET)
    for flag in StaleFlag.objects.open():
        assign_flag(flag=flag, to=desk, by=author, now=LATER)
        snooze_flag(
            flag=flag, until=LATER + timedelta(days=9), reason=f"{SECRET}", by=author, now=LATER
        )
