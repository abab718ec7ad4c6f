"""Steps: what a person does to a record beside editing it: a button, a page, an action."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.csrf import csrf_protect

from promises.accounts.models import User
from promises.accounts.rights import right
from promises.desk.saving.as_read import (
    READ,
    carrying,
    changes_since,
    read_by,
    require_as_read,
    standing,
)
from promises.desk.saving.judging import left_to_others
from promises.desk.saving.once import DoneAlready, led_to, numbered, once
from promises.desk.saving.refusals import REFUSALS, spoken
from promises.pledges.actions import lock_pledges
from promises.pledges.models import Pledge

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    StockAdmin = ModelAdmin[Any]
else:
    StockAdmin = object


def each(action: Callable[..., Any], name: str) -> Callable[..., None]:
    """Return a step's act that hands every record to the action as its argument `name`."""

    def act(records: Iterable[Any], **given: Any) -> None:
        for record in records:
            action(**{name: record}, **given)

    return act


def no_pledges(records: Sequence[Any]) -> Iterable[int]:
    """Return the pledges that a step on these records locks: none."""
    return []


def editor(request: HttpRequest) -> User:
    """Return who is at the desk; the admin lets nobody else in."""
    assert isinstance(request.user, User)
    return request.user


@dataclass(frozen=True)
class Reach:
    """What a step shows beside its record: lines, each of which may lead to a page of the desk."""

    heading: str
    lines: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Step:
    """One step: its button, what its page says and asks, and the action behind it.

    `act(records, by=, now=, **answers)` does it for all records or, raising, for none.
    """

    name: str
    label: str | Promise
    explains: str | Promise
    done: str | Promise
    act: Callable[..., Any]
    asks: type[Form] = Form
    # Whether what the form offers depends on the records: it is told them by its method `about`.
    offers_by_record: bool = False
    # Whether to show the button; the action itself decides whether the step is allowed.
    is_offered: Callable[[Any, User], bool] = lambda record, person: True
    # Whether it judges an official: others take it where one has a conflict of interest.
    is_judgement: bool = False
    # Permissions beside the step's own, which is called after it: `publish_pledge`.
    needs: tuple[str, ...] = ()
    in_batch: bool = False
    # Whether its button stands below the page, in the discussion, instead of under the form.
    is_aside: bool = False
    # The heading of another box below the page, where its button has no place in the discussion.
    box: str | Promise = ""
    # Whether `act` writes many records in as many statements as one, and names all it refuses.
    is_set_based: bool = False
    # Where the answers start from.
    initial: Callable[[Any], dict[str, Any]] = lambda record: {}
    # What else it will reach, said before it is taken: a heading, and lines of (text, address).
    reaches: Callable[[Any], Reach | None] = lambda record: None
    # What it has left to do for these records, said after it was taken with these answers.
    leaves: Callable[[Sequence[Any], dict[str, Any]], str] = lambda records, answers: ""
    # The pledges it writes to, locked before anything else: pledges come before the ledger.
    pledges: Callable[[Sequence[Any]], Iterable[int]] = no_pledges
    # The pledge of a record that is judged whole: nothing public of it may have changed meanwhile.
    looks_at: Callable[[Any], Pledge | None] = lambda record: None

    def form(self, *given: Any, **more: Any) -> Form:
        """Return the form it asks with, which marks the labels of what must be answered."""
        form = self.asks(*given, **more)
        form.required_css_class = "required"  # type: ignore[attr-defined]
        return form


