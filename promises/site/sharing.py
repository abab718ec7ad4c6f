"""How a page presents itself to programs and other sites: what stands in its head.

One small record for each page, shown by site/parts/head_share.html. It is made from what the page
itself shows, so nothing is said elsewhere that is not said there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from promises.evidence.models import EvidenceLink
from promises.ledger.models import Entry
from promises.officials.models import Person, Term
from promises.pledges.choices import HELD
from promises.pledges.models import Pledge, Topic
from promises.site import linked_data
from promises.site.feeds import absolute
from promises.site.general_terms import in_words
from promises.site.statuses import LABELS, Scorecard, since
from promises.site.templatetags.record import day
from promises.site.translations import statement_of, title_of
from promises.updates.models import StatusUpdate


@dataclass(frozen=True)
class Share:
    """The head of one page: `path` is its own address, `data` what it says as linked data.

    `feeds` and `embed` say whether the address has feeds of its ratings and can be embedded;
    `card` is the path of its picture.
    """

    title: str
    about: str
    path: str
    kind: str = "website"
    feeds: bool = True
    embed: bool = False
    card: str = ""
    data: Any = None
    # Which page of a list it is: the others are pages of their own.
    page: int = 1

    @property
    def url(self) -> str:
        """The full address of the page, without what else its query may say."""
        return absolute(self.path) + (f"?page={self.page}" if self.page > 1 else "")

    @property
    def card_url(self) -> str:
        """The full address of its picture, if it has one."""
        return absolute(self.card) if self.card else ""


def of_home() -> Share:
    """Return the head of the first page."""
    return Share(
        title=_("What prosecutors promised, and what became of it"),
        about=_(
            "What elected prosecutors promised and what became of each promise, with dated"
            " evidence on both sides."
        ),
        path=reverse("site:home"),
    )


def of_pledge(
    pledge: Pledge,
    newest: StatusUpdate | None,
    links: Sequence[EvidenceLink] = (),
    *,
    today: date,
) -> Share:
    """Return the head of a pledge's page; `links` are its published evidence."""
    return Share(
        title=f"{pledge.person}: {title_of(pledge)}",
        about=verdict(pledge, today),
        path=reverse("site:pledge", args=[pledge.slug]),
        kind="article",
        embed=True,
        card=reverse("site:pledge_card", args=[pledge.slug]),
        data=linked_data.of_pledge(pledge, newest, links),
    )


def verdict(pledge: Pledge, today: date) -> str:
    """Return in one sentence where a pledge stands: "Kept, since 8 July 2018."."""
    key = pledge.shown_on(today)
    words = str(LABELS[key])
    if pledge.status_since:
        words += ("" if key == HELD else ",") + f" {since(key, day(pledge.status_since))}"
    if pledge.status_is_provisional:
        words += _(" (imported, not yet confirmed by two editors here)")
    return f"{words}. {statement_of(pledge)}"


def of_prosecutor(person: Person, terms: Iterable[Term], card: Scorecard) -> Share:
    """Return the head of an official's page."""
    about = _("%(name)s: %(sentence)s, with the evidence.")
    return Share(
        title=person.name,
        about=about % {"name": person.name, "sentence": card.sentence},
        path=reverse("site:prosecutor", args=[person.slug]),
        kind="profile",
        embed=True,
        data=linked_data.of_person(person, terms),
    )


def of_topic(topic: Topic, page: int) -> Share:
    """Return the head of a page of a topic."""
    name = in_words(topic.name)
    return Share(
        title=name,
        about=_("%(name)s: what prosecutors promised, side by side.") % {"name": name},
        path=reverse("site:topic", args=[topic.slug]),
        page=page,
    )


def of_data(newest: Entry | None) -> Share:
    """Return the head of the page about the data; `newest` is the last entry of the ledger."""
    return Share(
        title=_("Data and API"),
        about=_("All that is published here can be read by programs and used again."),
        path=reverse("site:data"),
        feeds=False,
        data=linked_data.of_dataset(newest),
    )
