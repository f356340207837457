"""A wrong call raises at once and names the rule; trouble with the store does not reach the training loop."""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path

import matplotlib.figure
import pytest

import runfolio
from runfolio.client import tracker
from runfolio.core.errors import InvalidValue, NotAStore, NotFound, RunStateError
from tests.client.conftest import Script


@pytest.fixture
def run(folder: Path) -> object:
    """An active run in this process."""
    runfolio.set_tracking_uri(folder)
    with runfolio.start_run() as active:
        yield active
    tracker.close_all()


@pytest.mark.parametrize("key", ["", "a" * 251, "a\nb", "a//b", "/a", "a/", "../a", ".", "a/./b", "a|b", None, 3])
def test_a_wrong_key(run: object, key: str) -> None:
    for call in (runfolio.log_metric, runfolio.log_param, runfolio.set_tag):
        with pytest.raises(InvalidValue):
            call(key, 1)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: runfolio.log_metric("m", "high"), "must be a number"),  # type: ignore[arg-type]
        (lambda: runfolio.log_metric("m", None), "must be a number"),  # type: ignore[arg-type]
        (lambda: runfolio.log_metric("m", 1.0, step=1.5), "whole number"),  # type: ignore[arg-type]
        (lambda: runfolio.log_metric("m", 1.0, step=2**63), "64 bits"),
        (lambda: runfolio.log_metric("m", 1.0, timestamp=-1), "not negative"),
        (lambda: runfolio.log_param("n", 10**5000), "cannot be written as text"),
        (lambda: runfolio.log_text("x", "../x"), "'..'"),
        (lambda: runfolio.log_text("x", "/etc/x"), "relative path"),
        (lambda: runfolio.log_text("x", "a\tb.txt"), "control characters"),
        (lambda: runfolio.log_image([[2.0]], "a.png"), "from 0 to 1"),
        (lambda: runfolio.log_image([[0.0]]), "either"),
        (lambda: runfolio.log_image([[0.0]], "a.xyz"), "cannot be written as xyz"),
        (lambda: runfolio.log_image([[[0, 0, 0, 0]]], "a.jpg"), "a name ending in .png"),
        (lambda: runfolio.log_text(None, "a.txt"), "must be a string"),  # type: ignore[arg-type]
        (lambda: runfolio.log_text("x", os.fsdecode(b"caf\xe9.txt")), "UTF-8"),
        (lambda: runfolio.log_dict({"a": object}, "a.yaml"), "cannot be written"),
        (lambda: runfolio.log_dict({(1, 2): 3}, "a.json"), "cannot be written"),
        (lambda: runfolio.set_tag("big", "x" * (65 << 20)), "At most 64 MB"),
        (lambda: runfolio.start_run(run_name=["a"], nested=True), "not blank"),  # type: ignore[arg-type]
        (lambda: runfolio.start_run(parent_run_id=7, nested=True), "is a text"),  # type: ignore[arg-type]
        (lambda: runfolio.start_run(experiment_id="9" * 30, nested=True), "is a number"),
        (lambda: runfolio.get_experiment("9" * 5000), "is a number"),
        (lambda: runfolio.log_params(5), "must be a dictionary"),  # type: ignore[arg-type]
        (lambda: runfolio.log_metrics([1.0]), "must be a dictionary"),  # type: ignore[arg-type]
        (lambda: runfolio.set_tags("a"), "must be a dictionary"),  # type: ignore[arg-type]
        (lambda: runfolio.log_image("x", "a.png"), "not str"),
        (lambda: runfolio.log_metric("m", 10**400), "a float can hold"),
        (lambda: runfolio.end_run("DONE"), "not a status"),
        (lambda: runfolio.set_experiment("  "), "not blank"),
        (lambda: runfolio.set_experiment("a//b"), "no name"),
        (lambda: runfolio.set_tracking_uri("ftp://host"), "not a folder"),
        (lambda: runfolio.set_tracking_uri(3), "not by int"),  # type: ignore[arg-type]
        (lambda: runfolio.log_metric("m", 1.0, timestamp="now"), "milliseconds"),  # type: ignore[arg-type]
        (lambda: runfolio.log_text("x", None), "must be a string"),  # type: ignore[arg-type]
        (lambda: runfolio.log_text("x", "a/" * 600 + "b"), "longer than 1,024 bytes"),
        (lambda: runfolio.log_dict({}, 3), "must be a string"),  # type: ignore[arg-type]
        (lambda: runfolio.log_artifact(None), "by its path"),  # type: ignore[arg-type]
        (lambda: runfolio.log_artifacts(3), "by its path"),  # type: ignore[arg-type]
        (lambda: runfolio.log_stream(b"x", "a.bin"), "a method read"),  # type: ignore[arg-type]
        (lambda: runfolio.log_figure(matplotlib.figure.Figure(), "a.xyz"), "'xyz' is not supported"),
        (lambda: runfolio.log_image([[1j]], "a.png"), "not complex"),
        (lambda: runfolio.search_runs(run_view_type=7), r"ACTIVE_ONLY \(1\)"),
        (lambda: runfolio.search_experiments(view_type="all"), "not a view"),  # type: ignore[arg-type]
        (lambda: runfolio.artifacts.load_text(""), "is a text"),
        (lambda: runfolio.artifacts.download_artifacts(3), "is a text"),  # type: ignore[arg-type]
        (lambda: runfolio.create_experiment("x", tags=[1]), "must be a dictionary"),  # type: ignore[arg-type]
    ],
)
def test_a_wrong_value(run: object, call: object, words: str) -> None:
    assert callable(call)
    with pytest.raises(InvalidValue, match=words):
        call()


