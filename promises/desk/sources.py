"""The desk's pages of sources: is each still there, what does it say, what is quoted from it."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.common.word_diff import word_diff
from promises.desk.front import Waiting
from promises.desk.lists.plain_filters import OfferFilter
from promises.desk.record_admin import Fact, ReadOnlyAdmin
from promises.desk.saving.forms import PlainTextarea
from promises.desk.saving.steps import Step, each
from promises.evidence.models import EvidenceLink
from promises.sources.actions import accept_change, add_passage, check_soon, remove_passage
from promises.sources.anchoring import closest, fragment_url
from promises.sources.choices import LOST_STATES, LinkState
from promises.sources.models import Host, LinkCheck, Passage, Source

_CHECKS_SHOWN = 20
# Further than this nobody needs to know how much is due or was done.
_MOST_COUNTED = 9999
_A_DAY = timedelta(days=1)
_NEITHER = (LinkState.UNCHECKED, LinkState.THERE, LinkState.FAILING, *LOST_STATES)
_REFUSED = [state for state in LinkState.values if state not in _NEITHER]


class AcceptForm(forms.Form):
    """Asks what a change means; it holds for the text that was on the page, and for no other."""

    seen_text = forms.CharField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("What changed"),
        widget=PlainTextarea({"rows": 4}),
        help_text=_("What the change means for the record, if anything. Readers see this."),
    )


class QuoteForm(forms.Form):
    """Asks for words of the source, and for which pledge they matter."""

    link = forms.ModelChoiceField(EvidenceLink.objects.none(), label=_("Pledge"))
    exact = forms.CharField(label=_("Words"), widget=PlainTextarea({"rows": 4}))
    before = forms.CharField(
        label=_("Words before"),
        required=False,
        max_length=300,
        help_text=_("Only where the words stand there more than once."),
    )
    after = forms.CharField(label=_("Words after"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        links = EvidenceLink.objects.filter(evidence__source=self.initial.get("source"))
        field: Any = self.fields["link"]
        field.queryset = links.select_related("pledge__person", "evidence")
        field.label_from_instance = lambda link: f"{link.pledge.person}: {link.pledge}"


class UnquoteForm(forms.Form):
    """Asks which words are no longer looked for, and why."""

    passage = forms.ModelChoiceField(Passage.objects.none(), label=_("Words"))
    reason = forms.CharField(label=_("Why"), widget=PlainTextarea({"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["passage"]
        field.queryset = Passage.objects.filter(
            link__evidence__source=self.initial.get("source"), is_quote=False
        )


class WhatFilter(OfferFilter):
    """Keeps sources by what there is to do about them."""

    title = _("what is known")
    parameter_name = "known"
    offers = (
        ("changed", _("says something else"), lambda rows, person, now: rows.changed()),
        ("lost", _("gone"), lambda rows, person, now: rows.lost()),
        ("failing", _("failing"), lambda rows, person, now: rows.filter(state=LinkState.FAILING)),
        (
            "refused",
            _("refused to our checks"),
            lambda rows, person, now: rows.filter(state__in=_REFUSED),
        ),
        (
            "unchecked",
            _("not checked yet"),
            lambda rows, person, now: rows.filter(state=LinkState.UNCHECKED),
        ),
        (
            "due",
            _("due for a check"),
            lambda rows, person, now: rows.filter(next_check_at__lte=now),
        ),
    )


def _accept(records: Any, *, by: User, now: datetime, seen_text: str, note: str) -> None:
    for source in records:
        accept_change(source=source, text=seen_text, note=note, by=by, now=now)


def _add(
    records: Any,
    *,
    by: User,
    now: datetime,
    link: EvidenceLink,
    exact: str,
    before: str,
    after: str,
) -> None:
    for _source in records:
        add_passage(link=link, exact=exact, prefix=before, suffix=after, by=by, now=now)


def _remove(records: Any, *, by: User, now: datetime, passage: Passage, reason: str) -> None:
    for _source in records:
        remove_passage(passage=passage, reason=reason, by=by, now=now)


def _of(source: Source) -> dict[str, Any]:
    return {"source": source.pk, "seen_text": source.found_text_id or ""}


@admin.register(Source)
class SourceAdmin(ReadOnlyAdmin):
    """Originals of evidence, at their addresses. Checks move them; people take steps."""

    change_form_template = "admin/source.html"
    fields = (
        "evidence",
        "url",
        ("state", "last_verdict"),
        ("last_checked_at", "last_seen_at", "next_check_at"),
        ("failures", "first_failed_at", "lost_at"),
        "changed_at",
        ("accepted_at", "accepted_by"),
        "accepted_note",
    )
    list_display = ("evidence", "host", "state", "last_checked_at", "changed_at", "next_check_at")
    list_filter = (WhatFilter, "state")
    ordering = ("-pk",)
    boxes = (
        Waiting(
            36,
            _("Sources that say something else"),
            lambda person, now: Source.objects.changed().select_related("evidence"),
            "known=changed",
            needs="sources.accept_source",
        ),
    )
    related = ("evidence", "host", "accepted_by")
    steps = (
        Step(
            name="accept",
            label=_("Accept the change"),
            explains=_("From now on the new text is the known one. The old one is kept."),
            done=_("Accepted"),
            act=_accept,
            asks=AcceptForm,
            is_offered=lambda source, _user: source.changed_at is not None,
            initial=_of,
        ),
        Step(
            name="check-now",
            label=_("Check it now"),
            explains=_(
                "It goes to the head of the line: a worker visits it within a minute or two."
            ),
            done=_("In line"),
            act=each(check_soon, "source"),
            is_offered=lambda source, _user: source.next_check_at is not None,
            in_batch=True,
        ),
        Step(
            name="quote",
            label=_("Quote words"),
            explains=_("The words are looked for at every check."),
            done=_("Quoted"),
            act=_add,
            asks=QuoteForm,
            initial=_of,
        ),
        Step(
            name="unquote",
            label=_("Quote words no more"),
            explains=_("They are looked for no more. The quote of a pledge stays."),
            done=_("No longer quoted"),
            act=_remove,
            asks=UnquoteForm,
            initial=_of,
        ),
    )

    def facts(self, request: HttpRequest, record: Any) -> list[Fact]:
        """Say what is known in a sentence."""
        is_lost = record.lost_at is not None
        found = [Fact(_("Source"), record.get_state_display(), is_warning=is_lost)]
        if record.changed_at is not None:
            words = _("Its wording differs from the one that was known. Look at it below.")
            found.append(Fact(_("Changed"), str(words), is_warning=True))
        return found

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **given: Any
    ) -> HttpResponse:
        """Add the difference, the passages and the checks."""
        source = context["original"]
        context["pieces"] = _pieces(source)
        context["passages"] = _passages(source)
        context["checks"] = list(source.checks.all()[:_CHECKS_SHOWN])
        return super().render_change_form(request, context, *args, **given)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Say how the checks go."""
        now = timezone.now()
        progress = {
            "due": Source.objects.due(now)[:_MOST_COUNTED].count(),
            "visited": Host.objects.filter(leased_until__gt=now)[:_MOST_COUNTED].count(),
            "checked": LinkCheck.objects.within(_A_DAY, now)[:_MOST_COUNTED].count(),
        }
        context = {"progress": progress, **(extra_context or {})}
        page: HttpResponse = super().changelist_view(request, context)
        return page

    change_list_template = "admin/sources.html"


def _pieces(source: Source) -> list[Any]:
    """Return the difference between the known text and the one found last, word by word."""
    known, found = source.accepted_text, source.found_text
    if known is None or found is None or known.pk == found.pk:
        return []
    return word_diff(known.text, found.text)


def _passages(source: Source) -> list[dict[str, Any]]:
    """Return the quoted passages, and for one that is gone what is most like it now."""
    now_there = source.found_whole.text if source.found_whole else ""
    rows = Passage.objects.of_evidence(source.evidence_id).select_related("link__pledge__person")
    return [
        {
            "passage": passage,
            "address": fragment_url(
                source.url, passage.exact, prefix=passage.prefix, suffix=passage.suffix
            ),
            "now": closest(passage.exact, now_there) if passage.is_found is False else "",
        }
        for passage in rows
    ]
