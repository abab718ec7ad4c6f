"""Follow by email: ask, say yes, change, stop. Whoever holds a mailed link is the mailbox.

The links of mails need neither a cookie nor a token of a form: nobody else knows them. Opening
one changes nothing, since programs open links too; a button does.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from promises.alerts import tokens
from promises.alerts.actions import (
    Stopped,
    ask_to_follow,
    change_frequency,
    confirm_following,
    erase_subscriber,
    stop_following,
)
from promises.alerts.choices import Frequency
from promises.alerts.models import Subscriber, Subscription
from promises.alerts.words import withdrawn_words
from promises.common.clients import client_digest
from promises.common.numbers import whole_number
from promises.officials.models import Person
from promises.pledges.models import Pledge, Topic
from promises.site.follow_form import FollowForm, FrequencyForm
from promises.site.parameters import named_in
from promises.site.serving import (
    BadAddressError,
    View,
    not_in_record,
    public,
    public_form,
    published_or_gone,
)
from promises.site.stranger_form import REFUSALS, visitor
from promises.site.translations import render

KINDS = ("pledge", "prosecutor", "topic")


@public_form
@never_cache
def follow(request: HttpRequest) -> HttpResponse:
    """Show the form for what the address names, or ask the mailbox and say so.

    One query to show it: what is followed; none where the address names nothing. The answer is
    the same whether the address is known, new, or had its mails of the day.
    """
    subject = _subject_of(request)
    if subject is None:
        return render(request, "site/follow_what.html")
    now = timezone.now()
    data = request.POST if request.method == "POST" else None
    form = FollowForm(data, about=f"follow {type(subject).__name__} {subject.pk}", now=now)
    status = 200
    if data is not None:
        status = _ask(request, form, subject, now)
        if status == 200:
            return HttpResponseRedirect(reverse("site:follow_sent"))
    facts = {"form": form, "subject": subject, "page": _page_of(subject)}
    return render(request, "site/follow.html", facts, status=status)


@public
def follow_sent(request: HttpRequest) -> HttpResponse:
    """Say that the mailbox is asked. No query."""
    return render(request, "site/follow_sent.html")


def by_mailed_link(view: View) -> View:
    """Serve a page to whoever holds the link of a mail; it is stored and passed on nowhere."""

    @wraps(view)
    def answer(request: HttpRequest, **names: Any) -> HttpResponse:
        try:
            response = view(request, **names)
        except tokens.BadTokenError as error:
            raise Http404(_("This link is not whole, or it is too old.")) from error
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "no-referrer"
        return response

    served: Callable[..., HttpResponse] = csrf_exempt(public_form(never_cache(answer)))
    return served


@by_mailed_link
def follow_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once more by a button, or begin to send and show all that is followed."""
    subscription, frequency = tokens.to_confirm(token)
    if subscription is not None and request.method == "POST":
        try:
            confirm_following(
                subscription=subscription, frequency=frequency, by=visitor(), now=timezone.now()
            )
        except Stopped:
            subscription = None
        else:
            there = tokens.manage_token(subscription.subscriber)
            return HttpResponseRedirect(reverse("site:follow_manage", args=[there]))
    if subscription is None:
        return render(request, "site/follow_stopped.html", status=410)
    facts = {**_about(subscription), "often": Frequency(frequency).label}
    return render(request, "site/follow_confirm.html", facts)


@by_mailed_link
def follow_manage(request: HttpRequest, token: str) -> HttpResponse:
    """Show all that an address follows, or change how often, end one, or end everything."""
    subscriber = tokens.to_manage(token)
    if subscriber is None:
        return render(request, "site/follow_stopped.html")
    if request.method == "POST":
        _change(request, subscriber)
        return HttpResponseRedirect(request.path)
    found = subscriber.subscriptions.confirmed().with_subjects()
    facts = {
        "rows": [_row(subscription) for subscription in found],
        "masked": _masked(subscriber.address),
        "frequencies": Frequency.choices,
    }
    return render(request, "site/follow_manage.html", facts)


