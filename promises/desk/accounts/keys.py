"""The desk's page of the keys of the API: whose they are, and ending or widening one."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from promises.accounts.choices import Tier
from promises.accounts.keys import move_key, revoke_key
from promises.accounts.models import ApiKey
from promises.common.text import without_control_characters
from promises.desk.lists.plain_filters import IS_REVOKED
from promises.desk.record_admin import ReadOnlyAdmin
from promises.desk.saving.steps import Step, each


class WhyForm(forms.Form):
    """Why. The owner can read it."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        validators=[without_control_characters],
        help_text=_("Kept in the security log, where the owner can read it."),
    )


class TierForm(WhyForm):
    """Which tier, and why."""

    tier = forms.ChoiceField(label=_("Tier"), choices=Tier.choices)
    field_order = ["tier", "reason"]


def _is_live(key: ApiKey, _by: Any) -> bool:
    return key.revoked_at is None


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    """Keys of the API. The keys themselves are kept nowhere."""

    fields = (
        ("name", "prefix", "owner"),
        ("scopes", "tier"),
        ("made_at", "expires_at", "last_used_at", "revoked_at"),
    )
    list_display = ("name", "prefix", "owner", "tier", "expires_at", "last_used_at", "revoked_at")
    list_filter = ("tier", ("revoked_at", IS_REVOKED))
    search_fields = ("prefix", "name", "owner__username", "owner__display_name")
    ordering = ("-pk",)
    related = ("owner",)
    steps = (
        Step(
            name="revoke",
            label=_("Revoke"),
            explains=_("The key opens nothing any more; its owner gets a mail."),
            done=_("Revoked"),
            act=each(revoke_key, "key"),
            asks=WhyForm,
            is_offered=_is_live,
        ),
        Step(
            name="move",
            label=_("Move to another tier"),
            explains=_("The tier says how many requests an hour the keys of its owner have."),
            done=_("Moved"),
            act=each(move_key, "key"),
            asks=TierForm,
            is_offered=_is_live,
        ),
    )
