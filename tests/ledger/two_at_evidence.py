"""Two who write of evidence, pledges and requests in one moment."""

from datetime import date

from promises.accounts.models import User
from promises.captures.deciding import waive_capture
from promises.evidence.actions import (
    add_result_report_source,
    delete_evidence_link,
    publish_evidence,
    save_evidence_link,
)
from promises.evidence.models import EvidenceLink, ResultReportSource
from promises.officials.actions import save_official_record
from promises.officials.models import ResultReport
from promises.pledges.actions import publish_pledge, save_criterion
from promises.pledges.models import Criterion, Pledge
from promises.record_requests.actions import (
    delete_request_pledge,
    publish_record_request,
    save_record_request,
    save_request_document,
    save_request_pledge,
)
from promises.record_requests.models import RecordRequest, RequestDocument, RequestPledge
from promises.record_requests.stages import extend_request
from promises.updates.actions import (
    approve_status_update,
    publish_status_update,
    submit_status_update,
)
from promises.updates.models import Citation, Response
from promises.updates.responding import publish_response, save_response
from tests import record
from tests.ledger.two_at_officials import Two, election
from tests.record import NOW


def link_evidence(by: User) -> Two:
    piece = record.draft_evidence(by=by)
    link = EvidenceLink(pledge=record.pledge(by=by), evidence=piece, stance="supports")
    return (
        lambda: save_evidence_link(link=link, by=by, now=NOW),
        lambda: publish_evidence(evidence=piece, by=by, now=NOW),
    )


def unlink_evidence(by: User) -> Two:
    piece = record.draft_evidence(by=by)
    link = EvidenceLink(pledge=record.pledge(by=by), evidence=piece, stance="supports")
    link = save_evidence_link(link=link, by=by, now=NOW)
    return (
        lambda: delete_evidence_link(link=link, reason="A slip.", by=by, now=NOW),
        lambda: publish_evidence(evidence=piece, by=by, now=NOW),
    )


def link_evidence_to_a_draft(by: User) -> Two:
    piece = record.evidence(by=by, about=record.pledge(by=by))
    draft = record.draft_pledge(by=by)
    link = EvidenceLink(pledge=draft, evidence=piece, stance="supports")
    return (
        lambda: save_evidence_link(link=link, by=by, now=NOW),
        lambda: publish_pledge(pledge=draft, by=by, now=NOW),
    )


def add_a_criterion(by: User) -> Two:
    draft = record.draft_pledge(by=by)
    criterion = Criterion(pledge=draft, position=2, aspect="letter", text="It is done well.")
    return (
        lambda: save_criterion(criterion=criterion, by=by, now=NOW),
        lambda: publish_pledge(pledge=draft, by=by, now=NOW),
    )


def name_where_votes_were_read(by: User) -> Two:
    piece = record.draft_evidence(by=by)
    report = ResultReport(election=election(by), position=1, as_of="that night", status="partial")
    report = save_official_record(record=report, by=by, now=NOW)
    source = ResultReportSource(result_report=report, evidence=piece)
    return (
        lambda: add_result_report_source(source=source, by=by, now=NOW),
        lambda: publish_evidence(evidence=piece, by=by, now=NOW),
    )


def cite(by: User) -> Two:
    """A rating is published that rests on two pieces of evidence, one of them still a draft."""
    pledge, second = record.pledge(by=by), record.draft_evidence(by=by)
    update = record.draft_update(by=by, of=pledge)
    Citation.objects.create(status_update=update, evidence=second, position=2)
    update = submit_status_update(update=update, by=by, now=NOW)
    approve_status_update(update=update, by=record.user(), now=NOW)
    return (
        lambda: publish_status_update(update=update, by=by, now=NOW),
        lambda: publish_evidence(evidence=second, by=by, now=NOW),
    )


def reply(by: User) -> Two:
    """A reply is published that was taken from evidence still a draft."""
    pledge, piece = record.pledge(by=by), record.draft_evidence(by=by)
    response = Response(
        slug="reply", pledge=pledge, evidence=piece, said_by="Jane Example", text="It was done.",
        date_precision="unknown",
    )  # fmt: skip
    response = save_response(response=response, by=by, now=NOW)
    return (
        lambda: publish_response(response=response, by=by, now=NOW),
        lambda: publish_evidence(evidence=piece, by=by, now=NOW),
    )


