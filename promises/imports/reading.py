"""From an uploaded file to a table: by what the file holds, whatever it is called."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promises.imports.delimited import read_delimited
from promises.imports.records import read_json
from promises.imports.sheets import MAX_BYTES, Reading, Sheet, UnreadableFile
from promises.imports.spreadsheets import read_workbook
from promises.imports.texts import text_of

_MARKUP = re.compile(r"\s*<(!doctype|html|\?xml|table|meta|head)", re.IGNORECASE)
# What else people upload, told apart by the first bytes.
_OTHERS = {
    b"\xd0\xcf\x11\xe0": gettext_lazy(
        "This is an old spreadsheet (.xls). Save it as .xlsx or .csv."
    ),
    b"%PDF": gettext_lazy(
        "This is a PDF. Copy its table into a spreadsheet, and save that as .csv."
    ),
    b"\x1f\x8b": gettext_lazy("This is a compressed file. Unpack it, and upload the file in it."),
    b"\x89PNG": gettext_lazy("This is a picture, not a table."),
    b"\xff\xd8\xff": gettext_lazy("This is a picture, not a table."),
    b"SQLite format 3": gettext_lazy("This is a database. Export the table as .csv."),
    b"PAR1": gettext_lazy("This is a Parquet file. Export the table as .csv."),
}
_ENDINGS = {
    "csv": ("csv", "tsv", "txt", "tab"),
    "xlsx": ("xlsx", "xlsm"),
    "json": ("json", "jsonl", "ndjson"),
}


def read_sheet(name: str, content: bytes, reading: Reading | None = None) -> Sheet:
    """Return the table in a file. `reading` is what a person said about it.

    Raises UnreadableFile, and nothing else whatever the bytes are.
    """
    reading = reading or Reading()
    if len(content) > MAX_BYTES:
        raise UnreadableFile(
            _("The file has %(size).1f MB; %(limit)d MB fit. Split it.")
            % {"size": len(content) / 1e6, "limit": MAX_BYTES // 1_000_000}
        )
    if not content.strip():
        raise UnreadableFile(_("The file is empty."))
    for start, advice in _OTHERS.items():
        if content.startswith(start):
            raise UnreadableFile(str(advice))
    remarks: list[str] = []
    if content.startswith(b"PK\x03\x04"):
        sheet = read_workbook(content, reading=reading, remarks=remarks)
    else:
        sheet = _read_text(name, content, reading, remarks)
    ending = name.rpartition(".")[2].lower()
    if "." in name and ending not in _ENDINGS[sheet.form]:
        words = _("The file is called .%(ending)s, but it holds %(format)s.")
        remarks.append(words % {"ending": ending[:10], "format": sheet.form.upper()})
    return sheet


def _read_text(name: str, content: bytes, reading: Reading, remarks: list[str]) -> Sheet:
    """Return the table in a text: records where it begins like JSON, else delimited cells."""
    text, encoding = text_of(content, reading.encoding, remarks)
    if text[:2000].count("\x00") > 20:
        raise UnreadableFile(_("This is not a text. Save the table as .csv or .xlsx."))
    if _MARKUP.match(text):
        raise UnreadableFile(
            _("This is a web page or XML, whatever it is called. Save the table as .csv or .xlsx.")
        )
    if text.lstrip()[:1] in ("{", "["):
        try:
            return read_json(text, encoding=encoding, remarks=remarks)
        except UnreadableFile:
            # The name of a first column may stand in brackets.
            if not name.lower().endswith((".csv", ".tsv", ".txt")):
                raise
    return read_delimited(text, reading=reading, encoding=encoding, remarks=remarks)