@pytest.mark.parametrize("tags", [["a"], "a", {"a|b": 1}, {"n": 10**5000}])
def test_no_run_comes_of_wrong_tags(run: object, tags: dict[str, object]) -> None:
    with pytest.raises(InvalidValue):
        runfolio.start_run(nested=True, tags=tags)
    with pytest.raises(InvalidValue):
        runfolio.MlflowClient().create_run("1", tags=tags)
    assert len(runfolio.search_runs(output_format="list")) == 1


def test_a_run_in_the_trash_takes_nothing(run: runfolio.ActiveRun) -> None:
    with runfolio.start_run(nested=True) as deleted:
        pass
    runfolio.delete_run(deleted.info.run_id)
    for call in (
        lambda: runfolio.start_run(run_id=deleted.info.run_id, nested=True),
        lambda: runfolio.log_metric("m", 1.0, run_id=deleted.info.run_id),
        lambda: runfolio.MlflowClient().set_tag(deleted.info.run_id, "a", "b"),
    ):
        with pytest.raises(RunStateError, match="restore_run"):
            call()
    runfolio.restore_run(deleted.info.run_id)
    runfolio.log_metric("m", 1.0, run_id=deleted.info.run_id)
    assert runfolio.get_run(deleted.info.run_id).data.metrics == {"m": 1.0}


def test_the_address_of_a_server_in_the_environment_is_told_of_once(script: Script, folder: Path) -> None:
    done = script(
        "import runfolio\nfor _ in range(2):\n    with runfolio.start_run(): pass",
        RUNFOLIO_STORE="",
        MLFLOW_TRACKING_URI="http://localhost:5000",
        XDG_DATA_HOME=str(folder.parent),
    )
    assert done.stderr.count("http://localhost:5000 is no folder") == 1
    assert (folder.parent / "runfolio" / "store" / "runfolio.db").is_file()


def test_a_client_of_a_server_is_one_of_the_store(run: runfolio.ActiveRun, caplog: pytest.LogCaptureFixture) -> None:
    client = runfolio.MlflowClient(tracking_uri="http://localhost:5000")
    assert client.get_run(run.info.run_id).info.run_id == run.info.run_id
    found = runfolio.artifacts.list_artifacts(run_id=run.info.run_id, tracking_uri="http://localhost:5000")
    assert found == [] and caplog.text.count("http://localhost:5000 is no folder") == 2
    with pytest.raises(InvalidValue, match="not a folder"):
        runfolio.MlflowClient("ftp://host")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere file names are Unicode")
