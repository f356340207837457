"""The run table's columns as a user has them: moved, pinned, hidden, chosen, sorted, filtered, coloured, compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication, QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from runfolio.core.columns import (
    CREATED,
    DURATION,
    NAME,
    NOTE,
    STATUS,
    Column,
    Kind,
    SortKey,
    Source,
    metric,
    param,
    trend,
)
from runfolio.core.formula_edits import set_formula
from runfolio.core.views import View
from runfolio.gui.chrome.palette import Palette
from runfolio.gui.columns.chooser import ColumnChooser
from runfolio.gui.columns.formats import FormatsEditor
from runfolio.gui.columns.menu import ColumnMenu, open_menu
from runfolio.gui.columns.quick_filter import QuickFilter
from runfolio.gui.main_window import MainWindow
from runfolio.gui.runs.feed import State
from runfolio.gui.runs.header import DESCENDING, MARGIN
from runfolio.gui.views.bar import Place
from runfolio.store import Store
from runfolio.store.experiments import get_or_create
from tests.gui.conftest import Opener
from tests.gui.seen import places
from tests.gui.writing import Writer

ACC, LOSS, LR, OPTIMIZER = metric("val/acc"), metric("val/loss"), param("lr", numeric=True), param("optimizer")
TEAM = Column(Source.TAG, "team", NOTE.kind)
#: The last accuracy and loss of each run; the best accuracy of all runs is one more than the last.
RUNS = {"a": (0.90, 0.5), "b": (0.80, 0.7), "c": (0.70, 0.9), "d": (0.60, 0.3)}


@pytest.fixture
def window(qtbot: QtBot, store: Store, open_window: Opener) -> Iterator[MainWindow]:
    """Four runs, shown in a window of the least size."""
    writer = Writer(store.path)
    for number, (name, (accuracy, loss)) in enumerate(RUNS.items()):
        run = writer.run(name)
        run.log_params({"lr": 0.1 / 10**number, "optimizer": ["adam", "sgd"][number % 2], "epochs": 60})
        run.set_tags({"team": f"t{number % 2}", "score": f"{10 - 3 * number}", "mlflow.note.content": f"about {name}"})
        writer.points(run, "val/acc", [0.1, accuracy + 1, accuracy])
        writer.points(run, "val/loss", [2.0, loss])
        writer.points(run, "train/loss", [2.0, 1.0])
        writer.end(run)
    writer.commit()
    one = open_window(store)
    one.resize(1100, 700)
    one.session.select_experiments([get_or_create(store, "digits").id])
    qtbot.waitUntil(lambda: one.runs.feed.state is State.RUNS and len(shown(one)) > 8 and one.runs.feed.settled)
    yield one
    writer.close()


def shown(window: MainWindow) -> tuple[Column, ...]:
    return window.runs.feed.model.columns


def headings(window: MainWindow) -> list[str]:
    return [column.heading for column in shown(window)]


def texts(window: MainWindow, column: Column) -> list[str]:
    model = window.runs.feed.model
    return [str(model.index(row, model.section_of(column)).data()) for row in range(model.rowCount())]


def accessible(window: MainWindow, row: int, column: Column) -> str:
    model = window.runs.feed.model
    return str(model.index(row, model.section_of(column)).data(Qt.ItemDataRole.AccessibleTextRole))


def look_at(window: MainWindow, view: View) -> None:
    window.session.set_view(view, "Test")


def menu_of(window: MainWindow, column: Column) -> ColumnMenu:
    section = window.runs.feed.model.section_of(column)
    return open_menu(window.runs.view, window.session, section, None, window.actions_by_id["view.columns"])


def choose(window: MainWindow, column: Column, *titles: str) -> None:
    """Choose an entry of a column's menu, by the titles on the way to it."""
    menu: QMenu = menu_of(window, column)
    top = menu
    for title in titles:
        (action,) = [one for one in menu.actions() if one.text() == title]
        inner = action.menu()
        if isinstance(inner, QMenu):
            menu = inner
        else:
            action.trigger()
    top.close()


# Order and width


