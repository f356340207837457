"""Saved views as a user has them: saved, applied, changed, reverted, renamed, deleted, handed on, and remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from runfolio.core.columns import SortKey, metric
from runfolio.core.errors import StoreBusy
from runfolio.core.saved_views import SavedView, read_saved_view
from runfolio.core.statistics import Band, Statistic
from runfolio.core.views import FORMAT, View
from runfolio.gui.chrome.palette import Palette
from runfolio.gui.curves.options import Options
from runfolio.gui.main_window import MainWindow
from runfolio.gui.runs import feed
from runfolio.gui.views import memory, saved
from runfolio.gui.views.save_dialog import SaveDialog
from runfolio.gui.views.section import SavedViewsSection
from runfolio.store import Store, open_store
from runfolio.store.run_query import RunQuery
from runfolio.store.views import create_view, list_views, rename_view, update_view
from tests.gui.conftest import Opener
from tests.gui.writing import Writer

BEST = View("metrics.loss < 1", (SortKey(metric("loss")),))


@pytest.fixture(name="window")
def _window(qtbot: QtBot, store: Store, open_window: Opener) -> MainWindow:
    """Two experiments with two runs each; those of the second are listed."""
    writer = Writer(store.path)
    for number in range(4):
        run = writer.run(f"run-{number}", "vision/a" if number < 2 else "vision/b")
        writer.points(run, "loss", [2.0, 0.5 + number % 2])
        writer.end(run)
    writer.commit()
    writer.close()
    window = open_window(store)
    qtbot.waitUntil(lambda: window.runs.feed.settled and window.runs.feed.model.rowCount() == 2)
    return window


def section(window: MainWindow) -> SavedViewsSection:
    (found,) = window.navigator.findChildren(SavedViewsSection)
    return found


def names(window: MainWindow) -> list[str]:
    model = section(window).model
    return [model.index(row).data() for row in range(model.rowCount())]


def save_as(qtbot: QtBot, window: MainWindow, name: str, *, here: bool = True) -> None:
    window.actions_by_id["view.save_as"].trigger()
    (dialog,) = window.findChildren(SaveDialog)
    dialog.name.setText(name)
    dialog.here.setChecked(here)
    dialog.accept()
    qtbot.waitUntil(lambda: name in names(window))
    qtbot.waitUntil(lambda: window.page.views.applied is not None and window.page.views.applied.name == name)


def change(window: MainWindow, view: View) -> None:
    """Look at the runs another way, as a user does who has a view applied, or none."""
    window.session.set_view(replace(view, saved=window.session.view.saved), "Filter")


def told(window: MainWindow) -> str:
    return window.strip.text


def test_a_view_is_saved_by_keyboard_and_applied_by_a_click(qtbot: QtBot, window: MainWindow) -> None:
    window.session.set_view(BEST, "Filter")
    qtbot.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    (dialog,) = window.findChildren(SaveDialog)
    save = dialog.buttons.button(dialog.buttons.StandardButton.Save)
    assert not save.isEnabled(), "without a name"
    qtbot.keyClicks(dialog.name, "Best of all")
    assert save.isEnabled() and dialog.here.text() == "Together with vision/b"
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(window) == ["Best of all"])
    window.session.set_view(View("metrics.loss > 0"), "Filter")
    window.session.select_experiments([1])
    rows = section(window).list
    place = rows.visualRect(rows.model().index(0, 0)).center()
    qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: window.session.view == BEST)
    assert window.session.selection.experiments == (2,)
    qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == 1)
    assert window.page.filter.edit.toPlainText() == "metrics.loss < 1"
    window.session.undo.undo()
    assert (window.session.selection.experiments, window.session.view) == ((1,), View()), "as it was before the click"
    assert window.session.undo.undo_text == "Filter"
    window.session.undo.redo()
    assert (window.session.selection.experiments, window.session.view) == ((2,), BEST)


def test_a_view_of_other_experiments_comes_with_them_at_once(qtbot: QtBot, window: MainWindow) -> None:
    """Nothing is read for experiments in a view that nobody has asked for."""
    session, seen = window.session, list[tuple[tuple[int, ...], View]]()
    session.set_view(BEST, "Filter")
    save_as(qtbot, window, "best")
    session.set_view(View("metrics.loss > 0"), "Filter")
    session.select_experiments([1])
    for signal in (session.selection_changed, session.view_changed):
        signal.connect(lambda _: seen.append((session.selection.experiments, session.view)))
    window.page.views.apply(window.page.views.views[0])
    qtbot.waitUntil(lambda: len(seen) > 1)
    assert set(seen) == {((2,), BEST)}


def test_views_of_the_last_few_hundred_combinations_are_remembered(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "MOST_KEPT", 3)
    for number in range(5):
        window.session.select_experiments([1, 100 + number])
        change(window, View(f"metrics.loss > {number}"))
    window.session.select_experiments([1, 102])
    change(window, BEST)
    kept = window.page._memory._kept
    kept.beginGroup(window.page._memory._group)
    assert {key: kept.value(key) for key in kept.childKeys() if key != "latest"} == {
        "1,103": View("metrics.loss > 3").to_json(),
        "1,104": View("metrics.loss > 4").to_json(),
        "1,102": BEST.to_json(),
    }
    kept.endGroup()


def test_a_view_is_not_overwritten_from_other_experiments(qtbot: QtBot, window: MainWindow) -> None:
    change(window, BEST)
    save_as(qtbot, window, "best")
    model = section(window).model
    window.session.select_experiments([1])
    assert model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole) == "View best"
    change(window, View("metrics.loss > 0"))
    assert not window.actions_by_id["view.revert"].isEnabled() and not window.actions_by_id["view.delete"].isEnabled()
    window.actions_by_id["view.save"].trigger()
    (dialog,) = window.findChildren(SaveDialog)
    assert dialog.name.text() == "" and dialog.here.text() == "Together with vision/a"
    dialog.reject()
    window.session.select_experiments([2])
    assert model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole) == "View best, applied"
    assert not window.page.views.modified


def test_what_is_changed_shows_as_modified_and_is_reverted_or_saved(qtbot: QtBot, window: MainWindow) -> None:
    change(window, BEST)
    save_as(qtbot, window, "best")
    model = section(window).model
    assert model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole) == "View best, applied"
    assert not window.actions_by_id["view.revert"].isEnabled()
    change(window, replace(BEST, filter=""))
    assert model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole) == "View best, applied, modified"
    window.actions_by_id["view.revert"].trigger()
    qtbot.waitUntil(lambda: window.session.view == BEST)
    change(window, replace(BEST, filter="metrics.loss < 2"))
    window.actions_by_id["view.save"].trigger()
    qtbot.waitUntil(lambda: "Updated the view best" in told(window))
    qtbot.waitUntil(lambda: not window.page.views.modified)
    saved, _ = read_saved_view(list_views(window.session.store)[0].text)
    assert saved.view.filter == "metrics.loss < 2" and saved.experiments == ("vision/b",)


def test_a_view_is_renamed_in_place_deleted_and_brought_back(qtbot: QtBot, window: MainWindow) -> None:
    save_as(qtbot, window, "first")
    save_as(qtbot, window, "second")
    rows = section(window).list
    rows.setFocus()
    rows.setCurrentIndex(rows.model().index(0, 0))
    qtbot.keyClick(rows, Qt.Key.Key_F2)
    editor = rows.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    editor.setText("zulu")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(window) == ["second", "zulu"])
    rows.setCurrentIndex(rows.model().index(0, 0))
    qtbot.keyClick(rows, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: names(window) == ["zulu"])
    assert window.page.views.applied is None
    window.session.undo.undo()
    qtbot.waitUntil(lambda: names(window) == ["second", "zulu"])


def test_a_view_that_a_later_version_has_written_is_left_as_it_is(qtbot: QtBot, window: MainWindow) -> None:
    save_as(qtbot, window, "best")
    store, (stored,) = window.session.store, window.page.views.views
    later = stored.text.replace(f'"format": {FORMAT}', '"format": 99')
    update_view(store, stored.id, later)
    qtbot.waitUntil(lambda: window.page.views.applied is None)
    assert not window.page.views.modified and not window.actions_by_id["view.revert"].isEnabled()
    window.page.views.update()
    assert [view.text for view in list_views(store)] == [later]


def test_a_name_that_is_taken_cannot_be_saved(qtbot: QtBot, window: MainWindow) -> None:
    save_as(qtbot, window, "best")
    window.actions_by_id["view.save_as"].trigger()
    (dialog,) = window.findChildren(SaveDialog)
    dialog.name.setText("  best ")
    assert not dialog.buttons.button(dialog.buttons.StandardButton.Save).isEnabled()
    dialog.reject()


def test_another_window_sees_the_views(qtbot: QtBot, window: MainWindow) -> None:
    store = window.session.store
    create_view(store, "from elsewhere", SavedView("from elsewhere", BEST).to_json())
    qtbot.waitUntil(lambda: names(window) == ["from elsewhere"])
    rename_view(store, list_views(store)[0].id, "renamed")
    qtbot.waitUntil(lambda: names(window) == ["renamed"])


def test_the_palette_applies_a_view(qtbot: QtBot, window: MainWindow) -> None:
    store = window.session.store
    create_view(store, "Failed this week", SavedView("", BEST).to_json())
    qtbot.waitUntil(lambda: names(window) == ["Failed this week"])
    window.show_palette()
    (palette,) = window.findChildren(Palette)
    qtbot.keyClicks(palette.field, "failed week")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session.view == BEST)
    assert window.session.selection.experiments == (2,), "it was saved for whichever experiments"


def test_the_menu_of_a_view_names_what_can_be_done(qtbot: QtBot, window: MainWindow) -> None:
    save_as(qtbot, window, "best")
    (stored,) = window.page.views.views
    menu = section(window).menu_of(stored)
    enabled = {action.text(): action.isEnabled() for action in menu.actions() if action.text()}
    assert enabled["Apply"] and enabled["Rename"] and enabled["Delete"] and enabled["Export…"]
    assert not enabled["Revert"]
    menu.deleteLater()


def exported(qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    window.actions_by_id["view.export"].trigger()
    qtbot.waitUntil(lambda: "Wrote the view" in told(window))


def test_a_view_is_handed_on_as_a_file(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window.session.set_view(BEST, "Filter")
    exported(qtbot, window, monkeypatch, tmp_path / "best")
    file = tmp_path / "best.runfolio-view"
    assert read_saved_view(file.read_text())[0].view == BEST
    assert [one.name for one in tmp_path.glob("*best*")] == ["best.runfolio-view"]
    window.session.set_view(View(), "Filter")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    window.actions_by_id["view.open"].trigger()
    qtbot.waitUntil(lambda: window.session.view == BEST)
    qtbot.waitUntil(lambda: "Opened the view" in told(window))


def test_a_dropped_file_of_another_store_says_what_is_missing(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    view = replace(BEST, filter="metrics.loss < 1 and params.depth = '3'")
    file = tmp_path / "theirs.runfolio-view"
    file.write_text(SavedView("theirs", view, ("nlp/bert",)).to_json())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    where = QPointF(400, 300)
    buttons = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(where.toPoint(), Qt.DropAction.CopyAction, data, *buttons))
    QApplication.sendEvent(window, QDropEvent(where, Qt.DropAction.CopyAction, data, *buttons))
    qtbot.waitUntil(lambda: window.session.view == view)
    assert told(window) == "“theirs” names 2 things that are not here; the rest is shown."
    (details,) = [b for b in window.strip.findChildren(QPushButton) if b.text() == "Details"]
    qtbot.mouseClick(details, Qt.MouseButton.LeftButton)
    (box,) = window.findChildren(QMessageBox)
    assert box.detailedText() == "No experiment 'nlp/bert'\nNo param 'depth'"
    box.close()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"hello", b'{"format": 99}'])
def test_what_is_no_view_is_told_and_changes_nothing(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "x.runfolio-view"
    file.write_bytes(content)
    before = window.session.view
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    window.actions_by_id["view.open"].trigger()
    qtbot.waitUntil(lambda: bool(told(window)))
    assert window.session.view == before


def test_each_experiment_has_the_view_it_had_at_the_next_start(
    qtbot: QtBot, window: MainWindow, open_window: Opener
) -> None:
    session = window.session
    session.set_view(BEST, "Filter")
    session.select_experiments([1])
    assert session.view == View(), "one that was never looked at otherwise"
    session.set_view(View("metrics.loss > 1"), "Filter")
    session.select_experiments([2])
    assert session.view == BEST
    session.undo.undo()
    assert session.selection.experiments == (1,) and session.view == View()
    session.undo.redo()
    again = open_window(open_store(session.store.path))
    qtbot.waitUntil(lambda: again.session.selection.experiments == (2,))
    assert again.session.view == BEST
    again.session.select_experiments([1])
    assert again.session.view == View("metrics.loss > 1")


def test_experiments_with_another_view_are_read_once(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, table = window.session, window.runs.feed
    session.set_view(BEST, "Filter")
    session.select_experiments([1])
    qtbot.waitUntil(lambda: table.current and table.settled)
    asked: list[tuple[tuple[int, ...], str]] = []

    def counted(name: str) -> Callable[..., object]:
        read = getattr(feed, name)

        def reading(store: Store, query: RunQuery, *more: object) -> object:
            asked.append((query.experiments, query.filter))
            return read(store, query, *more)

        return reading

    for name in ("read_table", "read_first_page"):
        monkeypatch.setattr(feed, name, counted(name))
    session.select_experiments([2])
    qtbot.waitUntil(lambda: table.current and table.settled and table.fitting.number == 1)
    assert asked == [((2,), BEST.filter)]
    session.undo.undo()
    session.select_experiments([1])
    qtbot.waitUntil(lambda: table.current and table.settled and table.fitting.all)
    asked.clear()
    session.undo.redo()
    qtbot.waitUntil(lambda: table.current and table.settled and table.fitting.number == 1)
    assert asked == [((2,), BEST.filter)], "and not in the view of before first"


def test_the_charts_options_come_with_a_view(qtbot: QtBot, window: MainWindow) -> None:
    charts = window.page.charts
    assert charts is not None
    wanted = Options(smoothing=0.6, log=True, line=Statistic.MEDIAN, band=Band.INTERVAL, members=True)
    charts.toolbar.show_options(wanted)
    save_as(qtbot, window, "smooth")
    charts.toolbar.show_options(Options(groups=False))
    window.page.views.apply(window.page.views.views[0])
    qtbot.waitUntil(lambda: charts.toolbar.options == wanted)


def test_the_model_passes_qts_tester(qtbot: QtBot, window: MainWindow) -> None:
    model = section(window).model
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    save_as(qtbot, window, "b")
    save_as(qtbot, window, "a")
    window.session.set_view(BEST, "Filter")
    assert names(window) == ["a", "b"]
    del tester


def test_commands_for_the_applied_view_wake_as_soon_as_it_is_saved(qtbot: QtBot, window: MainWindow) -> None:
    delete, revert = (window.actions_by_id[name] for name in ("view.delete", "view.revert"))
    assert not delete.isEnabled() and not revert.isEnabled()
    save_as(qtbot, window, "Mine")
    assert delete.isEnabled() and not revert.isEnabled()
    change(window, BEST)
    assert revert.isEnabled()
    delete.trigger()
    qtbot.waitUntil(lambda: not names(window))
    assert not delete.isEnabled() and not revert.isEnabled()


def test_what_undo_takes_back_of_a_view_shows_as_a_change(qtbot: QtBot, window: MainWindow) -> None:
    change(window, View("metrics.loss < 2"))
    save_as(qtbot, window, "mine")
    views = window.page.views
    assert not views.modified
    change(window, BEST)
    assert views.modified
    views.update()
    qtbot.waitUntil(lambda: not views.modified)
    window.session.undo.undo()
    qtbot.waitUntil(lambda: views.modified)
    views.revert()
    qtbot.waitUntil(lambda: window.session.view == View("metrics.loss < 2"))


def test_a_save_that_failed_is_none(qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    save_as(qtbot, window, "mine")
    change(window, BEST)

    def busy(*_given: object, **_more: object) -> None:
        raise StoreBusy("The store is busy.")

    monkeypatch.setattr(saved, "update_view", busy)
    window.page.views.update()
    qtbot.waitUntil(lambda: "busy" in told(window))
    assert window.page.views.modified
    monkeypatch.setattr(saved, "create_view", busy)
    window.page.views.save_as("other")
    qtbot.waitUntil(lambda: window.session.jobs.running == ())
    create_view(window.session.store, name="other", text=SavedView("other", View()).to_json())
    qtbot.waitUntil(lambda: "other" in names(window))
    assert window.page.views.applied is not None and window.page.views.applied.name == "mine"


def test_a_view_that_was_left_by_undo_is_applied_no_more(qtbot: QtBot, window: MainWindow) -> None:
    window.session.set_view(BEST, "Filter")
    save_as(qtbot, window, "best", here=False)
    window.session.undo.undo()  # the saving
    qtbot.waitUntil(lambda: names(window) == [])
    window.session.undo.redo()
    qtbot.waitUntil(lambda: names(window) == ["best"])
    window.session.select_experiments([1])
    views = window.page.views
    views.apply(views.views[0])
    qtbot.waitUntil(lambda: views.applied is not None)
    window.session.undo.undo()
    assert window.session.view == View() and views.applied is None
    window.actions_by_id["view.save"].trigger()
    (dialog,) = window.findChildren(SaveDialog)
    dialog.reject()
    window.session.undo.redo()
    assert views.applied is not None and not views.modified
    assert read_saved_view(list_views(window.session.store)[0].text)[0].view == BEST
