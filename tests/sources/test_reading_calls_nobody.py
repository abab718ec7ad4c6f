"""What is read may name other files and servers; reading calls none of them and opens nothing."""

import io
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import openpyxl
import pytest

from promises.sources import pdf_text
from promises.sources.reading import read_page
from tests.fetching.servers import Canary
from tests.sources.test_reading import pdf

SECRET = "/etc/passwd"
_opened: list[str] = []
_called: list[Any] = []
_is_watching = [False]


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if not _is_watching[0]:
        return
    if event == "open" and str(arguments[0]).startswith(("/etc/passwd", "/proc")):
        _opened.append(str(arguments[0]))
    if event in {"socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system"}:
        _called.append(arguments)


sys.addaudithook(_watch)


@pytest.fixture
def canary() -> Iterator[Canary]:
    canary = Canary()
    yield canary
    canary.close()


def workbook(name: str, part: str) -> bytes:
    """A workbook with one of its parts replaced."""
    book = openpyxl.Workbook()
    book.active.append(["Month", "Cases"])
    file = io.BytesIO()
    book.save(file)
    out = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w") as new:
        for each in old.namelist():
            new.writestr(each, part if each == name else old.read(each))
    return out.getvalue()


# HERE stands for the canary, FILE for a file of this machine.
TEXTS = {
    "an entity that is a file": '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file://FILE">]>'
    "<html><body><p>&x;</p></body></html>",
    "an entity that is a page": '<!DOCTYPE r [<!ENTITY x SYSTEM "HERE/x">]><html><body><p>&x;</p>',
    "a parameter entity": '<!DOCTYPE r [<!ENTITY % x SYSTEM "HERE/x.dtd"> %x;]><html><p>a</html>',
    "a document type elsewhere": '<!DOCTYPE html SYSTEM "HERE/x.dtd"><html><body><p>a</p>',
    "an inclusion": '<html xmlns:xi="http://www.w3.org/2001/XInclude"><body>'
    '<xi:include href="file://FILE" parse="text"/><xi:include href="HERE/x"/></body>',
    "a style sheet of XML": '<?xml version="1.0"?><?xml-stylesheet href="HERE/x.xsl"?><p>a</p>',
    "scripts, frames and pictures": '<html><script src="HERE/a.js"></script><iframe src="HERE/b">'
    '</iframe><img src="HERE/c.png"><object data="HERE/d"></object><embed src="HERE/e">',
    "a base elsewhere": '<html><head><base href="HERE/"><link rel="canonical" href="x"></head>',
    "a page that sends on": '<html><meta http-equiv="refresh" content="0;url=HERE/x"><p>a</p>',
    "a feed of it": '<html><link rel="alternate" type="application/rss+xml" href="HERE/feed">',
    "a drawing with a script": '<svg xmlns="http://www.w3.org/2000/svg" onload="fetch(\'HERE\')">'
    '<script href="HERE/a.js"/><image href="HERE/b.png"/><use href="HERE/c.svg#x"/></svg>',
    "a drawing with an entity": '<!DOCTYPE svg [<!ENTITY x SYSTEM "file://FILE">]><svg>'
    "<text>&x;</text></svg>",
    "a drawing in a page": '<html><body><svg><foreignObject><iframe src="HERE"></iframe>'
    "</foreignObject></svg></body></html>",
    "growing entities": "<!DOCTYPE r ["
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    + "]><html><body><p>&a11;</p></body></html>",
}


@contextmanager
def nobody_is_called(canary: Canary, *, but: str = "") -> Iterator[None]:
    """Watch what the interpreter does meanwhile; only a process that runs `but` may be started."""
    _opened.clear()
    _called.clear()
    _is_watching[0] = True
    try:
        yield
    finally:
        _is_watching[0] = False
    called = [each for each in _called if not (but and but in str(each))]
    assert (_opened, called, canary.calls) == ([], [], [])


def reads(content: bytes, canary: Canary, media_type: str, *, but: str = "") -> str:
    """Read, and return all that was read; nobody may be called."""
    with nobody_is_called(canary, but=but):
        page = read_page(
            io.BytesIO(content), media_type=media_type, charset="", url="https://news.example/"
        )
    return page.title + page.text + page.whole_text


@pytest.mark.parametrize("media_type", ["text/html", "application/xhtml+xml", "image/svg+xml", ""])
@pytest.mark.parametrize("name", TEXTS)
def test_markup(name: str, media_type: str, canary: Canary) -> None:
    here = f"http://127.0.0.1:{canary.port}"
    content = TEXTS[name].replace("HERE", here).replace("FILE", SECRET).encode()
    said = reads(content, canary, media_type)
    assert "root:" not in said
    assert "hahahaha" not in said


@pytest.mark.parametrize("action", ["URI", "Launch", "GoToR", "SubmitForm", "ImportData"])
def test_pdf(action: str, canary: Canary) -> None:
    here = f"http://127.0.0.1:{canary.port}/"
    acts = f"/OpenAction << /S /{action} /URI ({here}) /F ({here}) >>".encode()
    content = pdf("A memo", catalog=acts)
    read = reads(content, canary, "application/pdf", but="pdf_text.py")
    assert read == "A memoA memo"
    # The same in this process, where it can be watched.
    with nobody_is_called(canary):
        assert pdf_text.read(content, until=time.monotonic() + 10) == ("", "A memo")


@pytest.mark.parametrize(
    "part",
    [
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "HERE">]><worksheet>&x;</worksheet>',
        '<?xml version="1.0"?><!DOCTYPE r SYSTEM "HERE/x.dtd"><worksheet/>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE r SYSTEM "HERE/x.dtd"><worksheet/>',
    ],
)
def test_workbooks(part: str, canary: Canary) -> None:
    here = f"http://127.0.0.1:{canary.port}"
    content = workbook("xl/worksheets/sheet1.xml", part.replace("HERE", here))
    assert reads(content, canary, "application/zip") == ""