def do_without_a_copy(by: User) -> Two:
    piece = record.draft_evidence(by=by)
    return (
        lambda: waive_capture(evidence=piece, reason="It is a paper.", by=by, now=NOW),
        lambda: publish_evidence(evidence=piece, by=by, now=NOW),
    )


def keep_a_copy(by: User) -> Two:
    piece = record.draft_evidence(by=by)
    return (
        lambda: record.copy_of(piece, by=by),
        lambda: publish_evidence(evidence=piece, by=by, now=NOW),
    )


def draft_request(by: User, about: Pledge) -> RecordRequest:
    draft = RecordRequest(
        slug="request", office=about.term.office, subject="Files", filed_on=date(2026, 2, 2),
        filed_by="email", statute="Example Code 1", due_basis="entered",
        due_by_law_on=date(2026, 2, 20),
    )  # fmt: skip
    draft = save_record_request(record_request=draft, by=by, now=NOW)
    link = RequestPledge(record_request=draft, pledge=about)
    save_request_pledge(link=link, by=by, now=NOW)
    return draft


def ask_about_one_more(by: User) -> Two:
    draft = draft_request(by, record.pledge(by=by))
    link = RequestPledge(record_request=draft, pledge=record.pledge(by=by))
    return (
        lambda: save_request_pledge(link=link, by=by, now=NOW),
        lambda: publish_record_request(record_request=draft, by=by, now=NOW),
    )


def ask_about_one_less(by: User) -> Two:
    draft = draft_request(by, record.pledge(by=by))
    link = RequestPledge(record_request=draft, pledge=record.pledge(by=by))
    link = save_request_pledge(link=link, by=by, now=NOW)
    return (
        lambda: delete_request_pledge(link=link, by=by, now=NOW),
        lambda: publish_record_request(record_request=draft, by=by, now=NOW),
    )


def ask_about_a_draft(by: User) -> Two:
    pledge = record.draft_pledge(by=by)
    draft = draft_request(by, record.pledge(by=by))
    publish_record_request(record_request=draft, by=by, now=NOW)
    link = RequestPledge(record_request=draft, pledge=pledge)
    return (
        lambda: save_request_pledge(link=link, by=by, now=NOW),
        lambda: publish_pledge(pledge=pledge, by=by, now=NOW),
    )


def file_a_document(by: User) -> Two:
    draft, piece = draft_request(by, record.pledge(by=by)), record.draft_evidence(by=by)
    publish_record_request(record_request=draft, by=by, now=NOW)
    link = RequestDocument(record_request=draft, evidence=piece)
    return (
        lambda: save_request_document(link=link, by=by, now=NOW),
        lambda: publish_evidence(evidence=piece, by=by, now=NOW),
    )


def file_it_with_a_draft(by: User) -> Two:
    pledge = record.pledge(by=by)
    draft, piece = draft_request(by, pledge), record.evidence(by=by, about=pledge)
    link = RequestDocument(record_request=draft, evidence=piece)
    return (
        lambda: save_request_document(link=link, by=by, now=NOW),
        lambda: publish_record_request(record_request=draft, by=by, now=NOW),
    )


def take_longer(by: User) -> Two:
    draft = draft_request(by, record.pledge(by=by))
    return (
        lambda: extend_request(
            record_request=draft, announced_on=date(2026, 2, 10), due_on=date(2026, 3, 20),
            reason="Much to read.", by=by, now=NOW,
        ),
        lambda: publish_record_request(record_request=draft, by=by, now=NOW),
    )  # fmt: skip


ALL = [
    link_evidence, unlink_evidence, link_evidence_to_a_draft, add_a_criterion,
    name_where_votes_were_read, cite, reply, do_without_a_copy, keep_a_copy, ask_about_one_more,
    ask_about_one_less, ask_about_a_draft, file_a_document, file_it_with_a_draft, take_longer,
]  # fmt: skip
