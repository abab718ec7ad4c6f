"""The ledger's texts are those of RFC 8785, whichever way they are made."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from promises.common.canonical import canonical_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text() | st.floats(-9, 9),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_the_text_is_that_of_the_standard(value: object) -> None:
    assert canonical_json(value) == rfc8785.dumps(value).decode("utf-8")


def test_keys_are_sorted_as_the_standard_has_it() -> None:
    # By UTF-16: the sign beyond the basic plane comes first, by code point it would be last.
    assert canonical_json({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'


@pytest.mark.parametrize("value", [2**53, -(2**53), "\ud800", {"a": {1, 2}}, {1: "a"}])
def test_what_has_no_text_is_refused(value: object) -> None:
    with pytest.raises(rfc8785.CanonicalizationError):
        canonical_json(value)
