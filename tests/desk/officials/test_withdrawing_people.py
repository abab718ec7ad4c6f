"""A person is withdrawn on the desk, with a reason, once none of their pledges is public."""

from django.test import Client

from promises.accounts.models import User
from promises.editorial.choices import State
from promises.ledger.models import Entry
from promises.officials.actions import retract_person
from promises.officials.models import Term
from tests import record
from tests.desk import sent
from tests.desk.rows import change, said, step, take
from tests.site.reading import words


def test_a_person_is_withdrawn_after_their_pledges(desk: Client, author: User) -> None:
    pledge = record.pledge(by=author, title="Open the files")
    person, there = pledge.person, step(pledge.person, "retract")
    button = 'name="_step" value="retract"'
    assert button in desk.get(change(person)).content.decode()
    edition, version = Entry.objects.count(), person.version
    page = desk.get(there).content.decode()
    assert "To be retracted first, each for a reason of its own" in page
    assert f'<a href="{change(pledge)}">Open the files</a>' in page
    answer = sent.step(desk, there, reason="A namesake.")
    assert answer.context["form"].non_field_errors() == [
        f"1 pledge of {person} is public. Retract it first, for a reason of its own."
    ]
    person.refresh_from_db()
    assert (person.state, person.version) == (State.PUBLISHED, version)
    assert (Entry.objects.count(), said(person)) == (edition, [])

    take(desk, pledge, "retract", reason="She never said it.")
    assert "To be retracted first" not in desk.get(there).content.decode()
    take(desk, person, "retract", reason="A namesake.")
    person.refresh_from_db()
    assert (person.state, person.retraction_reason) == (State.RETRACTED, "A namesake.")
    assert said(person) == ["Editor: Retracted: A namesake."]
    history = desk.get(change(person).replace("change/", "history/")).content.decode()
    assert "Retracted the person" in history
    page = desk.get(change(person)).content.decode()
    assert ("A namesake." in page, button in page) == (True, False)


def test_a_draft_says_that_its_person_was_withdrawn(desk: Client, author: User) -> None:
    draft = record.draft_pledge(by=author)
    assert "Still to do" not in desk.get(change(draft)).content.decode()
    take(desk, draft.person, "retract", reason="A namesake.")
    (fact,) = [one for one in desk.get(change(draft)).context["facts"] if one.is_warning]
    assert (str(fact.label), fact.text) == (
        "Still to do",
        "The person was withdrawn: a pledge stands on the page of a person.",
    )


def test_the_office_of_whoever_is_withdrawn_is_free_for_someone_else(
    desk: Client, author: User
) -> None:
    wrong = record.term(by=author)
    right = record.term(by=author)
    there = f"/admin/officials/term/{right.pk}/change/"
    answer = desk.post(there, sent.page(desk, there, office=wrong.office_id))
    said = (
        "Another term of this office runs in these days, maybe of the same person. End that one"
        " first."
    )
    assert (answer.status_code, said in words(answer)) == (200, True)
    assert Term.objects.get(pk=right.pk).office == right.office
    retract_person(person=wrong.person, reason="A slip.", by=author, now=record.NOW)
    assert desk.post(there, sent.page(desk, there, office=wrong.office_id)).status_code == 302
    assert Term.objects.get(pk=right.pk).office == wrong.office
    # The other way round the words are the same: the term of the withdrawn goes to nobody now.
    there = f"/admin/officials/term/{wrong.pk}/change/"
    other = record.term(by=author).person
    answer = desk.post(there, sent.page(desk, there, person=other.pk))
    assert (answer.status_code, said in words(answer)) == (200, True)
    assert Term.objects.get(pk=wrong.pk).person == wrong.person
