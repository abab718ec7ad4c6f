"""What is read of the bytes an address sends: their kind, their text, and no harm."""

import io
import zipfile

import openpyxl
import pytest
from pypdf import PdfWriter
from pypdf.generic import NameObject, StreamObject

from promises.sources.documents import NotRead, read_pdf
from promises.sources.reading import XLSX, read_page

WORDS = (
    "The office says in a memo of two pages that it will ask for no cash bail in twenty-five"
    " kinds of cases."
)
PAGE = f"""<!doctype html><html><head><title> A  memo on
bail </title><script>var hidden = "no text";</script></head><body>
<nav><a href="/">Start</a> <a href="/news">News</a></nav>
<article><h1>Memo on bail</h1><p>{WORDS}</p><p>It begins on the first of March.</p></article>
<div hidden>Nobody sees this.</div><div style="display: none">Nor this.</div>
<footer>Printed by the Example Courier</footer></body></html>"""


def read(body, *, media_type="text/html", charset=""):  # type: ignore[no-untyped-def]
    content = body if isinstance(body, bytes) else body.encode()
    file = io.BytesIO(content)
    found = read_page(file, media_type=media_type, charset=charset, url="https://news.example/a")
    assert file.tell() == 0
    return found


def test_a_web_page() -> None:
    page = read(PAGE)
    assert page.media_type == "text/html"
    assert page.title == "A memo on bail"
    assert page.text == f"Memo on bail\n{WORDS}\nIt begins on the first of March."
    assert page.whole_text == (
        f"Start News\nMemo on bail\n{WORDS}\nIt begins on the first of March."
        "\nPrinted by the Example Courier"
    )
    assert page.build.links == 2
    assert page.build.scripts == 1
    assert page.build.headings == "Memo on bail"


def test_the_text_is_of_the_words_not_of_the_markup() -> None:
    other = PAGE.replace("<article>", '<article class="a9" data-nonce="77">').replace(
        "var hidden", "var other"
    )
    assert read(other).text == read(PAGE).text
    assert read(PAGE.replace("twenty-five", "twenty-four")).text != read(PAGE).text


@pytest.mark.parametrize(
    ("encoding", "charset"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("cp1252", "iso-8859-1"),
        ("cp1252", "windows-1252"),
        ("cp1252", "no-such-charset"),
    ],
)
def test_encodings(encoding: str, charset: str) -> None:
    text = "La fiscalía dijo que no pedirá más fianza en casos menores, según un memorándum. " * 4
    page = f"<html><head><title>Año</title></head><body><p>{text}</p></body></html>"
    found = read(page.encode(encoding), charset=charset)
    assert found.title == "Año"
    assert text.strip() in found.whole_text


def test_the_page_names_its_own_encoding() -> None:
    page = (
        '<html><head><meta charset="shift_jis"><title>検察</title></head><body>検察官</body></html>'
    )
    assert read(page.encode("shift_jis")).title == "検察"


def pdf(text: str, catalog: bytes = b"") -> bytes:
    """Write a PDF of one page by hand; its catalog may say more."""
    stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R %b >>" % catalog,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica"
        b" >> >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
    ]
    body, offsets = b"%PDF-1.4\n", list[int]()
    for number, part in enumerate(parts, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    table = b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % o for o in offsets)
    return body + table + b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(body)


@pytest.mark.parametrize("said", ["application/pdf", "text/html", "application/octet-stream", ""])
def test_a_pdf_is_known_by_its_bytes(said: str) -> None:
    page = read(pdf(WORDS), media_type=said)
    assert (page.media_type, page.text) == ("application/pdf", WORDS)


