"""How dense values lie, against scipy's, and what is said of few of them."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from runfolio.core.kernel import LEAST, MANY, violin_of

CHANCE = np.random.default_rng(4)


@pytest.mark.parametrize("number", [LEAST, 40, MANY, 6 * MANY])
def test_the_density_is_scipys_with_the_bandwidth_of_silvermans_rule(number: int) -> None:
    values = np.concatenate([CHANCE.normal(0, 1, number - number // 3), CHANCE.normal(6, 0.5, number // 3)])
    found = violin_of(values)
    assert found is not None and not len(found.few)
    lower, upper = np.quantile(values, [0.25, 0.75])
    spread = min(values.std(ddof=1), (upper - lower) / 1.34)
    assert found.bandwidth == pytest.approx(0.9 * spread * number**-0.2)
    expected = scipy.stats.gaussian_kde(values, found.bandwidth / values.std(ddof=1))(found.places)
    assert np.allclose(found.density, expected / expected.max(), atol=0.01)
    assert (found.places[0], found.places[-1]) == (values.min(), values.max()), "it ends with the values"
    assert found.mean == pytest.approx(values.mean()) and found.median == pytest.approx(np.median(values))


def test_few_values_and_equal_ones_have_no_shape() -> None:
    four = violin_of(np.array([3.0, 1.0, np.nan, 2.0, np.inf, 5.0]))
    assert four is not None and four.few.tolist() == [1, 2, 3, 5] and not len(four.density)
    same = violin_of(np.full(30, 0.1))
    assert same is not None and len(same.few) == 30 and same.mean == same.median == 0.1
    assert violin_of(np.array([np.nan])) is None
    most = violin_of(np.array([1.0] * 20 + [2.0]))
    assert most is not None and most.bandwidth > 0, "half of them are equal, which is no spread"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(), max_size=30))
def test_anything_has_a_density_or_is_shown_itself(values: list[float]) -> None:
    found = violin_of(np.array(values))
    finite = sorted(value for value in values if np.isfinite(value))
    if found is None:
        assert not finite
        return
    assert finite[0] <= found.median <= finite[-1] and finite[0] <= found.mean <= finite[-1]
    if len(found.density):
        assert len(finite) >= LEAST and found.density.max() == 1 and (found.density >= 0).all()
        assert np.isfinite(found.places).all()
    else:
        assert found.few.tolist() == finite
