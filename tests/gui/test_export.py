"""Exporting all runs of the view from the window, and cancelling it."""

from __future__ import annotations

import csv
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from runfolio.core.errors import EnvironmentProblem
from runfolio.core.formats import Format
from runfolio.core.views import View
from runfolio.gui.chrome.status_bar import StatusBar
from runfolio.gui.main_window import MainWindow
from runfolio.gui.runs.export import target_of
from runfolio.store import Store, exporting, table
from tests.gui.conftest import Opener
from tests.gui.writing import Writer


@pytest.fixture(name="window")
def _window(qtbot: QtBot, store: Store, open_window: Opener, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    monkeypatch.setattr(exporting, "PART", 2)
    writer = Writer(store.path)
    for number in range(5):
        run = writer.run(f"run-{number}")
        run.log_params({"lr": number / 10})
        writer.end(run)
    writer.commit()
    writer.close()
    window = open_window(store)
    qtbot.waitUntil(lambda: window.runs.feed.settled and window.runs.feed.model.rowCount() == 5)
    return window


def choose(monkeypatch: pytest.MonkeyPatch, file: Path, kind: str = "CSV (*.csv)") -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), kind))


def test_the_table_is_exported_by_the_keyboard(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window.session.set_view(View("params.lr != '0.0'"), "Filter")
    choose(monkeypatch, tmp_path / "table")
    qtbot.keyClick(window, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: window.strip.text == f"Wrote 4 runs to {tmp_path / 'table.csv'}.")
    with (tmp_path / "table.csv").open(newline="") as stream:
        titles, *lines = csv.reader(stream)
    assert titles == [column.id for column in window.runs.feed.model.columns]
    assert [line[0] for line in lines] == ["run-4", "run-3", "run-2", "run-1"]


def test_a_file_that_the_added_suffix_names_is_not_replaced_unasked(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    there = tmp_path / "runs.csv"
    there.write_text("mine")
    choose(monkeypatch, tmp_path / "runs")
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop(0))
    window.actions_by_id["run.export"].trigger()
    assert there.read_text() == "mine"
    window.actions_by_id["run.export"].trigger()
    qtbot.waitUntil(lambda: "Wrote 5 runs" in window.strip.text)
    assert not answers and "run-4" in there.read_text()


def test_everything_is_exported(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    choose(monkeypatch, tmp_path / "all.jsonl")
    window.actions_by_id["run.export_all"].trigger()
    qtbot.waitUntil(lambda: "Wrote 5 runs" in window.strip.text)
    assert len((tmp_path / "all.jsonl").read_text().splitlines()) == 5


def test_an_export_is_cancelled_from_the_status_bar(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    at_work, go_on = threading.Event(), threading.Event()
    rows = table.rows

    def slow(*args: object) -> object:
        at_work.set()
        assert go_on.wait(20)
        return rows(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(exporting, "rows", slow)
    choose(monkeypatch, tmp_path / "runs.csv")
    window.actions_by_id["run.export"].trigger()
    (bar,) = window.findChildren(StatusBar)
    (cancel,) = [button for button in bar.findChildren(QPushButton) if button.text() == "Cancel"]
    qtbot.waitUntil(lambda: at_work.is_set() and cancel.isVisible())
    qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    go_on.set()
    qtbot.waitUntil(lambda: not [job for job in window.session.jobs.running if job.title])
    assert list(tmp_path.glob("*runs*")) == [] and window.strip.text == ""


def test_what_is_to_be_installed_is_told(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def missing(_form: Format) -> None:
        raise EnvironmentProblem("Parquet files need pyarrow.", "pip install 'runfolio[parquet]'")

    monkeypatch.setattr(exporting, "check_libraries", missing)
    choose(monkeypatch, tmp_path / "runs.parquet")
    window.actions_by_id["run.export"].trigger()
    qtbot.waitUntil(lambda: "pip install 'runfolio[parquet]'" in window.strip.text)
    assert list(tmp_path.glob("*.parquet")) == []


def test_the_suffix_tells_the_format() -> None:
    assert target_of(Path("a/runs.MD"), Format.CSV) == (Path("a/runs.MD"), Format.MARKDOWN)
    assert target_of(Path("a/runs"), Format.PARQUET) == (Path("a/runs.parquet"), Format.PARQUET)
    assert target_of(Path("a/v1.2"), Format.CSV) == (Path("a/v1.2.csv"), Format.CSV)
