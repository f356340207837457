"""Whole columns as they are read for groups, against what was logged."""

from __future__ import annotations

import math

import numpy as np
import pytest

from runfolio.core.columns import CREATED, NAME, STATUS, Column, Kind, Source, formula, metric, param, typed
from runfolio.core.grouping import NOTHING, Values, settings_in, varying
from runfolio.core.states import RunStatus
from runfolio.store import Store, grouping
from runfolio.store.grouping import key_names, read_settings, read_values
from runfolio.store.nested import read_parents
from runfolio.store.texts import LONGEST, SHOWN
from tests.store.script import START, Script


def texts_of(values: Values) -> list[str]:
    assert values.codes is not None
    return [values.written[code] for code in values.codes.tolist()]


def told(values: Values) -> dict[int, object]:
    codes = [NOTHING] * len(values.runs) if values.codes is None else values.codes.tolist()
    return {
        run: number if code == NOTHING else values.written[code]
        for run, number, code in zip(values.runs.tolist(), values.numbers.tolist(), codes, strict=True)
    }


@pytest.fixture
def logged(store: Store) -> Store:
    with Script(store) as script:
        for number, rate in enumerate(["0.1", "1e-1", "auto", None]):
            run = script.start(name=f"run {number}", experiment=f"e{number % 2}")
            script.params(run, {"seed": str(number), **({} if rate is None else {"lr": rate})})
            script.tags(run, {"team": "007"} if number else {})
            script.log(run, "loss", [4.0, [1.0, math.nan, 2.0, math.inf][number]])
        script.end(run, RunStatus.FAILED)
        script.take()
    return store


def all_runs(number: int = 4) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.arange(1, number + 1)


@pytest.mark.parametrize("few", [0, 100])
def test_columns(logged: Store, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(grouping, "FEW", few)

    def read(column: Column) -> dict[int, object]:
        return told(read_values(logged, all_runs(), column))

    assert read(param("lr")) == {1: "0.1", 2: "1e-1", 3: "auto"}
    assert read_values(logged, all_runs(), param("lr")).numeric().numbers.tolist() == [0.1, 0.1]
    assert read(param("never")) == {}
    assert read(Column(Source.TAG, "team", Kind.TEXT)) == {2: "007", 3: "007", 4: "007"}, "a tag is a text"
    assert repr(read(metric("loss"))) == repr({1: 1.0, 2: math.nan, 3: 2.0, 4: math.inf})
    assert read(metric("loss", "max")) == {1: 4.0, 2: 4.0, 3: 4.0, 4: 4.0}
    assert read(STATUS)[4] == "FAILED"
    assert read(NAME)[1] == "run 0"
    assert all(isinstance(value, float) and value >= START for value in read(CREATED).values())
    assert read(Column(Source.ATTRIBUTE, "experiment_name", Kind.TEXT)) == {1: "e0", 2: "e1", 3: "e0", 4: "e1"}
    assert read(Column(Source.CHECK, "x", Kind.NUMBER)) == {}
    assert read(formula("x", "metrics.loss.max * 2 + params.seed")) == {1: 8.0, 2: 9.0, 3: 10.0, 4: 11.0}
    assert read(formula("x", "params.lr")) == {1: 0.1, 2: 0.1}, "where there is no number there is nothing"
    assert read(typed("team")) == {2: 7.0, 3: 7.0, 4: 7.0}, "a tag that is typed as a number is one"
    assert told(read_values(logged, np.array([2, 99]), NAME)) == {2: "run 1"}


def test_numbers_are_read_as_they_were_written(store: Store) -> None:
    written = {"1": 1.0, " 7 ": 7.0, "1_000": 1000.0, "+.5E-3": 0.0005, "0.1": 0.1, "1e308": 1e308, "5e-324": 5e-324}
    none = ["1,000", "0x10", "nan", "inf", "1e309", "", "one"]
    with Script(store) as script:
        for text in [*written, *none]:
            script.params(script.start(), {"size": text})
        script.take()
    found = read_values(store, all_runs(len(written) + len(none)), param("size"), written=False)
    assert told(found) == dict(enumerate([*written.values(), *none], start=1))


def test_settings(logged: Store) -> None:
    found = read_settings(logged, all_runs(), ["seed", "never"])
    assert found.runs.tolist() == [1, 2, 3]
    names, texts = key_names(logged), texts_of(found)
    assert [settings_in(text, names) for text in texts] == [{"lr": "0.1"}, {"lr": "1e-1"}, {"lr": "auto"}]
    assert varying(texts, names) == {"lr"} and varying(texts[:1], names) == set()
    whole = texts_of(read_settings(logged, all_runs(), []))
    assert settings_in(whole[3], names) == {"seed": "3"}
    assert varying(whole, names) == {"lr", "seed"}


def test_settings_that_differ_beyond_what_is_shown_are_told_apart(store: Store) -> None:
    with Script(store) as script:
        for ending in "ab":
            script.params(script.start(), {"prompt": "x" * LONGEST + ending})
        script.take()
    for values in (read_settings(store, all_runs(2), []), read_values(store, all_runs(2), param("prompt"))):
        first, second = texts_of(values)
        assert first != second


@pytest.mark.parametrize("few", [0, 100])
def test_texts_of_any_length_are_read_whole(store: Store, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(grouping, "FEW", few)
    lengths = (1, SHOWN, SHOWN + 1, SHOWN + 2, LONGEST, LONGEST + 1, LONGEST + 1)
    texts = {number: "x" * length + str(number) for number, length in enumerate(lengths, start=1)}
    with Script(store) as script:
        for text in texts.values():
            run = script.start()
            script.params(run, {"prompt": text})
            script.tags(run, {"prompt": text})
        script.take()
    for column in (param("prompt"), Column(Source.TAG, "prompt", Kind.TEXT)):
        assert told(read_values(store, all_runs(len(lengths)), column)) == texts


def test_runs_below_others(store: Store) -> None:
    with Script(store) as script:
        sweep = script.start()
        script.start(parent=sweep)
        script.start(parent=sweep, experiment="elsewhere")
        script.start(parent="gone")
        script.take()
    with store.reading() as connection:
        children, parents = read_parents(connection, [1])
        assert (children.tolist(), parents.tolist()) == ([2], [1])
        assert [part.tolist() for part in read_parents(connection)] == [[2], [1]]
        assert [len(part) for part in read_parents(connection, [77])] == [0, 0]