def test_a_file_name_that_the_locale_cannot_write(script: Script, folder: Path) -> None:
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    source = r"import runfolio; runfolio.log_text('x', '\xdf.txt'); runfolio.log_param('name', '\xdf')"
    assert "could not be stored" in script(source, **plain).stderr
    read = "import runfolio; (run,) = runfolio.search_runs(output_format='list'); print(ascii(run.data.params))"
    assert script(read).stdout == "{'name': '\\xdf'}\n"


def test_what_no_file_and_no_experiment_can_be_called(run: object) -> None:
    with pytest.raises(NotFound, match="There is no file 'xxx"):
        runfolio.artifacts.load_text("x" * 5000)
    assert runfolio.get_experiment_by_name("\ud800") is None


def test_a_second_metric_of_a_call_is_wrong(run: runfolio.ActiveRun) -> None:
    with pytest.raises(InvalidValue):
        runfolio.log_metrics({"good": 1.0, "bad": "x"})  # type: ignore[dict-item]
    runfolio.flush()
    from runfolio.store import open_store, series

    store = open_store(runfolio.get_tracking_uri())
    assert series.metric_keys(store, [1]) == [], "either all or none"
    store.close()


def test_a_param_keeps_its_value(run: object) -> None:
    runfolio.log_param("lr", 0.1)
    runfolio.log_param("lr", "0.1")
    with pytest.raises(InvalidValue, match=r"'0.1'.*'0.2'"):
        runfolio.log_params({"lr": 0.2, "new": 1})
    assert isinstance(run, runfolio.ActiveRun) and run.data.params == {"lr": "0.1"}


def test_a_second_run_needs_nested(run: object) -> None:
    with pytest.raises(RunStateError, match="nested=True"):
        runfolio.start_run()


def test_a_file_that_is_not_there(run: object, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        runfolio.log_artifact(tmp_path / "none.txt")


@pytest.mark.parametrize("uri", ["file", "folder"])
def test_a_store_that_is_none(tmp_path: Path, uri: str) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "thesis.tex").write_text("x")
    before = sorted(tmp_path.rglob("*"))
    runfolio.set_tracking_uri(tmp_path / uri)
    with pytest.raises(NotAStore):
        runfolio.start_run()
    assert sorted(tmp_path.rglob("*")) == before


def test_a_locked_store_does_not_hold_up_the_loop(script: Script, folder: Path) -> None:
    script("import runfolio\nwith runfolio.start_run(): pass")
    holder = sqlite3.connect(folder / "runfolio.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    done = script("""
        import time
        import runfolio
        start = time.perf_counter()
        with runfolio.start_run():
            for step in range(10000):
                runfolio.log_metric("loss", 1.0, step=step)
        print(time.perf_counter() - start)
    """)
    assert done.stderr.count("Logging goes on") == 1, done.stderr
    holder.execute("ROLLBACK")
    holder.close()
    from runfolio.store import open_store, runs
    from runfolio.store.recover import recover

    store = open_store(folder)
    assert recover(store) == 1
    assert runs.get_run(store, 2).metrics["loss"].count == 10000
    assert runs.get_run(store, 2).status == "FINISHED"
    store.close()


def test_a_damaged_store_is_left_alone_and_logging_goes_on(script: Script, folder: Path) -> None:
    folder.mkdir()
    (folder / "runfolio.db").write_bytes(b"this is no database" * 100)
    (folder / "journal").mkdir()
    done = script("""
        import runfolio
        with runfolio.start_run():
            runfolio.log_metric("loss", 1.0)
    """)
    assert "is not a database" in done.stderr
    assert (folder / "runfolio.db").read_bytes() == b"this is no database" * 100
    assert len(list((folder / "journal").iterdir())) == 1, "what was logged waits in the journal"
