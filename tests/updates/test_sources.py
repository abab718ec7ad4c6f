"""No rating without published evidence; standing pledges are kept after the term, broken in it."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promises.accounts.models import User
from promises.captures.deciding import waive_capture
from promises.evidence.actions import retract_evidence
from promises.evidence.choices import EvidenceKind, Provenance
from promises.ledger.models import Entry
from promises.officials.actions import save_official_record
from promises.officials.models import Term
from promises.pledges.choices import Kind, Status
from promises.pledges.models import Pledge
from promises.updates import actions, rules, standing
from promises.updates.models import StatusUpdate
from tests import record


def approved(update: StatusUpdate, by: User, people: int = 2) -> StatusUpdate:
    """Hand an update in and let people approve it."""
    update = actions.submit_status_update(update=update, by=by, now=record.NOW)
    for _ in range(people):
        actions.approve_status_update(update=update, by=record.user(), now=record.NOW)
    return update


def publish_in_sql(update: StatusUpdate, by: User) -> None:
    """Publish past the action, as someone in a shell would."""
    StatusUpdate.objects.filter(pk=update.pk).update(
        state="published", published_at=record.NOW, published_by=by
    )


@pytest.mark.django_db
def test_withdrawn_evidence_carries_nothing(author: User, database_refuses: Callable) -> None:
    pledge = record.pledge(by=author)
    cited = record.evidence(by=author, about=pledge)
    update = approved(record.draft_update(by=author, of=pledge, cited=cited), author)
    retract_evidence(evidence=cited, reason="It was a forgery.", by=author, now=record.NOW)
    with pytest.raises(standing.EvidenceMissing, match="at least one published piece"):
        actions.publish_status_update(update=update, by=author, now=record.NOW)
    with database_refuses("rests on published evidence"):
        publish_in_sql(update, author)
    pledge.refresh_from_db()
    assert (pledge.status, pledge.supports_count) == ("not_yet_rated", 0)


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["kept", "broken"])
def test_a_final_rating_needs_more_than_the_parties_word(
    author: User, database_refuses: Callable, status: str
) -> None:
    pledge = record.pledge(by=author)
    cited = record.evidence(by=author, about=pledge, kind="statement", provenance="self_reported")
    update = approved(record.draft_update(by=author, of=pledge, cited=cited, status=status), author)
    with pytest.raises(standing.EvidenceMissing, match="primary record or an independent source"):
        actions.publish_status_update(update=update, by=author, now=record.NOW)
    with database_refuses("primary or independent source"):
        publish_in_sql(update, author)
    pledge.refresh_from_db()
    assert pledge.status == "not_yet_rated"


@pytest.mark.django_db
@pytest.mark.parametrize("ends_on", [None, date(2025, 6, 2)])
def test_a_standing_pledge_is_not_kept_before_the_term_is_over(
    author: User, database_refuses: Callable, ends_on: date | None
) -> None:
    term = record.term(by=author, ends_on=ends_on)
    pledge = record.pledge(by=author, of=term, kind="standing")
    update = approved(record.draft_update(by=author, of=pledge, status="kept"), author)
    with pytest.raises(standing.NotYetPossible, match="kept only once the term is over"):
        actions.publish_status_update(update=update, by=author, now=record.NOW)
    with database_refuses("kept only once the term is over"):
        publish_in_sql(update, author)
    pledge.refresh_from_db()
    assert pledge.status == "not_yet_rated"


@pytest.mark.django_db
def test_a_standing_pledge_is_kept_from_the_day_the_term_ended(author: User) -> None:
    term = record.term(by=author, ends_on=date(2025, 6, 1))
    pledge = record.pledge(by=author, of=term, kind="standing")
    record.published_update(by=author, of=pledge, status="kept", effective_on=date(2025, 6, 1))
    pledge.refresh_from_db()
    assert pledge.status == "kept"


@pytest.mark.django_db
@pytest.mark.parametrize("is_imported", [False, True])
def test_a_standing_pledge_is_not_broken_after_the_term(
    author: User, database_refuses: Callable, is_imported: bool
) -> None:
    term = record.term(by=author, ends_on=date(2025, 5, 31))
    pledge = record.pledge(by=author, of=term, kind="standing")
    draft = record.draft_update(by=author, of=pledge, status="broken", is_imported=is_imported)
    update = draft if is_imported else approved(draft, author)
    edition = Entry.objects.count()
    if not is_imported:
        with pytest.raises(standing.NotYetPossible, match="only be broken before the term ends"):
            actions.publish_status_update(update=update, by=author, now=record.NOW)
    with database_refuses("only be broken before the term ends"):
        publish_in_sql(update, author)
    pledge.refresh_from_db()
    assert (pledge.status, Entry.objects.count()) == ("not_yet_rated", edition)
    Term.objects.update(ends_on=date(2025, 6, 1))
    publish_in_sql(update, author)
    pledge.refresh_from_db()
    assert pledge.status == "broken"


@pytest.mark.django_db
def test_a_term_does_not_end_before_its_standing_pledge_was_broken(
    author: User, database_refuses: Callable
) -> None:
    pledge = record.pledge(by=author, kind="standing")
    record.published_update(by=author, of=pledge, status="broken")
    with database_refuses("rated broken on a day after the end of this term"):
        Term.objects.update(ends_on=date(2025, 5, 31))
    assert Term.objects.get().ends_on is None
    Term.objects.update(ends_on=date(2025, 6, 1))
    assert Term.objects.get().ends_on == date(2025, 6, 1)


@pytest.fixture
def kept(author: User) -> StatusUpdate:
    """A standing pledge that was kept until the term was over."""
    term = record.term(by=author, ends_on=date(2025, 6, 1))
    pledge = record.pledge(by=author, of=term, kind="standing")
    day = date(2025, 6, 1)
    return record.published_update(by=author, of=pledge, status="kept", effective_on=day)


GROUND = (
    "A standing pledge is rated kept because this term is over. Retract that status update first."
)


@pytest.mark.parametrize("ends_on", [date(2025, 6, 2), None])
def test_the_ground_of_a_kept_standing_pledge_stays_until_the_rating_is_retracted(
    kept: StatusUpdate, author: User, database_refuses: Callable, ends_on: date | None
) -> None:
    term = kept.pledge.term
    assert term is not None
    term.ends_on = ends_on
    with database_refuses(GROUND):
        save_official_record(record=term, by=author, now=record.NOW)
    with database_refuses(GROUND):
        Term.objects.update(ends_on=ends_on)
    assert Term.objects.get().ends_on == date(2025, 6, 1)
    # Earlier is no harm, and after a retraction neither is later.
    Term.objects.update(ends_on=date(2025, 5, 1))
    actions.retract_status_update(
        update=kept, reason="The term goes on.", by=author, now=record.NOW
    )
    Term.objects.update(ends_on=ends_on)
    assert Term.objects.get().ends_on == ends_on


def test_a_kept_standing_pledge_keeps_its_term(
    kept: StatusUpdate, author: User, database_refuses: Callable
) -> None:
    pledge, over = kept.pledge, kept.pledge.term
    assert over is not None
    open_term = Term(slug="second", person=over.person, office=over.office, started_on=over.ends_on)
    save_official_record(record=open_term, by=author, now=record.NOW)
    for change in ({"term": open_term}, {"term": None}):
        with database_refuses(GROUND):
            Pledge.objects.filter(pk=pledge.pk).update(**change)
    Pledge.objects.filter(pk=pledge.pk).update(kind="outcome")
    Pledge.objects.filter(pk=pledge.pk).update(term=open_term)
    with database_refuses(GROUND):
        Pledge.objects.filter(pk=pledge.pk).update(kind="standing")
    stored = Pledge.objects.get(pk=pledge.pk)
    assert (stored.kind, stored.term, stored.status) == ("outcome", open_term, "kept")


@pytest.mark.django_db
def test_criteria_come_before_the_first_rating(author: User, database_refuses: Callable) -> None:
    pledge = record.pledge(by=author)
    pledge.criteria.all().delete()
    update = approved(record.draft_update(by=author, of=pledge), author)
    with pytest.raises(standing.NotYetPossible, match="criteria of the pledge"):
        actions.publish_status_update(update=update, by=author, now=record.NOW)
    with database_refuses("Criteria are written before"):
        publish_in_sql(update, author)


@pytest.mark.django_db
def test_a_pledge_is_published_before_its_ratings(author: User, database_refuses: Callable) -> None:
    pledge = record.draft_pledge(by=author)
    update = approved(record.draft_update(by=author, of=pledge), author)
    with pytest.raises(standing.NotYetPossible, match="Publish the pledge"):
        actions.publish_status_update(update=update, by=author, now=record.NOW)
    with database_refuses("Publish the pledge"):
        publish_in_sql(update, author)


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["kept", "broken"])
def test_a_final_rating_needs_a_copy_of_every_source(
    author: User, database_refuses: Callable, status: str
) -> None:
    pledge = record.pledge(by=author)
    cited = record.evidence(by=author, about=pledge, title="The memo")
    draft = record.draft_update(by=author, of=pledge, cited=cited, status=status, has_copy=False)
    update = approved(draft, author)
    with pytest.raises(standing.SourcesNotSecured, match="There is none of “The memo”"):
        actions.publish_status_update(update=update, by=author, now=record.NOW)
    with database_refuses("need a copy of every source"):
        publish_in_sql(update, author)
    pledge.refresh_from_db()
    assert pledge.status == "not_yet_rated"
    record.copy_of(cited, by=author)
    publish_in_sql(update, author)
    pledge.refresh_from_db()
    assert pledge.status == status


@pytest.mark.django_db
def test_a_source_may_be_waived_and_an_imported_rating_needs_no_copy(author: User) -> None:
    pledge, other = record.pledge(by=author), record.pledge(by=author)
    cited = record.evidence(by=author, about=pledge)
    draft = record.draft_update(by=author, of=pledge, cited=cited, status="kept", has_copy=False)
    update = approved(draft, author)
    waive_capture(evidence=cited, reason="It is a book.", by=author, now=record.NOW)
    actions.publish_status_update(update=update, by=author, now=record.NOW)
    imported = record.draft_update(
        by=author, of=other, status="broken", has_copy=False, is_imported=True
    )
    publish_in_sql(imported, author)
    other.refresh_from_db()
    assert (other.status, other.status_is_provisional) == ("broken", True)


PIECES = st.lists(
    st.tuples(st.sampled_from(EvidenceKind.values), st.sampled_from(Provenance.values)), max_size=5
)


@given(status=st.sampled_from(Status.values), pieces=PIECES)
def test_the_rule_of_evidence(status: str, pieces: list[tuple[str, str]]) -> None:
    weighty = {"policy_memo", "court_filing", "official_data", "legislation", "election_result"}
    has_weight = any(kind in weighty or whose == "independent" for kind, whose in pieces)
    allowed = bool(pieces) and (status not in {"kept", "broken"} or has_weight)
    assert (rules.evidence_fault(status, pieces) == "") is allowed


@given(
    kind=st.sampled_from(Kind.values),
    status=st.sampled_from(Status.values),
    effective_on=st.dates(),
    ends_on=st.none() | st.dates(),
)
def test_the_rule_of_standing_pledges(
    kind: str, status: str, effective_on: date, ends_on: date | None
) -> None:
    fault = rules.standing_fault(
        kind=kind, status=status, effective_on=effective_on, term_ends_on=ends_on
    )
    allowed = {
        "kept": ends_on is not None and ends_on <= effective_on,
        "broken": ends_on is None or effective_on <= ends_on,
    }
    assert (fault == "") is (kind == "outcome" or allowed.get(status, True))
