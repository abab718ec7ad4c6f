"""The pages of people and of conflicts of interest: roles given in plain words, with history."""

import pytest
from django.test import Client

from promises.accounts.actions import NotAnAdministrator, give_role, write_roles
from promises.accounts.models import RoleGrant, User
from promises.accounts.rights import RIGHTS, codename
from promises.officials.models import ConflictOfInterest, Partnership
from promises.pledges.models import Pledge
from promises.updates.actions import submit_status_update
from tests import record
from tests.desk import sent
from tests.desk.asked import may


@pytest.fixture
def boss(person: User) -> User:
    """An administrator by role."""
    write_roles(by=person, now=record.NOW)
    boss = record.user("boss")
    give_role(person=boss, role="administrator", reason="Runs it.", by=person, now=record.NOW)
    return User.objects.get(pk=boss.pk)


@pytest.fixture
def office(boss: User) -> Client:
    """The browser of the administrator."""
    client = Client()
    client.force_login(boss)
    return client


def role_page(person: User) -> str:
    return f"/admin/accounts/user/{person.pk}/step/role/"


def test_an_administrator_gives_a_role_and_the_page_keeps_who_and_why(
    office: Client, boss: User, author: User
) -> None:
    place = record.term(by=author).office.jurisdiction
    clerk = record.user("clerk")
    answers = {"role": "partner", "jurisdictions": [place.pk], "reason": "Knows the county."}
    asked = office.get(role_page(clerk)).content.decode()
    assert "Partner: a researcher for chosen jurisdictions only" in asked
    assert sent.step(office, role_page(clerk), **answers).status_code == 302
    clerk.refresh_from_db()
    assert clerk.is_staff
    assert [group.name for group in clerk.groups.all()] == ["partner"]
    assert list(Partnership.objects.places_of(clerk)) == [place.pk]
    grant = RoleGrant.objects.get(person=clerk)
    assert (grant.role, grant.given_by, grant.reason) == ("partner", boss, "Knows the county.")
    page = office.get(f"/admin/accounts/user/{clerk.pk}/change/").content.decode()
    assert page.count("Knows the county.") == 2
    assert str(place) in page

    taken = {"role": "", "jurisdictions": [], "reason": "Left us."}
    assert sent.step(office, role_page(clerk), **taken).status_code == 302
    clerk.refresh_from_db()
    assert (clerk.is_staff, clerk.groups.count()) == (False, 0)
    assert Partnership.objects.count() == 0
    history = Partnership.pgh_event_models["delete"].objects  # type: ignore[attr-defined]
    assert [row.pgh_label for row in history.order_by("pgh_id")] == ["insert", "delete"]


@pytest.mark.parametrize(
    ("answers", "field", "words"),
    [
        ({"role": "partner"}, "jurisdictions", "Choose where this partner works."),
        ({"role": "king"}, "role", "Select a valid choice. king is not one of the available"),
        ({"role": "editor", "reason": ""}, "reason", "This field is required."),
    ],
)
def test_half_a_role_is_refused(
    office: Client, author: User, answers: dict[str, str], field: str, words: str
) -> None:
    answer = office.post(role_page(author), {"reason": "Because.", **answers})
    assert answer.status_code == 200
    assert answer.context["form"].errors[field][0].startswith(words)
    assert RoleGrant.objects.filter(person=author).count() == 0


def test_nobody_changes_their_own_role_nor_that_of_a_superuser(
    office: Client, boss: User, person: User
) -> None:
    answer = sent.step(office, role_page(boss), role="editor", reason="Because.")
    assert answer.context["form"].non_field_errors() == [
        "Nobody changes their own role: ask another administrator."
    ]
    # Their page has no such step for someone with fewer rights; the action refuses it too.
    answer = office.post(role_page(person), {"role": "editor", "reason": "Because."})
    assert answer.status_code == 403
    words = "This person has every right; only a superuser changes that."
    with pytest.raises(NotAnAdministrator, match=words):
        give_role(person=person, role="editor", reason="Why.", by=boss, now=record.NOW)
    assert RoleGrant.objects.count() == 1
    clerk = record.user("clerk")
    with pytest.raises(NotAnAdministrator):
        give_role(person=boss, role="", reason="No.", by=clerk, now=record.NOW)
    assert [group.name for group in boss.groups.all()] == ["administrator"]


def test_the_roles_in_the_database_are_those_of_the_table(boss: User, person: User) -> None:
    from django.contrib.auth.models import Group, Permission

    group = Group.objects.get(name="researcher")
    group.permissions.add(Permission.objects.get(codename="publish_pledge"))
    first = write_roles(by=person, now=record.NOW)
    assert write_roles(by=person, now=record.NOW) == first
    for role in ("researcher", "editor", "administrator", "partner"):
        given = Group.objects.get(name=role).permissions.values_list("codename", flat=True)
        named = {
            codename(kind, action)
            for kind, actions in RIGHTS.items()
            for action in actions
            if may(role, kind, action)
        }
        assert set(given) == named


def test_a_conflict_is_declared_on_the_desk_and_said_where_it_matters(
    office: Client, boss: User, person: User, author: User
) -> None:
    client = Client()
    editor = record.user("an-editor")
    give_role(person=editor, role="editor", reason="Good.", by=person, now=record.NOW)
    client.force_login(editor)
    pledge: Pledge = record.pledge(by=author)
    assert pledge.term is not None
    place = pledge.term.office.jurisdiction
    update = submit_status_update(
        update=record.draft_update(by=author, of=pledge), by=author, now=record.NOW
    )
    there = "/admin/officials/conflictofinterest/"
    declared = client.post(f"{there}add/", {"jurisdiction": place.pk, "nature": "My sister."})
    assert declared.status_code == 302
    conflict = ConflictOfInterest.objects.get()
    assert (conflict.person, conflict.declared_by) == (editor, editor)
    # A person that was typed into the form of one's own changes nothing.
    forged = {"jurisdiction": place.pk, "nature": "x", "person": author.pk}
    again = client.post(f"{there}add/", forged)
    assert again.status_code == 200
    assert "This conflict of interest is declared already." in again.content.decode()
    assert ConflictOfInterest.objects.count() == 1

    page = client.get(f"/admin/updates/statusupdate/{update.pk}/change/").content.decode()
    words = f"You have declared a conflict of interest in {place}: others judge there."
    assert words in page
    step = sent.step(client, f"/admin/updates/statusupdate/{update.pk}/step/approve/", note="")
    assert step.context["form"].non_field_errors() == [words]
    assert client.post(f"{there}{conflict.pk}/step/end/", {"reason": "x"}).status_code == 403
    ended = office.post(f"{there}{conflict.pk}/step/end/", {"reason": "She moved."})
    assert ended.status_code == 302
    conflict.refresh_from_db()
    assert (conflict.ended_by, conflict.end_reason) == (boss, "She moved.")
    approved = sent.step(client, f"/admin/updates/statusupdate/{update.pk}/step/approve/", note="")
    assert approved.status_code == 302
