"""What was changed past the actions is found, row by row; what came by them never is."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from promises.accounts.models import User
from promises.evidence.actions import retract_evidence
from promises.ledger.models import Entry
from promises.packages.verifying import differences
from promises.pledges.actions import retract_pledge
from promises.pledges.models import Pledge
from promises.staleness.actions import sweep_stale
from promises.updates.correcting import correct_pledge
from tests import record
from tests.conftest import without_triggers
from tests.record import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge(author: User) -> Pledge:
    """A rated public pledge with evidence, a withdrawn one with both beside it, and a draft."""
    made = record.pledge(by=author, slug="open-files", title="Open the files")
    record.published_update(by=author, of=made, slug="open-files-kept")
    record.evidence(by=author, about=made, slug="memo")
    gone = record.pledge(by=author, slug="gone")
    record.published_update(by=author, of=gone)
    record.evidence(by=author, about=gone)
    retract_pledge(pledge=gone, reason="Twice.", by=author, now=NOW)
    record.draft_pledge(by=author, slug="draft")
    return made


def found() -> list[str]:
    return [f"{one.subject} {one.says}" for one in differences()]


def edition_of(subject: str) -> int:
    return Entry.objects.filter(subject=subject).latest("edition").edition


def test_a_withdrawn_pledge_takes_with_it_what_hangs_on_it(pledge: Pledge) -> None:
    hidden = Entry.objects.filter(pledge="gone").exclude(event="pledge:retracted")
    kinds = {event.partition(":")[0] for event in hidden.values_list("event", flat=True)}
    assert kinds == {"pledge", "criterion", "evidence_link", "status_update", "approval"}
    assert found() == []


def test_what_came_by_the_actions_is_as_it_was_told(author: User, pledge: Pledge) -> None:
    sweep_stale(by=author, now=NOW)
    pledge.refresh_from_db()
    pledge.title = "Open all the files"
    correct_pledge(pledge=pledge, kind="typo", note="A word.", by=author, now=NOW)
    paper = record.evidence(by=author, about=pledge)
    retract_evidence(evidence=paper, reason="Forged.", by=author, now=NOW)
    # Pages follow whoever takes another name; the ledger keeps the one of that day.
    User.objects.filter(pk=author.pk).update(display_name="Renamed")
    assert found() == []


def test_other_words_without_a_correction(pledge: Pledge) -> None:
    Pledge.objects.filter(pk=pledge.pk).update(title="Open some files")
    told = edition_of("pledges/open-files")
    assert found() == [f"pledges/open-files is not as edition {told} told it: “title”"]


IT_IS = "UPDATE pledges_pledge SET "
DRAFT = "state = 'draft', published_at = NULL, published_by_id = NULL WHERE slug = 'open-files'"
PUBLIC = "state = 'published', published_at = created_at, published_by_id = created_by_id"
BACK = f"{PUBLIC}, retracted_at = NULL, retracted_by_id = NULL, retraction_reason = ''"
NEVER = "is public, and the ledger never told of it"
DEEDS = {
    "hidden": (DRAFT, "open-files", "is not public, and edition {} told of it"),
    "back": (f"{BACK} WHERE slug = 'gone'", "gone", "is public, and edition {} withdrew it"),
    "out": (f"{PUBLIC} WHERE slug = 'draft'", "draft", NEVER),
    "new": ("slug = 'x' WHERE slug = 'open-files'", "x", NEVER),
    "old": (
        "slug = 'x' WHERE slug = 'open-files'",
        "open-files",
        "is not public, and edition {} told of it",
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_what_whoever_owns_the_server_does(pledge: Pledge, deed: str) -> None:
    change, slug, says = DEEDS[deed]
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute(IT_IS + change)
    last = Entry.objects.filter(subject=f"pledges/{slug}").last()
    assert f"pledges/{slug} {says.format(last and last.edition)}" in found()


def test_the_command_names_them_and_says_what_to_do(
    pledge: Pledge, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_record", verbosity=0)
    assert capsys.readouterr().out == "Every public row is as the ledger told it last.\n"
    Pledge.objects.filter(pk=pledge.pk).update(title="Open some files")
    with pytest.raises(CommandError, match=r"Not as the ledger says: 1\. Someone wrote"):
        call_command("verify_record")
    told, said = edition_of("pledges/open-files"), capsys.readouterr()
    assert said.out == f"pledges/open-files is not as edition {told} told it: “title”.\n"
    assert "pledges: 1\n" in said.err
