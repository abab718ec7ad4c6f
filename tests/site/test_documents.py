"""Source documents: each pledge marked where it was made, with today's status, linked both ways."""

import re

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.evidence.actions import publish_evidence, save_evidence_link
from promises.evidence.models import Evidence, EvidenceLink
from promises.pledges.models import Pledge
from promises.sources.entering import follow_evidence
from tests import record

pytestmark = pytest.mark.django_db
NOW = record.NOW
PLATFORM = (
    "What Jane Example stands for\n"
    "Our office will never ask for death. We will ask for no cash bail in minor cases, and we will"
    " say so in court.\n"
    "Victims come first <em>always</em>."
)
NEVER, BAIL = "never ask for death", "no cash bail in minor cases"


def quoted(quote: str, *, by: User, source: Evidence, **more: object) -> Pledge:
    """A published pledge that was made in a document, in these words."""
    of = Pledge.objects.first()
    pledge = record.pledge(
        by=by, of=of and of.term, quote=quote, quote_attribution="Jane Example", **more
    )
    link = EvidenceLink(pledge=pledge, evidence=source, stance="context", is_source=True)
    save_evidence_link(link=link, by=by, now=NOW)
    return pledge


def document(client: Client, slug: str) -> str:
    """Return that part of the page, or ""."""
    page = client.get(f"/evidence/{slug}/").content.decode()
    parts = page.split('<div class="document">\n')
    return parts[1].split("</div>")[0] if len(parts) == 2 else ""


def paragraphs(document: str) -> list[str]:
    """Return the text of each paragraph."""
    return [" ".join(re.sub("<[^>]+>", "", each).split()) for each in document.split("</p>")[:-1]]


@pytest.fixture
def platform(author: User) -> Evidence:
    """A published platform with a copy of its text."""
    piece = record.draft_evidence(by=author, slug="platform", kind="campaign_material")
    record.copy_of(piece, by=author, text=PLATFORM)
    return publish_evidence(evidence=piece, by=author, now=NOW)


def test_a_platform_is_shown_whole_with_its_pledges_in_place(
    client: Client, author: User, platform: Evidence
) -> None:
    never = quoted(NEVER, by=author, source=platform, kind="standing")
    bail = quoted(BAIL, by=author, source=platform)
    record.published_update(by=author, of=bail, status="stalled")
    follow_evidence(by=author, now=NOW)
    said = document(client, "platform")
    assert paragraphs(said) == [
        "What Jane Example stands for",
        f"Our office will never ask for death {never.title} Not yet rated . We will ask for no"
        f" cash bail in minor cases {bail.title} Stalled since 1 June 2025 , and we will say so in"
        " court.",
        "Victims come first &lt;em&gt;always&lt;/em&gt;.",
    ]
    assert (
        f'<span id="pledge-{bail.slug}"></span><mark class="stalled">{BAIL}</mark>'
        f' <span class="noted"><a href="/pledges/{bail.slug}/">{bail.title}</a>'
    ) in said
    pledge_page = client.get(f"/pledges/{bail.slug}/").content.decode()
    assert (
        f'<a class="tag" href="/evidence/platform/#pledge-{bail.slug}">promise made here</a>'
    ) in pledge_page


def test_of_what_others_wrote_only_the_words_around(client: Client, author: User) -> None:
    far = "Long before that nothing was said. " * 40
    piece = record.draft_evidence(by=author, slug="report")
    record.copy_of(piece, by=author, text=f"First lines.\n{far}She will {NEVER}. {far}\nLast.")
    publish_evidence(evidence=piece, by=author, now=NOW)
    pledge = quoted(NEVER, by=author, source=piece)
    follow_evidence(by=author, now=NOW)
    (said,) = paragraphs(document(client, "report"))
    assert said.startswith("… ")
    assert said.endswith(" …")
    assert f"said. She will never ask for death {pledge.title} Not yet rated . Long" in said
    assert len(said) < 600


def test_two_pledges_of_the_same_words_stand_beside_them(
    client: Client, author: User, platform: Evidence
) -> None:
    one = quoted(BAIL, by=author, source=platform)
    two = quoted(f"We will ask for {BAIL}", by=author, source=platform)
    follow_evidence(by=author, now=NOW)
    said = document(client, "platform")
    for pledge in (one, two):
        assert said.count(f'id="pledge-{pledge.slug}"') == 1
        assert said.count(f"/pledges/{pledge.slug}/") == 1


def test_without_a_copy_or_a_place_the_row_of_the_pledge_is_where_links_lead(
    client: Client, author: User, platform: Evidence
) -> None:
    pledge = quoted("words that do not stand there", by=author, source=platform)
    follow_evidence(by=author, now=NOW)
    page = client.get("/evidence/platform/").content.decode()
    assert f'<li id="pledge-{pledge.slug}">' in page
    assert '<div class="document">' not in page


def test_a_draft_pledge_is_not_marked(client: Client, author: User, platform: Evidence) -> None:
    seen = quoted(BAIL, by=author, source=platform)
    hidden = record.draft_pledge(
        by=author, of=seen.term, quote=NEVER, quote_attribution="Jane Example", slug="secret-one"
    )
    link = EvidenceLink(pledge=hidden, evidence=platform, stance="context", is_source=True)
    save_evidence_link(link=link, by=author, now=NOW)
    follow_evidence(by=author, now=NOW)
    page = client.get("/evidence/platform/").content.decode()
    assert "secret-one" not in document(client, "platform")
    assert hidden.title not in page
    assert document(client, "platform").count("<mark") == 1
