"""Sweeps are read strictly, every slip is told with its line, and what is written reads back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.errors import InvalidValue
from runfolio.core.projects.records import EntryPoint, Kind, Parameter
from runfolio.core.sweeps.checks import check, check_entry
from runfolio.core.sweeps.records import Dimension, Method, Pruning, StopRules, Sweep
from runfolio.core.sweeps.spec import SweepError, read_sweep
from runfolio.core.sweeps.stored import read_written, written
from runfolio.core.sweeps.writing import write_sweep
from tests.core.sweeps.sweeps import sweeps

WHOLE = """\
metric: val_loss
goal: minimize
method: tpe
trials: 50
parallel: 2
seed: 0
space:
  lr: {low: 1e-5, high: 1e-1, log: true}
  layers: {low: 1, high: 4, whole: true}
  dropout: {low: 0, high: 0.5, step: 0.1}
  optimizer: [adam, sgd]
  rate: [0.10, 1e-3]
  bias: [true, "no"]
fixed: {epochs: 10}
stop: {target: 0.01, patience: 20, seconds: 3600, failures: 5}
pruning: {method: median, warmup_steps: 5, warmup_trials: 5}
"""
SPACE = "metric: loss\nspace: {lr: [1, 2]}\n"


def said(text: str) -> list[str]:
    """What is said of a sweep that is wrong, line by line."""
    with pytest.raises(SweepError) as caught:
        read_sweep(text)
    first, *lines = caught.value.message.splitlines()
    assert first == "sweep.yaml cannot be used:"
    return [line.strip() for line in lines]


def test_a_whole_sweep() -> None:
    assert read_sweep(WHOLE) == Sweep(
        (
            Dimension("lr", (), 1e-5, 0.1, True),
            Dimension("layers", (), 1.0, 4.0, whole=True),
            Dimension("dropout", (), 0.0, 0.5, step=0.1),
            Dimension("optimizer", ("adam", "sgd")),
            Dimension("rate", ("0.10", "1e-3")),
            Dimension("bias", ("true", "no")),
        ),
        "val_loss",
        "minimize",
        Method.TPE,
        50,
        fixed={"epochs": "10"},
        stop=StopRules(3600, 0.01, 20, 5),
        pruning=Pruning("median", 5, 5),
    )


def test_what_is_left_out_is_as_it_is_by_default() -> None:
    assert read_sweep(SPACE) == Sweep((Dimension("lr", ("1", "2")),), "loss")
    assert read_sweep(SPACE + "method: grid\nstop:\n").trials == 0


def test_a_word_that_is_almost_one_of_several_is_told() -> None:
    assert said(SPACE + "method: grit\n")[-1].endswith(
        "method is one of grid, random, lhs, tpe, not 'grit'. Did you mean 'grid'?"
    )


def test_all_faults_are_told_at_once_each_with_its_line() -> None:
    assert said(
        "metric: val_loss\ngoal: minimise\ntrails: 5\nparallel: 0\nspace:\n  lr: {low: 1, hihg: 2}\n"
        "  layers: 3\n  drop: {low: 0, high: x}\nstop: {patience: 1.5}\npruning: {warmup_steps: 3}\nseed: [1]\n"
    ) == [
        "line 2: goal is one of minimize, maximize, not 'minimise'. Did you mean 'minimize'?",
        "line 3: there is no key 'trails' in a sweep. Did you mean 'trials'?",
        "line 4: parallel is from 1 to 10,000, not 0.",
        "line 6: lr has no high.",
        "line 6: there is no key 'hihg' in lr. Did you mean 'high'?",
        "line 7: layers is a list of values or a range such as {low: 1e-5, high: 1e-1, log: true}, not '3'.",
        "line 8: drop.high is a number, not 'x'.",
        "line 9: patience is a whole number, not '1.5'.",
        "line 10: The key method is missing: one of median, percentile, hyperband.",
        "line 11: seed is a whole number, not a list.",
    ]


def test_what_does_not_go_together_is_told_at_the_line_of_what_it_is_about() -> None:
    assert said(
        "metric: loss\nmethod: grid\nspace:\n  a: {low: 2, high: 1}\n  b: {low: 0, high: 1, log: true, points: 3}\n"
        "  c: {low: 1, high: 9, log: true, step: 1}\n  d: [1, 1]\n  e: {low: 0.5, high: 2, whole: true}\n"
        "  f: {low: 0, high: 1}\n  g: {low: 0, high: 1, step: 0}\n  h: []\nfixed: {d: 1}\n"
    ) == [
        "line 4: a has values from low to high, or a list of some: low is 2 and high 1.",
        "line 5: b has a logarithm, so that low is above 0, not 0.",
        "line 6: c has steps or a logarithm, not both.",
        "line 7: d has the value '1' twice.",
        "line 7: d is fixed and in space: leave one out.",
        "line 8: e has whole numbers: so are low, high and step.",
        "line 9: f has no end of values: a grid needs a step, points or a list of them.",
        "line 10: g has steps above 0, not 0.",
        "line 11: h has values from low to high, or a list of some: low is 0 and high 0.",
    ]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "It is empty"),
        ("- a", "line 1: a sweep is written as keys and values, not as a list."),
        ("metric: [", "It cannot be read"),
        ("metric:\n\tx", "not with tabs"),
        ("metric: loss", "line 1: The key space is missing, as in space: {lr: [0.1, 0.01]}."),
        (SPACE + "metric: x", "line 3: the key 'metric' stands there twice, first in line 1."),
        (SPACE + "trials: 0", "line 3: A sweep by random has a number of trials, at least 1."),
        (SPACE + "pruning: {method: median, percentile: 101}", "line 3: percentile is from 0 to 100, not 101."),
        ("metric: loss\nspace: {lr: [null, 1]}", "a value of lr is a text, not nothing."),
        ("metric: loss\nspace: {lr: [[1]]}", "a value of lr is a text, not a list."),
        ("metric: loss\nspace: {../lr: [1]}", "as a path it must be in its shortest relative form"),
        ("metric: a?b\nspace: {lr: [1]}", "The metric 'a?b' is not allowed"),
        ("metric: loss\nspace: {lr: {low: 1e400, high: 1}}", "lr.low is finite, not 1e400"),
        ("metric: loss\nmethod: grid\nspace: {a: {low: 0, high: 1e9, whole: true}}", "more than 10,000"),
        (SPACE + "x: " + "[" * 50 + "]" * 50, "nested deeper"),
        ("metric: loss\nspace: {lr: {low: 1, high: 2, log: maybe}}", "lr.log is true or false, not 'maybe'."),
        ("metric: \ud800", "UTF-8"),
    ],
)
def test_slips(text: str, part: str) -> None:
    assert part in "\n".join(said(text))


def test_a_grid_that_is_too_large_is_refused() -> None:
    space = "".join(f"  p{number}: {{low: 0, high: 99, whole: true}}\n" for number in range(4))
    text = f"metric: loss\nmethod: grid\nspace:\n{space}"
    assert "The grid has 100,000,000 trials" in said(text)[0]
    assert read_sweep(text + "trials: 10").trials == 10


@given(sweeps())
def test_what_is_written_is_read_as_the_same(sweep: Sweep) -> None:
    assert read_sweep(write_sweep(sweep)) == check(sweep)


@given(st.text(st.characters(codec="utf-8"), max_size=60) | st.binary(max_size=60).map(lambda b: b.decode("latin-1")))
def test_any_text_is_read_or_refused(text: str) -> None:
    for whole in (text, f"metric: loss\nspace: {text}"):
        try:
            assert check(read_sweep(whole))
        except SweepError as problem:
            assert problem.faults


@given(sweeps())
def test_what_is_kept_as_json_is_the_same_too_be_it_of_a_newer_version(sweep: Sweep) -> None:
    kept = json.loads(json.dumps(written(sweep)))
    assert read_written(kept) == sweep
    newer = {
        **kept,
        "stop": {**kept["stop"], "new": 1},
        "new": 1,
        "space": [{**one, "new": 1} for one in kept["space"]],
    }
    assert read_written(newer) == sweep


def test_a_sweep_is_written_as_people_write_it() -> None:
    text = write_sweep(read_sweep(WHOLE))
    assert "  lr: {low: 1.0e-05" not in text
    assert text.splitlines()[:4] == ["metric: val_loss", "goal: minimize", "method: tpe", "trials: 50"]
    assert "  layers: {low: 1, high: 4, whole: true}" in text and "  rate: [0.10, 1e-3]" in text
    assert "stop: {target: 0.01, patience: 20, seconds: 3600, failures: 5}" in text.splitlines()


ENTRY = EntryPoint(
    "train",
    "python train.py",
    (
        Parameter("lr", Kind.FLOAT, least=0.0, most=1.0),
        Parameter("layers", Kind.INT, "2"),
        Parameter("optimizer", Kind.STRING, "adam", choices=("adam", "sgd")),
        Parameter("data", Kind.PATH),
    ),
)


def test_a_sweep_that_an_entry_point_takes() -> None:
    space = (Dimension("lr", (), 1e-5, 1.0, True), Dimension("optimizer", ("adam", "sgd")))
    check_entry(Sweep(space, "loss", fixed={"layers": "3", "data": "x"}), ENTRY)
    check_entry(Sweep((Dimension("anything", ("1",)),), "loss"), EntryPoint("train.py", "python train.py"))


def test_all_that_an_entry_point_does_not_take_is_told() -> None:
    space = (
        Dimension("learning_rate", ("1",)),
        Dimension("lr", (), 0.5, 2.0),
        Dimension("layers", (), 1.0, 4.0),
        Dimension("optimizer", ("adam", "adagrad")),
    )
    with pytest.raises(InvalidValue) as caught:
        check_entry(Sweep(space, "loss", fixed={"optimiser": "sgd"}), ENTRY)
    assert caught.value.message.splitlines() == [
        "train has no parameter 'learning_rate'. There are lr, layers, optimizer, data.",
        "train has no parameter 'optimiser'. Did you mean 'optimizer'?",
        "train needs a value of data: add it to space or to fixed.",
        "lr: 2.0 is more than 1.",
        "layers takes whole numbers: add whole: true.",
        "optimizer: 'adagrad' is none of adam, sgd.",
    ]
    with pytest.raises(InvalidValue, match=r"layers: '2\.5' is no whole number"):
        check_entry(Sweep((Dimension("lr", ("0.1",)),), "loss", fixed={"layers": "2.5", "data": "x"}), ENTRY)
