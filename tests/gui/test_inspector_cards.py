"""What the inspector says of runs of a real script that was changed, failed, and had everything captured."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QSettings, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import Connection

from runfolio.core.states import NOTE
from runfolio.gui.chrome.palette import Palette
from runfolio.gui.inspector.code_page import CodePage
from runfolio.gui.inspector.console_page import ConsolePage
from runfolio.gui.inspector.panel import CODE, CONSOLE, OVERVIEW, SYSTEM, Inspector
from runfolio.gui.inspector.system_page import SystemPage
from runfolio.gui.inspector.text_model import FULL_ROLE, NAME, TREND_ROLE, VALUE
from runfolio.gui.inspector.text_table import TextTable
from runfolio.gui.session import Session
from runfolio.gui.theme import Mode, Theme
from runfolio.store import Store
from runfolio.store.runs import get_run
from tests.gui import captured
from tests.gui.writing import is_written


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store, made once."""
    return captured.make(tmp_path_factory.mktemp("captured"))


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Iterator[Store]:
    """A copy of the store, at the place where the tests' stores are."""
    shutil.copytree(made, tmp_path / "copy")
    one = captured.opened(tmp_path / "copy")
    yield one
    one.close()


@pytest.fixture
def session(qtbot: QtBot, store: Store, theme: Theme) -> Iterator[Session]:
    one = Session(store, theme)
    one.start()
    yield one
    one.close()


@pytest.fixture
def inspector(qtbot: QtBot, session: Session) -> Inspector:
    return shown(qtbot, session)


def shown(qtbot: QtBot, session: Session, kept: QSettings | None = None) -> Inspector:
    """An inspector on the screen."""
    one = Inspector(session, kept)
    qtbot.addWidget(one)
    one.resize(340, 700)
    with qtbot.waitExposed(one):
        one.show()
    return one


def go_to(qtbot: QtBot, inspector: Inspector, name: str, page: int = OVERVIEW) -> None:
    session = inspector.session
    run = captured.number(session.store, name)
    session.select_runs([run], run)
    qtbot.waitUntil(lambda: inspector.details is not None and inspector.details.run.id == run)
    inspector.tabs.setCurrentIndex(page)
    qtbot.waitUntil(lambda: inspector.shown_page == page and inspector._refresh.idle)


def rows(table: TextTable) -> dict[str, str]:
    cell = table.rows.index
    return {cell(row, NAME).data(): str(cell(row, VALUE).data()) for row in range(table.rows.rowCount())}


def run_id(inspector: Inspector) -> str:
    assert inspector.details is not None
    return inspector.details.run.run_id


# What changed


def test_what_changed_since_the_previous_run(qtbot: QtBot, inspector: Inspector) -> None:
    go_to(qtbot, inspector, "faster")
    card = inspector.overview.changes
    assert inspector.overview.sections["changes"].label.text() == "CHANGED SINCE PREVIOUS RUN"
    assert card.link.text() == "same" and card.when.text().endswith("earlier")
    found = rows(card.table)
    assert found["lr"] == "0.1 → 0.2"
    assert found["model.py"] == "as committed → +1 −1 uncommitted"
    assert found["val/acc"] == "0.4000 → 0.8000  ● +0.4000"
    assert card.text.text() == "The same environment and data."
    assert card.doubts.isHidden()


def test_nothing_changed_is_said(qtbot: QtBot, inspector: Inspector) -> None:
    go_to(qtbot, inspector, "same")
    card = inspector.overview.changes
    assert list(rows(card.table)) == ["Code", "command"], "its name is an argument"
    assert card.text.text() == "The same parameters, environment and data."


def test_the_first_run_has_nothing_to_compare_with(qtbot: QtBot, inspector: Inspector) -> None:
    go_to(qtbot, inspector, "first")
    card = inspector.overview.changes
    assert card.text.text() == "The first run of train.py in this experiment."
    assert card.link.isHidden() and card.table.isHidden() and card.choose.isVisible()


def test_the_link_leads_to_the_other_run(qtbot: QtBot, inspector: Inspector, session: Session) -> None:
    go_to(qtbot, inspector, "faster")
    inspector.overview.changes.link.click()
    qtbot.waitUntil(lambda: inspector.heading.name.text() == "same")


