"""The store in a bucket that speaks S3: `s3://bucket/prefix?endpoint=https://…&region=…`.

Keys of access come from where boto3 looks for them: AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY, a profile, or the machine's role. An object becomes visible whole or not
at all. Large files go in parts, which boto3 takes back where sending fails; those of a writer that
was killed nobody sees, and a rule of the bucket removes them (docs/captures.md).
"""

from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast
from urllib.parse import parse_qsl, urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from promises.captures.copies import Stored
from promises.captures.store import NotStored, copied

# Files up to this size stay in memory on their way.
_IN_MEMORY = 1_000_000
_GONE = {"404", "NoSuchKey", "NotFound"}


class ObjectStore:
    """Files as objects of one bucket."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        options = dict(parse_qsl(parts.query))
        self._bucket, self._prefix = parts.netloc, parts.path.strip("/")
        self._client = boto3.client(
            "s3",
            endpoint_url=options.get("endpoint"),
            region_name=options.get("region", "us-east-1"),
            config=Config(connect_timeout=10, read_timeout=60, retries={"max_attempts": 3}),
        )

    def keep(self, source: IO[bytes]) -> Stored:
        """Send a file, unless an object of its name and size is there."""
        with cast("IO[bytes]", SpooledTemporaryFile(max_size=_IN_MEMORY)) as part:
            name, size = copied(source, part)
            if self._size_of(name) != size:
                part.seek(0)
                self._client.upload_fileobj(part, self._bucket, self._key(name))
        return Stored(name, size)

    def open(self, name: str) -> IO[bytes]:
        """Fetch a file into a temporary one. Raises NotStored."""
        part = cast("IO[bytes]", SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 -- given away open
        try:
            self._client.download_fileobj(self._bucket, self._key(name), part)
        except ClientError as error:
            part.close()
            raise _named(error, name) from error
        part.seek(0)
        return part

    def remove_parts(self, before: datetime) -> int:
        """Remove nothing: parts are the bucket's to remove."""
        return 0

    def _size_of(self, name: str) -> int | None:
        try:
            found: dict[str, Any] = self._client.head_object(
                Bucket=self._bucket, Key=self._key(name)
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in _GONE:
                return None
            raise
        return int(found["ContentLength"])

    def _key(self, name: str) -> str:
        return "/".join(part for part in (self._prefix, name[:2], name) if part)


def _named(error: ClientError, name: str) -> Exception:
    return NotStored(name) if error.response["Error"]["Code"] in _GONE else error