@by_mailed_link
def follow_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask by a button whether to stop, or stop at once.

    A mail program posts here too, by itself and without a cookie, when its reader presses its
    own button (RFC 8058). What is stopped already is answered like what stops now.
    """
    subscriber, subscription = tokens.to_stop(token)
    if subscriber is None:
        return render(request, "site/follow_stopped.html")
    if request.method != "POST":
        facts = _about(subscription) if subscription else {}
        facts["masked"] = _masked(subscriber.address)
        return render(request, "site/follow_stop.html", facts)
    _stop(subscriber, subscription)
    return render(request, "site/follow_stopped.html")


def _ask(
    request: HttpRequest, form: FollowForm, subject: Pledge | Person | Topic, now: datetime
) -> int:
    """Ask the mailbox; return the status, 200 where that was done or silently left."""
    if not form.is_valid():
        return 422
    try:
        ask_to_follow(
            subject=subject,
            frequency=form.cleaned_data["frequency"],
            address=form.cleaned_data["address"],
            language=translation.get_language(),
            network=client_digest(request, "site.follow"),
            by=visitor(),
            now=now,
        )
    except REFUSALS as error:
        return form.refuse(error)
    return 200


def _subject_of(request: HttpRequest) -> Pledge | Person | Topic | None:
    """Return what the address names; None where it names nothing."""
    named = named_in(request, KINDS)
    if len(named) > 1:
        raise BadAddressError(_("Follow one thing at a time."))
    for kind, slug in named:
        if kind == "topic":
            topic = Topic.objects.filter(slug=slug).first()
            if topic is None:
                raise not_in_record(slug)
            return topic
        records: Any = Pledge.objects.select_related("person")
        found: Pledge | Person = published_or_gone(
            records if kind == "pledge" else Person.objects.all(), slug
        )
        return found
    return None


def _about(subscription: Subscription) -> dict[str, Any]:
    """Return what is followed and where its page is; of what was withdrawn, only that it was."""
    if not subscription.is_public:
        return {"subject": withdrawn_words(subscription), "page": ""}
    return {"subject": subscription.subject, "page": _page_of(subscription.subject)}


def _page_of(subject: Pledge | Person | Topic) -> str:
    page = {Pledge: "site:pledge", Person: "site:prosecutor", Topic: "site:topic"}[type(subject)]
    return reverse(page, args=[subject.slug])


def _change(request: HttpRequest, subscriber: Subscriber) -> None:
    """Do what a button of the page asked for; what is gone already is what it would become."""
    if "stop-all" in request.POST:
        _stop(subscriber, None)
        return
    number = whole_number(request.POST.get("subscription", ""))
    own = subscriber.subscriptions.confirmed()
    subscription = None if number is None else own.filter(pk=number).first()
    if subscription is None:
        return
    if "stop" in request.POST:
        _stop(subscriber, subscription)
        return
    form = FrequencyForm(request.POST)
    if form.is_valid():
        # Stopped by another press meanwhile: there is nothing left to mail.
        with suppress(Stopped):
            change_frequency(
                subscription=subscription,
                frequency=form.cleaned_data["frequency"],
                by=visitor(),
                now=timezone.now(),
            )


def _stop(subscriber: Subscriber, subscription: Subscription | None) -> None:
    given: dict[str, Any] = {"by": visitor(), "now": timezone.now()}
    if subscription is None:
        erase_subscriber(subscriber=subscriber, **given)
        return
    try:
        stop_following(subscription=subscription, **given)
    except Stopped:
        # Pressed twice: it is as it was to be.
        return


def _row(subscription: Subscription) -> dict[str, Any]:
    return {"subscription": subscription, **_about(subscription)}


def _masked(address: str) -> str:
    """Return an address as its owner knows it again and nobody else learns it."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"
