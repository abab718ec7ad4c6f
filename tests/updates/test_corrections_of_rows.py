"""What evidence says about a pledge, and its criteria, are corrected where readers see them."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from promises.accounts.models import User
from promises.evidence.actions import retract_evidence, save_evidence_link
from promises.evidence.models import EvidenceLink
from promises.ledger.models import Entry
from promises.pledges.actions import PublishedWords, save_criterion
from promises.pledges.models import Criterion
from promises.updates.correcting import correct_criterion, correct_evidence_link
from promises.updates.models import Correction
from tests import record
from tests.site.reading import words
from tests.updates.test_corrections import told

pytestmark = pytest.mark.django_db

OF_CRITERIA = [
    ("is_met", True, "met · threshold not written yet · letter: what the office does"),
    ("verdict", "kept", "not assessed · kept · letter: what the office does"),
    ("aspect", "effect", "not assessed · threshold not written yet · effect: what comes of it"),
]


@pytest.mark.parametrize(("field", "value", "new"), OF_CRITERIA)
def test_a_fact_of_a_public_criterion_changes_by_a_correction(
    author: User, field: str, value: Any, new: str
) -> None:
    pledge = record.pledge(by=author)
    criterion, editions = Criterion.objects.get(), Entry.objects.count()
    stood = getattr(criterion, field)
    setattr(criterion, field, value)
    with pytest.raises(PublishedWords):
        save_criterion(criterion=criterion, by=author, now=record.NOW)
    assert getattr(Criterion.objects.get(), field) == stood
    assert Entry.objects.count() == editions
    with translation.override("es"):
        correct_criterion(criterion=criterion, kind="update", note="So.", by=author, now=record.NOW)
    old = "not assessed · threshold not written yet · letter: what the office does"
    assert told() == [("criterion", f"{old} · The thing is done.", f"{new} · The thing is done.")]
    assert Correction.objects.get().pledge == pledge
    assert getattr(Criterion.objects.get(), field) == value
    events = Entry.objects.filter(edition__gt=editions).values_list("event", flat=True)
    assert list(events) == ["criterion:saved", "correction:saved"]


@pytest.mark.parametrize(
    ("field", "value", "new"),
    [
        ("stance", "contradicts", "contradicts"),
        ("is_source", True, "supports · source of the pledge"),
    ],
)
def test_what_public_evidence_says_changes_by_a_correction(
    author: User, field: str, value: Any, new: str
) -> None:
    pledge = record.pledge(by=author)
    piece = record.evidence(by=author, about=pledge)
    link, editions = piece.links.get(), Entry.objects.count()
    stood = getattr(link, field)
    setattr(link, field, value)
    with pytest.raises(PublishedWords):
        save_evidence_link(link=link, by=author, now=record.NOW)
    assert getattr(EvidenceLink.objects.get(), field) == stood
    assert Entry.objects.count() == editions
    correct_evidence_link(link=link, kind="correction", note="So.", by=author, now=record.NOW)
    names = f"{piece.title} · {pledge.title}"
    assert told() == [("stance", f"supports · {names}", f"{new} · {names}")]
    correction = Correction.objects.get()
    assert (correction.pledge, correction.evidence) == (pledge, piece)
    assert getattr(EvidenceLink.objects.get(), field) == value
    events = Entry.objects.filter(edition__gt=editions).values_list("event", flat=True)
    assert list(events) == ["evidence_link:saved", "correction:saved"]


def test_a_correction_without_a_reason_changes_no_row(author: User) -> None:
    pledge = record.pledge(by=author)
    link = record.evidence(by=author, about=pledge).links.get()
    criterion, editions = Criterion.objects.get(), Entry.objects.count()
    link.stance, criterion.is_met = "contradicts", True
    given: dict[str, Any] = {"kind": "correction", "note": "", "by": author, "now": record.NOW}
    for correct, row in (
        (correct_evidence_link, {"link": link}), (correct_criterion, {"criterion": criterion}),
    ):  # fmt: skip
        with pytest.raises(ValidationError, match="note"):
            correct(**row, **given)
    assert (EvidenceLink.objects.get().stance, Criterion.objects.get().is_met) == ("supports", None)
    assert (Entry.objects.count(), told()) == (editions, [])


def test_what_nobody_reads_yet_and_where_to_look_stays_free(author: User) -> None:
    draft = record.draft_pledge(by=author)
    criterion = draft.criteria.get()
    criterion.text, criterion.is_met = "All of it is done.", False
    save_criterion(criterion=criterion, by=author, now=record.NOW)
    pledge = record.pledge(by=author)
    seen = pledge.criteria.get()
    seen.how_to_verify = "Ask."
    save_criterion(criterion=seen, by=author, now=record.NOW)
    more = Criterion(pledge=pledge, position=2, aspect="effect", text="It helps.")
    save_criterion(criterion=more, by=author, now=record.NOW)
    unseen = record.evidence(by=author, about=draft).links.get()
    unseen.stance = "contradicts"
    save_evidence_link(link=unseen, by=author, now=record.NOW)
    link = record.evidence(by=author, about=pledge).links.get()
    link.note, link.locator = "See the table.", "page 3"
    save_evidence_link(link=link, by=author, now=record.NOW)
    assert EvidenceLink.objects.get(pk=link.pk).locator == "page 3"
    assert told() == []


def test_readers_see_what_evidence_said_and_which_criterion_was_met(
    client: Client, author: User
) -> None:
    pledge, other = record.pledge(by=author), record.pledge(by=author)
    piece = record.evidence(by=author, about=pledge)
    save_evidence_link(
        link=EvidenceLink(pledge=other, evidence=piece, stance="context"), by=author, now=record.NOW
    )
    link, criterion = pledge.evidence_links.get(), pledge.criteria.get()
    link.stance, criterion.is_met = "contradicts", True
    given: dict[str, Any] = {"kind": "correction", "by": author, "now": record.NOW}
    correct_evidence_link(link=link, note="Misread.", **given)
    correct_criterion(criterion=criterion, note="She did.", **given)
    names = f"· {piece.title} · {pledge.title}"
    stance = (
        f"what it says about the promise · Author It said supports {names}"
        f" It should say contradicts {names} Why Misread."
    )
    page = words(client.get(f"/pledges/{pledge.slug}/"))
    assert stance in page
    assert stance in words(client.get(f"/evidence/{piece.slug}/"))
    rest = "· threshold not written yet · letter: what the office does · The thing is done."
    met = f"criterion · Author It said not assessed {rest} It should say met {rest} Why She did."
    assert met in page
    assert "Misread." not in words(client.get(f"/pledges/{other.slug}/"))
    assert "#corrections" not in client.get(f"/pledges/{other.slug}/").content.decode()
    listed = words(client.get("/corrections/"))
    assert stance in listed
    assert met in listed
    assert len(client.get("/corrections.json").json()["items"]) == 2
    rows = client.get(f"/api/v1/corrections/?evidence={piece.slug}").json()["results"]
    assert [(row["pledge"], row["field"]) for row in rows] == [(pledge.slug, "stance")]
    retract_evidence(evidence=piece, reason="Forged.", by=author, now=record.NOW)
    assert piece.title not in words(client.get("/corrections/"))
