"""The inspector of a version: what it tells, what is edited in place, rolling back, and when it is shown."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from runfolio.gui.inspector.text_model import FULL_ROLE
from runfolio.gui.inspector.text_table import TextTable
from runfolio.gui.main_window import MainWindow
from runfolio.gui.middle import RUNS
from runfolio.gui.registry.prompts import Prompt
from runfolio.gui.registry.version.panel import VersionPanel
from runfolio.store.registry.aliases import set_alias
from runfolio.store.registry.audit import read_entries
from runfolio.store.registry.policies import set_policy
from runfolio.store.registry.reading import folder_of, get_version
from runfolio.store.registry.transitions import transition
from runfolio.store.registry.versions import delete_version, describe_version
from tests.gui.registry.conftest import CHURN

GATES = """
gates:
  Production:
    checks: [{metric: auc, at_least: 0.93}, description]
"""


def rows(table: TextTable) -> list[tuple[str, str]]:
    model = table.rows
    return [(model.index(at, 0).data(), model.index(at, 1).data(FULL_ROLE)) for at in range(model.rowCount())]


@pytest.fixture
def panel(qtbot: QtBot, window: MainWindow) -> VersionPanel:
    """The inspector of version 6, which is in Staging."""
    window.session.registry.select((6,))
    found = window.zone.version
    assert found is not None
    qtbot.waitUntil(lambda: found.settled and found.found is not None)
    return found


def test_it_tells_which_version_it_is_where_it_is_from_and_what_it_takes(qtbot: QtBot, panel: VersionPanel) -> None:
    store = panel.session.store
    set_policy(store, CHURN, GATES)
    set_alias(store, CHURN, "challenger", 6)
    qtbot.waitUntil(lambda: rows(panel.gates) == [("Production", "✓ auc ≥ 0.93  0.947"), ("", "✗ no description")])
    assert panel.heading.name.text() == "churn-classifier v6" and panel.heading.stage.text().startswith("Staging · ")
    assert panel.heading.run.text() == "heron-6"
    kinds = [name for name, _ in rows(panel.lineage)]
    assert kinds == ["run", "artifact", "version", "stage"]
    assert rows(panel.signature) == [("tenure", "long"), ("plan", "string"), ("→ 0", "int64 (-1)")]
    assert ("f1", "0.877") in [(name, f"{float(value):.3f}") for name, value in rows(panel.metrics)]
    facts = dict(rows(panel.facts))
    assert facts["flavors"] == "python_function, sklearn" and facts["input example"] == "yes"
    history = [text for _, text in rows(panel.history)]
    assert "alias @challenger: nothing → v6" in history[0] and "registered from run" in history[-1]
    count = len(read_entries(store))
    qtbot.waitUntil(lambda: panel.chain.text() == f"chain verified ✓ {count} entries")


def test_the_description_is_written_in_place_and_undone(qtbot: QtBot, panel: VersionPanel) -> None:
    store, undo = panel.session.store, panel.session.undo
    panel.note.start.click()
    QTest.keyClicks(panel.note.field, "Known **weak** on new accounts.")
    QTest.keyClick(panel.note.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: get_version(store, CHURN, 6).description == "Known **weak** on new accounts.")
    qtbot.waitUntil(lambda: undo.last is not None)
    undo.undo()
    qtbot.waitUntil(lambda: get_version(store, CHURN, 6).description == "")
    qtbot.waitUntil(lambda: panel.note.note.text() == "")


def test_a_description_that_somebody_has_changed_meanwhile_is_not_written_over(
    qtbot: QtBot, panel: VersionPanel
) -> None:
    store = panel.session.store
    panel.note.start.click()
    QTest.keyClicks(panel.note.field, "mine")
    describe_version(store, CHURN, 6, "theirs")
    qtbot.waitUntil(lambda: panel.found is not None and panel.found.version.description == "theirs")
    panel.note.save.click()
    qtbot.waitUntil(lambda: panel.session.jobs.running == () and panel.settled)
    assert get_version(store, CHURN, 6).description == "theirs"
    assert panel.note.field.isVisible() and panel.note.field.toPlainText() == "mine"
    panel.note.save.click()  # who has read theirs may keep it after all
    qtbot.waitUntil(lambda: get_version(store, CHURN, 6).description == "mine")


def test_a_move_is_told_at_once_and_rolled_back_with_a_reason(qtbot: QtBot, panel: VersionPanel) -> None:
    store = panel.session.store
    assert not panel.back.isEnabled(), "nobody was in Staging before"
    transition(store, CHURN, 6, "Production", reason="beats v4")
    qtbot.waitUntil(lambda: panel.heading.stage.text().startswith("Production"))
    qtbot.waitUntil(panel.back.isEnabled)
    panel.back.click()
    qtbot.waitUntil(lambda: bool(panel.window().findChildren(Prompt)))
    (prompt,) = panel.window().findChildren(Prompt)
    QTest.keyClicks(prompt.fields[0], "worse on new accounts")
    QTest.keyClick(prompt.fields[0], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: get_version(store, CHURN, 4).stage == "Production")
    assert get_version(store, CHURN, 6).stage == "Archived"
    last = read_entries(store)[-1]
    assert (last.action, last.reason) == ("rollback", "worse on new accounts")
    qtbot.waitUntil(lambda: panel.heading.stage.text().startswith("Archived"))


def test_the_lines_that_load_it_are_copied_and_its_folder_opened(
    panel: VersionPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    panel.load.click()
    assert QApplication.clipboard().text().endswith('runfolio.pyfunc.load_model("models:/churn-classifier/6")')
    line = "runfolio models predict -m models:/churn-classifier/6 -i data.csv -o predictions.csv"
    assert panel.shell.toPlainText() == line
    panel.open.click()
    assert [url.toLocalFile() for url in opened] == [str(folder_of(panel.session.store, CHURN, 6))]


def test_a_click_on_its_run_goes_there_and_the_inspector_shows_that(
    qtbot: QtBot, window: MainWindow, panel: VersionPanel
) -> None:
    panel.heading.run.click()
    run = get_version(window.session.store, CHURN, 6).run
    assert window.middle.shown == RUNS and window.session.selection.current == run
    assert window.zone.currentWidget() is window.inspector
    window.actions_by_id["view.registry"].trigger()
    assert window.zone.currentWidget() is panel


def test_it_follows_the_selection_and_lets_go_of_a_version_that_is_deleted(
    qtbot: QtBot, window: MainWindow, panel: VersionPanel
) -> None:
    window.session.registry.select((6, 2))
    qtbot.waitUntil(lambda: panel.heading.name.text() == "churn-classifier v2")
    delete_version(window.session.store, CHURN, 2)
    qtbot.waitUntil(lambda: panel.heading.name.text() == "churn-classifier v6")
    assert window.session.registry.versions == (6,)
    delete_version(window.session.store, CHURN, 6, force=True)
    qtbot.waitUntil(lambda: window.session.registry.versions == ())
    assert window.zone.currentWidget() is window.zone.model
