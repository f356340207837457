"""Commands about models, as a shell sees them."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

import runfolio
import runfolio.pyfunc
import runfolio.sklearn
from runfolio.client.tracker import close_all
from runfolio.models.signature import infer_signature
from tests.cli.test_commands import run
from tests.models.test_check import model_with, wheels  # noqa: F401

FRAME = pd.DataFrame({"a": [0.5, 1.5, 2.5], "b": [1.0, 2.0, 5.0]})


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model that doubles a and leaves b alone."""
    monkeypatch.setenv("RUNFOLIO_INFER_REQUIREMENTS", "0")
    doubles = LinearRegression(fit_intercept=False).fit(FRAME, 2 * FRAME["a"])
    runfolio.sklearn.save_model(doubles, tmp_path / "model", signature=infer_signature(FRAME, FRAME["a"]))
    return tmp_path / "model"


@pytest.fixture
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model that does the same and needs no library, for those take seconds to import."""
    monkeypatch.setenv("RUNFOLIO_INFER_REQUIREMENTS", "0")
    source = tmp_path / "loader_of_doubles.py"
    source.write_text("class Doubles:\n    def predict(self, data):\n        return 2 * data['a'].to_numpy()\n")
    source.write_text(source.read_text() + "def _load_pyfunc(path):\n    return Doubles()\n")
    signature = infer_signature(FRAME, FRAME["a"])
    runfolio.pyfunc.save_model(
        tmp_path / "model", loader_module=source.stem, code_paths=[str(source)], signature=signature
    )
    return tmp_path / "model"


@pytest.fixture
def logged(tmp_path: Path, model: Path) -> Iterator[tuple[Path, str]]:
    """The model in a store: the store, and the model's address."""
    runfolio.set_tracking_uri(tmp_path / "store")
    with runfolio.start_run() as active:
        runfolio.log_artifacts(str(model), "model")
    close_all()
    yield tmp_path / "store", f"runs:/{active.info.run_id}/model"


def test_a_model_of_somebody_else_is_asked_about_once(tmp_path: Path) -> None:
    folder, mark = tmp_path / "foreign", tmp_path / "mark"
    (folder / "code").mkdir(parents=True)
    (folder / "MLmodel").write_text("flavors: {python_function: {loader_module: own, code: code}}")
    source = f"""
import pathlib
def _load_pyfunc(path):
    try:
        pathlib.Path({str(mark)!r}).touch()
    except OSError:
        print("it may not write there")
    return Model()
class Model:
    def predict(self, data):
        return data["a"] * 2
"""
    (folder / "code" / "own.py").write_text(source)
    FRAME.to_csv(tmp_path / "in.csv", index=False)
    predict = ("models", "predict", "-m", str(folder), "-i", str(tmp_path / "in.csv"))
    refused = run(*predict, code=1).stderr
    assert "code/own.py is code" in refused and "--trust" in refused and not mark.exists()
    assert not is_trusted(folder)
    assert numbers_in(run(*predict, "--trust").stdout) == [1, 3, 5]
    assert numbers_in(run(*predict).stdout) == [1, 3, 5]
    assert "It is trusted." in run("models", "info", str(folder), COLUMNS="300").stdout
    run("models", "trust", str(folder), "--revoke")
    assert not is_trusted(folder)
    assert "can run code" in run("models", "trust", str(folder)).stdout
    assert is_trusted(folder)
    (folder / "code" / "own.py").write_text(source + "# changed")
    assert not is_trusted(folder)


def is_trusted(folder: Path) -> bool:
    return bool(json.loads(run("models", "info", str(folder), "--json").stdout)["trusted"])


def numbers_in(text: str) -> list[float]:
    return [float(line) for line in text.splitlines()]


def test_info_tells_what_a_model_takes_and_requires(model: Path) -> None:
    text = run("models", "info", str(model), COLUMNS="200").stdout
    assert "'a': double (required)" in text and "scikit-learn==" in text and "python_function, sklearn" in text
    told = json.loads(run("models", "info", str(model), "--json").stdout)
    assert told["flavors"]["sklearn"]["sklearn_version"]
    assert told["check"] is None


def test_info_is_told_of_a_model_with_files_that_are_none(quick: Path, tmp_path: Path) -> None:
    """A folder that somebody else has made may hold anything."""
    folder = tmp_path / "strange"
    shutil.copytree(quick, folder)
    (folder / "runfolio-check.json").write_text('{"result": "passed", "stage": "done", "time": "soon"}')
    done = run("models", "info", str(folder), COLUMNS="200")
    assert "'a': double (required)" in done.stdout and "not checked as it is now" in done.stdout
    assert "a time that is none: 'soon'" in done.stderr
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe")
        done = run("models", "info", str(folder), "--json")
        assert "is no plain file" in done.stderr
        told = json.loads(done.stdout)
        assert told["can_run_code"] and not told["trusted"] and told["check"] is None


