"""Finds what names in a file mean here. Nothing is ever invented."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from promises.common.refusals import Refused
from promises.imports.choices import Kind
from promises.imports.models import ImportedRow
from promises.imports.rules import nearest
from promises.imports.sheets import shown
from promises.officials.models import Office, Person, Term
from promises.pledges.models import Pledge, Topic

# Names among which the nearest are looked for: comparing more would take seconds a row.
MAX_NEAREST = 5_000
# Names that are not known for which they are looked for. Where more are not, it is no slip of the
# pen, and a file may hold twenty thousand of them.
MOST_WITH_NEAREST = 50


class UnknownName(Refused):
    """A name in the file is nobody's here, or that of several."""


@dataclass
class Names:
    """The rows of one table by slug and by exact name; read once."""

    what: str
    by_slug: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, list[int]] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def add(self, pk: int, slug: str, name: str) -> None:
        """Know one more row."""
        self.by_slug[slug] = pk
        self.by_name.setdefault(" ".join(name.split()).casefold(), []).append(pk)
        self.shown[name] = slug

    def find(self, text: str) -> int:
        """Return the row that a text names. Raises UnknownName with the nearest names."""
        key = " ".join(text.split())
        if key in self.by_slug:
            return self.by_slug[key]
        found = self.by_name.get(key.casefold(), [])
        if len(found) == 1:
            return found[0]
        if key not in self.failed:
            self.failed[key] = self._reason(key, len(found))
        raise UnknownName(self.failed[key])

    def _reason(self, text: str, found: int) -> str:
        given = {"what": self.what, "text": shown(text)}
        if found:
            return (
                _("%(what)s: %(text)s is the name of several here. Give the public name (slug).")
                % given
            )
        if len(self.failed) < MOST_WITH_NEAREST:
            names = [*self.shown, *self.shown.values()][:MAX_NEAREST]
            if close := nearest(text, names):
                words = _("%(what)s: %(text)s is not known here. Nearest: %(nearest)s.")
                return words % {**given, "nearest": ", ".join(close)}
        return _("%(what)s: %(text)s is not known here.") % given


class Lookups:
    """What rows of one import can name."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._names: dict[str, Names] = {}
        self._terms: dict[int, dict[int, list[int]]] | None = None

    def person(self, text: str) -> int:
        """Return a person by slug or exact name."""
        return self._table("person", _("prosecutor"), _rows(Person, "name")).find(text)

    def topic(self, text: str) -> int:
        """Return a topic by slug or exact name."""
        return self._table("topic", _("topic"), _rows(Topic, "name")).find(text)

    def term(self, text: str) -> int:
        """Return a term by slug."""
        return self._table("term", _("term"), _rows(Term, "slug")).find(text)

    def pledge(self, text: str) -> int:
        """Return a pledge by slug, or by its id in an earlier import of this source."""
        return self._table("pledge", _("pledge"), self._pledges).find(text)

    def term_in(self, office: str, person: int) -> int:
        """Return the one term of a person in an office. Raises UnknownName."""
        found = self._table("office", _("office"), _rows(Office, "title")).find(office)
        terms = self._terms_of(person).get(found, [])
        if len(terms) != 1:
            words = (
                _("The person had several terms in the office %(office)s. Name the term.")
                if terms
                else _("The person had no term in the office %(office)s.")
            )
            raise UnknownName(words % {"office": shown(office)})
        return terms[0]

    def is_term_of(self, term: int, person: int) -> bool:
        """Return whether a term is one of this person."""
        return any(term in terms for terms in self._terms_of(person).values())

    def _terms_of(self, person: int) -> dict[int, list[int]]:
        """Return the terms of a person by office."""
        if self._terms is None:
            self._terms = {}
            for pk, holder, post in Term.objects.values_list("pk", "person_id", "office_id"):
                self._terms.setdefault(holder, {}).setdefault(post, []).append(pk)
        return self._terms.get(person, {})

    def _table(
        self, key: str, what: str, rows: Callable[[], Iterable[tuple[int, str, str]]]
    ) -> Names:
        if key not in self._names:
            names = self._names[key] = Names(what)
            for row in rows():
                names.add(*row)
        return self._names[key]

    def _pledges(self) -> Collection[tuple[int, str, str]]:
        imported = ImportedRow.objects.of_source(self.source, Kind.PLEDGE)
        known = imported.filter(pledge__isnull=False).values_list("pledge_id", "external_id")
        rows = [(pk, external, external) for pk, external in known if pk]
        return [*rows, *_rows(Pledge, "slug")()]


def _rows(
    model: type[Person | Topic | Term | Office | Pledge], name: str
) -> Callable[[], list[tuple[int, str, str]]]:
    """Return how to read the ids, slugs and names of a table."""

    def read() -> list[tuple[int, str, str]]:
        return list(model._default_manager.order_by("pk").values_list("pk", "slug", name))

    return read
