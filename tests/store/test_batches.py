"""Things that are too many to be read at once come in parts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runfolio.store.batches import in_portions


@given(st.dictionaries(st.integers(), st.integers(0, 50)), st.integers(1, 60))
def test_portions_are_as_large_as_may_be_and_no_larger(sizes: dict[int, int], most: int) -> None:
    found = in_portions(sizes, most)
    assert [thing for portion in found for thing in portion] == list(sizes)
    totals = [sum(sizes[thing] for thing in portion) for portion in found]
    assert all(total <= most or len(portion) == 1 for total, portion in zip(totals, found, strict=True))
    for total, following in zip(totals, found[1:], strict=False):
        assert total + sizes[following[0]] > most, "the next thing had no room"