def test_dragging_a_column_moves_it_and_undo_moves_it_back(qtbot: QtBot, window: MainWindow) -> None:
    header, before = window.runs.view.header, shown(window)
    section = window.runs.feed.model.section_of(STATUS)
    place = QPoint(header.sectionViewportPosition(section) + 30, header.names_height - 12)
    target = QPoint(header.sectionViewportPosition(section + 3) - 8, place.y())
    QTest.mousePress(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    for x in range(place.x(), target.x(), 20):
        QTest.mouseMove(header.viewport(), QPoint(x, place.y()))
    QTest.mouseMove(header.viewport(), target)
    QTest.mouseRelease(header.viewport(), Qt.MouseButton.LeftButton, pos=target)
    qtbot.waitUntil(lambda: shown(window)[:4] == (NAME, CREATED, DURATION, STATUS))
    assert set(window.session.view.places) == set(before)
    window.session.undo.undo()
    assert shown(window) == before
    window.session.undo.redo()
    assert shown(window)[3] == STATUS


def test_moving_by_menu_is_for_the_keyboard(window: MainWindow) -> None:
    choose(window, STATUS, "Move", "Right")
    assert shown(window)[:3] == (NAME, CREATED, STATUS)
    choose(window, STATUS, "Move", "Left")
    assert shown(window)[:2] == (NAME, STATUS)
    assert window.session.undo.undo_text == "Move Column Left"
    choose(window, STATUS, "Move", "Left")
    assert shown(window)[:2] == (NAME, STATUS), "the names are pinned"


def test_headings_can_be_read_when_their_columns_are_sorted(window: MainWindow) -> None:
    header, order = window.runs.view.header, (SortKey(DURATION), SortKey(OPTIMIZER))
    window.session.set_view(replace(window.session.view, order=order))
    for section, column in enumerate(window.runs.feed.model.columns):
        sign = f"{column.heading} {DESCENDING}2" if column in (DURATION, OPTIMIZER) else column.heading
        assert header.fontMetrics().horizontalAdvance(sign) <= header.sectionSize(section) - 2 * MARGIN, column.heading


def test_widths_are_fitted(window: MainWindow) -> None:
    header, section = window.runs.view.header, window.runs.feed.model.section_of(OPTIMIZER)
    fitting = header.sectionSize(section)
    header.resizeSection(section, 300)
    choose(window, OPTIMIZER, "Width", "Fit")
    assert header.sectionSize(section) == fitting
    header.resizeSection(section, 300)
    window.actions_by_id["view.fit_columns"].trigger()
    assert header.sectionSize(section) == fitting


# Pinning


def picture(window: MainWindow, width: int) -> QImage:
    view = window.runs.view
    return view.viewport().grab().toImage().copy(0, 0, width, view.rowHeight(0) * len(RUNS))


def test_names_stay_in_sight_until_they_are_unpinned(window: MainWindow) -> None:
    header, bar = window.runs.view.header, window.runs.view.horizontalScrollBar()
    bar.setValue(bar.maximum())
    assert header.left_of(0) == 0 and header.held() == header.sectionSize(0)
    choose(window, NAME, "Unpin")
    bar.setValue(bar.maximum())
    assert bar.value() and header.left_of(0) == -bar.value() and not header.held()


def test_pinned_columns_stay_in_sight_and_under_the_mouse(qtbot: QtBot, window: MainWindow) -> None:
    view, header = window.runs.view, window.runs.view.header
    choose(window, ACC, "Pin")
    assert shown(window)[:2] == (NAME, ACC) and header.marks.pinned == 2
    held = header.sectionSize(0) + header.sectionSize(1)
    view.horizontalScrollBar().setValue(0)
    before = picture(window, held - 1)
    assert header.held() == 0, "nothing has scrolled yet"
    view.horizontalScrollBar().setValue(view.horizontalScrollBar().maximum())
    assert header.held() == held
    assert picture(window, held - 1) == before
    assert picture(window, held + 200).copy(held, 0, 200, 50) != before.copy(0, 0, 200, 50)
    name = view.indexAt(QPoint(5, view.rowViewportPosition(2) + 5))
    assert (name.row(), name.column()) == (2, 0) and view.visualRect(name).left() == 0
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(70, view.rowViewportPosition(2) + 5))
    assert places(view) == [2] and view.currentIndex().column() == 0
    assert header.section_at(held - 5) == 1 and header.left_of(1) == header.sectionSize(0)
    clicked: list[int] = []
    header.sectionClicked.connect(clicked.append)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(held - 30, header.names_height - 12))
    assert clicked == [1] and window.session.view.order == (SortKey(ACC, descending=True),)


