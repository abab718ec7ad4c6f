"""WARC 1.1 (ISO 28500:2017): request and answer of every hop, as they went over the wire."""

from datetime import UTC, datetime
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO
from uuid import uuid4

from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from promises.captures.store import pieces
from promises.fetching.pages import Fetched

END_OF_HEAD = b"\r\n\r\n"


def write_warc(page: Fetched, *, into: IO[bytes], requested_at: datetime, software: str) -> None:
    """Write a fetched page with all its redirects, compressed record by record.

    Bodies of redirects were not read; their records say so (WARC-Truncated). `page.wire` is left
    at its beginning.
    """
    writer = WARCWriter(into, gzip=True, warc_version="WARC/1.1")
    info = {"software": software, "format": "WARC File Format 1.1"}
    writer.write_record(writer.create_warcinfo_record(None, info))
    moment = requested_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    for hop in page.hops:
        is_last = hop is page.last
        name = f"<urn:uuid:{uuid4()}>"
        shared = {"WARC-Date": moment, "WARC-IP-Address": hop.address}
        answer = {**shared, "WARC-Record-ID": name}
        if not is_last:
            answer["WARC-Truncated"] = "unspecified"
        head = _of_joined_pieces(hop.head) if is_last else hop.head
        body = page.wire if is_last else BytesIO()
        _write(writer, "response", hop.url, answer, head, body)
        request = {**shared, "WARC-Concurrent-To": name}
        _write(writer, "request", hop.url, request, hop.request_head, BytesIO())
    page.wire.seek(0)


def _write(
    writer: WARCWriter, kind: str, url: str, headers: dict[str, str], head: bytes, body: IO[bytes]
) -> None:
    """Write one record whose block is the head and the body, byte by byte."""
    digest = Digester("sha256")
    with TemporaryFile() as block:
        block.write(head.rstrip(b"\r\n") + END_OF_HEAD)
        for piece in pieces(body):
            digest.update(piece)
            block.write(piece)
        length = block.tell()
        block.seek(0)
        record = writer.create_warc_record(
            url,
            kind,
            payload=block,
            length=length,
            warc_headers_dict={**headers, "WARC-Payload-Digest": str(digest)},
            # Given, so that the library does not read the head and write it in its own way.
            http_headers=StatusAndHeaders("", [("Given", "")]),
        )
        record.http_headers = None
        writer.write_record(record)


def _of_joined_pieces(head: bytes) -> bytes:
    """Rename the header that says the body comes in pieces: they are joined by now."""
    lines = head.split(b"\r\n")
    return b"\r\n".join(
        b"X-Archive-Orig-" + line if line.lower().startswith(b"transfer-encoding:") else line
        for line in lines
    )
