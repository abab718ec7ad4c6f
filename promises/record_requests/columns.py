"""What the public sees of requests for records."""

from promises.common.columns import Column, Table
from promises.record_requests.models import (
    Extension,
    RecordRequest,
    RecordsLaw,
    RequestDocument,
    RequestPledge,
)

RECORDS_LAWS = Table(
    name="records_laws",
    kind="records_law",
    model=RecordsLaw,
    key=("slug",),
    about="Laws on public records, and how long each gives an office to answer.",
    columns=(
        Column("slug", "Public name of the law."),
        Column("name", "Its name."),
        Column("citation", "Where it stands, with the section on time."),
        Column("state", "Two-letter postal code of the state."),
        Column("url", "Where it can be read."),
        Column("answer_days", "How many days it gives; empty where it names no number."),
        Column("days_counted", "Which days count."),
        Column("days_off", "Days off that do not count, one after another with commas."),
        Column("days_off_end_on", "Up to when the days off that do not count are listed."),
        Column("note", "What a reader should know about it."),
    ),
)
RECORD_REQUESTS = Table(
    name="record_requests",
    kind="record_request",
    model=RecordRequest,
    key=("slug",),
    about="Requests for public records that bear on pledges, and what came of them.",
    columns=(
        Column("slug", "Public name of the request."),
        Column("office", "The office it went to.", "office__slug"),
        Column("agency", "The agency it went to, where that is no office of this record."),
        Column("subject", "What was asked for, in our words."),
        Column("law", "The law it rests on.", "law__slug"),
        Column("statute", "The law it rests on, where that is not listed."),
        Column("filed_on", "When it was filed."),
        Column("filed_by", "By which way it was filed."),
        Column("reference", "The number the office gave it."),
        Column("due_basis", "Where the day comes from on which an answer is due."),
        Column("due_by_law_on", "The day by which the law wants an answer."),
        Column("answer_due_on", "The same after extensions.", is_derived=True),
        Column("acknowledged_on", "When the office confirmed that it has the request."),
        Column("answered_on", "When the office answered."),
        Column("outcome", "What it answered."),
        Column("answer", "The answer in our words."),
        Column("not_recorded", "What the office says it does not record."),
        Column("withdrawn_on", "When we took it back."),
        Column("appealed_on", "When we appealed."),
        Column("appealed_to", "Who decides the appeal."),
        Column("appeal_due_on", "When that decision is due."),
        Column("appeal_decided_on", "When it was decided."),
        Column("appeal_decision", "What was decided, in our words."),
        Column("next_due_on", "The day on which its clock runs out.", is_derived=True),
        Column("note", "What a reader should know about it."),
    ),
)
RECORD_REQUEST_PLEDGES = Table(
    name="record_request_pledges",
    kind="record_request_pledge",
    model=RequestPledge,
    key=("record_request", "pledge"),
    about="Which pledge each request for records is about.",
    columns=(
        Column("record_request", "The request.", "record_request__slug"),
        Column("pledge", "The pledge.", "pledge__slug"),
    ),
)
RECORD_REQUEST_DOCUMENTS = Table(
    name="record_request_documents",
    kind="record_request_document",
    model=RequestDocument,
    key=("record_request", "evidence"),
    about="Which evidence came of a request for records.",
    columns=(
        Column("record_request", "The request.", "record_request__slug"),
        Column("evidence", "The document that came.", "evidence__slug"),
    ),
)
RECORD_REQUEST_EXTENSIONS = Table(
    name="record_request_extensions",
    kind="record_request_extension",
    model=Extension,
    key=("record_request", "due_on"),
    about="Longer times that offices took, and why.",
    columns=(
        Column("record_request", "The request.", "record_request__slug"),
        Column("due_on", "The day by which the office now wants to answer."),
        Column("announced_on", "When it said so."),
        Column("reason", "The reason it gave."),
    ),
)