def test_the_keyboard_brings_out_what_lies_under_the_pinned(window: MainWindow) -> None:
    look_at(window, View(pinned=(NAME, ACC)))
    view, header = window.runs.view, window.runs.view.header
    view.setFocus()
    view.setCurrentIndex(view.runs.index(1, view.runs.columnCount() - 1))
    assert header.held()
    for _ in range(view.runs.columnCount() - 3):
        QTest.keyClick(view, Qt.Key.Key_Left)
        left = header.left_of(view.currentIndex().column())
        assert left >= header.held()
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.currentIndex().column() == 1 and header.left_of(1) == header.sectionSize(0)


def test_too_many_pinned_columns_do_not_take_all_the_room(window: MainWindow) -> None:
    look_at(window, View(pinned=shown(window)))
    window.runs.view.horizontalScrollBar().setValue(200)
    assert window.runs.view.header.held() == 0


# Hiding, folding, statistics


def test_hiding_and_hiding_others(window: MainWindow) -> None:
    choose(window, STATUS, "Hide")
    assert "Status" not in headings(window) and window.session.undo.undo_text == "Hide"
    choose(window, ACC, "Hide Others")
    assert shown(window) == (NAME, ACC)
    window.session.undo.undo()
    window.session.undo.undo()
    assert "Status" in headings(window)


def test_a_group_is_folded_by_its_label_and_by_prefix(window: MainWindow) -> None:
    header = window.runs.view.header
    look_at(window, View(hidden=(STATUS, CREATED, DURATION)))
    group = next(one for one in header.groups() if one.source is Source.PARAM)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(group.left + 20, 14))
    assert [column for column in shown(window) if column.source is Source.PARAM] == [param("epochs")]
    assert header.marks.behind == {param("epochs"): 2}
    choose(window, param("epochs"), "Unfold Parameters")
    assert OPTIMIZER in shown(window)
    choose(window, ACC, "Fold val/")
    assert LOSS not in shown(window) and metric("train/loss") in shown(window)


def test_a_statistic_stands_beside_its_metric_and_shows_its_values(qtbot: QtBot, window: MainWindow) -> None:
    choose(window, ACC, "Insert Statistic", "best")
    best = metric("val/acc", "best")
    assert shown(window)[shown(window).index(ACC) + 1] == best
    qtbot.waitUntil(lambda: texts(window, best)[0] == "1.600")
    choose(window, ACC, "Lower Is Better")
    qtbot.waitUntil(lambda: set(texts(window, best)) == {"0.1000"})
    assert window.runs.view.header.tip_of(shown(window).index(best)).endswith("as you have said")
    choose(window, ACC, "Insert Statistic", "best")
    assert best not in shown(window)


def test_a_column_that_was_left_out_has_its_bars_when_it_is_back(qtbot: QtBot, window: MainWindow) -> None:
    session, feed = window.session, window.runs.feed
    choose(window, LOSS, "Hide")
    qtbot.waitUntil(lambda: feed.model.share(LOSS, 1.0) is None and feed.model.share(ACC, 1.6) is not None)
    session.undo.undo()
    assert LOSS in shown(window)
    qtbot.waitUntil(lambda: feed.model.share(LOSS, 1.0) is not None)


def test_curves_of_any_metric(qtbot: QtBot, window: MainWindow) -> None:
    choose(window, LOSS, "Insert Statistic", "trend")
    assert trend("val/loss") in shown(window) and trend("val/acc") in shown(window)
    window.runs.view.horizontalScrollBar().setValue(window.runs.view.horizontalScrollBar().maximum())
    run = int(window.runs.feed.model.ids[0])
    qtbot.waitUntil(lambda: window.runs.feed.trends.picture(run, "val/loss") is not None)


# Order of the runs


def test_sorting_by_menu(qtbot: QtBot, window: MainWindow) -> None:
    choose(window, OPTIMIZER, "Sort Descending")
    choose(window, ACC, "Add to Sort", "Ascending")
    assert list(window.session.view.order) == [SortKey(OPTIMIZER, True), SortKey(ACC)]
    qtbot.waitUntil(lambda: texts(window, NAME) == ["d", "b", "c", "a"])
    choose(window, ACC, "Key 2 of the Sort", "Descending")
    qtbot.waitUntil(lambda: texts(window, NAME) == ["b", "d", "a", "c"])
    choose(window, OPTIMIZER, "Missing Values First")
    assert window.session.view.order[0].nulls_first
    choose(window, OPTIMIZER, "Clear Sort")
    assert list(window.session.view.order) == [SortKey(ACC, True)]


