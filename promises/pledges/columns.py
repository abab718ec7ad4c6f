"""What the public sees of topics, pledges and criteria."""

from promises.common.columns import Column, Table
from promises.pledges.models import Criterion, GeneralTerm, Pledge, PledgeTranslation, Topic

TOPICS = Table(
    name="topics",
    kind="topic",
    model=Topic,
    key=("slug",),
    about="Policy areas, as a tree.",
    columns=(
        Column("slug", "Public name of the topic."),
        Column("name", "Its name."),
        Column("parent", "The wider topic.", "parent__slug"),
        Column("principle", "Number in the 21 Principles for the 21st Century Prosecutor."),
        Column("position", "Order among its siblings."),
        Column("about", "One sentence about it."),
    ),
)
GENERAL_TERMS = Table(
    name="general_terms",
    kind="general_term",
    model=GeneralTerm,
    key=("slug",),
    about="What topics and offices are called in languages beside English.",
    columns=(
        Column("slug", "Public name of the term."),
        Column("language", "The language, as in BCP 47."),
        Column("english", "The English words, exactly as they stand in the record."),
        Column("words", "The words in that language."),
    ),
)
PLEDGES = Table(
    name="pledges",
    kind="pledge",
    model=Pledge,
    key=("slug",),
    about="Verifiable public commitments of officials.",
    columns=(
        Column("slug", "Public name of the pledge."),
        Column("person", "Who made it.", "person__slug"),
        Column("term", "The term in which it is to be kept.", "term__slug"),
        Column("position", "Order among the person's pledges."),
        Column("title", "The pledge in a few words."),
        Column("statement", "What was promised, in plain words of this record."),
        Column("quote", "A short exact quote."),
        Column("quote_attribution", "Who said the quote and where."),
        Column("kind", "outcome, or standing (always or never, until the term ends)."),
        Column("origin", "Made in the campaign or in office."),
        Column("topic", "Policy area.", "topic__slug"),
        Column("made_on", "When it was made, or the date of its oldest known source."),
        Column("due_on", "Deadline, where one was named."),
        Column("controlled_by", "Who decides whether it comes true: office, shared or others."),
    ),
)
CRITERIA = Table(
    name="criteria",
    kind="criterion",
    model=Criterion,
    key=("pledge", "position"),
    about="What would count as kept, compromise or broken, written before the first rating.",
    columns=(
        Column("pledge", "The pledge.", "pledge__slug"),
        Column("position", "Order among the pledge's criteria, from 1."),
        Column("verdict", "The rating it speaks for; empty while no threshold is written."),
        Column("aspect", "The letter of the pledge, or its effect."),
        Column("text", "What counts."),
        Column("how_to_verify", "Which data or record would show it."),
        Column("is_met", "Whether it is met; empty until someone has checked."),
    ),
)
PLEDGE_TRANSLATIONS = Table(
    name="pledge_translations",
    kind="pledge_translation",
    model=PledgeTranslation,
    key=("slug",),
    about="Titles and statements of pledges in languages beside English.",
    columns=(
        Column("slug", "Public name of the translation."),
        Column("pledge", "The pledge.", "pledge__slug"),
        Column("language", "The language, as in BCP 47."),
        Column("title", "The title in that language."),
        Column("statement", "The statement in that language."),
        Column("english_title", "The English title it was made from."),
        Column("english_statement", "The English statement it was made from."),
    ),
)
