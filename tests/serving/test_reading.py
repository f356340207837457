"""JSON of requests is read as Python's own module reads it, however it is read."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.serving.worker.requests import Told, WrongRequest, read_json

WHOLE = st.integers(-(1 << 63), (1 << 64) - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.booleans())
def test_values_are_read_as_they_were_written(value: Any, escaped: bool) -> None:
    body = json.dumps({"inputs": value}, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    told = read_json(body)
    assert told.form == "inputs" and repr(told.rows) == repr(json.loads(body)["inputs"]), (
        "also 1 and 1.0 are told apart"
    )


@pytest.mark.parametrize("text", ["NaN", "-Infinity", "1e999", '"\\ud800"'])
def test_what_only_pythons_own_takes_is_taken(text: str) -> None:
    told = read_json(f'{{"inputs": {text}}}'.encode())
    assert isinstance(told, Told) and repr(told.rows) == repr(json.loads(text))


def test_numbers_beyond_64_bits_are_fractions() -> None:
    (read,) = read_json(b'{"inputs": [123456789012345678901234567890]}').rows
    assert math.isclose(read, 1.2345678901234568e29)


@pytest.mark.parametrize("body", [b"", b"{", b'{"inputs": 1,}', b"\xff", b'{"inputs": "\xff"}', b"[" * 200_000])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(WrongRequest, match="not JSON"):
        read_json(body)
