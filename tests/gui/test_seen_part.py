"""Which part of pictures is seen: always one that is theirs, and what is under the mouse stays there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from runfolio.gui.compare.details.seen_part import LEAST, WHOLE, moved, zoomed

SHARE = st.floats(0, 1)


@given(st.lists(st.tuples(st.floats(0.01, 100), SHARE, SHARE, st.floats(-9, 9), st.floats(-9, 9)), max_size=6))
def test_the_part_is_one_of_the_picture(steps: list[tuple[float, float, float, float, float]]) -> None:
    seen = WHOLE
    for factor, x, y, across, down in steps:
        seen = moved(zoomed(seen, factor, QPointF(x, y)), across, down)
        assert LEAST <= seen.width() == seen.height() <= 1
        assert seen.left() >= 0 and seen.top() >= 0 and seen.right() <= 1 + 1e-9 and seen.bottom() <= 1 + 1e-9


@given(SHARE, SHARE)
def test_what_is_under_the_mouse_stays_there(x: float, y: float) -> None:
    seen = zoomed(WHOLE, 4, QPointF(x, y))
    assert (seen.x() + x * seen.width(), seen.y() + y * seen.height()) == pytest.approx((x, y))
    assert zoomed(seen, 1 / 4, QPointF(x, y)) == WHOLE
