"""What goes with the tables: how to read them, the licence, and how to cite them."""

from promises.packages.describing import LICENCE, citation

_README = """\
Prosecutor Promise Tracker, edition {edition}

Campaign promises of elected prosecutors, the evidence on them and what became of them.
Everything that was published in this edition, and nothing else.

datapackage.json   every table and column, its type, its key and what it points to
*.csv              one file a table, UTF-8, the first line names the columns
*.jsonl            the same rows, one JSON object a line, every value as it is
tracker.sqlite     the same rows as one database file
popolo.json        officials, offices, terms and elections in the terms of popoloproject.com
package.zip        the tables as CSV with their description, and the officials, in one file
SHA256SUMS         check what arrived: sha256sum --check SHA256SUMS

An empty cell means that there is no value. A text that begins with = + - @ ' or a tab has an
apostrophe in front in the CSV files, so that no spreadsheet runs it: take one apostrophe away where
it is followed by one of these signs. The other forms hold texts as they are.

standings and authors are worked out here from the other tables. A rating that is provisional was
imported and has not been confirmed by two editors.

Licence: {licence}
Cite as: {citation}
"""
_LICENCE = """\
The record is published under the Creative Commons Attribution 4.0 International licence
(CC BY 4.0): you may share and adapt it, also commercially, if you name the source, link to the
licence and say what you changed.

{path}
The whole text: https://creativecommons.org/licenses/by/4.0/legalcode

Name the source as: {citation}

The documents behind the record belong to their publishers; only facts were taken from them.
"""
_CITATION = """\
cff-version: 1.2.0
message: If you use this data, please cite it as below.
type: dataset
title: Prosecutor Promise Tracker
version: "{edition}"
{released}url: {home}/data/
license: {licence}
authors:
  - name: Prosecutor Promise Tracker
"""


def accompanying(*, edition: int, created: str, home: str) -> dict[str, str]:
    """Return the texts of a package by the names of their files."""
    cite_as = citation(edition, home)
    released = f"date-released: {created[:10]}\n" if created else ""
    return {
        "README.txt": _README.format(edition=edition, licence=LICENCE["path"], citation=cite_as),
        "LICENCE.txt": _LICENCE.format(path=LICENCE["path"], citation=cite_as),
        "CITATION.cff": _CITATION.format(
            edition=edition, released=released, home=home, licence=LICENCE["name"]
        ),
    }
