"""Unpacks a body as it comes, and stops at a limit: a small file may unpack to a huge one."""

import zlib
from collections.abc import Iterable, Iterator

from promises.fetching.errors import TooLarge, Truncated, UnknownEncoding

# What we ask for (RFC 9110, section 8.4).
ACCEPTED = "gzip, deflate"
_STEP = 1 << 16


def decoded(chunks: Iterable[bytes], encoding: str, *, limit: int) -> Iterator[bytes]:
    """Yield the body unpacked. Raises UnknownEncoding, Truncated, TooLarge."""
    layers = [name.strip().lower() for name in encoding.split(",") if name.strip()]
    layers = [name for name in layers if name != "identity"]
    if len(layers) > 1 or (layers and layers[0] not in {"gzip", "x-gzip", "deflate"}):
        raise UnknownEncoding("It is packed in a way that we did not ask for.")
    unpacked = _unpacked(chunks, layers[0]) if layers else chunks
    size = 0
    for piece in unpacked:
        size += len(piece)
        if size > limit:
            raise TooLarge(f"Unpacked, it is larger than {limit:,} bytes.")
        yield piece


def _unpacked(chunks: Iterable[bytes], layer: str) -> Iterator[bytes]:
    machine = None
    try:
        for chunk in chunks:
            rest, piece = chunk, b""
            # A full piece may have left some of the body, or its end, inside the machine.
            while rest or (machine is not None and len(piece) == _STEP):
                if machine is None:
                    machine = _machine(layer, rest)
                piece = machine.decompress(rest, _STEP)
                yield piece
                rest = machine.unconsumed_tail
                if machine.eof:
                    # A gzip file may hold several members (RFC 1952); after zlib's end is nothing.
                    rest = machine.unused_data.lstrip(b"\0") if layer != "deflate" else b""
                    machine = None
    except zlib.error as error:
        raise UnknownEncoding("It says that it is packed, and it is not.") from error
    if machine is not None:
        raise Truncated("It ended before it was complete.")


def _machine(layer: str, start: bytes) -> "zlib._Decompress":
    if layer != "deflate":
        return zlib.decompressobj(wbits=31)
    # Servers send both what RFC 9110 calls deflate (zlib) and the bare stream.
    is_zlib = start[0] & 0x0F == 8 and (len(start) < 2 or (start[0] << 8 | start[1]) % 31 == 0)
    return zlib.decompressobj(wbits=15 if is_zlib else -15)
