"""Mails in Spanish: as far as the record has Spanish words, and what it has not is marked."""

import pytest
from django.core import mail

from promises.accounts.models import User
from promises.pledges.actions import save_general_term
from promises.pledges.models import GeneralTerm, Pledge
from tests import record
from tests.alerts.followed import ask, deliver, following
from tests.alerts.test_telling import mails
from tests.record import NOW
from tests.site.test_languages import translated

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge(author: User) -> Pledge:
    made = record.pledge(by=author)
    record.evidence(by=author, about=made)
    return made


def test_a_spanish_mail_has_the_words_that_were_translated(author: User, pledge: Pledge) -> None:
    translated(pledge, author)
    term = GeneralTerm(slug="topic", language="es", english=pledge.topic.name, words="Fianza")
    save_general_term(term=term, by=author, now=NOW)
    ask(pledge.topic, language="es")
    ask(pledge, language="es")
    deliver()
    assert [letter.subject for letter in mail.outbox] == [
        "Confirme, por favor: correos sobre Fianza",
        f"Confirme, por favor: correos sobre {pledge.person}: Hacer lo prometido",
    ]
    following(pledge, language="es")
    record.published_update(
        by=author, of=pledge, cited=pledge.evidence.get(), status="kept", reasoning="It is done."
    )
    (letter,) = mails()
    title = f"{pledge.person}: Hacer lo prometido"
    assert letter.subject == f"{title} · Nueva calificación: Cumplida"
    html = str(letter.alternatives[0])
    assert f">{title}</a>" in html
    assert '<span lang="en">It is done.</span>' in html
    assert f"/es/pledges/{pledge.slug}/" in letter.body


def test_a_new_pledge_is_told_in_spanish_where_it_was_translated(
    author: User, pledge: Pledge
) -> None:
    following(pledge.person, language="es")
    made = record.pledge(by=author, of=pledge.term, title="Open the files", statement="She will.")
    translated(made, author, title="Abrir los archivos", statement="Dijo que lo hará.")
    (letter,) = mails()
    html = str(letter.alternatives[0])
    assert ("Abrir los archivos" in html, "Open the files" in html) == (True, False)
    assert ("Dijo que lo hará." in html, "She will." in html) == (True, False)
    assert 'lang="en"' not in html
