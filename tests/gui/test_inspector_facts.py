"""What the inspector says of what was captured."""

from __future__ import annotations

from dataclasses import replace

from runfolio.core.entities import Artifact, MetricSummary, Run
from runfolio.core.states import LifecycleStage, RunStatus
from runfolio.gui.inspector.code_page import code_rows
from runfolio.gui.inspector.facts import (
    Details,
    breakable,
    ending,
    load_name,
    load_rows,
    metric_rows,
    param_rows,
    statistic_rows,
    tag_rows,
)
from runfolio.gui.inspector.rows import matching, text_of
from runfolio.gui.inspector.system_page import TITLES


def summary(key: str, step: int) -> MetricSummary:
    """A metric with one point."""
    return MetricSummary(key, 1, 0.5, step, 0.5, step, 1000, 0.5, step, 0.5, step, 0.5, 0)


def failed_run() -> Run:
    """A run that failed, with tags of the user's and of tracking's own."""
    tags = {
        "team": "vision",
        "runfolio.error": "ValueError: the loss is NaN",
        "runfolio.host": "gpu-1",
        "runfolio.command": "python train.py",
        "mlflow.source.git.commit": "abc",
        "mlflow.source.git.dirty": "True",
    }
    metrics = {key: summary(key, step) for key, step in (("acc", 7), ("system/cpu", 900), ("zeal", 6))}
    who = (1, "a" * 32, 1, "Default", "brave-owl-1", RunStatus.FAILED)
    return Run(*who, 0, 60_000, 60_000, LifecycleStage.ACTIVE, None, "ada", tags=tags, metrics=metrics)


def test_captured_tags_are_details_and_not_among_the_users() -> None:
    details = Details(failed_run(), ())
    assert details.tags == {"team": "vision"}
    code = {row.key: text_of(row.value()) for row in code_rows(details)}
    assert code == {"command": "python train.py", "commit": "abc", "uncommitted": "yes, see below"}
    machine = {row.key: text_of(row.value()) for row in tag_rows(details.run, TITLES)}
    assert machine == {"host": "gpu-1"}


def test_a_failed_run_says_why_and_how_far_it_came() -> None:
    assert (
        ending(Details(failed_run(), ()), 0) == "✕ This run failed after 1m 00s, at step 7. ValueError: the loss is NaN"
    )


def test_a_traceback_says_why_by_itself() -> None:
    details = Details(failed_run(), (Artifact("runfolio/traceback.txt", 10, 0),))
    assert ending(details, 0) == "✕ This run failed after 1m 00s, at step 7."


def test_the_load_of_the_machine_is_apart() -> None:
    assert [row.key for row in metric_rows(failed_run())] == ["acc", "zeal"]
    assert [row.key for row in load_rows(failed_run())] == ["system/cpu"]
    assert load_name("system/gpu_0_memory_usage_percentage") == "gpu 0 memory usage, %"


def test_numbers_have_the_digits_of_the_table_and_all_of_them_where_they_are_copied() -> None:
    run = failed_run()
    run.params["lr"] = "0.0014285714285714286"
    run.metrics["acc"] = replace(run.metrics["acc"], last=1 / 3, minimum=0.25, maximum=1 / 3, maximum_step=7, count=2)
    (lr,) = param_rows(run)
    acc = metric_rows(run)[0]
    assert text_of(lr.value()) == "0.00142857" and text_of(acc.value()) == "0.3333  max 0.3333 @ 7"
    assert lr.full is not None and lr.full() == "0.0014285714285714286"
    assert acc.full is not None and acc.full() == "0.3333333333333333  max 0.3333333333333333 @ 7"
    assert matching([lr, acc], "0.00142857142") == [lr], "what is not shown is found too"


def test_a_long_reason_is_cut_and_can_be_wrapped() -> None:
    run = failed_run()
    run.tags["runfolio.error"] = f"OSError: {'x' * 1000}\nsecond line"
    text = ending(Details(run, ()), 0)
    assert text.endswith("…") and len(text) < 320 and "second" not in text
    assert max(map(len, breakable(text).replace("\u200b", " ").split())) <= 16
    assert breakable(text).replace("\u200b", "") == text


def test_means_of_whole_numbers_have_the_digits_they_need() -> None:
    """A mean is not among the values, and so its digits are not theirs."""
    for least, greatest, mean, text in ((2.0, 3.0, 2.5, "2.500"), (0.0, 1.0, 0.5, "0.500"), (1.0, 3.0, 2.0, "2")):
        known = replace(summary("loss", 7), last=greatest, minimum=least, maximum=greatest, mean=mean, count=2)
        shown = {text_of((row.name,)): text_of(row.value()) for row in statistic_rows(known)}
        assert shown["mean"] == text and shown["max"] == f"{greatest:.0f}  @ 7"
