"""What a row can hold: the columns of our tables that a file may fill, in the order of the form."""

from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from promises.evidence.choices import Checked, EvidenceKind, Provenance, Stance
from promises.evidence.models import Evidence, EvidenceLink
from promises.imports import vocabulary
from promises.imports.choices import Kind
from promises.pledges.choices import Control, Origin, Status
from promises.pledges.choices import Kind as PledgeKind
from promises.pledges.models import Pledge


@dataclass(frozen=True)
class Target:
    """One thing a column can be mapped to.

    `takes` is text, date, choice, topic, or a name to be found: person, office, term, pledge.
    """

    name: str
    label: str | Promise
    takes: str = "text"
    about: str | Promise = ""
    is_required: bool = False
    # Whether one answer can stand for every row that has none.
    has_fixed: bool = False
    fixed: str = ""
    choices: tuple[tuple[str, Any], ...] = ()
    # Names that columns with this content often have, in plain words.
    names: str = ""
    # What the source's words usually mean: value → words.
    words: dict[str, str] = field(default_factory=dict, compare=False)
    model: type[models.Model] | None = None

    @property
    def has_vocabulary(self) -> bool:
        """Whether each distinct value of its column must be translated by a person."""
        return self.takes in ("choice", "topic")

    @property
    def column(self) -> Any:
        """The column of our table that keeps its value, with its validators."""
        return self.model._meta.get_field(self.name) if self.model else None


def _choice(name: str, label: Any, choices: type[models.TextChoices], **more: Any) -> Target:
    return Target(name, label, "choice", choices=tuple(choices.choices), **more)


EXTERNAL_ID = Target(
    "external_id",
    _("id in the source"),
    about=_("By it a later file is recognised. Without one, the title has to do."),
    names="id|external id|identifier|key|uuid|slug|number|no|promise id|pledge id|code|ref",
)

PLEDGE_TARGETS = (
    EXTERNAL_ID,
    Target("person", _("prosecutor"), "person", _("Public name (slug) or exact name."), True, True,
           names="person|prosecutor|politician|official|name|promiser|candidate|who|made by|leader"),
    Target("office", _("office"), "office",
           _("Public name (slug) or exact title. Gives the term, if the person had one in it."),
           False, True,
           names="office|position|role|post"),
    Target("term", _("term"), "term", _("Public name (slug) of the term."), False, True,
           names="term|mandate"),
    Target("title", _("title"), is_required=True, model=Pledge,
           about=_("200 characters at most; a longer one is cut if the statement has it whole."),
           names="title|promise|pledge|headline|short title|promise title|name|summary"),
    Target("statement", _("statement"), is_required=True, model=Pledge,
           about=_("May be the same column as the title."),
           names="statement|description|text|promise text|full text|details|pledge text|body|promise"),
    Target("quote", _("quote"), model=Pledge, names="quote|exact quote|quotation|citation|verbatim"),
    Target("quote_attribution", _("who said it and where"), has_fixed=True, model=Pledge,
           names="quote attribution|attribution|source|said by|quote source|source name"),
    Target("topic", _("topic"), "topic", is_required=True, has_fixed=True,
           names="topic|category|theme|policy area|area|sector|subject|ministry|issue|section"),
    Target("made_on", _("made on"), "date", _("To the day."), True, True, model=Pledge,
           names="made on|date|date made|promised on|date promised|start date|announced|created at|"
           "pledge date|datum|fecha"),
    Target("due_on", _("due on"), "date", _("To the day."), has_fixed=True, model=Pledge,
           names="due on|due|deadline|due date|target date|end date|expected date"),
    _choice("kind", _("kind"), PledgeKind, is_required=True, has_fixed=True, fixed="outcome",
            words=vocabulary.PLEDGE_KIND, names="kind|type|promise type|pledge type", model=Pledge),
    _choice("origin", _("origin"), Origin, is_required=True, has_fixed=True, fixed="campaign",
            words=vocabulary.ORIGIN, names="origin|made in|context", model=Pledge),
    _choice("controlled_by", _("controlled by"), Control, is_required=True, has_fixed=True,
            words=vocabulary.CONTROL, names="controlled by|control|responsible", model=Pledge),
    _choice("status", _("what the source says became of it"), Status, words=vocabulary.STATUS,
            about=_("Kept as a note beside the draft. It never becomes a status here."),
            names="status|rating|verdict|state|progress|current status|result|score|outcome|"
            "ruling|promise status"),
)  # fmt: skip

