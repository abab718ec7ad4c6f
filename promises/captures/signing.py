"""Has copies signed by a timestamp authority (RFC 3161): the network, never in a transaction.

What is signed is the WARC file of a fetched copy, which holds request and answer, and the file
itself of an uploaded one.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cryptography.x509 import load_pem_x509_certificates
from django.conf import settings
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from promises.accounts.models import User
from promises.captures.models import StoredFile, Timestamp
from promises.captures.store import NotStored, the_store
from promises.common.writes import write
from promises.fetching.errors import NotFetched
from promises.fetching.fetch import fetch

logger = logging.getLogger(__name__)

# Files that one run has signed: an authority is a guest's right.
MOST = 100
_HEADERS = {
    "Content-Type": "application/timestamp-query",
    "Accept": "application/timestamp-reply",
}


class NotSigned(Exception):  # noqa: N818 -- reads as a sentence where it is raised
    """The authority gave no signature that holds."""


def sign_copies(*, by: User, clock: Callable[[], datetime]) -> int:
    """Have what is not signed yet signed, oldest first; return how many files were.

    The first failure ends the run: what waits is as good for the next.
    """
    authority, signed = settings.TIMESTAMP_AUTHORITY_URL, 0
    if not authority:
        return 0
    for file in StoredFile.objects.not_signed_by(authority)[:MOST]:
        try:
            answer = _signed(authority, file.sha256)
        except (NotFetched, NotSigned, NotStored) as error:
            logger.warning("No timestamp of %s from %s: %s", file.sha256, authority, error)
            break
        signed += keep_timestamp(
            file=file,
            authority=authority,
            signed_at=answer.tst_info.gen_time,
            token=answer.as_bytes(),
            by=by,
            now=clock(),
        )
    return signed


@write
def keep_timestamp(
    *,
    file: StoredFile,
    authority: str,
    signed_at: datetime,
    token: bytes,
    by: User,
    now: datetime,
) -> bool:
    """Keep what an authority signed. False where another worker has one of it already."""
    before = Timestamp.objects.filter(file=file, authority=authority).count()
    signed = Timestamp(
        file=file, authority=authority, signed_at=signed_at, received_at=now, token=token
    )
    Timestamp.objects.bulk_create([signed], ignore_conflicts=True)
    return not before


def _signed(authority: str, name: str) -> TimeStampResponse:
    """Ask for a signature of a stored file. Raises NotFetched, NotSigned, NotStored."""
    with the_store().open(name) as file:
        content = file.read()
    question = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256).build()
    with fetch(authority, method="POST", headers=_HEADERS, content=question.as_bytes()) as page:
        if page.status != 200:
            raise NotSigned(f"The answer is {page.status}.")
        given = page.body.read()
    try:
        answer = decode_timestamp_response(given)
        if PKIStatus(answer.status) != PKIStatus.GRANTED:
            raise NotSigned("It refuses.")
        if answer.tst_info.nonce != question.nonce:
            raise NotSigned("It answers another question.")
        if answer.tst_info.message_imprint.message != bytes.fromhex(name):
            raise NotSigned("It signed something else.")
        _verify(answer, content)
    except (ValueError, VerificationError) as error:
        raise NotSigned(f"The signature does not hold: {error}") from error
    return answer


def _verify(answer: TimeStampResponse, content: bytes) -> None:
    """Hold an answer against the roots that settings name. Raises VerificationError."""
    if not settings.TIMESTAMP_AUTHORITY_ROOT:
        return
    pem = Path(settings.TIMESTAMP_AUTHORITY_ROOT).read_bytes()
    builder = VerifierBuilder()
    for root in load_pem_x509_certificates(pem):
        builder = builder.add_root_certificate(root)
    builder.build().verify_message(answer, content)
