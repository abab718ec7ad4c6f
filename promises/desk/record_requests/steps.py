"""The steps of a request for records: into the open, and what comes of it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.desk.record_requests.forms import (
    AppealForm,
    DayForm,
    DecisionForm,
    ExtensionForm,
    OutcomeOfRequestForm,
)
from promises.desk.saving.forms import ReasonForm
from promises.desk.saving.steps import Step, each
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.record_requests import actions, stages
from promises.record_requests.choices import Stage
from promises.record_requests.models import RecordRequest, RequestPledge


def _pledges(records: Sequence[RecordRequest]) -> Iterable[int]:
    rows = RequestPledge.objects.filter(record_request__in=records)
    return rows.values_list("pledge_id", flat=True)


def _stands(*stages: Stage) -> Any:
    """Return whether to offer a step: where the request is public and stands at one of these."""

    def is_offered(record: RecordRequest, _person: User) -> bool:
        return record.state == State.PUBLISHED and record.stage in stages

    return is_offered


BEFORE_READERS = (
    Step(
        name="publish",
        label=_("Publish"),
        explains=_("Readers find it on the pages of its pledges, with the day an answer is due."),
        done=_("Published"),
        act=each(actions.publish_record_request, "record_request"),
        is_offered=lambda record, _user: record.state in {State.DRAFT, State.IN_REVIEW},
        pledges=_pledges,
    ),
    Step(
        name="return",
        label=_("Send back"),
        explains=_("It becomes a draft again."),
        done=_("Sent back"),
        act=each(editorial.send_back, "record"),
        is_offered=lambda record, _user: record.state == State.IN_REVIEW,
    ),
    Step(
        name="retract",
        label=_("Retract"),
        explains=_("It is withdrawn from the public for good. The reason stays."),
        done=_("Retracted"),
        act=each(actions.retract_record_request, "record_request"),
        asks=ReasonForm,
        is_offered=lambda record, _user: record.state == State.PUBLISHED,
        pledges=_pledges,
    ),
)
WHAT_CAME = (
    Step(
        name="acknowledge",
        label=_("Acknowledged"),
        explains=_("The office confirmed that it has the request. The clock runs on."),
        done=_("Acknowledged"),
        act=each(stages.acknowledge_request, "record_request"),
        asks=DayForm,
        is_offered=lambda record, person: (
            _stands(Stage.WAITING)(record, person) and record.acknowledged_on is None
        ),
        pledges=_pledges,
    ),
    Step(
        name="extend",
        label=_("Extended"),
        explains=_("The office takes longer. The day of the law stays visible beside the new one."),
        done=_("Extended"),
        act=each(stages.extend_request, "record_request"),
        asks=ExtensionForm,
        is_offered=_stands(Stage.WAITING),
        pledges=_pledges,
    ),
    Step(
        name="answer",
        label=_("Answered"),
        explains=_("The clock stops. Documents that came are added below as evidence."),
        done=_("Answered"),
        act=each(stages.answer_request, "record_request"),
        asks=OutcomeOfRequestForm,
        is_offered=_stands(Stage.WAITING),
        pledges=_pledges,
    ),
    Step(
        name="appeal",
        label=_("Appealed"),
        explains=_("Against an answer, or because none came. A clock of its own starts."),
        done=_("Appealed"),
        act=each(stages.appeal_request, "record_request"),
        asks=AppealForm,
        is_offered=_stands(Stage.WAITING, Stage.ANSWERED),
        pledges=_pledges,
    ),
    Step(
        name="decide",
        label=_("Appeal decided"),
        explains=_("The clock stops."),
        done=_("Appeal decided"),
        act=each(stages.decide_appeal, "record_request"),
        asks=DecisionForm,
        is_offered=_stands(Stage.APPEALED),
        pledges=_pledges,
    ),
    Step(
        name="withdraw",
        label=_("Taken back by us"),
        explains=_("We do not wait for an answer any more. The clock stops."),
        done=_("Taken back"),
        act=each(stages.withdraw_request, "record_request"),
        asks=DayForm,
        is_offered=_stands(Stage.WAITING, Stage.APPEALED),
        pledges=_pledges,
    ),
)
