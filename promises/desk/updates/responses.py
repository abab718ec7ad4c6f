"""The desk's pages of replies of officials."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.common.dates import in_words
from promises.desk.lists.filters import MineFilter
from promises.desk.record_admin import EditorialAdmin
from promises.desk.saving.forms import ReasonForm
from promises.desk.saving.slugs import free_slug
from promises.desk.saving.steps import Step, each
from promises.editorial.choices import State
from promises.updates.models import Response
from promises.updates.responding import publish_response, retract_response, save_response


@admin.register(Response)
class ResponseAdmin(EditorialAdmin):
    """Replies of officials. Editable until they are published."""

    fields = ("pledge", "said_by", "text", ("published_on", "date_precision"), "evidence")
    autocomplete_fields = ("pledge", "evidence")
    list_display = ("said_by", "pledge", "dated", "state")
    list_filter = ("state", MineFilter)
    search_fields = ("said_by", "text", "pledge__title", "pledge__person__name")
    ordering = ("-pk",)
    related = ("pledge__person", "evidence")
    steps = (
        Step(
            name="publish",
            label=_("Publish"),
            explains=_("The reply is shown beside the status of the pledge."),
            done=_("Published"),
            act=each(publish_response, "response"),
            is_offered=lambda response, _user: response.state == State.DRAFT,
            in_batch=True,
            pledges=lambda records: [response.pledge_id for response in records],
        ),
        Step(
            name="retract",
            label=_("Retract"),
            explains=_("It is withdrawn for good; readers see that it was there, and why it went."),
            done=_("Retracted"),
            act=each(retract_response, "response"),
            asks=ReasonForm,
            is_offered=lambda response, _user: response.state == State.PUBLISHED,
            pledges=lambda records: [response.pledge_id for response in records],
        ),
    )

    @admin.display(description=_("dated"))
    def dated(self, response: Response) -> str:
        """Return the date as far as it is known."""
        words = in_words(response.published_on, response.date_precision)
        return words or str(self.get_empty_value_display())

    def is_fixed(self, record: Response) -> bool:
        """A published reply stays as it is."""
        return record.state in {State.PUBLISHED, State.RETRACTED}

    def save_record(self, record: Response, form: Any, *, by: User, now: datetime) -> None:
        """Save it under a name made from the pledge's."""
        record.slug = record.slug or free_slug(Response, f"{record.pledge.slug}-response")
        save_response(response=record, by=by, now=now)
