"""Bodies that are unpacked piece by piece, whatever their size and wherever they are cut."""

import gzip
import random
import zlib
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from promises.fetching.decoding import decoded
from promises.fetching.errors import TooLarge, Truncated

STEP = 1 << 16
PACKED = {
    "gzip": lambda body: gzip.compress(body, mtime=0),
    "zlib": zlib.compress,
    "bare": lambda body: zlib.compress(body, wbits=-15),
}
NAMED = {"gzip": "gzip", "zlib": "deflate", "bare": "deflate"}
AROUND_STEPS = st.builds(
    lambda steps, by: max(0, steps * STEP + by), st.integers(0, 3), st.integers(-300, 300)
)


def cut(packed: bytes, borders: list[float]) -> list[bytes]:
    """Cut into chunks at these shares of its length."""
    places = sorted({int(share * len(packed)) for share in borders} | {0, len(packed)})
    return [packed[start:end] for start, end in pairwise(places)]


@pytest.mark.parametrize("kind", PACKED)
@given(
    size=AROUND_STEPS,
    is_random=st.booleans(),
    borders=st.lists(st.floats(0, 1), max_size=6),
)
@example(size=STEP, is_random=False, borders=[])
@example(size=2 * STEP, is_random=False, borders=[0.5])
def test_what_was_packed_comes_out_whole(
    kind: str, size: int, is_random: bool, borders: list[float]
) -> None:
    body = random.Random(size).randbytes(size) if is_random else b"a" * size
    packed = PACKED[kind](body)
    chunks = cut(packed, borders)
    assert b"".join(decoded(chunks, NAMED[kind], limit=size)) == body
    with pytest.raises(Truncated):
        list(decoded(cut(packed[:-1], borders), NAMED[kind], limit=size))
    if size:
        with pytest.raises(TooLarge):
            list(decoded(chunks, NAMED[kind], limit=size - 1))
