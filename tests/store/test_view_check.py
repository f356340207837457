"""A view that comes from another store: what can be shown is, and what is missing is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runfolio.core.columns import SortKey, metric, param
from runfolio.core.compare_options import CompareOptions
from runfolio.core.errors import InvalidValue
from runfolio.core.saved_views import MOST_BYTES, SavedView, read_saved_view
from runfolio.core.views import FormulaColumn, View
from runfolio.store import Store
from runfolio.store.experiments import get_or_create
from runfolio.store.view_check import fit_view
from tests.store.script import Script


@pytest.fixture(name="filled")
def _filled(store: Store) -> Store:
    with Script(store) as script:
        run = script.start(experiment="vision/resnet")
        script.params(run, {"lr": "0.1"})
        script.log(run, "acc", [0.5])
        script.take()
    return store


def test_a_view_of_this_store_fits(filled: Store) -> None:
    view = View("metrics.acc > 0.1 and params.lr = '0.1'", (SortKey(metric("acc")),), added=(param("lr"),))
    fitted = fit_view(filled, SavedView("best", view, ("vision/resnet",), {"smoothing": 0.5}).to_json())
    assert fitted.missing == () and fitted.saved.view == view and fitted.saved.charts == {"smoothing": 0.5}
    assert fitted.experiments == (get_or_create(filled, "vision/resnet").id,)


def test_what_is_missing_is_named(filled: Store) -> None:
    view = View(
        "metrics.f1.max > 0.1 and not (tags.team = 'a' or params.depth is null)",
        (SortKey(metric("auc")),),
        added=(param("lr"), param("width")),
        pinned=(param("width"),),
        baseline="no-such-run",
        compare=CompareOptions(axes=(param("lr"), param("heads")), metric=metric("loss")),
    )
    fitted = fit_view(filled, SavedView("other", view, ("nlp/bert", "vision/resnet")).to_json())
    assert fitted.saved.view == view
    assert len(fitted.experiments) == 1
    assert set(fitted.missing) == {
        "No experiment 'nlp/bert'",
        "No metric 'auc'",
        "No param 'width'",
        "No metric 'f1'",
        "No tag 'team'",
        "No param 'depth'",
        "No run 'no-such-run', which is the baseline",
        "No param 'heads'",
        "No metric 'loss'",
    }


def test_a_filter_on_a_formula_of_the_view_is_read_and_on_another_left_out(filled: Store) -> None:
    view = View("formulas.half > 0.1", formulas=(FormulaColumn("half", "metrics.acc / 2"),))
    fitted = fit_view(filled, SavedView("best", view).to_json())
    assert fitted.missing == () and fitted.saved.view == view
    fitted = fit_view(filled, SavedView("best", replace(view, formulas=())).to_json())
    assert fitted.saved.view.filter == "" and "no formula column 'half'" in fitted.missing[0]


def test_a_filter_that_cannot_be_read_is_left_out(filled: Store) -> None:
    view = View("metrics.acc >", (SortKey(metric("acc")),))
    fitted = fit_view(filled, SavedView("half", view).to_json())
    assert fitted.saved.view.filter == "" and fitted.saved.view.order == view.order
    (line,) = fitted.missing
    assert line.startswith("The filter was left out: metrics.acc >") and "expected" in line


def test_what_formulas_need_is_named(filled: Store) -> None:
    view = View(formulas=(FormulaColumn("half", "metrics.auc / 2"), FormulaColumn("odd", "metrics.acc /")))
    fitted = fit_view(filled, SavedView("computed", view).to_json())
    assert fitted.saved.view == view and fitted.missing[1] == "No metric 'auc'"
    assert fitted.missing[0].startswith("The column odd cannot be computed: metrics.acc /")


def test_parts_that_are_not_understood_are_named(filled: Store) -> None:
    text = '{"format": 1, "order": [{"source": "moon"}], "experiments": "all", "charts": [1], "filter": 7}'
    fitted = fit_view(filled, text, "odd")
    assert fitted.saved.name == "odd" and fitted.saved.view == View()
    assert len(fitted.missing) == 4 and all(line.startswith("Not understood") for line in fitted.missing)


@pytest.mark.parametrize("text", ["", "[]", "{}", "not json", '{"format": 99}', "x" * (MOST_BYTES + 1), "[" * 100_000])
def test_what_is_no_view_is_refused(filled: Store, text: str) -> None:
    with pytest.raises(InvalidValue):
        fit_view(filled, text)


def test_a_view_is_written_and_read_whole() -> None:
    saved = SavedView("ü “x”", View("a = 'b'", automatic=False), ("e/f",), {"log": True, "x": "time"})
    assert read_saved_view(saved.to_json()) == (saved, [])