def test_the_direction_decides_what_is_the_best_and_comes_up_first(qtbot: QtBot, window: MainWindow) -> None:
    summary = window.page._summary
    qtbot.waitUntil(lambda: summary.text().endswith("best val/acc 1.900"))
    choose(window, ACC, "Lower Is Better")
    qtbot.waitUntil(lambda: summary.text().endswith("best val/acc 0.1000"))
    window.runs.view.header.sectionClicked.emit(shown(window).index(ACC))
    assert window.session.view.order == (SortKey(ACC),)


# Filters


def filter_of(window: MainWindow, column: Column) -> QuickFilter:
    choose(window, column, "Filter…")
    (popup,) = [one for one in window.findChildren(QuickFilter) if one.isVisible()]
    popup.setWindowFlags(Qt.WindowType.Dialog)  # Qt closes popups when any other window of the tests gets the keyboard
    popup.show()
    return popup


def test_fields_of_a_column_s_dialogs_have_room_for_their_texts(window: MainWindow) -> None:
    popup = filter_of(window, LOSS)
    choose(window, LOSS, "Formats…")
    (formats,) = window.findChildren(FormatsEditor)
    for part in (popup, formats):
        for field in part.findChildren(QLineEdit):
            assert field.height() >= field.fontMetrics().height() + 8


def test_a_range_becomes_the_column_s_part_of_the_filter(qtbot: QtBot, window: MainWindow) -> None:
    look_at(window, View(filter="params.optimizer = 'adam' and metrics.`val/acc` > 0.2"))
    popup = filter_of(window, ACC)
    assert popup.least is not None and popup.most is not None and popup.least.text() == "> 0.2"
    popup.least.setText("much")
    popup.apply()
    assert popup.trouble.isVisible() and popup.isVisible()
    popup.least.setText("0.8")
    QTest.keyClick(popup.most, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: texts(window, NAME) == ["a"])
    assert window.session.view.filter == "params.optimizer = 'adam' and metrics.val/acc >= 0.8"
    assert set(window.runs.view.header.marks.filters) == {OPTIMIZER, ACC, trend("val/acc")}
    choose(window, ACC, "Clear Filter")
    qtbot.waitUntil(lambda: texts(window, NAME) == ["c", "a"])


def test_a_day_stays_a_day_in_the_filter(window: MainWindow) -> None:
    popup = filter_of(window, CREATED)
    assert popup.least is not None and popup.most is not None
    popup.most.setText("yesterday")
    popup.apply()
    assert popup.trouble.isVisible() and "at character 1:" in popup.trouble.text()
    popup.most.setText("")
    popup.least.setText("2026-11-28")
    popup.apply()
    assert window.session.view.filter == "created >= 2026-11-28"
    popup = filter_of(window, CREATED)
    assert popup.least is not None and popup.least.text() == "2026-11-28"


def test_values_are_checked_and_texts_looked_for(qtbot: QtBot, window: MainWindow) -> None:
    popup = filter_of(window, OPTIMIZER)
    assert popup.values is not None and popup.text is not None
    qtbot.waitUntil(lambda: popup.values is not None and popup.values.count() == 2)
    popup.values.findItems("sgd", Qt.MatchFlag.MatchExactly)[0].setCheckState(Qt.CheckState.Checked)
    popup.apply()
    qtbot.waitUntil(lambda: texts(window, NAME) == ["d", "b"])
    popup = filter_of(window, OPTIMIZER)
    assert popup.values is not None and popup.values.item(0).checkState() is Qt.CheckState.Checked
    popup.clear()
    qtbot.waitUntil(lambda: len(texts(window, NAME)) == 4)
    assert window.session.view.filter == ""
    popup = filter_of(window, NAME)
    assert popup.text is not None
    popup.text.setText("B")
    popup.apply()
    qtbot.waitUntil(lambda: texts(window, NAME) == ["b"])


def test_applying_a_filter_untouched_changes_nothing(window: MainWindow) -> None:
    text = "metrics.val/acc < 1.5 and metrics.val/acc != 0.3 and params.optimizer ilike 'ad%'"
    for column in (ACC, OPTIMIZER):
        look_at(window, View(filter=text))
        filter_of(window, column).apply()
        assert sorted(window.session.view.filter.split(" and ")) == sorted(text.split(" and "))


# Looks


def color_in(window: MainWindow, row: int, column: Column) -> QColor:
    """The colour of a cell's upper left corner, within its margins."""
    view = window.runs.view
    index = view.runs.index(row, view.runs.section_of(column))
    view.scrollTo(index)
    place = view.visualRect(index).topLeft() + QPoint(5, 4)
    return view.viewport().grab().toImage().pixelColor(place)


