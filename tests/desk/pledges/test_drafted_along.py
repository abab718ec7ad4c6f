"""What the page of a pledge drafts along with it: named afterwards, and left to others at times."""

from django.contrib.admin import site
from django.test import Client

from promises.accounts.models import User
from promises.evidence.models import Evidence
from promises.officials.actions import declare_conflict
from promises.officials.models import Term
from promises.pledges.models import Pledge, Topic
from promises.updates.models import StatusUpdate
from tests import record
from tests.desk import sent
from tests.desk.pledges.test_one_page import ADD, ROWS, page

DRAFT = "draft a status update"


def test_the_page_names_what_it_drafted(
    desk: Client, author: User, term: Term, topic: Topic
) -> None:
    known = record.draft_evidence(by=author)
    answer = desk.post(ADD, page(term, topic, known), follow=True)
    piece, update = Evidence.objects.exclude(pk=known.pk).get(), StatusUpdate.objects.get()
    said = [str(message) for message in answer.context["messages"]]
    name = site.get_model_admin(StatusUpdate).name_of(update)  # type: ignore[attr-defined]
    assert said[0] == (
        f'Drafted: evidence <a href="/admin/evidence/evidence/{piece.pk}/change/">Files opened</a>,'
        f' status update <a href="/admin/updates/statusupdate/{update.pk}/change/">{name}</a>.'
    )
    assert len(said) == 2


def test_a_page_that_drafts_nothing_names_nothing(
    desk: Client, author: User, term: Term, topic: Topic
) -> None:
    pledge = record.draft_pledge(by=author, of=term)
    there = f"/admin/pledges/pledge/{pledge.pk}/change/"
    answer = desk.post(there, sent.page(desk, there, title="Open all files"), follow=True)
    assert Pledge.objects.get().title == "Open all files"
    said = [str(message) for message in answer.context["messages"]]
    assert len(said) == 1
    assert "was changed successfully" in said[0]


def test_whoever_has_a_conflict_is_offered_no_draft_and_still_saves_the_page(
    author: User, term: Term, client: Client
) -> None:
    pledge = record.draft_pledge(by=author, of=term)
    kin = record.user("kin", is_staff=True, is_superuser=True)
    client.force_login(kin)
    there = f"/admin/pledges/pledge/{pledge.pk}/change/"
    before = client.get(there)
    opened = sent.fields_of(before.content.decode())
    assert opened["status_updates-TOTAL_FORMS"] == "1"
    declare_conflict(
        person=kin, jurisdiction=term.office.jurisdiction, nature="Kin.", by=kin, now=record.NOW
    )
    after = client.get(there)
    (rows,) = [
        one for one in after.context["inline_admin_formsets"] if one.opts.verbose_name == DRAFT
    ]
    assert (len(rows.formset.forms), rows.formset.max_num, rows.classes) == (0, 0, "hidden")
    assert "Conflict of interest" in [str(fact.label) for fact in after.context["facts"]]
    # What was typed before the conflict was declared is refused, and shown again.
    typed = {f"status_updates-0-{name}": v for name, v in ROWS["status_updates-0"].items()}
    refused = client.post(there, {**opened, **typed})
    assert refused.status_code == 200
    assert StatusUpdate.objects.count() == 0
    assert "The memo says so." in refused.content.decode()
    changed = sent.fields_of(after.content.decode()) | {"title": "Open all files"}
    assert client.post(there, changed).status_code == 302
    assert Pledge.objects.get().title == "Open all files"
    assert StatusUpdate.objects.count() == 0