EVIDENCE_TARGETS = (
    EXTERNAL_ID,
    Target("title", _("title"), is_required=True, model=Evidence,
           about=_("300 characters at most."), names="title|headline|name|article title|source title"),
    Target("summary", _("summary"), is_required=True, model=Evidence,
           names="summary|description|text|abstract|details|note|finding|evidence"),
    Target("publisher", _("publisher"), has_fixed=True, model=Evidence,
           names="publisher|outlet|source|source name|newspaper|media|site|author"),
    Target("url", _("web address"), model=Evidence,
           names="url|link|web address|source url|source link|website|href|address"),
    Target("published_on", _("published on"), "date", _("To the day, the month or the year."),
           names="published on|date|published|publication date|publish date|date published|datum|fecha",
           model=Evidence),
    _choice("kind", _("kind"), EvidenceKind, is_required=True, has_fixed=True, model=Evidence,
            words=vocabulary.EVIDENCE_KIND, names="kind|type|source type|evidence type|category"),
    _choice("provenance", _("provenance"), Provenance, is_required=True, has_fixed=True,
            words=vocabulary.PROVENANCE, names="provenance|origin|stands towards", model=Evidence),
    _choice("checked", _("how the summary was checked"), Checked, is_required=True, has_fixed=True,
            fixed="unconfirmed", words=vocabulary.CHECKED, names="checked|verified", model=Evidence),
    Target("pledge", _("pledge it is about"), "pledge",
           _("Public name (slug) of a pledge, or its id in an earlier import of this source."),
           False, True, names="pledge|promise|promise id|pledge id|promise slug|promiseid"),
    _choice("stance", _("what it says about the pledge"), Stance, has_fixed=True, fixed="context",
            words=vocabulary.STANCE, names="stance|position|direction|effect", model=EvidenceLink),
    Target("note", _("note about the pledge"), model=EvidenceLink, names="note|comment|remark"),
    Target("locator", _("where in it"), model=EvidenceLink, names="locator|page|pages|section"),
)  # fmt: skip

TARGETS = {Kind.PLEDGE.value: PLEDGE_TARGETS, Kind.EVIDENCE.value: EVIDENCE_TARGETS}
# What of evidence belongs to its link with a pledge.
LINK_FIELDS = tuple(target.name for target in EVIDENCE_TARGETS if target.model is EvidenceLink)
# Texts and choices, which our table keeps as they were read.
AS_READ = {
    kind.value: tuple(
        target.name
        for target in TARGETS[kind]
        if target.model is model and target.takes in ("text", "choice")
    )
    for kind, model in ((Kind.PLEDGE, Pledge), (Kind.EVIDENCE, Evidence))
}


def targets_of(kind: str) -> tuple[Target, ...]:
    """Return what a file of this kind can fill."""
    return TARGETS[kind]


def proposed_columns(kind: str, columns: list[str]) -> dict[str, str]:
    """Return a column for each target whose name speaks for it: target → column."""
    by_word: dict[str, str] = {}
    for column in columns:
        by_word.setdefault(vocabulary.plain_word(column), column)
    found: dict[str, str] = {}
    for target in targets_of(kind):
        for word in target.names.split("|"):
            column = by_word.get(vocabulary.plain_word(word), "")
            # One column may be title and statement; otherwise each is used once.
            if column and (column not in found.values() or target.name == "statement"):
                found[target.name] = column
                break
    return found
