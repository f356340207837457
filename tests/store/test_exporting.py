"""All runs of a view as a file: every row, the columns asked for, whole or not at all."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from runfolio.core.columns import CREATED, DURATION, NAME, STATUS, SortKey, formula, metric, param
from runfolio.core.errors import EnvironmentProblem
from runfolio.core.formats import Format
from runfolio.store import Store, exporting
from runfolio.store.exporting import export_everything, export_view
from runfolio.store.run_query import RunQuery
from tests.store.script import START, Script

COLUMNS = (NAME, STATUS, CREATED, DURATION, param("lr", numeric=True), metric("loss"), metric("loss", "min"))
QUERY = RunQuery(sort=(SortKey(param("lr", numeric=True)),), filter="params.lr != '0.0'")


@pytest.fixture(name="filled")
def _filled(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Seven runs, read three at a time; the last one's learning rate is a word, and one has no metric."""
    monkeypatch.setattr(exporting, "PART", 3)
    with Script(store) as script:
        for number in range(7):
            run = script.start(name=f'run "{number}", =1')
            script.params(run, {"lr": "auto" if number == 6 else f"{number / 10}"})
            if number != 3:
                script.log(run, "loss", [1.0, math.nan if number == 4 else number / 2])
            script.end(run)
        script.take()
    return store