def test_heat_goes_from_the_worst_to_the_best(qtbot: QtBot, window: MainWindow) -> None:
    look = window.runs.view.delegate.look
    choose(window, ACC, "Heat Colours")
    choose(window, LOSS, "Heat Colours")
    qtbot.waitUntil(lambda: window.runs.feed.settled)
    names = texts(window, NAME)
    assert color_in(window, names.index("a"), ACC) == look.heat(1.0)
    assert color_in(window, names.index("d"), ACC) == look.heat(0.0)
    assert color_in(window, names.index("d"), LOSS) == look.heat(1.0), "of a loss the least is the best"
    choose(window, LR, "Heat Colours")
    qtbot.waitUntil(lambda: color_in(window, names.index("a"), LR) == look.heat(1.0))
    assert color_in(window, names.index("d"), LR) == look.heat(0.5), "a small param is no bad one"
    choose(window, LOSS, "Higher Is Better")
    qtbot.waitUntil(lambda: color_in(window, names.index("d"), LOSS) == look.heat(0.0))


def test_formulas_are_coloured_by_their_values_too(qtbot: QtBot, window: MainWindow) -> None:
    look_at(window, set_formula(View(), "", "size", "log10(params.lr - 0.0005)"))
    size = next(column for column in shown(window) if column.heading == "size")
    choose(window, size, "Heat Colours")
    look, names = window.runs.view.delegate.look, texts(window, NAME)
    qtbot.waitUntil(lambda: color_in(window, names.index("a"), size) == look.heat(1.0))
    assert color_in(window, names.index("c"), size) == look.heat(0.5), "nobody can say that less is worse"
    assert color_in(window, names.index("b"), size) not in (look.heat(0.5), look.heat(1.0))
    assert texts(window, size)[names.index("d")] == "", "there is no logarithm of what is not positive"


def test_a_cell_without_a_value_is_not_set_for_the_ear_and_says_why(qtbot: QtBot, window: MainWindow) -> None:
    writer = Writer(window.session.store.path)
    writer.run("bare", "digits").log_params({"optimizer": "None"})
    writer.commit()
    look_at(window, set_formula(View(), "", "size", "params.lr * 2"))
    qtbot.waitUntil(lambda: texts(window, NAME)[:1] == ["bare"] and window.runs.feed.settled)
    size = next(column for column in shown(window) if column.heading == "size")
    assert accessible(window, 0, LR) == "lr: not set" and accessible(window, 0, ACC) == "val/acc: not set"
    assert accessible(window, 0, OPTIMIZER) == "optimizer: None", "which is what was logged"
    assert accessible(window, 0, size) == "size: no value, The run has no params.lr"
    writer.close()


def test_formats_are_edited_and_seen(window: MainWindow) -> None:
    choose(window, ACC, "Formats…")
    (editor,) = window.findChildren(FormatsEditor)
    (line,) = editor.lines
    line.value.setText("very good")
    editor.apply()
    assert editor.trouble.isVisible()
    line.value.setText("0.85")
    editor.add_line()
    editor.lines[1].comparison.setCurrentText("<")
    editor.lines[1].value.setText("0.65")
    editor.lines[1].tone.setCurrentIndex(2)
    editor.apply()
    marked = [accessible(window, row, ACC) for row in range(4)]
    assert [text.rpartition(", ")[2] for text in marked] == [
        "marked as bad", "val/acc: 0.7000", "val/acc: 0.8000", "marked as ok",
    ]  # fmt: skip
    assert not window.runs.grab().isNull()
    choose(window, ACC, "Formats…")
    again = window.findChildren(FormatsEditor)[-1]
    assert [line.value.text() for line in again.lines] == ["0.85", "0.65"]
    again.lines[0].remove.click()
    again.apply()
    assert len(window.session.view.rules) == 1
    window.session.undo.undo()
    assert len(window.session.view.rules) == 2


@pytest.mark.parametrize(("name", "height"), [("compact", 24), ("comfortable", 34), ("normal", 28)])
def test_heights_of_rows_change_at_once(window: MainWindow, name: str, height: int) -> None:
    window.actions_by_id["view.rows_compact" if name == "normal" else "view.rows_normal"].trigger()
    window.actions_by_id[f"view.rows_{name}"].trigger()
    assert window.runs.view.rowHeight(0) == height
    assert window.session.preferences["row_height"] == name


# The baseline


