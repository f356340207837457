"""An axis that leaves outliers out shows most values, and all of them where none is far off."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.outliers import outside, usual_span

ANY = st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=60)


@given(ANY)
def test_the_span_is_within_the_values_and_holds_most_of_them(values: list[float]) -> None:
    given = np.array(values, np.float64)
    finite = given[np.isfinite(given)]
    span = usual_span(given)
    if span is None:
        assert not len(finite)
        return
    low, high = span
    assert finite.min() <= low <= high <= finite.max()
    # A quantile between two values may leave one more of them out at each end.
    assert outside(given, low, high) <= 0.1 * len(finite) + 2


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=60))
def test_moved_and_scaled_values_have_a_moved_and_scaled_span(values: list[float]) -> None:
    plain, other = (usual_span(np.array(values) * factor + shift) for factor, shift in ((1, 0), (8, 3)))
    assert plain is not None and other == pytest.approx([8 * plain[0] + 3, 8 * plain[1] + 3], abs=1e-9)


def test_a_spike_is_left_out_and_a_learning_curve_is_not_cut() -> None:
    curve = 0.3 + np.exp(-np.linspace(0, 3, 200))
    assert usual_span(curve) == (curve.min(), curve.max())
    with_spike = np.append(curve, 1e6)
    low, high = usual_span(with_spike) or (0, 0)
    assert low == curve.min() and curve.max() <= high < 3 and outside(with_spike, low, high) == 1


@pytest.mark.parametrize("values", [[5.0], [2.0] * 99 + [1e300], [-1.797e308, 1.797e308], [np.nan, 1.0, np.inf]])
def test_few_same_and_the_largest_values_have_a_span(values: list[float]) -> None:
    low, high = usual_span(np.array(values)) or (1, 0)
    assert low <= high and np.isfinite([low, high]).all()