def test_csv_has_every_run_in_the_views_order(filled: Store, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    assert export_view(filled, QUERY, COLUMNS, Format.CSV, tmp_path / "runs.csv", lambda *at: told.append(at)) == 6
    with (tmp_path / "runs.csv").open(newline="") as stream:
        titles, *lines = csv.reader(stream)
    assert titles == [column.id for column in COLUMNS] and titles[-1] == "metrics.loss.min"
    assert [line[4] for line in lines] == ["0.1", "0.2", "0.3", "0.4", "0.5", "auto"]
    assert lines[0][0] == 'run "1", =1' and lines[0][1] == "FINISHED" and lines[0][5:] == ["0.5", "0.5"]
    assert lines[2][5:] == ["", ""] and lines[3][5:] == ["nan", "1"]
    assert pd.Timestamp(lines[0][2]).timestamp() * 1000 >= START and float(lines[0][3]) > 0
    assert told == [(0, 6), (3, 6), (6, 6)]
    assert [file.name for file in tmp_path.glob("*runs*")] == ["runs.csv"]


def test_lines_of_json_are_strict(filled: Store, tmp_path: Path) -> None:
    export_view(filled, QUERY, COLUMNS, Format.LINES, tmp_path / "runs.jsonl")
    lines = (tmp_path / "runs.jsonl").read_text().splitlines()
    records = [json.loads(line, parse_constant=pytest.fail) for line in lines]
    assert [record["params.lr"] for record in records] == ["0.1", "0.2", "0.3", "0.4", "0.5", "auto"]
    assert records[3]["metrics.loss"] == "nan" and records[2]["metrics.loss"] is None


@pytest.mark.parametrize("form", [Format.LINES, Format.PARQUET, Format.CSV])
def test_computed_cells_have_values_or_none(filled: Store, tmp_path: Path, form: Format) -> None:
    file = tmp_path / f"runs.{form}"
    columns = (NAME, formula("half", "metrics.loss / 2"), formula("none", "metrics.auc / 2"))
    export_view(filled, RunQuery(filter="params.lr = '0.1'"), columns, form, file)
    read: dict[str, Any] = {
        "csv": pd.read_csv,
        "parquet": pd.read_parquet,
        "jsonl": lambda file: pd.read_json(file, lines=True),
    }
    frame = read[form](file)
    assert frame["formulas.half"].tolist() == [0.25] and frame["formulas.none"].isna().all()


def test_parquet_keeps_numbers_and_times(filled: Store, tmp_path: Path) -> None:
    file = tmp_path / "runs.parquet"
    export_view(filled, QUERY, COLUMNS, Format.PARQUET, file)
    frame = pd.read_parquet(file)
    assert frame["metrics.loss.min"].dtype == "float64" and str(frame["attributes.start_time"].dtype).endswith("UTC]")
    assert frame["params.lr"].tolist() == ["0.1", "0.2", "0.3", "0.4", "0.5", "auto"], "as it was logged"


@pytest.mark.parametrize("form", [Format.JSON, Format.MARKDOWN, Format.CSV, Format.LINES, Format.PARQUET])
def test_of_no_runs_there_are_the_titles(filled: Store, tmp_path: Path, form: Format) -> None:
    file = tmp_path / f"runs.{form}"
    assert export_view(filled, RunQuery(filter="run_name = 'nobody'"), COLUMNS, form, file) == 0
    content = file.read_bytes()
    assert content == b"" if form == Format.LINES else b"[]" in content if form == Format.JSON else b"loss" in content


def test_everything_is_what_the_command_line_writes(filled: Store, tmp_path: Path) -> None:
    assert export_everything(filled, QUERY, Format.CSV, tmp_path / "runs.csv") == 6
    with (tmp_path / "runs.csv").open(newline="") as stream:
        titles, *lines = csv.reader(stream)
    assert {"run_id", "metrics.loss", "params.lr", "tags.mlflow.runName"} <= set(titles) and len(lines) == 6


PARAMS = {"id": "00123", "ver": "1.10", "hash": "12345678901234567890", "off": "-0.5", "rate": repr(1 / 300)}
METRICS = {"count": 190.0, "acc": 1 / 3, "lost": math.nan, "far": -math.inf, "many": 2.0**53, "tiny": 1e-30}


def read_texts(form: Format, content: str) -> dict[str, str]:
    """The first row of a file, each cell as it is written there."""
    if form is Format.CSV:
        return next(iter(csv.DictReader(content.splitlines())))
    if form is Format.MARKDOWN:
        titles, _, cells = ([cell.strip() for cell in line.split("|")] for line in content.splitlines())
        return dict(zip(titles, cells, strict=True))
    read: dict[str, str] = json.loads(
        content.strip().removeprefix("[").removesuffix("]"), parse_float=str, parse_int=str
    )
    return read


@pytest.mark.parametrize("form", [Format.CSV, Format.JSON, Format.LINES, Format.MARKDOWN])
@pytest.mark.parametrize("everything", [False, True])
def test_all_files_have_params_as_logged_and_numbers_with_all_digits(
    store: Store, tmp_path: Path, form: Format, everything: bool
) -> None:
    with Script(store) as script:
        run = script.start()
        script.params(run, PARAMS)
        for key, value in METRICS.items():
            script.log(run, key, [value])
        script.end(run)
        script.take()
    file = tmp_path / f"run.{form}"
    columns = (*(param(key, numeric=True) for key in PARAMS), *map(metric, METRICS))
    if everything:
        export_everything(store, RunQuery(), form, file)
    else:
        export_view(store, RunQuery(), columns, form, file)
    found = read_texts(form, file.read_text())
    assert {key: found[f"params.{key}"] for key in PARAMS} == PARAMS
    whole = {"count": "190", "lost": "nan", "far": "-inf", "many": "9007199254740992", "tiny": "1e-30"}
    assert {key: found[f"metrics.{key}"] for key in METRICS} == {**whole, "acc": repr(1 / 3)}


class Cancelled(Exception):
    """What a test stops an export with."""


def test_a_cancelled_export_leaves_the_old_file(filled: Store, tmp_path: Path) -> None:
    file = tmp_path / "runs.csv"
    file.write_text("old")

    def cancel(done: int, _total: int) -> None:
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        export_view(filled, QUERY, COLUMNS, Format.CSV, file, cancel)
    assert file.read_text() == "old" and list(tmp_path.glob("*.part")) == []


def test_a_folder_that_is_not_there_is_told(filled: Store, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="cannot be written"):
        export_view(filled, QUERY, COLUMNS, Format.CSV, tmp_path / "none" / "runs.csv")
