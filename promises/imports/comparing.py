"""What becomes of each row: against the other rows, the record, and earlier imports."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from promises.editorial.choices import State
from promises.evidence.models import Evidence
from promises.imports.candidates import Candidate, candidates_of
from promises.imports.choices import Kind, Twins, Verdict
from promises.imports.lookups import Lookups
from promises.imports.models import Import, ImportedRow
from promises.imports.rules import plain_title
from promises.imports.sheets import Sheet
from promises.pledges.models import Pledge

# A title as titles are compared, and whose it is: the person of a pledge, nobody's of evidence.
Title = tuple[str, int]


def judged(upload: Import, sheet: Sheet) -> list[Candidate]:
    """Return every row of a file with what an import would make of it. Writes nothing."""
    rows = list(candidates_of(upload, sheet, Lookups(upload.source)))
    _refuse_shared_ids(rows)
    known = ImportedRow.objects.named(upload.source, upload.kind, [row.external_id for row in rows])
    for row in rows:
        row.known = known.get(row.external_id)
        if row.known and row.verdict == Verdict.NEW:
            compare(row, row.known)
    _decide_twins(rows, upload)
    return rows


def counted(rows: Sequence[Candidate]) -> dict[str, int]:
    """Return how many rows have which outcome."""
    found = Counter(row.verdict.value for row in rows)
    return {verdict: found[verdict] for verdict in Verdict.values}


def compare(row: Candidate, known: ImportedRow) -> None:
    """Decide about a row that was imported before: a person's work here stays as it is."""
    record = known.pledge or known.evidence
    if record is None:
        row.verdict = Verdict.LEFT
        row.notes.append(_("Left: its draft was deleted here."))
    elif row.hash == known.content_hash:
        row.verdict = Verdict.UNCHANGED
    elif record.state in (State.PUBLISHED, State.RETRACTED):
        row.verdict = Verdict.LEFT
        row.notes.append(_("Left: it is public here. An import never changes what was published."))
    elif record.state != State.DRAFT:
        row.verdict = Verdict.LEFT
        row.notes.append(_("Left: it is in review here."))
    elif record.version != known.record_version or _is_link_edited(known):
        row.verdict = Verdict.LEFT
        row.notes.append(_("Left: edited here since the last import."))
    elif known.link and row.link.get("pledge_id") != known.link.pledge_id:
        row.refuse(_("It was about another pledge. Remove that link on the desk first."))
    else:
        row.verdict = Verdict.CHANGED


def _is_link_edited(known: ImportedRow) -> bool:
    """Return whether someone changed or removed what the evidence says about its pledge."""
    version = known.link.version if known.link else None
    return version != known.link_version


def _refuse_shared_ids(rows: Sequence[Candidate]) -> None:
    """Refuse rows that share an id: which of them it means is anyone's guess."""
    by_id: dict[str, list[Candidate]] = defaultdict(list)
    for row in rows:
        by_id[row.external_id].append(row)
    for group in by_id.values():
        for row in group[1:] if len(group) > 1 else []:
            words = (
                _("Same title as row %(row)d, and the file has no ids to tell them apart.")
                if row.external_id.startswith("title:")
                else _("Same id as row %(row)d.")
            )
            row.refuse(words % {"row": group[0].row})
        if len(group) > 1:
            first = group[0]
            words = (
                _("Same title as row %(row)d, and the file has no ids to tell them apart.")
                if first.external_id.startswith("title:")
                else _("Row %(row)d has the same id.")
            )
            first.refuse(words % {"row": group[1].row})


def _title_of(row: Candidate) -> Title:
    return plain_title(row.values.get("title") or row.title), row.values.get("person_id") or 0


def _decide_twins(rows: Sequence[Candidate], upload: Import) -> None:
    """Report new rows whose title another row or a record has, and do what was decided."""
    decision = upload.decisions.get("twins", Twins.REFUSE)
    groups: dict[Title, list[Candidate]] = defaultdict(list)
    for row in rows:
        if row.values.get("title"):
            groups[_title_of(row)].append(row)
    stored = _stored_titles(upload.kind, groups)
    for title, group in groups.items():
        for number, row in enumerate(group):
            others = [one.row for one in group if one is not row]
            if row.verdict != Verdict.NEW or not (others or title in stored):
                continue
            is_first = not number and title not in stored
            _decide(row, _twin_words(others, stored.get(title, "")), decision, is_first)


def _twin_words(others: list[int], stored: str) -> str:
    if stored:
        return _("Same title as “%(slug)s”, which is here already.") % {"slug": stored}
    return _("Same title as row %(rows)s.") % {"rows": ", ".join(map(str, others[:5]))}


def _decide(row: Candidate, words: str, decision: str, is_first: bool) -> None:
    if decision == Twins.BOTH or (decision == Twins.SKIP and is_first):
        row.notes.append(words)
    elif decision == Twins.SKIP:
        row.notes.append(words)
        row.verdict = Verdict.SKIPPED
    else:
        row.refuse(words)


def _stored_titles(kind: str, wanted: dict[Title, list[Candidate]]) -> dict[Title, str]:
    """Return the slugs of the records here that have one of these titles."""
    found: dict[Title, str] = {}
    if kind == Kind.PLEDGE:
        people = {person for _title, person in wanted}
        pledges = Pledge.objects.filter(person__in=people).order_by("-pk")
        for slug, person, text in pledges.values_list("slug", "person_id", "title"):
            found[plain_title(text), person] = slug
    else:
        texts = {str(row.values["title"]).lower() for group in wanted.values() for row in group}
        same = Evidence.objects.annotate(small=Lower("title")).filter(small__in=texts)
        for slug, text in same.order_by("-pk").values_list("slug", "title"):
            found[plain_title(text), 0] = slug
    return found