def names_of(window: MainWindow, width: int) -> QImage:
    """The names of those columns that are as wide with a baseline as without."""
    header = window.runs.view.header
    left = header.sectionViewportPosition(window.runs.feed.model.section_of(DURATION))
    return (
        header.viewport()
        .grab()
        .toImage()
        .copy(0, header.names_height // 2, min(left, width), header.names_height // 2 - 2)
    )


def test_a_baseline_is_frozen_on_top_and_every_number_beside_it_tells_its_difference(
    qtbot: QtBot, window: MainWindow
) -> None:
    view, header = window.runs.view, window.runs.view.header
    plain = header.height()
    row = texts(window, NAME).index("b")
    window.session.select_runs([int(view.runs.ids[row])], int(view.runs.ids[row]))
    names = names_of(window, view.width())
    window.actions_by_id["run.baseline"].trigger()
    qtbot.waitUntil(lambda: header.height() == plain + view.rowHeight(0))
    assert names_of(window, view.width()) == names, "the row below them changes no name"
    assert accessible(window, texts(window, NAME).index("a"), ACC) == (
        "val/acc: 0.9000, ▲0.1, +12.5 %, better beside the baseline b"
    )
    loss = accessible(window, texts(window, NAME).index("a"), LOSS)
    assert loss.startswith("val/loss: 0.5000, ▼0.2, −28.6 %, better")
    assert "worse" in accessible(window, texts(window, NAME).index("c"), LOSS)
    lr = accessible(window, texts(window, NAME).index("a"), LR)
    assert lr == "lr: 0.1, ▲0.09, +900 % beside the baseline b", "nobody knows which way a param is better"
    assert "baseline" not in accessible(window, row, ACC)
    window.session.set_view(View(baseline=window.session.view.baseline, filter="name != 'b'"), "Filter")
    qtbot.waitUntil(lambda: len(texts(window, NAME)) == 3)
    assert header.height() == plain + view.rowHeight(0), "it is seen even where it is filtered out"
    window.session.undo.undo()
    qtbot.waitUntil(lambda: len(texts(window, NAME)) == 4)
    window.session.select_runs([])
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(40, header.height() - 8))
    assert places(view) == [row]
    window.actions_by_id["run.no_baseline"].trigger()
    qtbot.waitUntil(lambda: header.height() == plain)
    assert not window.actions_by_id["run.no_baseline"].isEnabled()
    window.session.undo.undo()
    qtbot.waitUntil(lambda: header.height() > plain)


