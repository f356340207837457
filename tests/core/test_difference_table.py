"""What several runs have in common and in what they differ, each beside the baseline."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from runfolio.core import captured as names
from runfolio.core.difference_table import DifferencePart, as_markdown, cell_text, difference_table, only_different
from runfolio.core.differences import Snapshot, differences
from tests.core.test_differences import LOCK, NEW, data, metric, run

PATCH = "diff --git a/train.py b/train.py\n--- a/train.py\n+++ b/train.py\n@@ -1 +1 @@\n-{old}\n+{new}\n"


def lines(parts: tuple[DifferencePart, ...]) -> dict[str, dict[str, list[str]]]:
    return {part.title: {line.key: [*map(cell_text, line.cells)] for line in part.lines} for part in parts}


def different(*runs: Snapshot) -> dict[str, dict[str, list[str]]]:
    return {title: found for title, found in lines(only_different(difference_table(runs))).items() if found}


def test_what_all_have_in_common_is_told_only_if_everything_is_wanted() -> None:
    parts = difference_table([NEW, NEW, NEW])
    assert only_different(parts) == ()
    assert lines(parts)["Parameters"] == {"lr": ["0.1"] * 3, "seed": ["0"] * 3}
    assert lines(parts)["Environment"]["torch"] == ["2.0"] * 3
    assert lines(parts)["Data"] == {"digits (training)": ["d1"] * 3}


def test_settings_and_tags_that_differ_from_the_baseline() -> None:
    other = replace(
        NEW, run=run(params={"lr": "0.10", "seed": "1"}, tags=NEW.run.tags | {"team": "x", "mlflow.a": "b"})
    )
    third = replace(NEW, run=run(params={"lr": "0.2"}))
    found = difference_table([NEW, other, third])
    assert different(NEW, other, third) == {
        "Parameters": {"lr": ["0.1", "0.10", "0.2"], "seed": ["0", "1", ""]},
        "Tags": {"team": ["", "x", ""]},
    }
    rate, seed = found[0].lines
    assert [cell.differs for cell in rate.cells] == [False, False, True], "0.10 is the setting 0.1"
    assert [cell.differs for cell in seed.cells] == [False, True, True]


def test_metrics_tell_by_how_much_they_differ_and_which_way_is_better() -> None:
    def with_metrics(**ends: float) -> Snapshot:
        return replace(NEW, run=run(metrics={key: metric(key, low, low + 0.5) for key, low in ends.items()}))

    table = difference_table([with_metrics(acc=0.1, loss=0.5, epoch=1), with_metrics(acc=0.25, loss=0.75, epoch=2)])
    found = {line.key: line.cells[1] for line in table[1].lines}
    assert (found["acc"].text, found["acc"].change, found["acc"].better) == ("0.7500", "+0.1500", True)
    assert (found["loss"].change, found["loss"].better) == ("+0.2500", False)
    assert found["epoch"].better is None
    chosen = difference_table([with_metrics(acc=0.1), with_metrics(acc=0.25)], {"acc": True})
    assert [line.cells[1].better for line in chosen[1].lines] == [False]


def test_metrics_that_are_no_numbers_or_not_there() -> None:
    nothing = replace(metric("acc", 0.0, 0.0), minimum=None, maximum=None, last=math.nan)
    nan, none = replace(NEW, run=run(metrics={"acc": nothing})), replace(NEW, run=run(metrics={}))
    assert different(NEW, nan, none) == {"Best metrics": {"acc": ["0.9000", "NaN", ""]}}
    assert different(nan, nan) == {}
    assert [cell.differs for cell in difference_table([nan, NEW, none])[1].lines[0].cells] == [False, True, True]


def test_code_is_compared_line_by_line() -> None:
    tags = NEW.run.tags | {names.DIRTY: "True"}
    one, other = (replace(NEW, run=run(tags=tags), patch=PATCH.format(old="a", new=new)) for new in "bc")
    found = difference_table([NEW, one, other])[3].lines[-1]
    assert (found.key, [cell.text for cell in found.cells]) == (
        "train.py",
        ["as committed", "+1 −1 uncommitted", "+1 −1 uncommitted"],
    )
    assert different(one, other)["Code"]["train.py"] == ["+1 −1 uncommitted"] * 2, "the lines are others"
    assert different(one, one) == {}


def test_what_was_not_captured_is_neither_the_same_nor_another() -> None:
    bare = Snapshot(run("bare", tags={}))
    parts = difference_table([NEW, bare])
    packages = {line.key: line for line in parts[4].lines}
    assert not packages["torch"].differs and cell_text(packages["torch"].cells[1]) == "not captured"
    assert parts[3].doubts == ("The commit of bare was not captured.", "What was uncommitted of bare was not captured.")
    assert "The list of packages of bare was not captured." in only_different(parts)[-2].doubts
    assert difference_table([bare, bare])[4].doubts[0] == "The machine was not captured of any run."


def test_packages_and_data() -> None:
    other = replace(NEW, lock=LOCK.replace("2.0", "2.1") + "extra==1\n", data=[data("digits", "d2")])
    assert different(NEW, other) == {
        "Environment": {"extra": ["", "1"], "torch": ["2.0", "2.1"]},
        "Data": {"digits (training)": ["d1", "d2"]},
    }


def test_markdown() -> None:
    other = replace(NEW, run=run(params={"lr": "a|b", "seed": "0"}))
    text = as_markdown(["old", "new"], only_different(difference_table([NEW, other])))
    assert text == "|  |  | old | new |\n| --- | --- | --- | --- |\n| Parameters | lr | 0.1 | a\\|b |\n"


settings = st.dictionaries(st.sampled_from(["lr", "seed", "depth"]), st.sampled_from(["0.1", "0.10", "1", "x"]))


@given(st.lists(settings, min_size=2, max_size=5))
def test_what_differs_is_what_a_comparison_of_the_two_says(
    params: list[dict[str, str]],
) -> None:
    runs = [replace(NEW, run=run(params=one)) for one in params]
    found = difference_table(runs)[0].lines
    for place, other in enumerate(runs[1:], start=1):
        between = {one.key for one in differences(runs[0], other)[0].differences}
        assert {line.key for line in found if line.cells[place].differs} == between
