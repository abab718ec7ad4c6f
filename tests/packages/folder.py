"""A small package of obviously invented people, and edits of its files or of a copy of the seeds.

Every row stands on one line, so a row's number is its place in the file, the header being 1.
"""

import csv
from pathlib import Path
from typing import Any

TABLES = {
    "jurisdictions.csv": """\
slug,name,kind,state,fips,note
example-county,Example County,county,PA,42999,
""",
    "offices.csv": """\
slug,title,jurisdiction,term_years,selection
example-da,District Attorney of Example County,example-county,4,partisan election
""",
    "people.csv": """\
slug,name,party_at_election,background
jane-example,Jane Example,Independent,Public defender.
john-sample,John Sample,,
""",
    "elections.csv": """\
slug,office,held_on,stage,outcome,note
example-da-2019,example-da,2019-11-05,general,elected,
example-da-2023,example-da,2023-11-07,general,elected,
""",
    "candidacies.csv": """\
election,person,party,is_winner
example-da-2023,jane-example,Independent,true
example-da-2023,john-sample,,false
""",
    "result_reports.csv": """\
election,position,as_of,status,precincts_percent,winner_percent,winner_percent_is_minimum,\
runner_up_percent,winner_votes,runner_up_votes,votes_are_approximate,total_votes,margin_votes,\
margin_points
example-da-2023,1,election night,partial,49,71,false,29,,,false,,,
example-da-2023,2,next day,unofficial,98.5,60,false,40,600,400,false,1000,200,20
""",
    "terms.csv": """\
slug,person,office,election,started_on,ends_on,end_reason,successor,note
john-term,john-sample,example-da,example-da-2019,2020-01-06,2024-01-01,lost_election,jane-example,
jane-term,jane-example,example-da,example-da-2023,2024-01-01,2028-01-03,,,
""",
    "topics.csv": """\
slug,name,parent,principle,position,about
bail,Bail,justice,4,1,Money and liberty.
justice,Justice,,,1,
""",
    "general_terms.csv": """\
slug,language,english,words
es-bail,es,Bail,Fianza
""",
    "pledges.csv": """\
slug,person,term,position,title,statement,quote,quote_attribution,kind,origin,topic,made_on,\
due_on,controlled_by
jane-no-bail,jane-example,jane-term,1,Never ask for cash bail,She said never.,Never.,A speech,\
standing,campaign,bail,2023-06-01,,office
jane-open-data,jane-example,jane-term,2,Publish data,She said she would publish data.,,,\
outcome,campaign,justice,2023-06-02,2025-01-01,office
john-diversion,john-sample,john-term,1,Always offer diversion,He said always.,,,\
standing,in_office,justice,2020-02-01,,shared
""",
    "criteria.csv": """\
pledge,position,verdict,aspect,text,how_to_verify,is_met
jane-no-bail,1,,letter,No requests for cash bail,Court records,
jane-open-data,1,kept,letter,Data is published,The website,true
john-diversion,1,,letter,Offers of diversion,,
""",
    "evidence.csv": """\
slug,title,is_title_exact,kind,provenance,publisher,url,published_on,date_precision,summary,checked
ev-memo,Memo on bail,true,policy_memo,self_reported,Office,https://da.example.org/memo,2024-02-01,\
day,The office ends requests for cash bail.,excerpt
ev-news,Data is out,true,news_report,independent,Example Times,https://news.example.org/1,\
2024-05-01,month,The office publishes its data.,excerpt
ev-critic,A critic speaks,false,statement,adversarial,,,,unknown,A critic disagrees.,unconfirmed
""",
    "result_report_sources.csv": """\
election,position,evidence
example-da-2023,1,ev-news
example-da-2023,2,ev-news
""",
    "evidence_links.csv": """\
pledge,evidence,stance,is_source,note,locator
jane-no-bail,ev-memo,supports,false,,page 2
jane-no-bail,ev-critic,contradicts,false,,
jane-open-data,ev-news,supports,true,,
""",
    "methodology_versions.csv": """\
version,published_on,summary
1.0,2020-01-01,Outcomes count.
""",
    "status_updates.csv": """\
slug,pledge,status,effective_on,assessed_on,confidence,reason,reasoning,methodology
st-bail,jane-no-bail,in_the_works,2024-02-01,2024-03-01,high,,The memo is in force.,1.0
st-data-1,jane-open-data,stalled,2024-03-01,2024-03-02,low,no_action,Nothing yet.,1.0
st-data-2,jane-open-data,kept,2024-05-01,2024-06-01,medium,,The data is out.,1.0
st-diversion,john-diversion,kept,2024-01-01,2024-02-01,medium,,It held to the end.,1.0
""",
    "citations.csv": """\
status_update,evidence,position
st-bail,ev-memo,1
st-data-1,ev-critic,1
st-data-2,ev-news,1
st-diversion,ev-news,1
""",
    "metric_sources.csv": """\
slug,publisher,landing_url,repository_url,taken_from,licence,cadence,redistribution
example-dashboard,Example County,https://data.example.org,,,,,
""",
    "metrics.csv": """\
slug,jurisdiction,key,name,unit,description,reading
bail-share,example-county,bail_share,Cases with cash bail,percent,,Lower supports the pledge.
""",
    "metric_pledges.csv": """\
metric,pledge
bail-share,jane-no-bail
""",
    "observations/bail.csv": """\
metric,observed_on,period,value,vintage_on,vintage_precision,source
bail-share,2024-01-01,month,31.5,2024-03-01,day,dashboard
bail-share,2024-02-01,month,12,2024-03-01,month,dashboard
""",
}
# So many more pieces of evidence the larger package has.
MANY = 40
ROWS = sum(text.count("\n") - 1 for text in TABLES.values())


