"""Documents that nobody can open are no copies, until a person says that they are."""

from collections.abc import Callable
from io import BytesIO

import pytest
from pypdf import PdfWriter

from promises.accounts.models import User
from promises.captures.actions import ask_for_capture
from promises.captures.models import Capture
from promises.captures.store import the_store
from promises.common.clock import database_clock
from promises.ledger.models import Entry
from tests.captures.conftest import piece_at, run
from tests.fetching.servers import says
from tests.sources.test_reading import pdf, workbook

pytestmark = pytest.mark.django_db


def with_password() -> bytes:
    writer = PdfWriter(BytesIO(pdf("Words.")))
    writer.encrypt("secret", algorithm="RC4-128")
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


# Nobody can open these as they came.
UNREADABLE = {
    "half": pdf("Words.")[:200],
    "noise": b"%PDF-1.7\n" + bytes(range(256)) * 400,
    "locked": with_password(),
    "half a workbook": workbook()[:2000],
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_document_that_nobody_can_open_is_kept_as_suspect(
    name: str, author: User, serve: Callable
) -> None:
    server = serve(says(UNREADABLE[name], head="Content-Type: application/pdf\r\n"))
    ask_for_capture(evidence=piece_at(server.url(), author), by=author, now=database_clock())
    assert run(author).kept == 1
    capture = Capture.objects.get()
    assert (capture.verdict, capture.is_suspect, capture.is_good) == ("empty_shell", True, False)
    assert not Entry.objects.filter(subject__startswith="captures/").exists()
    with the_store().open(capture.body_id or "") as file:
        assert file.read() == UNREADABLE[name]


@pytest.mark.parametrize("content", [pdf("Words."), pdf(""), workbook()])
def test_a_document_that_opens_counts_as_captured(
    content: bytes, author: User, serve: Callable
) -> None:
    server = serve(says(content, head="Content-Type: application/pdf\r\n"))
    ask_for_capture(evidence=piece_at(server.url(), author), by=author, now=database_clock())
    assert run(author).kept == 1
    capture = Capture.objects.get()
    assert (capture.verdict, capture.is_suspect, capture.is_good) == ("ok", False, True)