def test_the_baseline_follows_what_is_logged(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    writer = Writer(store.path)
    run = writer.run("live")
    writer.points(run, "val/acc", [0.5])
    writer.commit()
    qtbot.waitUntil(lambda: texts(window, NAME)[0] == "live")
    look_at(window, View(baseline=run.info.run_id))
    qtbot.waitUntil(lambda: "▲0.4" in accessible(window, texts(window, NAME).index("a"), ACC))
    writer.points(run, "val/acc", [0.7], 1)
    writer.commit()
    qtbot.waitUntil(lambda: "▲0.2" in accessible(window, texts(window, NAME).index("a"), ACC))
    writer.close()


def test_a_baseline_of_another_store_is_none(qtbot: QtBot, window: MainWindow) -> None:
    look_at(window, View(baseline="not here"))
    qtbot.waitUntil(lambda: not window.session.jobs.running)
    assert "baseline" not in accessible(window, 0, ACC)


# The chooser


def test_a_menu_changes_what_came_while_it_was_open(window: MainWindow) -> None:
    menu = menu_of(window, ACC)
    window.session.set_view(replace(window.session.view, filter="metrics.`val/acc` > 0"), "Filter")
    next(one for one in menu.actions() if one.text() == "Sort Ascending").trigger()
    menu.close()
    assert window.session.view.filter and window.session.view.order == (SortKey(ACC),)


@pytest.fixture
def chooser(qtbot: QtBot, window: MainWindow) -> Iterator[ColumnChooser]:
    window.actions_by_id["view.columns"].trigger()
    (one,) = window.findChildren(ColumnChooser)
    tester = QAbstractItemModelTester(one.model, QAbstractItemModelTester.FailureReportingMode.Warning)
    qtbot.waitUntil(lambda: "TAGS" in lines(one))
    yield one
    tester.deleteLater()
    one.close()


def lines(chooser: ColumnChooser) -> list[str]:
    return [chooser.model.choice(row).title for row in range(chooser.model.rowCount())]


def test_what_is_shown_is_listed_first_and_then_what_else_there_is(window: MainWindow, chooser: ColumnChooser) -> None:
    listed = lines(chooser)
    count = len(shown(window))
    assert listed[: count + 1] == ["SHOWN", *headings(window)]
    rest = listed[count + 1 :]
    assert rest[:2] == ["RUN", "Notes"] and {"User", "Git commit", "Experiment"} < set(rest)
    assert rest[rest.index("TAGS") + 1 : rest.index("TAGS") + 3] == ["score", "team"]
    assert "METRICS" not in rest, "by their last values all are shown"
    chooser.statistic.setCurrentText("best")
    place = lines(chooser).index("METRICS")
    assert lines(chooser)[place + 1 : place + 4] == ["train/loss.best", "val/acc.best", "val/loss.best"]


def test_columns_of_one_name_say_of_what_they_are(window: MainWindow, chooser: ColumnChooser) -> None:
    rate, logged = param("lr", numeric=True), metric("lr")
    look_at(window, View(automatic=False, added=(NAME, rate, logged, LOSS)))
    assert {"lr (param)", "lr (metric)", "val/loss"} < set(lines(chooser)[:5])
    assert [window.runs.view.header.text_of(one) for one in (rate, logged)] == ["lr (param)", "lr (metric)"]


def test_a_column_is_searched_shown_and_hidden_by_the_keyboard(
    qtbot: QtBot, window: MainWindow, chooser: ColumnChooser
) -> None:
    qtbot.keyClicks(chooser.field, "tea")
    assert lines(chooser) == ["TAGS", "team"]
    qtbot.keyClick(chooser.field, Qt.Key.Key_Return)
    assert shown(window)[-1] == TEAM and lines(chooser) == ["SHOWN", "team"]
    qtbot.waitUntil(lambda: texts(window, TEAM) == ["t1", "t0", "t1", "t0"])
    qtbot.keyClick(chooser.field, Qt.Key.Key_Return)
    assert TEAM not in shown(window)
    window.session.undo.undo()
    assert TEAM in shown(window)
    chooser.field.setText("notes")
    qtbot.keyClick(chooser.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: texts(window, NOTE)[0] == "about d")


def test_columns_are_moved_and_pinned_by_the_keyboard(qtbot: QtBot, window: MainWindow, chooser: ColumnChooser) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(chooser.field, Qt.Key.Key_Down)
    assert chooser.current == STATUS
    qtbot.keyClick(chooser.field, Qt.Key.Key_Down, control)
    assert shown(window)[:3] == (NAME, CREATED, STATUS) and chooser.current == STATUS
    qtbot.keyClick(chooser.field, Qt.Key.Key_P, control)
    assert shown(window)[:2] == (NAME, STATUS) and window.session.view.pinned == (NAME, STATUS)
    qtbot.keyClick(chooser.field, Qt.Key.Key_P, control)
    assert STATUS not in window.session.view.pinned


def test_a_tag_of_numbers_is_sorted_filtered_and_coloured_as_they_are(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_by_id["view.columns"].trigger()
    (chooser,) = window.findChildren(ColumnChooser)
    qtbot.waitUntil(lambda: "score" in lines(chooser))
    qtbot.keyClicks(chooser.field, "score")
    qtbot.keyClick(chooser.field, Qt.Key.Key_Return)
    score = shown(window)[-1]
    assert score.id == "tags.score" and score.kind is Kind.NUMBER
    window.runs.feed.order_by(SortKey(score, True))
    qtbot.waitUntil(lambda: texts(window, score) == ["10", "7", "4", "1"])
    popup = filter_of(window, score)
    assert popup.least is not None and popup.most is not None
    popup.most.setText("7")
    popup.apply()
    assert window.session.view.filter == "tags.score <= 7"
    qtbot.waitUntil(lambda: texts(window, score) == ["7", "4", "1"])
    choose(window, score, "Heat Colours")
    look = window.runs.view.delegate.look
    qtbot.waitUntil(lambda: color_in(window, 2, score) == look.heat(0.5))


def test_a_line_is_dragged_and_its_box_clicked(window: MainWindow, chooser: ColumnChooser) -> None:
    model = chooser.model
    dragged = model.mimeData([model.index(model.row_of(ACC))])
    model.dropMimeData(dragged, Qt.DropAction.MoveAction, model.row_of(STATUS), 0, model.index(-1))
    assert shown(window)[:3] == (NAME, ACC, STATUS)
    dragged = model.mimeData([model.index(model.row_of(NAME))])
    model.dropMimeData(dragged, Qt.DropAction.MoveAction, -1, -1, model.index(model.row_of(TEAM)))
    assert shown(window)[-1] == NAME, "below what is shown is at the end"
    model.setData(model.index(model.row_of(STATUS)), Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    assert STATUS not in shown(window)


def test_columns_that_vary(qtbot: QtBot, window: MainWindow, chooser: ColumnChooser) -> None:
    QTest.mouseClick(chooser.add, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: TEAM in shown(window))
    assert param("epochs") in shown(window)
    QTest.mouseClick(chooser.only, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: param("epochs") not in shown(window))
    assert {LR, OPTIMIZER, TEAM, ACC, NAME} < set(shown(window))
    QTest.mouseClick(chooser.reset, Qt.MouseButton.LeftButton)
    assert param("epochs") in shown(window) and TEAM not in shown(window)


# Reaching all of it


def test_the_keyboard_opens_the_menu_of_its_column(qtbot: QtBot, window: MainWindow) -> None:
    view = window.runs.view
    view.setFocus()
    section = window.runs.feed.model.section_of(LOSS)
    view.setCurrentIndex(view.runs.index(0, section))
    window.actions_by_id["view.column_menu"].trigger()
    (menu,) = window.findChildren(ColumnMenu)
    assert menu.isVisible() and menu.column == LOSS
    (copy,) = [one for one in menu.actions() if one.text() == "Copy Column Id"]
    copy.trigger()
    assert QGuiApplication.clipboard().text() == "metrics.val/loss"
    menu.close()


def test_the_menu_key_opens_the_menu_of_the_column_where_no_run_is_selected(qtbot: QtBot, window: MainWindow) -> None:
    view = window.runs.view
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    section = window.runs.feed.model.section_of(LOSS)
    flags = QItemSelectionModel.SelectionFlag
    view.selectionModel().setCurrentIndex(view.runs.index(0, section), flags.NoUpdate)
    view.clearSelection()
    QApplication.sendEvent(view.viewport(), event)
    (menu,) = window.findChildren(ColumnMenu)
    assert menu.isVisible() and menu.column == LOSS
    menu.close()
    view.selectRow(0)
    with qtbot.waitSignal(view.menu_asked) as asked:
        QApplication.sendEvent(view.viewport(), event)
    assert view.viewport().rect().contains(view.viewport().mapFromGlobal(asked.args[0])), "at the row"
    for opened in window.findChildren(QMenu):
        opened.close()


def test_steps_of_a_column_are_undone_under_names_that_say_what_they_are(window: MainWindow) -> None:
    choose(window, STATUS, "Move", "Right")
    assert window.session.undo.undo_text == "Move Column Right"
    choose(window, LOSS, "Insert Statistic", "best")
    assert window.session.undo.undo_text == "Show Column"


def test_a_right_click_on_a_name_opens_its_menu(qtbot: QtBot, window: MainWindow) -> None:
    header = window.runs.view.header
    header.menu_asked.emit(1, header.mapToGlobal(QPoint(5, 5)))
    (menu,) = window.findChildren(ColumnMenu)
    assert menu.column == STATUS
    menu.close()


def test_the_button_opens_the_chooser(qtbot: QtBot, window: MainWindow) -> None:
    button = window.page.bar.button(Place.COLUMNS)
    assert button.accessibleName() == "Columns"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    (chooser,) = window.findChildren(ColumnChooser)
    assert chooser.isVisible() and chooser.field.hasFocus()
    chooser.close()


# From the palette


def from_palette(window: MainWindow, words: str) -> None:
    """Choose the first command that the palette finds."""
    window.show_palette()
    palette = window.findChildren(Palette)[-1]
    QTest.keyClicks(palette.field, words)
    QTest.keyClick(palette.field, Qt.Key.Key_Return)


def test_the_palette_finds_what_is_done_with_the_current_column(qtbot: QtBot, window: MainWindow) -> None:
    table, model = window.runs.view, window.runs.feed.model
    table.setCurrentIndex(model.index(0, model.section_of(ACC)))
    from_palette(window, "heat")
    assert window.session.view.heat == (ACC,)
    from_palette(window, "format")
    qtbot.waitUntil(lambda: bool(window.findChildren(FormatsEditor)))
    window.findChildren(FormatsEditor)[-1].close()
    from_palette(window, "pin")
    assert ACC in window.session.view.pinned
    table.setCurrentIndex(model.index(0, model.section_of(OPTIMIZER)))
    from_palette(window, "heat")
    assert window.session.view.heat == (ACC,) and "has no Heat Colours" in window.strip.text
    from_palette(window, "hide the column")
    assert OPTIMIZER not in shown(window)
