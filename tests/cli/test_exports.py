"""Exports: what is in them for whom, where they go, and what they leave alone."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pandas as pd
import pytest

from runfolio.cli.columns import split
from tests.cli.test_commands import run
from tests.cli.test_runs import store as store

ODD = """
import runfolio
for name, metrics in (("some", {"odd": float("nan")}), ("huge", {"odd": float("-inf")}), ("none", {"other": 1.0})):
    with runfolio.start_run(run_name=name):
        runfolio.log_metrics(metrics)
"""


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A store of runs whose metric is NaN, infinite, and not there."""
    folder = tmp_path / "odd"
    subprocess.run([sys.executable, "-c", ODD], check=True, env={**os.environ, "RUNFOLIO_STORE": str(folder)})
    return folder


def strict(text: str) -> object:
    """JSON as the standard has it, which knows no NaN."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    return json.loads(text, parse_constant=refuse)


def test_nan_is_a_value_and_a_missing_metric_is_none(odd: Path, tmp_path: Path) -> None:
    at = "--store", str(odd), "--order-by", "run_name DESC", "--columns", "run_name,metrics.odd"
    told = [
        {"run_name": "some", "metrics.odd": "nan"},
        {"run_name": "none", "metrics.odd": None},
        {"run_name": "huge", "metrics.odd": "-inf"},
    ]
    assert strict(run("runs", "export", "--json", *at).stdout) == told
    assert strict(run("runs", "list", "--json", *at).stdout) == told
    text = run("runs", "export", *at).stdout
    assert list(csv.reader(text.splitlines()))[1:] == [["some", "nan"], ["none", ""], ["huge", "-inf"]]
    table = tmp_path / "runs.parquet"
    run("runs", "export", str(table), *at)
    cells = pd.read_parquet(table)["metrics.odd"]
    assert cells.dtype == "float64" and cells.isna().tolist() == [True, True, False]
    shown = strict(run("runs", "list", "--json", "--order-by", "run_name ASC", "--store", str(odd)).stdout)
    assert isinstance(shown, list) and shown[0]["metrics"]["odd"]["last"] == "-inf"


def test_programs_are_told_what_was_written(store: Path, tmp_path: Path) -> None:
    target = tmp_path / "runs.md"
    at = "--store", str(store), "--columns", "run_name", "--limit", "2"
    told = json.loads(run("runs", "export", str(target), "--json", *at).stdout)
    assert (told["target"], told["format"], told["runs"]) == (str(target), "md", 2)
    assert len(target.read_text().splitlines()) == 4
    assert run("experiments", "export", "team/a", str(target), *at).stdout == f"Wrote 2 runs to {target}\n"
    assert len(json.loads(run("experiments", "export", "team/a", "--json", *at).stdout)) == 2
    wrong = run("runs", "export", "--json", "--format", "csv", *at, code=2).stderr
    assert "cannot be both JSON and csv" in wrong


def test_of_no_runs_there_are_the_titles(store: Path) -> None:
    nothing = "--filter", "run_name = 'nobody'", "--store", str(store)
    assert run("runs", "export", "--columns", "run_name,metrics.loss", *nothing).stdout == "run_name,metrics.loss\n"
    assert json.loads(run("runs", "export", "--json", *nothing).stdout) == []


def test_a_column_that_is_not_there_is_told_with_those_alike(store: Path) -> None:
    for asked, name in (("metrics.los", "metrics.los"), ("metrics.los.min * 2", "metrics.los")):
        wrong = run("runs", "export", "--columns", asked, "--store", str(store), code=2).stderr
        assert f"No run has a column {name!r}" in wrong and "metrics.loss" in wrong


def test_columns_are_named_as_in_filters_and_may_be_computed(store: Path) -> None:
    asked = "run_name, metrics.loss.max, metric.loss, metrics.loss @ 1, max(metrics.loss.count, params.lr)"
    words = "runs", "export", "--columns", asked, "--order-by", "run_name ASC", "--limit", "1", "--store", str(store)
    assert list(csv.reader(run(*words).stdout.splitlines())) == [
        ["run_name", "metrics.loss.max", "metrics.loss", "metrics.loss @ 1", "max(metrics.loss.count, params.lr)"],
        ["run 0", "1", "0.3333333333333333", "0.5", "3"],
    ]
    by_name = "--order-by", "run_name DESC"
    listed = run("runs", "list", "--columns", "metrics.loss.best", "--json", *by_name, "--store", str(store)).stdout
    assert [one["metrics.loss.best"] for one in json.loads(listed)] == [0.2, 0.25, 1 / 3]


def test_a_column_that_only_other_runs_have_is_empty(odd: Path) -> None:
    words = "runs", "export", "--columns", "metrics.odd,experiment", "--filter", "not has(metrics.odd)"
    assert run(*words, "--store", str(odd)).stdout.splitlines() == ["metrics.odd,experiment", ",Default"]


def test_a_formula_that_cannot_be_read_is_pointed_at(store: Path) -> None:
    wrong = run("runs", "list", "--columns", "maxi(metrics.loss)", "--store", str(store), code=2).stderr
    assert "There is no function 'maxi'" in wrong and "^^^^" in wrong


def test_a_name_with_a_comma_is_one_column() -> None:
    assert split("a, params.`b,c` ,max(d, min(e,f)),") == ["a", "params.`b,c`", "max(d, min(e,f))"]
    assert split('tags.2" pipe,tags.b(') == ['tags.2" pipe', "tags.b("], "a quote that is never closed is a letter"


def test_what_is_wrong_with_the_options_is_told_before_anything_is_read(tmp_path: Path) -> None:
    nowhere = "--store", str(tmp_path / "none")
    assert "does not tell its format" in run("runs", "export", "runs.xls", *nowhere, code=2).stderr
    assert "--spreadsheet is for CSV" in run("runs", "export", "runs.md", "--spreadsheet", *nowhere, code=2).stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_or_a_device_is_written_to_and_never_replaced(store: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    at = "--columns", "run_name", "--format", "csv", "--order-by", "run_name ASC", "--store", str(store)
    assert run("runs", "export", str(pipe), *at).stdout == ""
    reader.join()
    assert read == ["run_name\nrun 0\nrun 1\nrun 2\n"]
    assert pipe.is_fifo() and list(tmp_path.glob(".*")) == []


def test_a_link_stays_and_the_file_it_leads_to_is_written(store: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "runs.csv"
    link.symlink_to(tmp_path / "real" / "latest.csv")
    run("runs", "export", str(link), "--columns", "run_id", "--store", str(store))
    assert link.is_symlink() and len((tmp_path / "real" / "latest.csv").read_text().splitlines()) == 4