def test_another_run_can_be_chosen_and_given_up(qtbot: QtBot, inspector: Inspector, store: Store) -> None:
    go_to(qtbot, inspector, "faster")
    card = inspector.overview.changes
    QTest.mouseClick(card.choose, Qt.MouseButton.LeftButton)
    choose(qtbot, "first")
    qtbot.waitUntil(lambda: card.link.text() == "first")
    assert inspector.overview.sections["changes"].label.text() == "COMPARED WITH ANOTHER RUN"
    assert rows(card.table)["lr"] == "0.1 → 0.2"
    go_to(qtbot, inspector, "broken")
    assert card.link.text() == "first", "the choice stays for the next run"
    card.choose.click()
    choose(qtbot, "previous run of this")
    qtbot.waitUntil(lambda: card.link.text() == "faster")


def choose(qtbot: QtBot, name: str) -> None:
    palette = next(one for one in QApplication.topLevelWidgets() if isinstance(one, Palette) and one.isVisible())
    QTest.keyClicks(palette.field, name)
    wanted = Qt.MatchFlag.MatchFixedString if name == "first" else Qt.MatchFlag.MatchContains
    qtbot.waitUntil(lambda: bool(palette.list.findItems(name, wanted)))
    while palette.list.currentRow() != palette.list.row(palette.list.findItems(name, wanted)[0]):
        QTest.keyClick(palette.field, Qt.Key.Key_Down)
    QTest.keyClick(palette.field, Qt.Key.Key_Return)


def test_values_are_copied_in_full(qtbot: QtBot, inspector: Inspector) -> None:
    go_to(qtbot, inspector, "broken")
    table = inspector.overview.changes.table
    row = list(rows(table)).index("command")
    cell = table.rows.index(row, VALUE)
    table.setCurrentIndex(cell)
    QTest.keySequence(table, "Ctrl+C")
    assert QGuiApplication.clipboard().text() == cell.data(FULL_ROLE)
    assert "train.py --name faster --lr 0.2 → " in cell.data(FULL_ROLE) and "…" in cell.data()


# Why it failed


def test_a_failed_run_leads_with_its_traceback(qtbot: QtBot, inspector: Inspector, session: Session) -> None:
    go_to(qtbot, inspector, "broken")
    card = inspector.overview.failure
    assert card.isVisible() and card.y() < inspector.overview.sections["changes"].y()
    assert card.kind.text() == "ValueError" and card.message.text() == "the loss is -1.5"
    assert card.where.text() == "model.py:3 in check"
    assert card.code.text().replace("\u200b", "") == "raise ValueError(f'the loss is {loss}')"
    assert "the loss" not in inspector.heading.ending.text(), "said once"
    card.show_all.click()
    assert card.text.isVisible() and 'File "' in card.text.toPlainText()
    marked = [one.cursor.block().text() for one in card.text.extraSelections()]
    assert "model.py" in marked[0] and "raise ValueError" in marked[1]
    card.copy.click()
    assert QGuiApplication.clipboard().text().startswith("Traceback (most recent call last):")
    go_to(qtbot, inspector, "faster")
    assert card.isHidden()


# Params, metrics, data, notes, relatives


def test_params_are_in_their_natural_order_and_searched(qtbot: QtBot, inspector: Inspector) -> None:
    go_to(qtbot, inspector, "faster")
    page = inspector.overview
    assert list(rows(page.params)) == [*(f"layer{n}.width" for n in range(8)), "lr"]
    assert page.search.isVisible()
    QTest.keyClicks(page.search, "width 64")
    assert rows(page.params) == {"layer6.width": "64"}
    go_to(qtbot, inspector, "same")
    assert rows(page.params) == {"layer6.width": "64"}, "the search stays for the next run"
    page.search.clear()
    assert len(rows(page.params)) == 9


def test_metrics_have_their_curves_and_the_load_is_apart(qtbot: QtBot, inspector: Inspector) -> None:
    go_to(qtbot, inspector, "faster")
    table = inspector.overview.metrics
    assert rows(table) == {"val/acc": "0.8000  max 0.8000 @ 4"}
    assert table.rows.index(0, VALUE).data(TREND_ROLE) == "val/acc"
    assert inspector.sparks.picture("val/acc") is not None
    go_to(qtbot, inspector, "faster", SYSTEM)
    load = rows(inspector.of(SystemPage).load)
    assert load["cpu utilization, %"].startswith("54")
    assert table.rows.index(0, VALUE).data() == "0.8000  max 0.8000 @ 4"


def test_the_datasets(qtbot: QtBot, inspector: Inspector) -> None:
    go_to(qtbot, inspector, "faster")
    found = rows(inspector.overview.data)
    assert found["digits"] == "training" and len(found["digest"]) >= 8
    assert {"features shape", "    features"} & found.keys()


