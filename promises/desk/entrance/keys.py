"""Pages of the entrance on which one makes, sees and revokes one's own keys of the API."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from promises.accounts.choices import Scope
from promises.accounts.key_rules import DAYS
from promises.accounts.keys import make_key, revoke_key
from promises.accounts.models import ApiKey
from promises.common.clients import client_address
from promises.common.refusals import Refused
from promises.common.text import without_control_characters


class KeyForm(forms.Form):
    """What a key is for, what it opens and for how long."""

    name = forms.CharField(
        label=_("What is it for?"),
        max_length=80,
        validators=[without_control_characters],
        help_text=_("For you, to know it again: “Nightly mirror”."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        choices=Scope.choices,
        initial=[Scope.READ],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("For how long?"),
        choices=[(days, format_lazy("{} {}", days, _("days"))) for days in DAYS],
        coerce=int,
        initial=90,
    )


@never_cache
@login_required
@require_safe
def own_keys(request: HttpRequest) -> HttpResponse:
    """List one's keys: what each opens, until when, and when it was last used."""
    person: Any = request.user
    now = timezone.now()
    rows = [(key, _state(key, now), _words(key)) for key in ApiKey.objects.of(person)]
    return TemplateResponse(request, "account/keys.html", {"rows": rows})


@sensitive_variables("text")
@never_cache
@login_required
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_key(request: HttpRequest) -> HttpResponse:
    """Make a key and show it, this once."""
    person: Any = request.user
    form = KeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            key, text = make_key(
                owner=person, **form.cleaned_data, by=person, now=timezone.now(), **_where(request)
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            facts = {"key": key, "text": text, "site_url": settings.SITE_URL}
            return TemplateResponse(request, "account/key_made.html", facts)
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "account/key_new.html", {"form": form}, status=status)


@never_cache
@login_required
@require_POST
def end_key(request: HttpRequest, prefix: str) -> HttpResponse:
    """Revoke one of one's own keys."""
    person: Any = request.user
    key = ApiKey.objects.of(person).filter(prefix=prefix).first()
    if key is None:
        raise Http404
    try:
        revoke_key(key=key, by=person, now=timezone.now(), **_where(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _now("Revoked: %(key)s opens nothing any more.") % {"key": key})
    return HttpResponseRedirect(reverse("own_keys"))


def _where(request: HttpRequest) -> dict[str, Any]:
    return {
        "address": client_address(request),
        "browser": request.headers.get("User-Agent", ""),
    }


def _state(key: ApiKey, now: Any) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "live" if key.expires_at > now else "expired"


def _words(key: ApiKey) -> str:
    labels = dict(Scope.choices)
    return "; ".join(str(labels[Scope(scope)]) for scope in key.scopes)
