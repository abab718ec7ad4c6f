"""Forms and mails in Spanish: what readers are told, what they are refused, what they are sent."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client

from promises.accounts.models import User
from promises.pledges.actions import retract_pledge
from promises.suggestions.models import Challenge, Suggestion
from tests import record
from tests.alerts.followed import deliver, links
from tests.desk.sent import fields_of
from tests.record import NOW
from tests.site.reading import words

pytestmark = pytest.mark.django_db


def test_whoever_signs_up_in_spanish_gets_spanish_mails(client: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    query = f"/es/follow/?pledge={pledge.slug}"
    with time_machine.travel(NOW, tick=False):
        fields = fields_of(client.get(query).content.decode())
    typed = {**fields, "address": "jane@example.org", "frequency": "daily"}
    with time_machine.travel(NOW + timedelta(seconds=60), tick=False):
        sent = client.post(query, typed)
    assert (sent.status_code, sent["Location"]) == (302, "/es/follow/sent/")
    deliver(NOW + timedelta(minutes=2))
    (letter,) = mail.outbox
    assert letter.subject == f"Confirme, por favor: correos sobre {pledge.person}: {pledge}"
    assert "una vez al día" in letter.body
    confirm = re.findall(r"http://127\.0\.0\.1:8000(/es/follow/confirm/\S+)", str(letter.body))
    assert links(str(letter.body)) == {}
    with time_machine.travel(NOW + timedelta(minutes=3), tick=False):
        page = client.get(confirm[0])
    assert "¿Quiere recibir estos correos?" in words(page)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"address": "", "frequency": "daily"}, "Indique la dirección a la que deben llegar"),
        ({"address": "nowhere", "frequency": "daily"}, "No se puede enviar correo a esta"),
        ({"address": "a@example.org", "frequency": ""}, "Elija con qué frecuencia."),
    ],
)
def test_refusals_are_in_spanish(
    client: Client, author: User, typed: dict[str, Any], message: str
) -> None:
    pledge = record.pledge(by=author)
    query = f"/es/follow/?pledge={pledge.slug}"
    with time_machine.travel(NOW, tick=False):
        fields = fields_of(client.get(query).content.decode())
    with time_machine.travel(NOW + timedelta(seconds=60), tick=False):
        answer = client.post(query, {**fields, **typed})
    assert answer.status_code == 422
    assert message in words(answer)
    assert not mail.outbox


def test_too_many_requests_are_refused_in_spanish(client: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    query = f"/es/follow/?pledge={pledge.slug}"
    with time_machine.travel(NOW, tick=False):
        fields = fields_of(client.get(query).content.decode())
    for number in range(settings.FOLLOWS_PER_DAY + 1):
        typed = {**fields, "address": f"r{number}@example.org", "frequency": "daily"}
        with time_machine.travel(NOW + timedelta(seconds=60 + number), tick=False):
            answer = client.post(query, typed)
    assert answer.status_code == 429
    assert "Desde su red ya llegaron tantas solicitudes" in words(answer)
    assert "Vuelva mañana." in words(answer)


@pytest.mark.parametrize("form", ["suggest/", "pledges/{slug}/challenge/"])
def test_too_many_challenges_and_suggestions_are_refused_in_spanish(
    client: Client, author: User, form: str
) -> None:
    address = "/es/" + form.format(slug=record.pledge(by=author, slug="open-files").slug)
    with time_machine.travel(NOW, tick=False):
        fields = fields_of(client.get(address).content.decode())
    for number in range(settings.CHALLENGES_PER_DAY + 1):
        typed = {"explanation": f"Falta el {number}.", "source_url": "https://news.example.org/1"}
        kind = "evidence" if form == "suggest/" else "other"
        with time_machine.travel(NOW + timedelta(seconds=60 + number), tick=False):
            answer = client.post(address, {**fields, **typed, "kind": kind})
    assert answer.status_code == 429
    refusal = "Desde su red ya llegaron tantas como una red puede enviar en un día."
    assert f"{refusal} Vuelva mañana." in words(answer)
    kept = Suggestion if form == "suggest/" else Challenge
    assert kept.objects.count() == settings.CHALLENGES_PER_DAY


def test_a_visitor_has_one_name_in_every_language(client: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    address = f"/es/pledges/{pledge.slug}/challenge/"
    with time_machine.travel(NOW, tick=False):
        fields = fields_of(client.get(address).content.decode())
    typed = {**fields, "kind": "other", "explanation": "Falta algo."}
    with time_machine.travel(NOW + timedelta(seconds=60), tick=False):
        sent = client.post(address, typed)
    assert sent["Location"].startswith("/es/challenges/")
    assert User.objects.get(username="visitors").display_name == "A visitor"
    assert "Ha llegado." in words(client.get(sent["Location"]))


def test_refusals_have_nothing_that_is_not_translated(client: Client, author: User) -> None:
    legend = "EN: aún sin traducir"
    withdrawn = record.pledge(by=author)
    assert legend in words(client.get(f"/es/pledges/{withdrawn.slug}/"))
    retract_pledge(pledge=withdrawn, reason="A duplicate.", by=author, now=NOW)
    gone = client.get(f"/es/pledges/{withdrawn.slug}/")
    assert (gone.status_code, legend in words(gone)) == (410, True)
    for address, status in (("/es/pledges/none/", 404), ("/es/pledges/?page=x", 400)):
        refusal = client.get(address)
        assert (refusal.status_code, legend in words(refusal)) == (status, False), address


def test_a_search_says_what_is_not_translated_where_it_found_something(
    client: Client, author: User
) -> None:
    record.pledge(by=author, title="End cash bail")
    for query, found in (("?q=bail", True), ("?q=nowhere", False), ("?q=...", False), ("", False)):
        seen = words(client.get(f"/es/search/{query}"))
        assert ("EN: aún sin traducir" in seen) is found, query
