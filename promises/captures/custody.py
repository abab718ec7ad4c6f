"""The custody export: all that is public of a pledge's evidence, to be checked by anyone.

One ZIP with the copies, their hashes and timestamps, the entries of the ledger about them, and a
script that checks it all with Python and openssl. The same record gives the same bytes.
"""

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.conf import settings
from django.db.models import Q

from promises.captures.models import Capture, CaptureWaiver, Timestamp
from promises.captures.store import NotStored, pieces, the_store
from promises.common.canonical import plain, timestamp
from promises.common.refusals import Refused
from promises.evidence.models import Evidence, EvidenceLink
from promises.ledger.models import Entry
from promises.pledges.models import Pledge

README = """\
Custody export of a pledge
==========================

{title}
{address}

manifest.json  the evidence, and each copy of it: when, from where, with which headers, its hashes
files/         the copies, each named by its SHA-256. .warc.gz files hold the request and the
               answer as they went over the wire (WARC 1.1, ISO 28500); .pdf beside a web page is a
               print of it without scripts and without what it loads from elsewhere
timestamps/    what a timestamp authority signed about a file (RFC 3161), named by the file's hash
authority.pem  the certificates of that authority, if there is one
ledger.jsonl   the entries of the public ledger about this pledge, its evidence and the copies;
               each carries its hash and that of the one before it, so it can be compared with
               any other copy of the ledger
verify.py      checks all of this: python3 verify.py (Python 3.8 or newer, and openssl)
SHA256SUMS     the hash of every other file here: sha256sum -c SHA256SUMS

verify.py finds what was changed since the export. Who wants to be sure of the export itself
compares the hashes of the ledger with those that were public at the time.
"""
_VERIFIER = Path(__file__).with_name("custody_verify.py")


class NotWhole(Refused):
    """A file that belongs into the export is damaged or gone."""


def write_custody(*, pledge: Pledge, into: IO[bytes]) -> None:
    """Write the export of a public pledge. Reads only. Raises NotWhole."""
    evidence = list(_evidence_of(pledge))
    captures = list(
        Capture.objects.published()
        .filter(evidence__in=evidence)
        .select_related("evidence")
        .order_by("evidence__slug", "captured_at")
    )
    stored = {name: ending for capture in captures for name, ending in _files_of(capture)}
    signed = Timestamp.objects.filter(file__in=stored).order_by("file", "signed_at", "pk")
    with ZipFile(into, "w", ZIP_STORED) as archive:
        folder = _Folder(archive, f"custody-{pledge.slug}")
        folder.add("README.txt", _readme(pledge))
        folder.add("manifest.json", _json(_manifest(pledge, evidence, captures)))
        folder.add("ledger.jsonl", "".join(_entries(pledge, evidence)).encode())
        folder.add("verify.py", _VERIFIER.read_bytes())
        if settings.TIMESTAMP_AUTHORITY_ROOT:
            folder.add("authority.pem", Path(settings.TIMESTAMP_AUTHORITY_ROOT).read_bytes())
        for name, ending in sorted(stored.items()):
            folder.copy(f"files/{name}.{ending}", name)
        for number, token in enumerate(signed, start=1):
            folder.add(f"timestamps/{token.file_id}-{number}.tsr", bytes(token.token))
        folder.add("SHA256SUMS", folder.sums())


def _readme(pledge: Pledge) -> bytes:
    address = f"{settings.SITE_URL}/pledges/{pledge.slug}/"
    return README.format(title=f"{pledge.person}: {pledge.title}", address=address).encode()


def _evidence_of(pledge: Pledge) -> Iterable[Evidence]:
    """Return the public evidence that is linked to a pledge, or that a rating of it cited."""
    links = EvidenceLink.objects.published().filter(pledge=pledge)
    cited = Entry.objects.filter(event="citation:published", pledge=pledge.slug)
    slugs = {json.loads(data)["evidence"] for data in cited.values_list("data", flat=True)}
    found = Q(pk__in=links.values("evidence")) | Q(slug__in=slugs)
    return Evidence.objects.published().filter(found).order_by("slug")


def _files_of(capture: Capture) -> Iterator[tuple[str, str]]:
    """Yield each file of a capture with the ending of its name."""
    endings = {"application/pdf": "pdf", "text/html": "html", "text/plain": "txt"}
    if capture.body_id:
        yield capture.body_id, endings.get(capture.media_type, "bin")
    if capture.warc_id:
        yield capture.warc_id, "warc.gz"
    if capture.rendering_id:
        yield capture.rendering_id, "pdf"