def test_a_pdf_with_a_password_has_no_text() -> None:
    writer = PdfWriter(io.BytesIO(pdf(WORDS)))
    writer.encrypt("secret", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    page = read(file.getvalue(), media_type="application/pdf")
    assert (page.media_type, page.text, page.is_damaged) == ("application/pdf", "", True)


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Cases"
    book.active.append(["Month", "Cases"])
    book.active.append(["2020-01", 412])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_workbook() -> None:
    page = read(workbook(), media_type="application/zip")
    assert (page.media_type, page.text) == (XLSX, "Cases\nMonth | Cases\n2020-01 | 412")


@pytest.mark.parametrize(
    ("media_type", "text", "found"),
    [
        ("text/csv", "month,cases\n2020-01,412\n", "text/csv"),
        ("text/plain", "<html> is how pages begin", "text/plain"),
        ("application/json", '{"cases": 412}', "application/json"),
        ("", "just words", "text/plain"),
        ("application/pdf", "just words", "text/plain"),
        ("image/png", '<?xml version="1.0"?><svg onload="alert(1)"></svg>', "image/svg+xml"),
        ("text/html", "words without a tag", "text/html"),
    ],
)
def test_texts_by_what_they_are(media_type: str, text: str, found: str) -> None:
    assert read(text, media_type=media_type).media_type == found


def test_what_cannot_be_stored_is_left_out() -> None:
    page = read("one\x00\x01\u200b two\ud800".encode("utf-8", "surrogatepass"), media_type="")
    assert page.text == ""
    page = read("one\x01\u200b\u00ad  two\r\n\r\n\r\nthree \ufffe", media_type="text/plain")
    assert page.text == "one two\nthree"


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 60_000_000)
    return file.getvalue()


def with_entities() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/workbook.xml":
                part = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + part
            new.writestr(name, part)
    return file.getvalue()


LOOP = pdf(WORDS).replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]")
HOSTILE = {
    "nothing": b"",
    "zeros": b"\x00" * 100_000,
    "deep": b"<html><body>" + b"<div>" * 200_000 + b"x" + b"</div>" * 200_000,
    "deep tables": b"<html><body>" + b"<table><tr><td>" * 30_000,
    "wide": b"<html><body>" + b"<p>word</p>" * 40_000,
    "attributes": b"<html><body><p " + b"a=b " * 200_000 + b">x</p>",
    "unclosed": b"<html><body>" + b"<b><i><a href=x>" * 50_000,
    "entities": b"<!DOCTYPE html [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><html><p>&b;</p></html>",
    "external entity": b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM'
    b' "file:///etc/passwd">]><html><body><p>&x;</p></body></html>',
    "processing": b"<html><?php echo 1 ?><body><!-- " + b"-" * 100_000 + b"</body></html>",
    "bomb": bomb(),
    "entities in a workbook": with_entities(),
    "half a workbook": workbook()[:2000],
    "half a pdf": pdf(WORDS)[:200],
    "pdf of a loop": LOOP,
    "pdf of noise": b"%PDF-1.7\n" + bytes(range(256)) * 400,
    "lying mark": b"\xff\xfe<html><p>odd\x00",
    "many titles": b"<html><head>" + b"<title>x</title>" * 15_000,
}


def test_a_pdf_that_keeps_its_reader_busy_is_cut_off() -> None:
    writer = PdfWriter(io.BytesIO(pdf(WORDS)))
    busy = StreamObject()
    busy.set_data(b"BT /F1 9 Tf (a) Tj ET " * 3_000_000)
    writer.pages[0][NameObject("/Contents")] = writer._add_object(busy.flate_encode())
    file = io.BytesIO()
    writer.write(file)
    with pytest.raises(NotRead, match="ended -"):
        read_pdf(file.getvalue(), seconds=1)


def test_a_pdf_is_not_waited_for_on_a_machine_that_is_busy() -> None:
    with pytest.raises(NotRead, match=r"^It was not read within 0 seconds\.$"):
        read_pdf(pdf(WORDS), seconds=0)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_made_to_harm_is_read_as_far_as_it_goes(name: str) -> None:
    page = read(HOSTILE[name])
    assert "root:" not in page.whole_text
    assert "\x00" not in page.text + page.whole_text + page.title
