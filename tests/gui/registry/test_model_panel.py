"""The inspector of a model: who is where, what it is, and the commands that go to parts of its page."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from runfolio.gui.inspector.text_model import FULL_ROLE
from runfolio.gui.inspector.text_table import TextTable
from runfolio.gui.main_window import MainWindow
from runfolio.gui.registry.audit.tab import AuditTab
from runfolio.gui.registry.version.model_panel import ModelPanel
from runfolio.gui.registry.versions.tab import VersionsTab
from runfolio.store.registry.aliases import set_alias
from runfolio.store.registry.models import create_model
from runfolio.store.registry.reading import get_model
from runfolio.store.registry.transitions import transition
from tests.gui.registry.conftest import CHURN, page_of


def rows(table: TextTable) -> dict[str, str]:
    model = table.rows
    return {model.index(at, 0).data(): model.index(at, 1).data(FULL_ROLE) for at in range(model.rowCount())}


@pytest.fixture
def panel(qtbot: QtBot, window: MainWindow) -> ModelPanel:
    found = window.zone.model
    assert found is not None and window.zone.currentWidget() is found
    qtbot.waitUntil(lambda: found.settled and found.found is not None)
    return found


def test_it_tells_who_is_in_each_stage_and_leads_there(qtbot: QtBot, window: MainWindow, panel: ModelPanel) -> None:
    assert rows(panel.stages) == {"None": "v7, v5", "Staging": "v6", "Production": "v4", "Archived": "v3, v2, v1"}
    assert 'load_model("models:/churn-classifier/Production")' in panel.snippet.toPlainText()
    set_alias(window.session.store, CHURN, "champion", 4)
    qtbot.waitUntil(lambda: rows(panel.aliases) == {"@champion": "v4"})
    transition(window.session.store, CHURN, 6, "Production")
    qtbot.waitUntil(lambda: rows(panel.stages)["Staging"] == "nobody" and rows(panel.stages)["Production"] == "v6")
    panel.stages.setCurrentIndex(panel.stages.rows.index(2, 1))
    QTest.keyClick(panel.stages, Qt.Key.Key_Return)
    assert window.session.registry.versions == (6,) and window.zone.currentWidget() is window.zone.version


def test_a_model_is_described_in_place_and_that_is_undone(qtbot: QtBot, window: MainWindow, panel: ModelPanel) -> None:
    store = window.session.store
    panel.note.start.click()
    QTest.keyClicks(panel.note.field, "Who leaves within 30 days.")
    panel.note.save.click()
    qtbot.waitUntil(lambda: get_model(store, CHURN).description == "Who leaves within 30 days.")
    qtbot.waitUntil(lambda: window.session.undo.last is not None)
    window.session.undo.undo()
    qtbot.waitUntil(lambda: get_model(store, CHURN).description == "")


def test_it_follows_to_another_model(qtbot: QtBot, window: MainWindow, panel: ModelPanel) -> None:
    create_model(window.session.store, "ranker")
    window.session.registry.show_model("ranker")
    qtbot.waitUntil(lambda: panel.name.text() == "ranker" and set(rows(panel.stages).values()) == {"nobody"})
    assert not panel._sections["load"].isVisible()


def test_commands_go_to_the_parts_of_the_page(qtbot: QtBot, window: MainWindow, panel: ModelPanel) -> None:
    page = page_of(window)
    for name, title in (("gates", "Gates"), ("lineage", "Lineage"), ("audit", "Audit log"), ("board", "Board")):
        window.actions_by_id["view.table"].trigger()
        window.actions_by_id[f"registry.{name}"].trigger()
        assert page.isVisible() and page.tabs.tabText(page.tabs.currentIndex()) == title
    window.session.registry.select((4, 6))
    window.actions_by_id["registry.compare"].trigger()
    versions = page.shown
    assert isinstance(versions, VersionsTab)
    qtbot.waitUntil(lambda: versions.compared.isVisible() and versions.compared.table.differences.rowCount() > 0)
    window.actions_by_id["registry.verify"].trigger()
    audit = page.shown
    assert isinstance(audit, AuditTab)
    qtbot.waitUntil(lambda: "proved" in audit.proof.told.text())
    window.actions_by_id["view.details"].trigger()
    assert window.zone.isAncestorOf(window.focusWidget() or window)
