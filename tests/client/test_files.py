"""Files get into a run whatever they are called, or a warning says which did not."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import runfolio
from runfolio.client.tracker import close_all
from runfolio.core.errors import InvalidValue

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="such names cannot be on Windows")
ODD = ["epoch=1-val:0.3.ckpt", "what?.txt", "auxiliary.py", "naïve <b>.html", "cafe\u0301.txt", "50%#;&.csv"]


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> Iterator[Path]:
    runfolio.set_tracking_uri(tmp_path / "store")
    yield tmp_path / "store"
    close_all()
    runfolio.set_tracking_uri(None)


def test_odd_names_are_kept(tmp_path: Path) -> None:
    for name in ODD:
        (tmp_path / "given" / "deep").mkdir(parents=True, exist_ok=True)
        (tmp_path / "given" / "deep" / name).write_text(name)
    with runfolio.start_run() as run:
        runfolio.log_artifacts(tmp_path / "given")
        runfolio.log_artifact(tmp_path / "given" / "deep" / "what?.txt", "one by one")
    listed = runfolio.MlflowClient().list_artifacts(run.info.run_id, "deep")
    composed = [name.replace("e\u0301", "é") for name in ODD]
    assert sorted(Path(one.path).name for one in listed) == sorted(composed)
    back = runfolio.artifacts.download_artifacts(run_id=run.info.run_id, dst_path=str(tmp_path / "back"))
    assert {path.name: path.read_text() for path in (Path(back) / "deep").iterdir()} == dict(
        zip(composed, ODD, strict=True)
    )
    assert runfolio.artifacts.load_text(f"runs:/{run.info.run_id}/one by one/what?.txt") == "what?.txt"


def test_what_cannot_be_kept_is_named_and_the_rest_is(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    for name in (b"new\nline", b"back\\slash", b"not utf \xff", b"aux.py", b"dot.", b"good.txt"):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(b"x")
    with caplog.at_level(logging.WARNING, "runfolio"), runfolio.start_run() as run:
        runfolio.log_artifacts(folder)
    assert [one.path for one in runfolio.MlflowClient().list_artifacts(run.info.run_id)] == ["good.txt"]
    (told,) = caplog.records
    assert "4 more were left out" in told.getMessage()


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "a\\b", "", "a\0b"])
def test_no_name_leads_out_of_the_run(tmp_path: Path, store: Path, name: str) -> None:
    with runfolio.start_run() as run, pytest.raises(InvalidValue, match="not allowed"):
        runfolio.log_text("x", name)
    assert [path.name for path in store.joinpath("artifacts").rglob("*") if path.is_file()] == []
    assert not runfolio.MlflowClient().list_artifacts(run.info.run_id)