def small_package(folder: Path) -> Path:
    """Write the small package into a folder and return it."""
    for name, text in TABLES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def larger_package(folder: Path) -> Path:
    """Write the small package with more evidence into a folder and return it."""
    small_package(folder)
    for number in range(MANY):
        add_evidence(folder, number)
    return folder


def edit(folder: Path, file: str, row: int, **values: str) -> None:
    """Write other values into cells of a row."""
    rows = _read(folder / file)
    for column, value in values.items():
        rows[row - 1][rows[0].index(column)] = value
    _write(folder / file, rows)


def add(folder: Path, file: str, **values: str) -> int:
    """Add a row, the other cells empty; return its number."""
    rows = _read(folder / file)
    assert set(values) <= set(rows[0])
    rows.append([values.get(column, "") for column in rows[0]])
    _write(folder / file, rows)
    return len(rows)


def add_evidence(folder: Path, number: int) -> None:
    """Add a piece of evidence that has no links."""
    add(
        folder, "evidence.csv", slug=f"ev-{number}", title=f"=Report {number}",
        is_title_exact="true", kind="news_report", provenance="independent",
        url=f"https://news.example.org/{number}", published_on="2024-03-01",
        date_precision="day", summary=f"Report\t{number} \\ of many.", checked="excerpt",
    )  # fmt: skip


def drop(folder: Path, file: str, row: int) -> None:
    """Remove a row."""
    rows = _read(folder / file)
    del rows[row - 1]
    _write(folder / file, rows)


def replace(folder: Path, file: str, old: bytes, new: bytes) -> None:
    """Replace the first occurrence of some bytes, which must be there."""
    content = (folder / file).read_bytes()
    assert old in content
    (folder / file).write_bytes(content.replace(old, new, 1))


def rows_of(folder: Path, file: str) -> list[dict[str, str]]:
    """Return the rows of a file as the standard library reads them."""
    with (folder / file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _read(path: Path) -> list[list[Any]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def _write(path: Path, rows: list[list[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
