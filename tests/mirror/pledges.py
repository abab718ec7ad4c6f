"""What hands do to pledges, ratings and what follows them."""

from datetime import date, timedelta
from typing import Any

from promises.editorial.choices import State
from promises.evidence.models import Evidence
from promises.officials.models import Term
from promises.pledges.actions import (
    publish_pledge,
    retract_pledge,
    save_criterion,
    save_pledge,
)
from promises.pledges.models import Criterion, Pledge, PledgeTranslation
from promises.pledges.translating import (
    publish_translation,
    retract_translation,
    save_translation,
)
from promises.staleness.actions import sweep_stale
from promises.suggestions.actions import answer_challenge, mark_as_spam, take_up
from promises.suggestions.models import Challenge
from promises.updates.actions import (
    approve_status_update,
    draft_status_update,
    publish_status_update,
    retract_status_update,
    submit_status_update,
)
from promises.updates.correcting import correct_criterion, correct_pledge, correct_status_update
from promises.updates.models import Response, StatusUpdate
from promises.updates.responding import publish_response, retract_response, save_response
from tests import record
from tests.mirror.hands import Deed, Hand
from tests.record import record_review
from tests.suggestions import challenged


def draft_pledge(hand: Hand) -> None:
    term = hand.pick(Term.objects.published())
    record.draft_pledge(by=hand.by, now=hand.now(), of=term, title=hand.word())


def publish_a_pledge(hand: Hand) -> None:
    drafts = Pledge.objects.filter(state="draft")
    publish_pledge(pledge=hand.pick(drafts), by=hand.by, now=hand.now())


def edit_pledge(hand: Hand) -> None:
    pledge = hand.pick(Pledge.objects.all())
    pledge.position = hand.chance.randrange(1000)
    save_pledge(pledge=pledge, by=hand.by, now=hand.now())


def reword_pledge(hand: Hand) -> None:
    pledge = hand.pick(Pledge.objects.published())
    pledge.title, pledge.statement = hand.word(), hand.word()
    pledge.due_on = date(2026, 1, 1) + timedelta(days=hand.chance.randrange(1000))
    correct_pledge(pledge=pledge, kind="correction", note="Misheard.", by=hand.by, now=hand.now())


def withdraw_pledge(hand: Hand) -> None:
    pledge = hand.pick(Pledge.objects.published())
    retract_pledge(pledge=pledge, reason=hand.word(), by=hand.by, now=hand.now())


def judge_criterion(hand: Hand) -> None:
    criterion = hand.pick(Criterion.objects.all())
    criterion.is_met = not criterion.is_met
    given: dict[str, Any] = {"by": hand.by, "now": hand.now()}
    if criterion.pledge.state == State.PUBLISHED:
        correct_criterion(criterion=criterion, kind="update", note="Looked.", **given)
    else:
        save_criterion(criterion=criterion, **given)


def translate(hand: Hand) -> None:
    pledge = hand.pick(Pledge.objects.published())
    draft = PledgeTranslation(pledge=pledge, language="es", title=hand.word(), statement="Lo hará.")
    draft = save_translation(translation=draft, by=hand.by, now=hand.now())
    publish_translation(translation=draft, by=hand.by, now=hand.now())


def edit_translation(hand: Hand) -> None:
    translation = hand.pick(PledgeTranslation.objects.published())
    translation.title = hand.word()
    save_translation(translation=translation, by=hand.by, now=hand.now())


def withdraw_translation(hand: Hand) -> None:
    translation = hand.pick(PledgeTranslation.objects.published())
    retract_translation(translation=translation, reason="Wrong.", by=hand.by, now=hand.now())


def rate(hand: Hand) -> None:
    """A rating that rests on public evidence, and on some that may not be public."""
    pledge = hand.pick(Pledge.objects.published())
    cited = [hand.pick(Evidence.objects.published()), hand.pick(Evidence.objects.all())]
    update = draft_status_update(
        pledge=pledge,
        evidence=list({piece.pk: piece for piece in cited}.values()),
        status=hand.chance.choice(["in_the_works", "stalled"]),
        effective_on=date(2025, 1, 1) + timedelta(days=hand.chance.randrange(400)),
        assessed_on=date(2026, 3, 1),
        confidence="medium",
        reason="no_action",
        reasoning=hand.word(),
        by=hand.by,
        now=hand.now(),
    )
    update = submit_status_update(update=update, by=hand.by, now=hand.now())
    other = hand.chance.choice(hand.others)
    approve_status_update(update=update, by=other, now=hand.now())
    publish_status_update(update=update, by=hand.by, now=hand.now())


def withdraw_rating(hand: Hand) -> None:
    update = hand.pick(StatusUpdate.objects.published())
    retract_status_update(update=update, reason="Wrong.", by=hand.by, now=hand.now())


def correct_rating(hand: Hand) -> None:
    correct_status_update(
        update=hand.pick(StatusUpdate.objects.published()),
        new_text=hand.word(),
        kind="typo",
        note="A slip.",
        by=hand.by,
        now=hand.now(),
    )


def review(hand: Hand) -> None:
    pledge = hand.pick(Pledge.objects.published())
    record_review(pledge=pledge, note=hand.word(), by=hand.by, now=hand.now())


def reply(hand: Hand) -> None:
    """A reply that was made in evidence which may not be public."""
    response = Response(
        slug=hand.slug("reply"),
        pledge=hand.pick(Pledge.objects.published()),
        said_by="Jane Example",
        text=hand.word(),
        published_on=date(2026, 2, 1),
        evidence=hand.pick(Evidence.objects.all()),
    )
    response = save_response(response=response, by=hand.by, now=hand.now())
    publish_response(response=response, by=hand.by, now=hand.now())


def withdraw_reply(hand: Hand) -> None:
    response = hand.pick(Response.objects.published())
    retract_response(response=response, reason="Wrong.", by=hand.by, now=hand.now())


def challenge(hand: Hand) -> None:
    update = hand.pick(StatusUpdate.objects.published())
    network = hand.slug("network")
    sent = challenged.challenge(of=update.pledge, update=update, now=hand.now(), network=network)
    take_up(challenge=sent, by=hand.by, now=hand.now())


def answer(hand: Hand) -> None:
    waiting = Challenge.objects.waiting()
    answer_challenge(
        challenge=hand.pick(waiting),
        is_accepted=False,
        answer=hand.word(),
        summary=hand.word(),
        by=hand.by,
        now=hand.now(),
    )


def set_aside_challenge(hand: Hand) -> None:
    mark_as_spam(challenge=hand.pick(Challenge.objects.waiting()), by=hand.by, now=hand.now())


def sweep(hand: Hand) -> None:
    sweep_stale(by=hand.by, now=hand.now())


DEEDS = (
    Deed(draft_pledge, 8), Deed(publish_a_pledge, 8), Deed(edit_pledge), Deed(reword_pledge),
    Deed(withdraw_pledge, 1), Deed(judge_criterion), Deed(translate), Deed(edit_translation, 2),
    Deed(withdraw_translation, 1), Deed(rate, 8), Deed(withdraw_rating, 1), Deed(correct_rating, 2),
    Deed(review), Deed(reply, 6), Deed(withdraw_reply, 1), Deed(challenge), Deed(answer, 2),
    Deed(set_aside_challenge, 1), Deed(sweep, 2),
)  # fmt: skip
