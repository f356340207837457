"""The tab of gates: written, checked as one types, saved with a reason, undone, and told in words with a verdict."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from runfolio.gui.inspector.text_model import FULL_ROLE
from runfolio.gui.inspector.text_table import TextTable
from runfolio.gui.main_window import MainWindow
from runfolio.gui.registry.gates.tab import GatesTab
from runfolio.store.registry.audit import read_entries
from runfolio.store.registry.models import create_model
from runfolio.store.registry.policies import policy_text, set_policy
from runfolio.store.registry.transitions import transition
from tests.gui.registry.conftest import CHURN, page_of

GATES = """\
gates:
  Production:
    checks:
    - {metric: auc, at_least: 0.94}
    - description
events:
- {on: [Staging], command: [definitely-not-a-program, "{model}"]}
"""


@pytest.fixture
def tab(qtbot: QtBot, window: MainWindow) -> GatesTab:
    found = page_of(window).show_tab("Gates")
    assert isinstance(found, GatesTab)
    qtbot.waitUntil(lambda: found.settled and bool(found.summary.stages))
    return found


def rows(table: TextTable) -> list[tuple[str, str]]:
    model = table.rows
    return [(model.index(at, 0).data().strip(), model.index(at, 1).data(FULL_ROLE)) for at in range(model.rowCount())]


def test_without_a_policy_it_says_what_holds_and_offers_an_example(qtbot: QtBot, tab: GatesTab) -> None:
    assert "any version may move to any stage" in tab.summary.note.text() and tab.summary.note.isVisible()
    assert [*tab.summary.stages] == ["Staging", "Production"]
    assert not tab.save.isEnabled() and tab.example.isVisible()
    tab.example.click()
    qtbot.waitUntil(lambda: len(rows(tab.summary.stages["Production"].checks)) == 4)
    assert tab.save.isEnabled() and not tab.summary.note.isVisible() and not tab.example.isVisible()


def test_it_is_saved_with_a_reason_and_undone(qtbot: QtBot, tab: GatesTab) -> None:
    store = tab.session.store
    tab.editor.replace(GATES)
    qtbot.waitUntil(tab.save.isEnabled)
    assert policy_text(store, CHURN) == "" and tab.state.text() == "Not saved yet"
    QTest.keyClicks(tab.reason, "nothing without evidence")
    tab.save.click()
    qtbot.waitUntil(lambda: policy_text(store, CHURN) == GATES)
    last = read_entries(store)[-1]
    assert (last.action, last.reason) == ("policy", "nothing without evidence")
    qtbot.waitUntil(lambda: tab.state.text() == "" and tab.reason.text() == "")
    qtbot.waitUntil(lambda: tab.session.undo.last is not None)
    tab.session.undo.undo()
    qtbot.waitUntil(lambda: policy_text(store, CHURN) == "" and tab.text == "")


def test_the_newest_version_is_judged_by_what_is_being_written(qtbot: QtBot, tab: GatesTab) -> None:
    tab.editor.replace(GATES)
    gate = tab.summary.stages["Production"]
    qtbot.waitUntil(lambda: gate.verdict.text() == "v7 fails ✗")
    assert rows(gate.checks) == [("✓", "auc ≥ 0.94  0.941"), ("✗", "description written  no description")]
    assert gate.words.text() == "one version at a time · what fails blocks the move"
    tab.editor.replace(GATES.replace("    - description\n", ""))
    qtbot.waitUntil(lambda: gate.verdict.text() == "v7 passes ✓")


def test_a_slip_is_told_and_marked_where_it_stands(qtbot: QtBot, tab: GatesTab) -> None:
    tab.editor.replace(GATES.replace("description", "descripton"))
    qtbot.waitUntil(lambda: tab.editor.trouble.isVisible())
    assert tab.editor.trouble.text().startswith("Line 5: ") and "Did you mean description?" in tab.editor.trouble.text()
    (mark,) = tab.editor.text.extraSelections()
    assert mark.cursor.blockNumber() == 4
    assert not tab.save.isEnabled() and not tab.add.isEnabled()
    tab.editor.replace(GATES)
    qtbot.waitUntil(lambda: not tab.editor.trouble.isVisible())
    assert tab.editor.text.extraSelections() == []


def test_a_check_is_added_from_the_menu_and_taken_back_in_the_text(qtbot: QtBot, tab: GatesTab) -> None:
    tab.editor.replace(GATES)
    qtbot.waitUntil(tab.save.isEnabled)
    tab._menu.aboutToShow.emit()
    stages = {part.text(): part for part in tab._menu.actions()}
    production = stages["Production"].menu()
    assert isinstance(production, QMenu)
    next(one for one in production.actions() if one.text() == "signature").trigger()
    assert "    - description\n    - signature\n" in tab.text
    qtbot.waitUntil(lambda: ("✓", "has a signature") in rows(tab.summary.stages["Production"].checks))
    tab.editor.text.undo()
    assert tab.text == GATES


def test_what_somebody_else_saves_is_shown_but_never_over_what_is_being_written(qtbot: QtBot, tab: GatesTab) -> None:
    store = tab.session.store
    set_policy(store, CHURN, GATES)
    qtbot.waitUntil(lambda: tab.text == GATES)
    tab.editor.text.appendPlainText("# mine")
    mine = tab.text
    set_policy(store, CHURN, "card: [f1]\n")
    qtbot.waitUntil(lambda: "Somebody else" in tab.state.text())
    assert tab.text == mine and not tab.save.isEnabled()
    tab.revert.click()
    assert tab.text == "card: [f1]\n"
    qtbot.waitUntil(lambda: tab.state.text() == "" and not tab.revert.isEnabled())


def test_what_is_being_written_waits_while_another_model_is_looked_at(qtbot: QtBot, tab: GatesTab) -> None:
    create_model(tab.session.store, "ranker")
    tab.editor.replace(GATES)
    qtbot.waitUntil(tab.save.isEnabled)
    tab.session.registry.show_model("ranker")
    qtbot.waitUntil(lambda: tab.text == "" and tab.settled)
    tab.session.registry.show_model(CHURN)
    qtbot.waitUntil(lambda: tab.text == GATES and tab.save.isEnabled())


def test_events_are_told_with_their_latest_deliveries(qtbot: QtBot, tab: GatesTab) -> None:
    store = tab.session.store
    set_policy(store, CHURN, GATES)
    transition(store, CHURN, 5, "Staging")
    qtbot.waitUntil(lambda: tab.summary.deliveries.rows.rowCount() == 1)
    assert rows(tab.summary.events) == [("on Staging", "run definitely-not-a-program {model}")]
    assert "v5 → Staging" in rows(tab.summary.deliveries)[0][1]


def test_what_somebody_else_wants_to_be_told_is_allowed_first(
    qtbot: QtBot, tab: GatesTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tab.session.store
    with monkeypatch.context() as other:
        other.setattr("runfolio.store.registry.policies.allow", lambda *_: None)
        set_policy(store, CHURN, GATES)
    qtbot.waitUntil(lambda: "not allowed here" in str(rows(tab.summary.events)))
    assert tab.summary.allow.isVisible()
    tab.summary.allow.click()
    qtbot.waitUntil(lambda: "not allowed here" not in str(rows(tab.summary.events)))
    assert not tab.summary.allow.isVisible()
