"""The words of pledges in the language of the page, where the record has them.

A page in another language shows a pledge's title and statement as they were translated, and says
so; whatever nobody has translated stays in English and is marked as English.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Any

from django import shortcuts
from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from promises.pledges.models import Pledge, PledgeTranslation


@dataclass(frozen=True)
class Words:
    """A pledge in another language: since when the English says something else, and by whom."""

    title: str
    statement: str
    published_by: str
    published_at: datetime
    behind_on: date | None


def is_in_english() -> bool:
    """Whether what is written now is in the language of the record."""
    return get_language() == settings.LANGUAGE_CODE


def render(
    request: HttpRequest, template: str, facts: dict[str, Any] | None = None, **more: Any
) -> HttpResponse:
    """Answer with a page, the pledges on it with their words in its language.

    One query more than in English, where there are pledges that bring none along.
    """
    facts = facts or {}
    if not is_in_english():
        translate(_pledges_in(facts, set()))
    return shortcuts.render(request, template, facts, **more)


def translate(pledges: Iterable[Pledge]) -> None:
    """Give each pledge its `words`, or None. One query; none in English or without pledges."""
    if is_in_english():
        return
    wanting = [pledge for pledge in pledges if not hasattr(pledge, "words")]
    if not wanting:
        return
    rows = PledgeTranslation.objects.into(get_language())
    found = {row.pledge_id: row for row in rows.filter(pledge__in={each.pk for each in wanting})}
    for pledge in wanting:
        row = found.get(pledge.pk)
        pledge.words = _words_of(row) if row else None  # type: ignore[attr-defined]


def _words_of(row: PledgeTranslation) -> Words:
    assert row.published_at is not None, "pledges_pledgetranslation_published_has_a_date"
    return Words(row.title, row.statement, str(row.published_by), row.published_at, row.behind_on)


def with_words(pledge: Pledge) -> Pledge:
    """Give a pledge the `words` it was read with as `word_rows` (`rows_of_pledge`)."""
    row = next(iter(pledge.word_rows), None)  # type: ignore[attr-defined]
    if row:
        behind_on = row["behind_on"] and date.fromisoformat(row["behind_on"])
        moment = datetime.fromisoformat(row["published_at"])
        row = Words(**{**row, "behind_on": behind_on, "published_at": moment})
    pledge.words = row  # type: ignore[attr-defined]
    return pledge


def title_of(pledge: Pledge) -> str:
    """Return the title of a pledge in the language of the page, else in English."""
    words: Words | None = getattr(pledge, "words", None)
    return words.title if words else pledge.title


def statement_of(pledge: Pledge) -> str:
    """Return the statement of a pledge in the language of the page, else in English."""
    words: Words | None = getattr(pledge, "words", None)
    return words.statement if words else pledge.statement


def language_of(pledge: Pledge) -> str:
    """Return the language in which the title and statement of a pledge are shown."""
    return get_language() if getattr(pledge, "words", None) else settings.LANGUAGE_CODE


def _pledges_in(facts: Any, seen: set[int]) -> Iterator[Pledge]:
    """Return every pledge that can be reached from these facts without a query of its own."""
    if isinstance(facts, str | bytes | int) or facts is None or id(facts) in seen:
        return
    seen.add(id(facts))
    if isinstance(facts, Pledge):
        yield facts
    for inner in _parts(facts):
        yield from _pledges_in(inner, seen)


def _parts(facts: Any) -> list[Any]:
    if isinstance(facts, Mapping):
        return [*facts.keys(), *facts.values()]
    # What a page is given it shows: reading it here is reading it early.
    if isinstance(facts, list | tuple | QuerySet):
        return list(facts)
    if isinstance(facts, Model):
        prefetched = getattr(facts, "_prefetched_objects_cache", {})
        return [*facts._state.fields_cache.values(), *prefetched.values(), *_given(facts)]
    if is_dataclass(facts) and not isinstance(facts, type):
        return [getattr(facts, field.name) for field in fields(facts)]
    return []


def _given(record: Model) -> list[Any]:
    """Return what a view hung on a record beside its columns: rows, lists, other records."""
    return [value for value in vars(record).values() if isinstance(value, list | Model)]