class WithSteps(StockAdmin):
    """An admin whose records have steps."""

    steps: ClassVar[Sequence[Step]] = ()

    def get_urls(self) -> list[URLPattern]:
        """Add the page of every step."""
        view = self.admin_site.admin_view(csrf_protect(self.step_view))
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        return [path("<path:object_id>/step/<slug:name>/", view, name=name), *super().get_urls()]

    def name_of(self, record: Any) -> str:
        """Return how choices, autocompletes and steps name a record."""
        return str(record)

    def may_take(self, request: HttpRequest, step: Step) -> bool:
        """Tell whether this person has the permissions of a step."""
        return editor(request).has_perms([right(self.opts.label, step.name), *step.needs])

    def steps_for(self, request: HttpRequest, record: Any) -> list[tuple[Step, str]]:
        """Return the steps to offer on a record's page, each with its address."""
        offered = [
            step
            for step in self.steps
            if self.may_take(request, step) and step.is_offered(record, editor(request))
        ]
        if any(step.is_judgement for step in offered) and self.conflict(request, record):
            offered = [step for step in offered if not step.is_judgement]
        return [(step, self.step_address(step, record)) for step in offered]

    def officials_of(self, record: Any) -> Iterable[int]:
        """Return the ids of the officials whom a step on this record may judge."""
        return []

    def conflict(self, request: HttpRequest, record: Any) -> str:
        """Return why others judge what this record says, or ""; the panel of the page says it."""
        return left_to_others(self.officials_of(record), editor(request))

    def step_named(self, name: str | None) -> Step | None:
        """Return the step of that name, if there is one."""
        return next((step for step in self.steps if step.name == name), None)

    def step_address(
        self, step: Step, record: Any, looked_at: Mapping[str, str] = MappingProxyType({})
    ) -> str:
        """Return the address of a step's page, which carries what its reader has seen.

        `looked_at` is what the page carried from which its reader comes.
        """
        view = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_step"
        address = reverse(view, args=[record.pk, step.name])
        if step.is_aside:
            return address
        stands = standing(record, step.looks_at(record))
        seen = {name: mark for name, mark in looked_at.items() if name in stands}
        return carrying(address, stands | seen)

    def looked_at(self, request: HttpRequest, record: Any) -> dict[str, str]:
        """Return what a record's page carries of the pledge that one of its steps looks at.

        A page that is sent back with what was wrong says what its reader saw first.
        """
        pledges = filter(None, (step.looks_at(record) for step in self.steps))
        shown = standing(None, next(pledges, None))
        return {name: request.POST.get(name, mark) for name, mark in shown.items()}

    def step_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Ask what a step on one record needs to know, and take it."""
        step = self.step_named(name)
        if step is None:
            raise Http404
        if not self.may_take(request, step):
            raise PermissionDenied
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        view = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_change"
        back = reverse(view, args=[record.pk])
        return self.ask(request, step, record, back)

    def ask(self, request: HttpRequest, step: Step, record: Any, back: str) -> HttpResponse:
        """Show the page of a step, or take it and go back. A refusal changes nothing."""
        if not self.may_take(request, step):
            raise PermissionDenied
        is_answered = request.method == "POST"
        form = step.form(
            request.POST if is_answered else None,
            request.FILES if is_answered else None,
            initial={**step.initial(record), **self.typed_before(request, step, record)},
        )
        if step.offers_by_record:
            form.about([record])  # type: ignore[attr-defined]
        read, carried = read_by(request, standing(record, step.looks_at(record)))
        if is_answered and form.is_valid():
            try:
                with once(request) as is_done:
                    self._take(request, step, record, form.cleaned_data, read, timezone.now())
                    is_done(back)
            except DoneAlready as done:
                return led_to(request, done)
            except REFUSALS as error:
                form.add_error(None, list(spoken(error).messages))
                record = self.get_object(request, str(record.pk)) or record
                carried = standing(record, step.looks_at(record))
            else:
                self.message_user(request, f"{step.done}: {record}", messages.SUCCESS)
                self.say_what_is_left(request, step, [record], form.cleaned_data)
                return HttpResponseRedirect(back)
        # Shown beside the answers: what is sent next is sent by someone who has read it.
        since = changes_since(self.admin_site, request, record, read.get(READ, ""))
        shown = {"form": form, "back": back, "since": since, "read": carried}
        return TemplateResponse(
            request, "admin/step.html", shown | self._page_of(request, step, record)
        )

    def _page_of(self, request: HttpRequest, step: Step, record: Any) -> dict[str, Any]:
        """Return what the page of a step shows whatever was answered."""
        return {
            **self.admin_site.each_context(request),
            "title": step.label,
            "step": step,
            "record": self.name_of(record),
            "reach": step.reaches(record),
            "number": numbered(),
            "opts": self.opts,
            "media": self.media,
            **self.kept_answers(request, step, record),
        }

    def typed_before(self, request: HttpRequest, step: Step, record: Any) -> dict[str, Any]:
        """Return the unsaved answers that this page is asked to take up."""
        return {}

    def kept_answers(self, request: HttpRequest, step: Step, record: Any) -> dict[str, Any]:
        """Return what the page needs to keep its answers, and to offer those kept before."""
        return {}

    def forget_typed(self, request: HttpRequest, step: Step, record: Any) -> None:
        """Forget what was kept of the answers that were just sent."""

    def _take(
        self,
        request: HttpRequest,
        step: Step,
        record: Any,
        answers: dict[str, Any],
        read: Mapping[str, str],
        now: datetime,
    ) -> None:
        """Take a step in the caller's transaction, and keep it in the log."""
        person = editor(request)
        lock_pledges(step.pledges([record]))
        if not step.is_aside:
            require_as_read(record, read, step.looks_at(record))
        step.act([record], by=person, now=now, **answers)
        self.forget_typed(request, step, record)
        keep_in_log(step, [record], person, answers)

    def say_what_is_left(
        self, request: HttpRequest, step: Step, records: Sequence[Any], answers: dict[str, Any]
    ) -> None:
        """Say what a step that was taken has left to do."""
        if left := step.leaves(records, answers):
            self.message_user(request, left, messages.WARNING)


def keep_in_log(step: Step, records: Sequence[Any], person: User, answers: dict[str, Any]) -> None:
    """Write into the log of the desk that a person took a step for these, and why or for whom."""
    said = answers.get("reason") or answers.get("note") or answers.get("to")
    LogEntry.objects.log_actions(
        user_id=person.pk,
        queryset=records,
        action_flag=CHANGE,
        change_message=f"{step.done}: {said}" if said else str(step.done),
    )