def test_the_description_is_written_with_a_preview_and_undone(
    qtbot: QtBot, inspector: Inspector, session: Session, store: Store
) -> None:
    go_to(qtbot, inspector, "faster")
    run, view = captured.number(store, "faster"), inspector.overview.note
    assert view.start.text() == "Add a description"
    view.start.click()
    QTest.keyClicks(view.field, "The **best** one")
    view.preview.click()
    assert view.note.isVisible() and "font-weight" in view.note.text() and view.field.isHidden()
    view.preview.click()
    QTest.keyClick(view.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: get_run(store, run).tags.get(NOTE) == "The **best** one")
    assert not view.editing and view.note.isVisible() and view.start.text() == "Edit"
    qtbot.waitUntil(lambda: is_written(session))
    session.undo.undo()
    qtbot.waitUntil(lambda: NOTE not in get_run(store, run).tags)
    qtbot.waitUntil(view.note.isHidden)


def test_a_description_belongs_to_the_run_it_was_begun_on(qtbot: QtBot, inspector: Inspector, store: Store) -> None:
    go_to(qtbot, inspector, "faster")
    view = inspector.overview.note
    view.edit()
    QTest.keyClicks(view.field, "kept")
    go_to(qtbot, inspector, "same")
    qtbot.waitUntil(lambda: get_run(store, captured.number(store, "faster")).tags.get(NOTE) == "kept")
    assert not view.editing and NOTE not in get_run(store, captured.number(store, "same")).tags
    view.edit()
    QTest.keyClicks(view.field, "given up")
    QTest.keyClick(view.field, Qt.Key.Key_Escape)
    assert not view.editing and view.note.isHidden()


def test_the_runs_around_a_run_are_links(qtbot: QtBot, inspector: Inspector) -> None:
    go_to(qtbot, inspector, "faster")
    table = inspector.overview.relatives
    assert rows(table) == {"faster-inner": "✓ finished"}
    table.setCurrentIndex(table.rows.index(0, NAME))
    QTest.keyClick(table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: inspector.heading.name.text() == "faster-inner")
    assert rows(table) == {"nested in": "faster"}
    card = inspector.overview.changes
    assert card.link.isHidden() and card.text.text() == "The first run of train.py nested in its parent."
    place = table.visualRect(table.rows.index(0, VALUE)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: inspector.heading.name.text() == "faster")


# The other pages


def test_the_code_and_how_to_run_it_again(qtbot: QtBot, inspector: Inspector, session: Session) -> None:
    go_to(qtbot, inspector, "faster", CODE)
    page = inspector.of(CodePage)
    found = rows(page.facts)
    assert found["command"].endswith("train.py --name faster --lr 0.2") and len(found["commit"]) == 40
    assert found["branch"] == "main" and found["uncommitted"] == "yes, see below"
    assert rows(page.files) == {"model.py": "+1 −1"}
    assert "+    if loss < -1:" in page.patch.toPlainText()
    added = page.patch.document().find("+    if loss").block()
    assert added.layout().formats()[0].format.foreground().color() == session.theme.color("ok")
    page.copy.click()
    commands = QGuiApplication.clipboard().text()
    assert f"git worktree add --detach ../again-{run_id(inspector)[:8]} {found['commit']}" in commands
    assert "git apply " in commands and "pip install -r " in commands
    assert commands.splitlines()[-1] == "python train.py --name faster --lr 0.2"
    assert page.commands.document().size().height() > 14
    qtbot.waitUntil(lambda: page.commands.verticalScrollBar().maximum() == 0)
    go_to(qtbot, inspector, "same", CODE)
    assert page.sections["patch"].isHidden() and rows(page.facts)["uncommitted"] == "nothing"


def test_the_machine_and_its_packages(qtbot: QtBot, inspector: Inspector) -> None:
    go_to(qtbot, inspector, "faster", SYSTEM)
    page = inspector.of(SystemPage)
    assert {"Python", "host", "processor", "memory"} <= rows(page.machine).keys()
    everything = rows(page.packages)
    assert "SQLAlchemy" in everything
    QTest.keyClicks(page.search, "alchemy")
    assert rows(page.packages) == {"SQLAlchemy": everything["SQLAlchemy"]}