def test_models_in_a_store_are_found(logged: tuple[Path, str]) -> None:
    store, uri = logged
    assert "sklearn" in run("models", "info", uri, "--store", str(store)).stdout
    assert "no run" in run("models", "info", "runs:/none/model", "--store", str(store), code=3).stderr.lower()
    assert not run("models", "info", uri, "--store", str(store / "elsewhere"), code=3).stdout


def test_what_is_no_model_is_told(tmp_path: Path) -> None:
    assert "not a model" in run("models", "info", str(tmp_path), code=3).stderr
    (tmp_path / "MLmodel").write_text("[1, 2]")
    assert run("models", "info", str(tmp_path), code=2).stderr


@pytest.mark.parametrize(
    ("suffix", "target"), [("csv", "json"), ("json", "jsonl"), ("jsonl", "parquet"), ("parquet", "csv")]
)
def test_files_are_predicted_in_batches(quick: Path, tmp_path: Path, suffix: str, target: str) -> None:
    source, out = tmp_path / f"in.{suffix}", tmp_path / f"out.{target}"
    # Whole numbers, that the file cannot tell from fractions, and a column that the model does not know.
    frame = pd.DataFrame({"a": range(25), "b": np.zeros(25, "float32"), "more": "x"})
    write: dict[str, Callable[[], Any]] = {
        "csv": lambda: frame.to_csv(source, index=False),
        "json": lambda: source.write_text(json.dumps({"dataframe_split": frame.to_dict("split")})),
        "jsonl": lambda: frame.to_json(source, orient="records", lines=True),
        "parquet": lambda: frame.astype({"a": float, "b": float}).to_parquet(source),
    }
    write[suffix]()
    done = run("models", "predict", "-m", str(quick), "-i", str(source), "-o", str(out), "--batch", "10", "--json")
    assert json.loads(done.stdout)["rows"] == 25
    read: dict[str, Callable[[], list[float]]] = {
        "csv": lambda: pd.read_csv(out)["prediction"].to_list(),
        "json": lambda: list(json.loads(out.read_text())["predictions"]),
        "jsonl": lambda: numbers_in(out.read_text()),
        "parquet": lambda: pd.read_parquet(out)["prediction"].to_list(),
    }
    assert read[target]() == pytest.approx([2.0 * n for n in range(25)], abs=1e-6)


def test_without_a_file_lines_of_json_are_printed(model: Path, tmp_path: Path) -> None:
    FRAME.to_csv(tmp_path / "in.csv", index=False)
    done = run("models", "predict", "-m", str(model), "-i", str(tmp_path / "in.csv"))
    assert numbers_in(done.stdout) == pytest.approx([1.0, 3.0, 5.0])


def test_rows_stand_beside_what_is_predicted_of_them(quick: Path, tmp_path: Path) -> None:
    FRAME.to_csv(tmp_path / "in.csv", index=False)
    out = tmp_path / "out.csv"
    run("models", "predict", "-m", str(quick), "-i", str(tmp_path / "in.csv"), "-o", str(out), "--with-input")
    assert list(pd.read_csv(out).columns) == ["a", "b", "prediction"]


