"""The runs of an entry point: listed, selected, and taken values from."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from runfolio.core.projects.tags import ENTRY_POINT
from runfolio.core.states import RunStatus
from runfolio.gui.main_window import MainWindow
from runfolio.gui.middle import PROJECTS, RUNS
from runfolio.gui.projects.history.panel import HistoryPanel
from tests.gui.projects.conftest import form_of, show
from tests.store.script import Script


def made(script: Script, project: Path, name: str, entry: str, **params: str) -> str:
    """A run as a project makes it."""
    run = f"id-{name}"
    origin = {"experiment": "cellar", "name": name, "parent": None, "user": "me", "source": str(project)}
    script.event("run", run, **origin, journal=script.writer.path.name)
    script.tags(run, {ENTRY_POINT: entry})
    script.params(run, params)
    return run


def rows(panel: HistoryPanel) -> list[dict[str, str]]:
    """The cells by the headings of their columns."""
    model = panel.model
    headings = [one.heading for one in model.past.columns]
    return [
        {title: str(model.index(row, at).data()) for at, title in enumerate(headings)}
        for row in range(model.rowCount())
    ]


def test_the_runs_of_an_entry_point_are_listed(qtbot: QtBot, window: MainWindow, project: Path, script: Script) -> None:
    first = made(script, project, "heron", "main", data="bottles", lr="0.5", seed="3")
    script.log(first, "loss", [0.5, 0.25])
    script.end(first)
    second = made(script, project, "otter", "main", data="bottles", lr="0.01")
    made(script, project, "lynx", "evaluate", model="m")
    made(script, project.parent / "other", "crow", "main")
    script.take()
    page = show(qtbot, window, project)
    history = page.history
    qtbot.waitUntil(lambda: len(rows(history)) == 2)
    newest, oldest = rows(history)
    assert (newest["Name"], newest["Status"], newest["lr"]) == ("otter", "● running", "0.01")
    assert (oldest["Name"], oldest["Status"], oldest["loss"]) == ("heron", "✓ finished", "0.2500")
    script.log(second, "loss", [0.125])
    script.end(second, RunStatus.FAILED)
    script.take()
    qtbot.waitUntil(lambda: rows(history)[0]["Status"] == "✕ failed" and rows(history)[0]["loss"] == "0.1250")
    page.tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: [row["Name"] for row in rows(history)] == ["lynx"])


def test_choosing_a_run_shows_it_and_its_values_are_used(
    qtbot: QtBot, window: MainWindow, project: Path, script: Script
) -> None:
    run = made(script, project, "heron", "main", data="bottles", lr="0.5", optimizer="adam", seed="3")
    script.take()
    page = show(qtbot, window, project)
    history = page.history
    qtbot.waitUntil(lambda: len(rows(history)) == 1 and bool(window.session.selection.experiments))
    history.table.selectRow(0)
    qtbot.waitUntil(lambda: window.inspector.details is not None and window.inspector.details.run.run_id == run)
    assert window.middle.shown == PROJECTS
    history.use.click()
    form = form_of(qtbot, page)
    qtbot.waitUntil(lambda: form.parameters.given() == {"data": "bottles", "lr": "0.5", "seed": "3"})
    history.open.click()
    qtbot.waitUntil(lambda: window.middle.shown == RUNS)
    qtbot.waitUntil(lambda: window.session.selection.current == script.number(run))
    assert QApplication.focusWidget() is window.runs.view