def _manifest(pledge: Pledge, evidence: list[Evidence], captures: list[Capture]) -> dict[str, Any]:
    """Return what the export holds."""
    waivers = CaptureWaiver.objects.published().filter(evidence__in=evidence)
    reasons = dict(waivers.values_list("evidence_id", "reason"))
    return {
        "pledge": {"slug": pledge.slug, "title": pledge.title, "prosecutor": pledge.person.slug},
        "evidence": [
            {
                "slug": piece.slug,
                "title": piece.title,
                "publisher": piece.publisher,
                "url": piece.url,
                "published_on": plain(piece.published_on),
                "no_copy_because": reasons.get(piece.pk),
                "copies": [_copy(each) for each in captures if each.evidence_id == piece.pk],
            }
            for piece in evidence
        ],
    }


def _copy(capture: Capture) -> dict[str, Any]:
    return {
        "captured_at": plain(capture.captured_at),
        "requested_at": plain(capture.requested_at),
        "how": capture.how,
        "asked_url": capture.asked_url,
        "url": capture.final_url,
        "http_status": capture.http_status,
        "headers": capture.headers,
        "media_type": capture.media_type,
        "body": capture.body_id,
        "warc": capture.warc_id,
        "rendering": capture.rendering_id,
        "verdict": capture.verdict,
        "confirmed_at": plain(capture.confirmed_at),
    }


# What an entry may be about. Others may name what was withdrawn since.
_KINDS = ("pledge", "criterion", "evidence", "evidence_link", "capture", "capture_waiver")


def _entries(pledge: Pledge, evidence: list[Evidence]) -> Iterator[str]:
    """Yield the entries of the ledger about a pledge and its public evidence, as lines of JSON."""
    public = {piece.slug for piece in evidence}
    about = Q(pledge=pledge.slug)
    for slug in public:
        about |= Q(subject=f"evidence/{slug}")
        about |= Q(subject__startswith=f"captures/{slug}/")
        about |= Q(subject__startswith=f"capture_waivers/{slug}/")
    for entry in Entry.objects.filter(about).order_by("edition").iterator(chunk_size=2000):
        kind, data = entry.event.partition(":")[0], json.loads(entry.data)
        named = data["slug"] if kind == "evidence" else data.get("evidence")
        if kind not in _KINDS or (named and named not in public):
            continue
        columns = {
            "edition": entry.edition,
            "event": entry.event,
            "subject": entry.subject,
            "pledge": entry.pledge,
            "at": timestamp(entry.at),
            "by": entry.by,
            "data": data,
            "previous_hash": entry.previous_hash,
            "hash": entry.hash,
        }
        yield json.dumps(columns, sort_keys=True, ensure_ascii=False) + "\n"


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


class _Folder:
    """The one folder in an archive. Nothing in it depends on when it was written."""

    def __init__(self, archive: ZipFile, name: str) -> None:
        self._archive, self._name = archive, name
        self._hashes: dict[str, str] = {}

    def add(self, name: str, content: bytes) -> None:
        """Add a file."""
        self._hashes[name] = sha256(content).hexdigest()
        self._archive.writestr(self._info(name), content)

    def copy(self, name: str, stored: str) -> None:
        """Add a file of the store. Raises NotWhole."""
        digest = sha256()
        try:
            with (
                the_store().open(stored) as file,
                self._archive.open(self._info(name), "w", force_zip64=True) as target,
            ):
                for piece in pieces(file):
                    digest.update(piece)
                    target.write(piece)
        except NotStored as error:
            raise NotWhole(f"The file {stored} is gone from the store.") from error
        if digest.hexdigest() != stored:
            raise NotWhole(f"The file {stored} in the store is damaged.")
        self._hashes[name] = stored

    def sums(self) -> bytes:
        """Return the hashes of all files so far, as sha256sum reads them."""
        lines = (f"{digest}  {name}\n" for name, digest in sorted(self._hashes.items()))
        return "".join(lines).encode()

    def _info(self, name: str) -> ZipInfo:
        info = ZipInfo(f"{self._name}/{name}", date_time=(1980, 1, 1, 0, 0, 0))
        info.external_attr = 0o100644 << 16
        info.create_system = 3
        return info
