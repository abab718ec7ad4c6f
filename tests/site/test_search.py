"""Search: words as they are meant, hits marked, facets counted, nonsense answered calmly."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.evidence.actions import retract_evidence
from promises.pledges.actions import save_general_term
from promises.pledges.models import GeneralTerm, Pledge
from promises.site.pages import search as page
from tests import record
from tests.record import NOW
from tests.site.reading import words
from tests.vocabulary import gather

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge(author: User) -> Pledge:
    """A pledge with evidence, and others around it."""
    topic = record.topic(by=author, slug="bail", name="Bail")
    term = record.term(by=author)
    made = record.pledge(
        by=author, of=term, topic=topic, title="Reform cash bail",
        statement="She promised policies that stop asking for money.",
    )  # fmt: skip
    record.evidence(by=author, about=made, title="Bail memo", summary="Judges asked less often.")
    record.evidence(
        by=author, about=made, title="La fiscal prometió cambios", summary="Señora Núñez habló.",
        kind="statement",
    )  # fmt: skip
    other = record.pledge(by=author, of=term, title="Never seek death", statement="Not once.")
    record.published_update(by=author, of=other, status="kept")
    return made


def found(client: Client, query: str) -> str:
    """Return what a search says once a worker has gathered the words."""
    gather()
    return said(client, query)


def said(client: Client, query: str) -> str:
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    return words(response)


IN_OTHER_FORMS = {
    "reforming": "Reform cash bail",
    "promise policy": "Reform cash bail",
    "JUDGE asking": "Bail memo",
    "nunez": "La fiscal prometió cambios",
    "senora habló": "La fiscal prometió cambios",
    "fiscales": "La fiscal prometió cambios",
    "jane bail": "Reform cash bail",
    "refor": "Reform cash bail",
}


def test_words_are_found_in_other_forms(client: Client, pledge: Pledge) -> None:
    gather()
    for query, title in IN_OTHER_FORMS.items():
        text = said(client, query)
        assert title in text, query
        assert "Never seek death" not in text, query
        assert "These are the results for" not in text, query


@pytest.mark.parametrize(
    ("query", "meant", "title"),
    [
        ("refrom", "reform", "Reform cash bail"),
        ("jugdes", "judges", "Bail memo"),
        ("polcies", "policies", "Reform cash bail"),
    ],
)
def test_slips_of_the_pen_are_understood_and_said(
    client: Client, pledge: Pledge, query: str, meant: str, title: str
) -> None:
    text = found(client, query)
    assert f"Nothing here holds “{query}”. These are the results for “{meant}”." in text
    assert title in text


def test_a_quote_is_found(client: Client, author: User) -> None:
    said = "Nobody sits in jail for want of a bond"
    record.pledge(by=author, title="Reform bail", quote=said, quote_attribution="Jane Example")
    assert "Reform bail" in found(client, "wanting bonds")


def test_words_that_only_a_copy_holds_are_found_and_shown(client: Client, author: User) -> None:
    piece = record.evidence(by=author, about=record.pledge(by=author), title="A memo")
    record.copy_of(piece, by=author, text="The clerk wrote of arraignments. <b>Nobody</b> replied.")
    other = record.evidence(by=author, about=record.pledge(by=author), title="A letter")
    said = " ".join(client.get("/search/", {"q": "clerk arraignments"}).content.decode().split())
    assert "1 piece of evidence" in said
    assert (
        "In the copy kept here: The <mark>clerk</mark> wrote of <mark>arraignments</mark>."
        " Nobody replied."
    ) in said
    assert "<b>" not in said
    assert other.title not in said
    retract_evidence(evidence=piece, reason="Withdrawn.", by=author, now=NOW)
    assert "A memo" not in found(client, "arraignments")


def test_a_word_of_a_suspect_copy_or_a_draft_is_not_known(client: Client, author: User) -> None:
    draft = record.draft_evidence(by=author, title="A draft")
    record.copy_of(draft, by=author, text="Nothing but qwertyuiop.")
    assert "0 pieces of evidence" in found(client, "qwertyuiop")


def test_every_word_must_occur(client: Client, pledge: Pledge) -> None:
    assert "0 pledges" in found(client, "bail death")
    assert "0 pledges" in found(client, "qwertyuiop")
    assert "0 pieces of evidence" in found(client, "qwertyuiop")


def test_a_search_without_hits_says_how_to_go_on(client: Client, pledge: Pledge) -> None:
    said = "Nothing holds all of these words, and every word must occur"
    response = client.get("/search/?q=bail+qwertyuiop")
    assert said in words(response)
    html = response.content.decode()
    for link in ("/topics/", "/prosecutors/", "/suggest/"):
        assert f'<li><a href="{link}">' in html[html.index("<main") : html.index("</main")]
    assert 'class="narrow"' not in html
    assert 'class="legend"' not in html
    assert said not in words(client.get("/search/?q=bail"))
    assert said not in words(client.get("/search/?q="))


def test_spanish_names_of_topics_and_offices_are_found_in_both_languages(
    client: Client, pledge: Pledge, author: User
) -> None:
    for english, spanish in (
        ("Bail", "Fianza en efectivo"), (pledge.term.office.title, "Fiscalía de Ejemplo"),
    ):  # fmt: skip
        term = GeneralTerm(slug=spanish[:6].lower(), language="es", english=english, words=spanish)
        save_general_term(term=term, by=author, now=NOW)
    for address in ("/search/", "/es/search/", "/pledges/", "/es/pledges/"):
        for query in (
            "fianza",
            "fianza en efectivo",
            "fianza jane",
            "fianza ejemplo",
            "reform fianza",
        ):
            text = words(client.get(address, {"q": query}))
            assert "Reform cash bail" in text, (address, query)
            assert "Never seek death" not in text, (address, query)
    gather()
    for query in ("fianzas", "fiscalia fianzas"):
        assert "Reform cash bail" in words(client.get("/es/search/", {"q": query})), query


def test_very_short_words_are_looked_for_as_they_stand(client: Client, pledge: Pledge) -> None:
    """Of a letter or two so many words begin that eight of them kept a large record busy."""
    assert "1 pledge" in found(client, "ref bai")
    assert "0 pledges" in found(client, "ref ba")


def test_hits_are_marked_and_nothing_else_gets_through(client: Client, author: User) -> None:
    record.pledge(
        by=author, title="Bail <script>alert(1)</script>",
        statement="She said bail & more about bails.",
    )  # fmt: skip
    html = client.get("/search/?q=bail").content.decode()
    assert "<script" not in html
    assert "\x02" not in html
    assert "\x03" not in html
    assert html.count("<mark>") == html.count("</mark>") == 3
    assert re.findall(r"<mark>(.*?)</mark>", html) == ["Bail", "bail", "bails"]


def test_facets_count_and_narrow(client: Client, pledge: Pledge) -> None:
    response = client.get("/search/?q=example")
    text = words(response)
    assert "Prosecutor" in text
    html = response.content.decode()
    links = re.findall(r'<li><a href="(\?[^"]*)">([^<]*)</a> <span class="since">(\d+)', html)
    counts = {label: int(count) for _query, label, count in links}
    assert counts["Bail"] == 3  # Jane Example promised it; two papers are The Example Times.
    for query, label, count in links:
        narrowed = client.get("/search/" + unescape(query)).content.decode()
        total = sum(
            int(number)
            for number in re.findall(r"(\d+) (?:pledge|piece)s?(?: of evidence)?</h2>", narrowed)
        )
        assert total == int(count), label
        assert "chosen; follow it to remove" in narrowed


def test_of_a_facet_the_most_frequent_values_are_shown(
    client: Client, author: User, pledge: Pledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    record.pledge(by=author, title="An example", of=record.term(by=author))
    pattern = r'<li><a href="[?][^"]*(prosecutor|topic|status|kind)=[^"]*">'
    every = re.findall(pattern, client.get("/search/?q=example").content.decode())
    assert every.count("prosecutor") == 2
    monkeypatch.setattr("promises.site.facets.MOST_VALUES", 1)
    first = re.findall(pattern, client.get("/search/?q=example").content.decode())
    assert sorted(first) == sorted(set(every))


def test_pages_of_what_was_found(
    client: Client, author: User, pledge: Pledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "PAGE", 2)
    for number in range(3):
        record.evidence(by=author, about=pledge, title=f"Memo {number}", summary="Cash bail.")
    first = client.get("/search/?q=bail&in=evidence")
    second = client.get("/search/?q=bail&in=evidence&page=2")
    titles = [re.findall(r'<a class="row-title" href="([^"]*)"', each.content.decode())
              for each in (first, second)]  # fmt: skip
    assert [len(each) for each in titles] == [2, 2]
    assert len({*titles[0], *titles[1]}) == 4
    assert "Page 2 of 2" in words(second)
    assert client.get("/search/?q=bail&in=evidence&page=3").status_code == 404
    assert "in=evidence" in first.content.decode()


def test_more_than_is_counted_says_so(
    client: Client, author: User, pledge: Pledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "MOST", 2)
    record.evidence(by=author, about=pledge, title="Third paper")
    assert "More than 2 pieces of evidence" in found(client, "times")


HOSTILE = [
    ("x" * 10_000, 400), ("a\x00b", 400), ("bail & !death | (x <-> y):*", 200), ("'''", 200),
    ("\\", 200), ("'; DROP TABLE pledges_pledge; --", 200), ("<->", 200), (":*", 200),
    ("%_%", 200), ("a" * 200, 200), ("é" * 200, 200), ("\U0001f5f3 voto", 200), ("   ", 200),
    (" ".join(["bail"] * 60), 400), ("the of and", 200), ("\u202ebail", 200), ("a&b", 200),
]  # fmt: skip


def test_hostile_words_are_answered_calmly(client: Client, pledge: Pledge) -> None:
    found = [(query, client.get("/search/", {"q": query}).status_code) for query, _ in HOSTILE]
    assert found == HOSTILE


def test_a_filter_that_is_none_is_named(client: Client, pledge: Pledge) -> None:
    for name in ("in", "prosecutor", "topic", "status", "kind"):
        response = client.get(f"/search/?q=bail&{name}=nonsense")
        assert (response.status_code, f"of “{name}”" in words(response)) == (400, True), name


def test_no_word_of_what_is_not_public_is_known(client: Client, author: User) -> None:
    public = record.pledge(by=author)
    record.draft_pledge(by=author, title="Quillfeather")
    record.draft_evidence(by=author, summary="Quillfeather.")
    gone = record.evidence(by=author, about=public, summary="Quillfeathers all over.")
    assert "Quillfeathers" in found(client, "quillfeather")
    retract_evidence(evidence=gone, reason="Wrong.", by=author, now=NOW)
    for query in ("quillfeather", "quilfeather", "quillf"):
        assert "uillfeathers" not in found(client, query)


def test_new_words_are_found_at_once_and_their_forms_once_they_are_gathered(
    client: Client, author: User
) -> None:
    public = record.pledge(by=author)
    gather()
    record.evidence(by=author, about=public, summary="A stenographer wrote of stenography.")
    assert "1 piece of evidence" in said(client, "stenographer")
    assert "1 piece of evidence" in said(client, "stenogr")
    assert "0 pieces of evidence" in said(client, "stenographers")
    assert "1 piece of evidence" in found(client, "stenographers")


def test_a_word_that_was_just_withdrawn_is_not_told(client: Client, author: User) -> None:
    gone = record.evidence(by=author, about=record.pledge(by=author), summary="Quillfeathers.")
    assert "These are the results for “quillfeathers”." in found(client, "quilfeathers")
    retract_evidence(evidence=gone, reason="Wrong.", by=author, now=NOW)
    assert "uillfeathers" not in said(client, "quilfeathers").replace("quilfeathers", "")


def test_a_search_keeps_its_filters_when_it_is_changed(client: Client, pledge: Pledge) -> None:
    html = client.get("/search/?q=bail&topic=bail").content.decode()
    assert '<input type="hidden" name="topic" value="bail">' in html


def test_many_hits_come_newest_first(
    client: Client, author: User, pledge: Pledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "MOST_RANKED", 1)
    rows: Any = pledge.evidence.order_by("-published_on", "-pk").filter(state="published")
    html = client.get("/search/?q=times&in=evidence&topic=bail").content.decode()
    shown = re.findall(r'<a class="row-title" href="/evidence/([^"]*)/"', html)
    assert shown == [piece.slug for piece in rows]
