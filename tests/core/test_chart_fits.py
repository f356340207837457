"""Which metrics a chart of the user's own shows, and what is said of expressions that do not work."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.chart_fits import MOST_METRICS, NOTHING, fits_of
from runfolio.core.chart_page import Fits, OwnChart

METRICS = ("loss", "train/loss", "val/acc", "val/loss")


def fit(pattern: str = "", listed: tuple[str, ...] = (), metrics: tuple[str, ...] = METRICS) -> Fits:
    ((key, found),) = fits_of([OwnChart("=1", "own", pattern, listed)], metrics)
    assert key == "=1"
    return found


def test_an_expression_is_found_anywhere_in_a_name() -> None:
    assert fit("loss$") == Fits(("loss", "train/loss", "val/loss"), 3)
    assert fit("^(train|val)/l") == Fits(("train/loss", "val/loss"), 2)
    assert fit("nothing like it") == Fits((), 0, NOTHING)


def test_a_list_is_shown_as_far_as_runs_have_its_metrics() -> None:
    assert fit(listed=("val/acc", "gone", "loss")) == Fits(("val/acc", "loss"), 2)
    assert fit(listed=("gone",)).problem == NOTHING


def test_of_thousands_the_first_are_shown() -> None:
    many = tuple(f"layer{number}" for number in range(5000))
    assert fit("layer", metrics=many) == Fits(many[:MOST_METRICS], 5000)


def test_what_is_no_expression_is_told_in_words() -> None:
    assert fit("(loss").problem == "The expression cannot be read: missing ) at position 5."


def test_an_expression_that_would_go_on_for_ever_is_given_up_and_others_wait_for_no_more() -> None:
    own = [OwnChart("=1", "slow", "(a|aa)+$"), OwnChart("=2", "plain", "", ("loss",))]
    (_, slow), (_, plain) = fits_of(own, (*METRICS, "a" * 200 + "b"))
    assert slow.problem == "The expression takes too long: (a|aa)+$" and not slow.metrics
    assert plain == Fits(("loss",), 1)


@given(st.text(max_size=12), st.lists(st.text(max_size=5), max_size=5, unique=True).map(tuple))
def test_whatever_is_typed_has_metrics_or_a_reason(pattern: str, metrics: tuple[str, ...]) -> None:
    found = fit(pattern, metrics, metrics)
    assert set(found.metrics) <= set(metrics) and bool(found.metrics) is not bool(found.problem)
