"""The real window on a store that a real script logs to at the same time: what does the user see?"""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from runfolio.gui.curves.panel import CurvesPanel
from runfolio.gui.main_window import MainWindow
from runfolio.store import Store, open_store
from tests.gui.conftest import Opener, open_window, theme  # noqa: F401

SCRIPT = textwrap.dedent("""
    import sys
    import runfolio
    runfolio.set_experiment("vision/live")
    with runfolio.start_run(run_name="first", tags={"seed": 0}):
        runfolio.log_params({"lr": 0.01, "optimizer": "adam"})
        for step in range(10):
            runfolio.log_metrics({"loss": 1 / (step + 1), "acc": step / 10}, step=step)
        runfolio.log_text("hello", "notes.txt")
        print("logged", flush=True)
        sys.stdin.readline()
        for step in range(10, 20):
            runfolio.log_metrics({"loss": 1 / (step + 1), "acc": step / 10}, step=step)
        print("more", flush=True)
        sys.stdin.readline()
""")


@contextmanager
def script(folder: Path, source: str = SCRIPT) -> Iterator[subprocess.Popen[str]]:
    """A script that goes on when it is told to."""
    process = subprocess.Popen(
        [sys.executable, "-c", source],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "RUNFOLIO_STORE": str(folder)},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def tell(process: subprocess.Popen[str]) -> None:
    """Let it go on."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def table_row(window: MainWindow, row: int = 0) -> dict[str, str]:
    """The cells of a row as they are shown, by the heading of their column."""
    model = window.runs.feed.model
    cells = {}
    for column in range(model.columnCount()):
        heading = model.headerData(column, Qt.Orientation.Horizontal)
        cells[str(heading)] = str(model.index(row, column).data())
    return cells


def drawn(window: MainWindow, key: str) -> np.ndarray:
    """The values that the first curve of a metric's chart shows."""
    panel = window.page.charts
    assert isinstance(panel, CurvesPanel)
    for card in panel.grid.cards():
        if card.key == key and card.plot.drawn:
            (one,) = card.plot.drawn.values()
            return np.asarray(one.line.curve.y)
    return np.empty(0)


def test_a_run_appears_moves_and_finishes(qtbot: QtBot, store: Store, open_window: Opener) -> None:  # noqa: F811
    window = open_window(store)
    assert window.runs.feed.model.rowCount() == 0
    with script(store.path) as process:
        qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == 1, timeout=20_000)
        qtbot.waitUntil(lambda: float(table_row(window).get("loss") or 0) == 0.1, timeout=10_000)
        row = table_row(window)
        assert row["Name"] == "first" and "running" in row["Status"].lower()
        assert row["lr"] == "0.01" and row["optimizer"] == "adam"
        qtbot.waitUntil(lambda: len(drawn(window, "loss")) == 10, timeout=10_000)
        assert np.allclose(drawn(window, "loss"), [1 / (step + 1) for step in range(10)])
        tell(process)
        qtbot.waitUntil(lambda: len(drawn(window, "loss")) == 20, timeout=10_000)
        qtbot.waitUntil(lambda: float(table_row(window)["acc"]) == 1.9, timeout=10_000)
        tell(process)
        process.wait(timeout=20)
        qtbot.waitUntil(lambda: "finished" in table_row(window)["Status"].lower(), timeout=10_000)


def test_a_killed_script_is_shown_as_killed(qtbot: QtBot, store: Store, open_window: Opener) -> None:  # noqa: F811
    window = open_window(store)
    with script(store.path) as process:
        qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == 1, timeout=20_000)
        process.kill()
        process.wait()
        qtbot.waitUntil(lambda: "killed" in table_row(window)["Status"].lower(), timeout=20_000)
        assert float(table_row(window)["loss"]) == 0.1


def test_two_windows_on_one_store(qtbot: QtBot, store: Store, open_window: Opener) -> None:  # noqa: F811
    with script(store.path):
        one, other = open_window(store), open_window(open_store(store.path))
        for window in (one, other):
            qtbot.waitUntil(lambda w=window: w.runs.feed.model.rowCount() == 1, timeout=20_000)  # type: ignore[misc]
        from runfolio.store.operations import rename_run

        run = int(one.runs.feed.model.ids[0])
        one.session.run(lambda s: rename_run(s, run, "renamed"))
        for window in (one, other):
            qtbot.waitUntil(lambda w=window: table_row(w)["Name"] == "renamed", timeout=10_000)  # type: ignore[misc]
        assert one.strip.text == "Renamed first to renamed"
        one.session.undo.undo()
        for window in (one, other):
            qtbot.waitUntil(lambda w=window: table_row(w)["Name"] == "first", timeout=10_000)  # type: ignore[misc]
        one.session.undo.redo()
        qtbot.waitUntil(lambda: table_row(other)["Name"] == "renamed", timeout=10_000)
