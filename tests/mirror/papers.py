"""What hands do to evidence, copies of it, and requests for records."""

from datetime import date, timedelta

from promises.captures.deciding import end_waiver, set_aside_capture, waive_capture
from promises.captures.models import Capture, CaptureWaiver
from promises.evidence.actions import (
    delete_evidence_link,
    publish_evidence,
    retract_evidence,
    save_evidence,
    save_evidence_link,
)
from promises.evidence.models import Evidence, EvidenceLink
from promises.pledges.models import Pledge
from promises.record_requests.actions import (
    delete_request_document,
    publish_record_request,
    retract_record_request,
    save_record_request,
    save_records_law,
    save_request_document,
    save_request_pledge,
)
from promises.record_requests.models import (
    RecordRequest,
    RecordsLaw,
    RequestDocument,
    RequestPledge,
)
from promises.record_requests.stages import acknowledge_request, answer_request, extend_request
from promises.updates.correcting import correct_evidence
from tests import record
from tests.mirror.hands import Deed, Hand


def draft_evidence(hand: Hand) -> None:
    record.draft_evidence(by=hand.by, now=hand.now(), title=hand.word())


def publish_a_piece(hand: Hand) -> None:
    drafts = Evidence.objects.filter(state="draft")
    publish_evidence(evidence=hand.pick(drafts), by=hand.by, now=hand.now())


def edit_evidence(hand: Hand) -> None:
    piece = hand.pick(Evidence.objects.all())
    piece.checked = hand.chance.choice(["excerpt", "computed", "unconfirmed"])
    save_evidence(evidence=piece, by=hand.by, now=hand.now())


def reword_evidence(hand: Hand) -> None:
    piece = hand.pick(Evidence.objects.published())
    piece.summary, piece.url = hand.word(), f"https://news.example.org/{hand.slug('page')}"
    correct_evidence(evidence=piece, kind="typo", note="A slip.", by=hand.by, now=hand.now())


def withdraw_evidence(hand: Hand) -> None:
    piece = hand.pick(Evidence.objects.published())
    retract_evidence(evidence=piece, reason=hand.word(), by=hand.by, now=hand.now())


def link(hand: Hand) -> None:
    made = EvidenceLink(
        pledge=hand.pick(Pledge.objects.all()),
        evidence=hand.pick(Evidence.objects.all()),
        stance=hand.chance.choice(["supports", "contradicts", "context"]),
    )
    save_evidence_link(link=made, by=hand.by, now=hand.now())


def edit_link(hand: Hand) -> None:
    made = hand.pick(EvidenceLink.objects.all())
    made.note = hand.word()
    save_evidence_link(link=made, by=hand.by, now=hand.now())


def unlink(hand: Hand) -> None:
    made = hand.pick(EvidenceLink.objects.all())
    delete_evidence_link(link=made, reason="A slip.", by=hand.by, now=hand.now())


def keep_copy(hand: Hand) -> None:
    piece = hand.pick(Evidence.objects.all())
    record.copy_of(piece, by=hand.by, now=hand.now(), text=hand.word())


def set_copy_aside(hand: Hand) -> None:
    capture = hand.pick(Capture.objects.good())
    set_aside_capture(capture=capture, reason="Blurred.", by=hand.by, now=hand.now())


def waive(hand: Hand) -> None:
    piece = hand.pick(Evidence.objects.all())
    waive_capture(evidence=piece, reason=hand.word(), by=hand.by, now=hand.now())


def end_a_waiver(hand: Hand) -> None:
    waiver = hand.pick(CaptureWaiver.objects.in_force())
    end_waiver(evidence=waiver.evidence, by=hand.by, now=hand.now())


def save_law(hand: Hand) -> None:
    law = RecordsLaw.objects.first() or RecordsLaw(
        slug="law", name="Example Act", citation="Example Code 1", state="PA", answer_days=10
    )
    law.note = hand.word()
    save_records_law(law=law, by=hand.by, now=hand.now())


def ask(hand: Hand) -> None:
    """A request about a pledge that may not be public, or not any more."""
    pledge = hand.pick(Pledge.objects.filter(term__isnull=False))
    draft = RecordRequest(
        slug=hand.slug("request"),
        office=pledge.term.office,
        subject=hand.word(),
        filed_on=date(2026, 3, 2),
        filed_by="email",
        law=hand.pick(RecordsLaw.objects.all()),
    )
    draft = save_record_request(record_request=draft, by=hand.by, now=hand.now())
    about = RequestPledge(record_request=draft, pledge=pledge)
    save_request_pledge(link=about, by=hand.by, now=hand.now())


def ask_about(hand: Hand) -> None:
    """Also of one that is published, and perhaps hidden since its pledges are gone."""
    made = RequestPledge(
        record_request=hand.pick(RecordRequest.objects.all()),
        pledge=hand.pick(Pledge.objects.all()),
    )
    save_request_pledge(link=made, by=hand.by, now=hand.now())


def publish_a_request(hand: Hand) -> None:
    drafts = RecordRequest.objects.filter(state="draft")
    publish_record_request(record_request=hand.pick(drafts), by=hand.by, now=hand.now())


def acknowledge(hand: Hand) -> None:
    waiting = RecordRequest.objects.filter(acknowledged_on__isnull=True)
    on = date(2026, 3, 4)
    acknowledge_request(record_request=hand.pick(waiting), on=on, by=hand.by, now=hand.now())


def extend(hand: Hand) -> None:
    request = hand.pick(RecordRequest.objects.filter(answer_due_on__isnull=False))
    extend_request(
        record_request=request,
        announced_on=date(2026, 3, 5),
        due_on=request.answer_due_on + timedelta(days=7),
        reason=hand.word(),
        by=hand.by,
        now=hand.now(),
    )


def answer_request_of(hand: Hand) -> None:
    answer_request(
        record_request=hand.pick(RecordRequest.objects.filter(answered_on__isnull=True)),
        on=date(2026, 3, 9),
        outcome="granted",
        answer=hand.word(),
        not_recorded="",
        by=hand.by,
        now=hand.now(),
    )


def file_document(hand: Hand) -> None:
    made = RequestDocument(
        record_request=hand.pick(RecordRequest.objects.all()),
        evidence=hand.pick(Evidence.objects.all()),
    )
    save_request_document(link=made, by=hand.by, now=hand.now())


def unfile_document(hand: Hand) -> None:
    made = hand.pick(RequestDocument.objects.all())
    delete_request_document(link=made, reason="A slip.", by=hand.by, now=hand.now())


def withdraw_request(hand: Hand) -> None:
    request = hand.pick(RecordRequest.objects.published())
    retract_record_request(record_request=request, reason="Wrong.", by=hand.by, now=hand.now())


DEEDS = (
    Deed(draft_evidence, 8), Deed(publish_a_piece, 7), Deed(edit_evidence), Deed(reword_evidence),
    Deed(withdraw_evidence, 1), Deed(link, 8), Deed(edit_link), Deed(unlink, 1), Deed(keep_copy),
    Deed(set_copy_aside, 1), Deed(waive), Deed(end_a_waiver, 1), Deed(save_law, 1), Deed(ask, 6),
    Deed(ask_about), Deed(publish_a_request, 6), Deed(acknowledge, 2), Deed(extend, 3),
    Deed(answer_request_of, 1), Deed(file_document, 6), Deed(unfile_document, 1),
    Deed(withdraw_request, 1),
)  # fmt: skip
