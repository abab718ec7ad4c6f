"""What the public sees of officials and elections."""

from promises.common.columns import Column, Table
from promises.officials.models import (
    Candidacy,
    Election,
    Jurisdiction,
    Office,
    Person,
    ResultReport,
    Term,
)

JURISDICTIONS = Table(
    name="jurisdictions",
    kind="jurisdiction",
    model=Jurisdiction,
    key=("slug",),
    about="Counties and cities whose prosecutors are in the record.",
    columns=(
        Column("slug", "Public name of the jurisdiction."),
        Column("name", "Its name."),
        Column("kind", "County, city or another kind of area."),
        Column("state", "Two-letter postal code of the state."),
        Column("fips", "Federal code of the county, five digits."),
        Column("note", "What a reader should know about its use here."),
    ),
)
OFFICES = Table(
    name="offices",
    kind="office",
    model=Office,
    key=("slug",),
    about="Offices of elected prosecutors.",
    columns=(
        Column("slug", "Public name of the office."),
        Column("title", "Its title."),
        Column("jurisdiction", "Where it has power.", "jurisdiction__slug"),
        Column("term_years", "Length of a term in years."),
        Column("selection", "How the office is filled."),
    ),
)
PEOPLE = Table(
    name="people",
    kind="person",
    model=Person,
    key=("slug",),
    about="Officials, and the candidates who ran against them.",
    columns=(
        Column("slug", "Public name of the person."),
        Column("name", "Name as commonly written."),
        Column("party_at_election", "Party, as reported at the election."),
        Column("background", "One neutral sentence about earlier work."),
    ),
)
ELECTIONS = Table(
    name="elections",
    kind="election",
    model=Election,
    key=("slug",),
    about="Elections to these offices.",
    columns=(
        Column("slug", "Public name of the election."),
        Column("office", "Office that was voted on.", "office__slug"),
        Column("held_on", "Election day."),
        Column("stage", "Primary, general, runoff or recall."),
        Column("outcome", "What it decided: elected, recalled or not_recalled."),
        Column("note", "What a reader should know about the facts."),
    ),
)
CANDIDACIES = Table(
    name="candidacies",
    kind="candidacy",
    model=Candidacy,
    key=("election", "person"),
    about="Who stood in which election.",
    columns=(
        Column("election", "The election.", "election__slug"),
        Column("person", "The candidate.", "person__slug"),
        Column("party", "Party on the ballot."),
        Column("is_winner", "Whether this candidate won."),
    ),
)
RESULT_REPORTS = Table(
    name="result_reports",
    kind="result_report",
    model=ResultReport,
    key=("election", "position"),
    about="Election results as they were reported, every report kept.",
    columns=(
        Column("election", "The election.", "election__slug"),
        Column("position", "Order in which the reports came, from 1."),
        Column("as_of", "When the count was read, in the source's terms."),
        Column("status", "How final the count was."),
        Column("precincts_percent", "Share of precincts counted, in percent."),
        Column("winner_percent", "Share of the winner, in percent."),
        Column("winner_percent_is_minimum", "Whether the source says at least this share."),
        Column("runner_up_percent", "Share of the runner-up, in percent."),
        Column("winner_votes", "Votes for the winner."),
        Column("runner_up_votes", "Votes for the runner-up."),
        Column("votes_are_approximate", "Whether the source rounds the votes."),
        Column("total_votes", "Votes cast."),
        Column("margin_votes", "Votes between winner and runner-up."),
        Column("margin_points", "Percentage points between winner and runner-up."),
    ),
)
TERMS = Table(
    name="terms",
    kind="term",
    model=Term,
    key=("slug",),
    about="Who held which office, and when.",
    columns=(
        Column("slug", "Public name of the term."),
        Column("person", "Who held the office.", "person__slug"),
        Column("office", "The office.", "office__slug"),
        Column("election", "The election that led to it.", "election__slug"),
        Column("started_on", "First day in office."),
        Column("ends_on", "First day no longer in office; empty while it runs or is unknown."),
        Column("end_reason", "Why it ended."),
        Column("successor", "Who followed, where recorded.", "successor__slug"),
        Column("note", "How well the dates are known."),
    ),
)
