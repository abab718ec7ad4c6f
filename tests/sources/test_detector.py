"""How well pages that are not the source are told from those that are, on pages made up for it."""

import io
from collections import Counter

import pytest

from promises.sources.choices import Verdict
from promises.sources.reading import read_page
from promises.sources.verdicts import judge
from tests.sources.pages import held_out, tuning
from tests.sources.pages.layouts import Text


def verdict(text: Text, html: str) -> Verdict:
    page = read_page(io.BytesIO(html.encode()), media_type="text/html", charset="", url=text.ended)
    return judge(page, status=text.status, asked_url=text.url, url=text.ended)


def counted(pages: list[tuple[Text, str]]) -> dict[str, int]:
    """Count pages by whether they are suspect, and whether they should be."""
    counts: Counter[str] = Counter()
    for text, html in pages:
        found = verdict(text, html)
        right = "right" if found.is_suspect == (text.label != "ok") else "wrong"
        counts[f"{right}ly {'suspect' if found.is_suspect else 'trusted'}"] += 1
        counts["named exactly"] += str(found) == text.label
    return dict(counts)


@pytest.mark.timeout(600)
def test_200_pages_the_detector_was_not_made_for() -> None:
    pages = list(held_out.pages())
    assert Counter(text.label != "ok" for text, _html in pages) == {True: 100, False: 100}
    assert {text.lang for text, _html in pages} == {"en", "es", "fr", "de", "pt", "it"}
    # Recall 96 %, precision 100 %.
    assert counted(pages) == {
        "rightly suspect": 96,
        "wrongly trusted": 4,
        "rightly trusted": 100,
        "named exactly": 194,
    }


@pytest.mark.timeout(600)
def test_pages_the_detector_was_made_for() -> None:
    pages = list(tuning.pages())
    assert counted(pages) == {"rightly suspect": 123, "rightly trusted": 76, "named exactly": 199}


def test_the_pages_are_the_same_every_time() -> None:
    assert [html for _text, html in held_out.pages()] == [html for _text, html in held_out.pages()]
    measured = {text.heading for text, _html in held_out.pages() if text.label != "ok"}
    fitted = {text.heading for text, _html in tuning.pages() if text.label != "ok"}
    assert measured & fitted <= {""}
