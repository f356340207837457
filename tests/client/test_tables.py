"""Logged tables and reading files back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import runfolio
from runfolio.client import tracker
from runfolio.core.errors import InvalidValue, NotFound


@pytest.fixture
def run(folder: Path) -> Iterator[runfolio.ActiveRun]:
    """An active run in this process."""
    runfolio.set_tracking_uri(folder)
    with runfolio.start_run() as active:
        yield active
    tracker.close_all()


@pytest.mark.parametrize("name", ["eval.json", "deep/eval.parquet"])
def test_rows_are_added_under_one_name(run: runfolio.ActiveRun, name: str) -> None:
    runfolio.log_table({"a": [1, 2], "b": ["x", None]}, name)
    runfolio.log_table(pd.DataFrame({"a": [3], "c": [1.5]}), name)
    table = runfolio.load_table(name, extra_columns=["run_id", "status"])
    assert table["a"].tolist() == [1, 2, 3] and table["c"].tolist()[2] == 1.5
    assert set(table["run_id"]) == {run.info.run_id} and set(table["status"]) == {"RUNNING"}
    tags = runfolio.get_run(run.info.run_id).data.tags
    assert json.loads(tags["mlflow.loggedArtifacts"]) == [{"path": name, "type": "table"}]


def test_the_format_is_mlflows(run: runfolio.ActiveRun) -> None:
    runfolio.log_table({"a": [1, 2], "b": ["x", None]}, "t.json")
    runfolio.log_table({"a": [3], "c": [1.5]}, "t.json")
    text = (run.folder / "t.json").read_text()
    assert text == '{"columns":["a","b","c"],"data":[[1,"x",null],[2,null,null],[3,null,1.5]]}'


def test_pictures_in_cells_become_files(run: runfolio.ActiveRun) -> None:
    image = runfolio.Image(np.zeros((600, 300, 3), np.uint8))
    runfolio.log_table({"image": [image], "label": ["black"]}, "t.json")
    cell = runfolio.load_table("t.json")["image"][0]
    assert cell["type"] == "image"
    full = runfolio.artifacts.load_image(f"runs:/{run.info.run_id}/{cell['filepath']}")
    small = runfolio.artifacts.load_image(f"runs:/{run.info.run_id}/{cell['compressed_filepath']}")
    assert full.size == (300, 600) and small.size == (128, 256)


def test_wrong_tables(run: runfolio.ActiveRun) -> None:
    for call in (
        lambda: runfolio.log_table([1], "t.json"),
        lambda: runfolio.log_table({"a": [1]}, "t.csv"),
        lambda: runfolio.load_table("../t.json"),
    ):
        with pytest.raises(InvalidValue):
            call()
    with pytest.raises(NotFound):
        runfolio.load_table("none.json")
    runfolio.log_text("no table", "t.json")
    runfolio.set_tag("mlflow.loggedArtifacts", "[]")
    with pytest.raises(InvalidValue, match="no logged table"):
        runfolio.load_table("t.json")
    runfolio.log_text("PAR1 no table", "t.parquet")
    with pytest.raises(InvalidValue, match="no logged table"):
        runfolio.log_table({"a": [1]}, "t.parquet")


@pytest.mark.parametrize("tag", ["mine", "{}", "[" * 100_000])
def test_a_tag_that_names_no_tables_is_made_anew(run: runfolio.ActiveRun, tag: str) -> None:
    runfolio.set_tag("mlflow.loggedArtifacts", tag)
    runfolio.log_table({"a": [1]}, "t.json")
    assert runfolio.load_table("t.json")["a"].tolist() == [1]
    assert json.loads(run.data.tags["mlflow.loggedArtifacts"]) == [{"path": "t.json", "type": "table"}]


def test_files_by_their_addresses(run: runfolio.ActiveRun, tmp_path: Path) -> None:
    runfolio.log_text("hello", "deep/a.txt")
    runfolio.log_dict({"k": [1]}, "d.json")
    uri = f"runs:/{run.info.run_id}"
    assert runfolio.artifacts.load_text(f"{uri}/deep/a.txt") == "hello"
    assert runfolio.artifacts.load_dict(f"{uri}/d.json") == {"k": [1]}
    copy = runfolio.artifacts.download_artifacts(f"{uri}/deep", dst_path=str(tmp_path / "copy"))
    assert Path(copy, "a.txt").read_text() == "hello" and Path(copy).name == "deep"
    whole = runfolio.artifacts.download_artifacts(run_id=run.info.run_id, dst_path=str(tmp_path / "whole"))
    assert sorted(path.name for path in Path(whole).iterdir()) == ["d.json", "deep"]
    runfolio.flush()
    assert [one.path for one in runfolio.artifacts.list_artifacts(uri)] == ["d.json", "deep"]
    assert [one.path for one in runfolio.artifacts.list_artifacts(f"{uri}/deep")] == ["deep/a.txt"]


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/../../runfolio.db", InvalidValue),
        ("/none.txt", NotFound),
        ("/link/secret.txt", NotFound),
        ("/a.bin", InvalidValue),
    ],
)
def test_no_address_leads_out_of_a_run(
    run: runfolio.ActiveRun, tmp_path: Path, path: str, error: type[Exception]
) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_text("secret")
    runfolio.log_text("x", "a.txt")
    (run.folder / "link").symlink_to(tmp_path / "outside")
    (run.folder / "a.bin").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(error):
        runfolio.artifacts.load_text(f"runs:/{run.info.run_id}{path}")


def test_addresses_that_are_none() -> None:
    with pytest.raises(NotFound, match="no registered model 'name'"):
        runfolio.artifacts.load_text("models:/name/1")
    for uri in ("https://host/a.txt", "runs:/"):
        with pytest.raises(InvalidValue):
            runfolio.artifacts.load_text(uri)
    with pytest.raises(InvalidValue):
        runfolio.artifacts.download_artifacts()


def test_a_name_that_cannot_be_stored_does_not_keep_the_others_out(
    run: runfolio.ActiveRun, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in ("a.txt", "b\nc.txt", "d.txt"):
        (source / name).write_text(name)
    runfolio.log_artifacts(source)
    assert sorted(path.name for path in run.folder.iterdir()) == ["a.txt", "d.txt"]
    assert r"'b\nc.txt' is not allowed" in caplog.text


def test_a_stream(run: runfolio.ActiveRun, tmp_path: Path) -> None:
    (tmp_path / "big.bin").write_bytes(bytes(3 << 20))
    with (tmp_path / "big.bin").open("rb") as stream:
        runfolio.log_stream(stream, "big.bin")
    assert (run.folder / "big.bin").stat().st_size == 3 << 20


def test_threads_that_add_to_one_table_lose_no_row(run: runfolio.ActiveRun) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: runfolio.log_table({"a": [number]}, "t.json", run.info.run_id), range(40)))
    assert sorted(runfolio.load_table("t.json")["a"]) == list(range(40))