def test_a_row_that_does_not_fit_is_counted_from_the_beginning_of_the_file(quick: Path, tmp_path: Path) -> None:
    rows = [{"a": 0.5, "b": 1.0}] * 12 + [{"a": "high", "b": 1.0}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    out = tmp_path / "out.csv"
    out.write_text("before")
    done = run(
        "models", "predict", "-m", str(quick), "-i", str(tmp_path / "in.jsonl"), "-o", str(out), "--batch", "5", code=2
    )
    assert "Column 'a', row 12: 'high' is string, and the model expects double" in done.stderr
    assert out.read_text() == "before"


@pytest.mark.parametrize(
    ("name", "content", "code", "says"),
    [
        ("in.txt", b"a,b", 2, "no format"),
        ("in.csv", b'a,b\n"1', 2, "cannot be read as csv"),
        ("in.csv", b"\xff\xfe\x00", 2, "cannot be read as csv"),
        ("in.json", b"{", 2, "cannot be read as json"),
        ("in.json", b'{"dataframe_split": 5}', 2, "dataframe_split"),
        ("in.jsonl", b'{"a": 1}\n{', 2, "Line 2"),
        ("in.parquet", b"PAR1", 2, "cannot be read as parquet"),
        ("in.csv", b"a,c\n1,2\n", 2, "'b' (double)"),
    ],
)
def test_files_that_cannot_be_read_are_told(
    quick: Path, tmp_path: Path, name: str, content: bytes, code: int, says: str
) -> None:
    (tmp_path / name).write_bytes(content)
    done = run(
        "models", "predict", "-m", str(quick), "-i", str(tmp_path / name), "-o", str(tmp_path / "o.csv"), code=code
    )
    assert says in done.stderr
    assert not (tmp_path / "o.csv").exists()


def test_options_that_make_no_sense_are_told(quick: Path, tmp_path: Path) -> None:
    predict = ("models", "predict", "-m", str(quick), "-i", str(tmp_path / "in.csv"))
    assert "--params" in run(*predict, "--params", "{", code=2).stderr
    assert "by name" in run(*predict, "--params", "[1]", code=2).stderr
    assert "out.xls" in run(*predict, "-o", str(tmp_path / "out.xls"), code=2).stderr
    assert "no file" in run(*predict, code=3).stderr


def test_models_are_compared(model: Path, tmp_path: Path) -> None:
    other = LinearRegression().fit(FRAME[["a"]], FRAME["a"])
    runfolio.sklearn.save_model(
        other,
        tmp_path / "other",
        signature=infer_signature(FRAME[["a"]], FRAME["a"]),
        pip_requirements=["scikit-learn==1.2"],
    )
    changes = json.loads(run("models", "diff", str(model), str(tmp_path / "other"), "--json").stdout)
    found = {(one["part"], one["name"]): (one["first"], one["second"]) for one in changes}
    assert found["input", "b"] == ("double (required)", "")
    assert found["requirement", "scikit-learn"][1] == "scikit-learn==1.2"
    assert ("file", "model.skops") in found
    assert ("input", "a") not in found
    assert run("models", "diff", str(model), str(model)).stdout == "The models are alike.\n"


def test_models_are_exported(logged: tuple[Path, str], tmp_path: Path) -> None:
    store, uri = logged
    run("models", "export", uri, str(tmp_path / "out"), "--store", str(store))
    assert runfolio.sklearn.load_model(str(tmp_path / "out")).predict(FRAME) == pytest.approx([1.0, 3.0, 5.0])
    told = json.loads(run("models", "export", uri, str(tmp_path / "m.zip"), "--store", str(store), "--json").stdout)
    with zipfile.ZipFile(tmp_path / "m.zip") as archive:
        assert {"MLmodel", "model.skops", "requirements.txt"} <= set(archive.namelist())
        assert sum(one.file_size for one in archive.infolist()) == told["bytes"]
    assert "not empty" in run("models", "export", uri, str(tmp_path / "out"), "--store", str(store), code=2).stderr


def test_a_damaged_model_is_not_exported_and_of_a_changed_one_is_told(logged: tuple[Path, str], tmp_path: Path) -> None:
    store, uri = logged
    (file,) = (store / "artifacts").rglob("requirements.txt")
    logged_at = file.stat().st_mtime
    file.write_text("# another")
    os.utime(file, (logged_at - 60,) * 2)
    for target in ("out", "m.zip"):
        done = run("models", "export", uri, str(tmp_path / target), "--store", str(store), code=5)
        assert "is damaged" in done.stderr
        assert not (tmp_path / target).exists()
    os.utime(file, (logged_at + 60,) * 2)
    for target in ("out", "m.zip"):
        done = run("models", "export", str(file.parent), str(tmp_path / target), "--store", str(store))
        assert "was changed after it was logged" in done.stderr and (tmp_path / target).exists()


def test_a_check_tells_what_came_of_it_and_keeps_it(wheels: Path) -> None:  # noqa: F811
    folder = model_with(wheels)
    assert "--trust" in run("models", "check", str(folder), code=1).stderr
    done = run("models", "check", str(folder), "--trust")
    assert "Passed: loaded by runfolio" in done.stdout and "Making an environment" in done.stderr
    assert "passed" in run("models", "info", str(folder)).stdout
    told = json.loads(run("models", "check", str(folder), "--json").stdout)
    assert (told["result"], told["seconds"]["environment"]) == ("passed", 0.0)


def test_a_check_that_fails_says_what_is_missing(wheels: Path) -> None:  # noqa: F811
    done = run("models", "check", str(model_with(wheels, imports="import yaml")), "--trust", code=1)
    assert "Failed at loading" in done.stdout and "pyyaml" in done.stdout


def test_the_beginning_of_a_run_names_its_model_and_an_archive_is_to_be_unpacked(
    tmp_path: Path, logged: tuple[Path, str]
) -> None:
    store, uri = logged
    short = f"runs:/{uri.removeprefix('runs:/')[:6]}/model"
    assert "sklearn" in run("models", "info", short, "--store", str(store)).stdout
    run("models", "export", short, str(tmp_path / "exp.zip"), "--store", str(store))
    refused = run("models", "info", str(tmp_path / "exp.zip"), code=2)
    assert "Unpack it, and give the folder." in refused.stderr