def test_the_output_is_searched_in_both_directions(qtbot: QtBot, inspector: Inspector) -> None:
    go_to(qtbot, inspector, "faster", CONSOLE)
    page = inspector.of(ConsolePage)
    assert page.text.toPlainText().splitlines() == [f"epoch {n}: done" for n in range(5)]
    QTest.keyClicks(page.search, "EPOCH")
    at, of, total = page.found.text().split()
    assert (of, total) == ("of", "5")
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    after = int(page.found.text().split()[0])
    assert after == int(at) % 5 + 1
    QTest.keyClick(page.search, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert page.found.text() == f"{at} of 5"
    page.search.setText("nowhere")
    assert page.found.text() == "nothing" and page.text.extraSelections() == []


# The whole


def test_stepping_never_shows_parts_of_two_runs(qtbot: QtBot, inspector: Inspector, session: Session) -> None:
    seen: set[tuple[str, str]] = set()

    class Watcher(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() is QEvent.Type.Paint:
                page = inspector.overview
                shown = page.changes.link.text() if page.changes.link.isVisible() else page.changes.text.text()
                seen.add((inspector.heading.name.text() if inspector._outer.currentIndex() else "empty", shown))
            return False

    go_to(qtbot, inspector, "first")
    watcher = Watcher(inspector)
    inspector.heading.pill.installEventFilter(watcher)
    inspector.empty.installEventFilter(watcher)
    for name in ("same", "faster", "broken", "faster"):
        before = inspector.heading.name.text()
        run = captured.number(session.store, name)
        session.select_runs([run], run)
        assert inspector.heading.name.text() == before, "the old one stays until the new one is there"
        qtbot.waitUntil(lambda name=name: inspector.heading.name.text() == name)  # type: ignore[misc]
        inspector.repaint()
    expected = {("same", "first"), ("faster", "same"), ("broken", "faster")}
    assert expected <= seen <= expected | {("first", "The first run of train.py in this experiment.")}


def test_nothing_is_read_on_the_main_thread(
    qtbot: QtBot, inspector: Inspector, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading: Callable[[Store], AbstractContextManager[Connection]] = Store.reading
    wrong: list[str] = []

    def watched(self: Store) -> AbstractContextManager[Connection]:
        if threading.current_thread() is threading.main_thread():
            wrong.append("a query")
        return reading(self)

    runs = [captured.number(inspector.session.store, name) for name in ("same", "broken", "first")]
    monkeypatch.setattr(Store, "reading", watched)
    for run in runs:
        inspector.session.select_runs([run], run)
        qtbot.waitUntil(lambda run=run: inspector.details is not None and inspector.details.run.id == run)  # type: ignore[misc]
        for page in range(inspector.tabs.count()):
            if inspector.tabs.isTabVisible(page):
                inspector.tabs.setCurrentIndex(page)
                qtbot.waitUntil(lambda page=page: inspector.shown_page == page)  # type: ignore[misc]
                inspector.grab()
    assert wrong == []


def test_what_was_open_is_remembered(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    kept = QSettings(str(tmp_path / "layout.ini"), QSettings.Format.IniFormat)
    one = shown(qtbot, session, kept)
    go_to(qtbot, one, "faster")
    heading = one.overview.sections["params"].label
    heading.setFocus()
    QTest.keyClick(heading, Qt.Key.Key_Space)
    assert one.overview.params.isHidden() and one.overview.search.isHidden()
    go_to(qtbot, one, "faster", CODE)
    other = shown(qtbot, session, kept)
    qtbot.waitUntil(lambda: other.shown_page == CODE and other.details is not None)
    assert not other.overview.sections["params"].is_open and other.overview.sections["metrics"].is_open


def test_a_page_that_a_run_has_nothing_for_comes_back_with_the_next(qtbot: QtBot, inspector: Inspector) -> None:
    go_to(qtbot, inspector, "faster", CONSOLE)
    run = captured.number(inspector.session.store, "faster-inner")
    inspector.session.select_runs([run], run)
    qtbot.waitUntil(lambda: inspector.heading.name.text() == "faster-inner")
    assert inspector.shown_page == OVERVIEW and not inspector.tabs.isTabVisible(CONSOLE)
    run = captured.number(inspector.session.store, "same")
    inspector.session.select_runs([run], run)
    qtbot.waitUntil(lambda: inspector.heading.name.text() == "same")
    assert inspector.shown_page == CONSOLE and inspector.tabs.currentIndex() == CONSOLE


def test_both_themes_colour_everything(qtbot: QtBot, qapp: QApplication, inspector: Inspector) -> None:
    sheet, palette = qapp.styleSheet(), qapp.palette()
    go_to(qtbot, inspector, "broken")
    inspector.overview.failure.show_all.click()
    for mode in (Mode.LIGHT, Mode.DARK):
        inspector.session.theme.set_mode(mode)
        (mark, _) = inspector.overview.failure.text.extraSelections()
        form = mark.format
        assert form.background().color() == QColor(inspector.session.theme.color("accent_fill"))
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
