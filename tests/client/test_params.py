"""Params: set once, refused when they change, changed when told to, and what became of them."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

import runfolio
from runfolio.client.tracker import close_all
from runfolio.core.errors import InvalidValue
from runfolio.store import open_store, runs
from tests.client.conftest import Script
from tests.store.script import Script as Writer


def changes(folder: Path) -> list[tuple[str, str, str | None, bool]]:
    """The history of the params of the only run: key, old value, new value, whether it was refused."""
    store = open_store(folder, create=False)
    try:
        return [(one.key, one.old, one.new, one.refused) for one in runs.param_history(store, 1)]
    finally:
        store.close()


def test_another_value_is_refused_naming_both_and_nothing_of_the_call_is_logged(script: Script, folder: Path) -> None:
    done = script("""
        import runfolio
        with runfolio.start_run():
            runfolio.log_param("lr", 0.1)
            runfolio.log_param("lr", "0.1")
            try:
                runfolio.log_params({"depth": 3, "lr": 0.2})
            except runfolio.MlflowException as error:
                print(error.error_code, error)
    """)
    assert "INVALID_PARAMETER_VALUE" in done.stdout and "'0.1'" in done.stdout and "'0.2'" in done.stdout
    assert "overwrite=True" in done.stdout
    store = open_store(folder, create=False)
    assert runs.get_run(store, 1).params == {"lr": "0.1"}
    store.close()
    assert changes(folder) == []


def test_overwriting_keeps_what_was(script: Script, folder: Path) -> None:
    script("""
        import runfolio
        with runfolio.start_run() as run:
            runfolio.log_params({"lr": 0.1, "same": "x" * 100_000})
            runfolio.log_param("lr", 0.2, overwrite=True)
        with runfolio.start_run(run_id=run.info.run_id):
            runfolio.log_params({"lr": 0.3, "same": "x" * 100_000}, overwrite=True)
    """)
    assert changes(folder) == [("lr", "0.1", "0.2", False), ("lr", "0.2", "0.3", False)]
    store = open_store(folder, create=False)
    assert runs.get_run(store, 1).params == {"lr": "0.3", "same": "x" * 100_000}
    store.close()


def test_processes_that_disagree_are_told_and_the_first_value_stays(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store(tmp_path / "store")
    with Writer(store) as first, Writer(store) as second:
        run = first.start()
        second.go_on(first, run)
        first.params(run, {"lr": "0.1"})
        first.take()
        with caplog.at_level(logging.WARNING, "runfolio"):
            for _ in range(2):
                second.params(run, {"lr": "0.2"})
                second.take()
    assert [record.getMessage() for record in caplog.records] == [
        "The param lr stays '0.1': '0.2' came from another process and is in the run's history."
    ]
    store.close()
    assert changes(tmp_path / "store") == [("lr", "0.1", "0.2", True)]


def test_settings_that_are_no_numbers_are_kept(script: Script, folder: Path) -> None:
    script("""
        import math, runfolio
        runfolio.log_params({"missing": math.nan, "limit": math.inf, "none": None, "emoji 😀".split()[0]: "😀 \\ud800"})
    """)
    store = open_store(folder, create=False)
    found = runs.get_run(store, 1).params
    assert found == {"missing": "nan", "limit": "inf", "none": "None", "emoji": "😀 \\ud800"}
    store.close()


def test_a_long_value_in_a_message_is_cut(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    runfolio.set_tracking_uri(store.path)
    try:
        with runfolio.start_run():
            runfolio.log_param("text", "a" * 10_000)
            with pytest.raises(InvalidValue) as caught:
                runfolio.log_param("text", "b" * 10_000)
    finally:
        close_all()
        runfolio.set_tracking_uri(None)
        store.close()
    assert len(str(caught.value)) < 300
