"""The run table on a real store: what it shows, in which order, live, selected, renamed and copied."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from types import ModuleType
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from runfolio.client.active_run import ActiveRun
from runfolio.core.columns import CREATED, EXPERIMENT, NAME, STATUS, SortKey, metric, param, trend
from runfolio.core.entities import Changes
from runfolio.core.formula_edits import remove_formula, set_formula
from runfolio.core.sorting import next_order
from runfolio.core.states import RunStatus
from runfolio.core.views import View
from runfolio.gui import selection as selection_module
from runfolio.gui.runs import RunTable, feed, rows, trends
from runfolio.gui.runs import table as table_module
from runfolio.gui.runs.delegate import DOT_ROOM
from runfolio.gui.runs.feed import State
from runfolio.gui.runs.header import MARGIN, NAME_INDENT
from runfolio.gui.runs.reading import read_natural, read_table
from runfolio.gui.session import Session
from runfolio.gui.theme import Mode
from runfolio.store import Store, run_order
from runfolio.store.experiments import get_or_create
from runfolio.store.operations import set_tag
from runfolio.store.run_query import RunQuery
from runfolio.store.runs import get_run
from runfolio.store.trash import delete_runs
from runfolio.store.watch import current_revision
from tests.gui.held import Held
from tests.gui.seen import places
from tests.gui.writing import Writer, number_of
from tests.store.script import Script


@pytest.fixture
def runs(writer: Writer) -> list[ActiveRun]:
    """Five runs with two params and two metrics; one fails, one is still going."""
    started = []
    for number in range(5):
        run = writer.run(f"run-{number * 7 % 5}")
        run.log_params({"lr": 10.0 ** -(number * 3 % 5), "optimizer": ["sgd", "adam", "lion"][number % 3]})
        writer.points(run, "val/acc", [0.5, 0.6 + number * 3 % 5 / 100])
        writer.points(run, "val/loss", [2.0, 1.0 + number * 2 % 5 / 10])
        started.append(run)
    for run, status in zip(started, (RunStatus.FINISHED, RunStatus.FAILED, *[RunStatus.FINISHED] * 2), strict=False):
        run.end(status)
    writer.commit()
    return started


@pytest.fixture
def shown(qtbot: QtBot, session: Session, store: Store, runs: list[ActiveRun]) -> Iterator[RunTable]:
    """The table on the screen, with the five runs."""
    one = RunTable(session)
    tester = QAbstractItemModelTester(one.feed.model, QAbstractItemModelTester.FailureReportingMode.Warning)
    qtbot.addWidget(one)
    one.resize(1000, 300)
    with qtbot.waitExposed(one):
        one.show()
    session.select_experiments([get_or_create(store, "digits").id])
    qtbot.waitUntil(lambda: one.feed.state is State.RUNS and settled(one))
    yield one
    tester.deleteLater()


@pytest.fixture
def reads(qtbot: QtBot, shown: RunTable, session: Session, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is read of the store from now on for the table, by name."""
    found: list[str] = []
    qtbot.waitUntil(lambda: session.revision == current_revision(session.store) and settled(shown))
    qtbot.waitUntil(lambda: shown.feed.trends.idle)
    shown.grab()  # pictures that are old by now are asked for by who paints their cells
    qtbot.waitUntil(lambda: shown.feed.trends.idle)

    def note(module: ModuleType, name: str) -> None:
        function = getattr(module, name)

        def noted(*given: Any) -> Any:
            found.append(name)
            return function(*given)

        monkeypatch.setattr(module, name, noted)

    for name in ("read_table", "read_first_page", "read_columns"):
        note(feed, name)
    note(rows, "read_rows")
    note(trends, "read_pictures")
    return found


def settled(shown: RunTable) -> bool:
    return shown.feed.settled


def texts(shown: RunTable, section: int = 0) -> list[str]:
    model = shown.feed.model
    return [str(model.index(row, section).data()) for row in range(model.rowCount())]


def select(shown: RunTable, *rows: int) -> None:
    """Click on rows, all but the first one with Ctrl."""
    for number, row in enumerate(rows):
        flag = QItemSelectionModel.SelectionFlag.Select if number else QItemSelectionModel.SelectionFlag.ClearAndSelect
        flags = flag | QItemSelectionModel.SelectionFlag.Rows
        shown.view.selectionModel().setCurrentIndex(shown.feed.model.index(row, 0), flags)


def test_it_shows_the_newest_run_first(shown: RunTable) -> None:
    assert texts(shown) == ["run-3", "run-1", "run-4", "run-2", "run-0"]
    assert texts(shown, 1) == ["● running", "✓ finished", "✓ finished", "✕ failed", "✓ finished"]
    heads = [shown.feed.model.column_at(section).heading for section in range(shown.feed.model.columnCount())]
    assert heads == ["Name", "Status", "Created", "Duration", "val/acc", "lr", "optimizer", "val/loss", "val/acc trend"]
    assert [group.source for group in shown.view.header.groups()] == ["attributes", "metrics", "params", "metrics"]


def test_the_metric_that_runs_are_judged_by_is_in_sight_however_many_params_there_are(store: Store) -> None:
    with Script(store) as script:
        run = script.start(experiment="many")
        script.params(run, {f"param {number}": "1" for number in range(30)})
        for key in ("epoch", "train/acc", "test/loss", "test/acc"):
            script.log(run, key, [1.0])
        script.log(script.start(experiment="strange"), "zeta", [1.0])
        script.finish()
    many, strange = (read_natural(store, (number,)) for number in (1, 2))
    assert many[4:6] == (metric("test/acc"), param("param 0")) and many[-4:] == (
        metric("epoch"),
        metric("test/loss"),
        metric("train/acc"),
        trend("test/acc"),
    )
    assert strange[4:] == (metric("zeta"), trend("zeta")), "nobody knows whether it is good or bad"
    assert read_natural(store, (1, 2))[:3] == (NAME, EXPERIMENT, STATUS)


def test_every_column_sorts_as_the_store_does(qtbot: QtBot, shown: RunTable, store: Store) -> None:
    experiments = shown.feed._experiments
    for column in shown.feed.model.columns[:-1]:
        for _ in range(2):
            shown.view.header.sectionClicked.emit(shown.feed.model.section_of(column))
            (sort,) = shown.feed.order
            assert sort.column == column
            qtbot.waitUntil(lambda: settled(shown))
            expected = run_order.run_ids(store, RunQuery(experiments, (sort,)))
            assert shown.feed.model.ids.tolist() == expected.tolist(), column.id
    shown.view.header.sectionClicked.emit(shown.feed.model.section_of(column))
    assert shown.feed.order == (SortKey(CREATED, descending=True),), "a third click goes back to the newest first"


def test_a_trend_sorts_by_its_metric(qtbot: QtBot, shown: RunTable) -> None:
    shown.view.header.sectionClicked.emit(shown.feed.model.section_of(trend("val/acc")))
    qtbot.waitUntil(lambda: settled(shown))
    values = [float(text) for text in texts(shown, shown.feed.model.section_of(metric("val/acc")))]
    assert values == sorted(values, reverse=True)


def test_sorting_keeps_the_selection(qtbot: QtBot, shown: RunTable, session: Session) -> None:
    select(shown, 0, 3)
    ids = shown.feed.model.ids
    chosen = {int(ids[0]), int(ids[3])}
    qtbot.waitUntil(lambda: set(session.selection.told) == chosen)
    shown.feed.order_by(SortKey(NAME))
    with qtbot.waitSignal(shown.feed.model.modelReset):
        pass
    assert texts(shown) == [f"run-{number}" for number in range(5)]
    rows = places(shown.view)
    assert {int(shown.feed.model.ids[row]) for row in rows} == chosen
    assert set(session.selection.told) == chosen


def test_a_new_run_appears_on_top(qtbot: QtBot, shown: RunTable, session: Session, writer: Writer) -> None:
    select(shown, 1)
    qtbot.waitUntil(lambda: bool(session.selection.told))
    with qtbot.waitSignal(shown.feed.model.rowsInserted, timeout=5000):
        new = writer.run("the-newest")
        new.log_params({"batch": 32})
        writer.commit()
    qtbot.waitUntil(lambda: texts(shown)[0] == "the-newest")
    assert places(shown.view) == [2]
    qtbot.waitUntil(lambda: "batch" in [column.key for column in shown.feed.model.columns])
    qtbot.waitUntil(lambda: texts(shown, 5)[0] == "32")


def test_a_logged_value_is_shown(qtbot: QtBot, shown: RunTable, runs: list[ActiveRun], writer: Writer) -> None:
    section = shown.feed.model.section_of(metric("val/acc"))
    runs[4].log_metric("val/acc", 0.875, 5)
    writer.commit()
    qtbot.waitUntil(lambda: texts(shown, section)[0].startswith("0.875"))
    runs[4].end(RunStatus.FINISHED)
    writer.commit()
    qtbot.waitUntil(lambda: texts(shown, 1)[0] == "✓ finished")


def test_rows_sorted_by_a_live_metric_stay_until_the_user_has_them_sorted_again(
    qtbot: QtBot, shown: RunTable, runs: list[ActiveRun], writer: Writer
) -> None:
    shown.feed.order_by(SortKey(metric("val/acc"), descending=True))
    qtbot.waitUntil(lambda: settled(shown) and texts(shown)[0] != "run-3")
    before = texts(shown)
    runs[4].log_metric("val/acc", 0.99, 5)
    writer.commit()
    qtbot.waitUntil(lambda: shown.feed.aged)
    assert texts(shown) == before and shown.newer.isVisible()
    QTest.mouseClick(shown.newer, Qt.MouseButton.LeftButton)
    assert texts(shown) == ["run-3", *(name for name in before if name != "run-3")]
    assert not shown.feed.aged and shown.newer.isHidden()


def test_with_live_sort_rows_follow_their_values(
    qtbot: QtBot, shown: RunTable, runs: list[ActiveRun], writer: Writer
) -> None:
    shown.feed.set_live(True)
    shown.feed.order_by(SortKey(metric("val/acc"), descending=True))
    qtbot.waitUntil(lambda: settled(shown) and texts(shown)[0] != "run-3")
    runs[4].log_metric("val/acc", 0.99, 5)
    writer.commit()
    qtbot.waitUntil(lambda: texts(shown)[0] == "run-3")


def test_new_runs_stand_in_their_places_unless_others_do_not(
    qtbot: QtBot, shown: RunTable, runs: list[ActiveRun], writer: Writer
) -> None:
    shown.feed.order_by(SortKey(NAME))
    qtbot.waitUntil(lambda: settled(shown) and texts(shown)[0] == "run-0")
    writer.run("run-2-again")
    writer.commit()
    qtbot.waitUntil(lambda: texts(shown) == ["run-0", "run-1", "run-2", "run-2-again", "run-3", "run-4"])
    assert not shown.feed.aged and shown.newer.isHidden()
    runs[0].rename("yak")
    writer.commit()
    qtbot.waitUntil(lambda: shown.feed.aged)
    writer.run("zebra")
    writer.commit()
    qtbot.waitUntil(lambda: texts(shown)[:2] == ["zebra", "yak"])
    shown.feed.apply_order()
    assert texts(shown)[-2:] == ["yak", "zebra"]


def test_runs_that_come_back_from_the_trash_stand_where_they_stood(
    qtbot: QtBot, shown: RunTable, session: Session, writer: Writer, store: Store
) -> None:
    for name, loss in (("first", math.inf), ("second", math.inf), ("third", 1.024)):
        writer.points(writer.run(name), "val/loss", [loss])
    writer.commit()
    shown.feed.order_by(SortKey(metric("val/loss"), descending=True))
    qtbot.waitUntil(lambda: settled(shown) and texts(shown)[0] in ("first", "second"))
    before = texts(shown)
    session.run(partial(delete_runs, numbers=shown.feed.model.ids[1:2].tolist()))
    qtbot.waitUntil(lambda: len(texts(shown)) == len(before) - 1 and session.undo.last is not None)
    session.undo.undo()
    qtbot.waitUntil(lambda: texts(shown) == before)
    assert not shown.feed.aged and shown.newer.isHidden()


def test_a_filter_leaves_only_what_fits_and_follows_what_changes(
    qtbot: QtBot, shown: RunTable, session: Session, runs: list[ActiveRun], writer: Writer
) -> None:
    session.set_view(View(filter="params.optimizer = 'adam' or metrics.`val/acc` > 0.9"), "Filter")
    qtbot.waitUntil(lambda: texts(shown) == ["run-3", "run-2"])
    assert runs[3].info.run_name == "run-1"
    runs[3].log_metric("val/acc", 0.95, 5)
    writer.commit()
    # Three times as long as the first reading took, which had to load the grammar of filters.
    qtbot.waitUntil(lambda: texts(shown) == ["run-3", "run-1", "run-2"], timeout=20_000)
    session.undo.undo()
    qtbot.waitUntil(lambda: len(texts(shown)) == 5)


def test_runs_are_filtered_by_a_formula_which_may_change(qtbot: QtBot, shown: RunTable, session: Session) -> None:
    view = set_formula(View(), "", "my ratio", "metrics.val/loss * 10")
    session.set_view(replace(view, filter="formulas.`my ratio` >= 13"), "Filter")
    ratios = [1.0 + number * 2 % 5 / 10 for number in range(5)]
    names = [f"run-{number * 7 % 5}" for number in range(5)]
    qtbot.waitUntil(lambda: texts(shown) == [names[n] for n in (4, 3, 2, 1, 0) if ratios[n] * 10 >= 13])
    session.set_view(set_formula(session.view, "my ratio", "half", "metrics.val/loss * 5"), "Change Formula")
    qtbot.waitUntil(lambda: shown.feed.state is State.NO_MATCH)
    assert session.view.filter == "formulas.half >= 13"
    session.undo.undo()
    qtbot.waitUntil(lambda: 0 < len(texts(shown)) < 5 and shown.feed.state is State.RUNS)
    session.set_view(replace(session.view, group_by=(param("optimizer"),)), "Group")
    qtbot.waitUntil(lambda: len(shown.feed.model.ids) == len({n % 3 for n in range(5) if ratios[n] * 10 >= 13}))
    session.set_view(remove_formula(session.view, "my ratio"), "Remove Formula")
    qtbot.waitUntil(lambda: session.view.filter == "" and len(shown.feed.model.ids) == 3)


def test_nothing_fits(qtbot: QtBot, shown: RunTable, session: Session) -> None:
    session.set_view(View(filter="metrics.nothing > 1"), "Filter")
    qtbot.waitUntil(lambda: shown.feed.state is State.NO_MATCH)
    (button,) = [one for one in shown.findChildren(QPushButton) if one.isVisible()]
    assert button.text() == "Show All Runs"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown.feed.state is State.RUNS)
    assert len(texts(shown)) == 5


def test_a_deleted_run_goes_and_comes_back(qtbot: QtBot, shown: RunTable, session: Session) -> None:
    gone = int(shown.feed.model.ids[1])
    session.run(lambda store: delete_runs(store, [gone]))
    qtbot.waitUntil(lambda: texts(shown) == ["run-3", "run-4", "run-2", "run-0"])
    session.undo.undo()
    qtbot.waitUntil(lambda: texts(shown) == ["run-3", "run-1", "run-4", "run-2", "run-0"])


def test_several_keys_of_an_order(qtbot: QtBot, shown: RunTable) -> None:
    adam, acc = param("optimizer"), metric("val/acc")
    assert next_order((SortKey(CREATED, True),), adam, {}) == (SortKey(adam),)
    both = next_order((SortKey(adam),), acc, {})
    assert both == (SortKey(adam), SortKey(acc, True))
    assert next_order(both, acc, {}) == (SortKey(adam), SortKey(acc))
    assert next_order((SortKey(adam), SortKey(acc)), acc, {}) == (SortKey(adam),)
    assert next_order(both, metric("val/loss"), {}, alone=True) == (SortKey(metric("val/loss")),)
    shown.feed.order_by(*both)
    qtbot.waitUntil(lambda: settled(shown))
    section = shown.feed.model.section_of(adam)
    assert texts(shown, section) == sorted(texts(shown, section))
    assert texts(shown)[:2] == ["run-2", "run-3"], "the better one of the two adams first"


def test_columns_of_the_view(qtbot: QtBot, shown: RunTable, session: Session) -> None:
    least = metric("val/loss", "min")
    session.set_view(
        View(hidden=(NAME, CREATED, param("lr", numeric=True)), added=(least,), pinned=(metric("val/acc"),))
    )
    heads = [shown.feed.model.column_at(section).heading for section in range(shown.feed.model.columnCount())]
    assert heads == ["val/acc", "Status", "Duration", "optimizer", "val/loss", "val/acc trend", "val/loss.min"]
    section = shown.feed.model.section_of(least)
    qtbot.waitUntil(lambda: texts(shown, section)[0] != "")
    assert all(texts(shown, 2)), "how long a run has been going is known without the column of its start"
    shown.grab()
    session.set_view(View())
    qtbot.waitUntil(lambda: texts(shown) == ["run-3", "run-1", "run-4", "run-2", "run-0"])


def test_renaming_in_place_and_undo(qtbot: QtBot, shown: RunTable, session: Session, store: Store) -> None:
    select(shown, 2)
    run = int(shown.feed.model.ids[2])
    shown.rename_current()
    editor = shown.view.findChild(QLineEdit)
    assert editor is not None and editor.text() == "run-4" and editor.selectedText() == "run-4"
    editor.setText("a better name")
    with qtbot.waitSignal(session.message) as told:
        QTest.keyClick(editor, Qt.Key.Key_Return)
    assert told.args is not None and told.args[0].text == "Renamed run-4 to a better name"
    qtbot.waitUntil(lambda: texts(shown)[2] == "a better name")
    assert get_run(store, run).name == "a better name"
    session.undo.undo()
    qtbot.waitUntil(lambda: texts(shown)[2] == "run-4")
    session.undo.redo()
    qtbot.waitUntil(lambda: texts(shown)[2] == "a better name")


def begin_typing(qtbot: QtBot, shown: RunTable, run: str, text: str) -> QLineEdit:
    """Type a part of another name into the cell of a run."""
    select(shown, texts(shown).index(run))
    shown.rename_current()
    editor = shown.view.findChild(QLineEdit)
    assert editor is not None
    qtbot.keyClicks(editor, text)
    return editor


def test_rows_move_only_when_what_is_being_typed_into_one_is_done(
    qtbot: QtBot, shown: RunTable, runs: list[ActiveRun], writer: Writer, session: Session, store: Store
) -> None:
    shown.feed.set_live(True)
    shown.feed.order_by(SortKey(metric("val/acc"), descending=True))
    qtbot.waitUntil(lambda: settled(shown) and texts(shown)[0] != "run-3")
    before, section = texts(shown), shown.feed.model.section_of(metric("val/acc"))
    editor = begin_typing(qtbot, shown, "run-4", "a better")
    runs[4].log_metric("val/acc", 0.99, 5)
    runs[4].log_metric("another", 1.0, 5)
    writer.commit()
    qtbot.waitUntil(lambda: texts(shown, section)[before.index("run-3")].startswith("0.99"))
    qtbot.waitUntil(lambda: session.revision == current_revision(store))
    shown.feed.refresh()
    qtbot.waitUntil(lambda: not shown.feed.listing)
    assert texts(shown) == before and editor.isVisible()
    qtbot.keyClicks(editor, " name")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    names = ["a better name" if name == "run-4" else name for name in before if name != "run-3"]
    qtbot.waitUntil(lambda: texts(shown) == ["run-3", *names])
    qtbot.waitUntil(lambda: metric("another") in shown.feed.model.columns)


def test_an_order_that_was_asked_for_before_does_not_take_away_what_is_being_typed(
    qtbot: QtBot, shown: RunTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = Held(read_table)
    monkeypatch.setattr(feed, "read_table", late)
    shown.feed.order_by(SortKey(NAME))
    qtbot.waitUntil(late.read.is_set)
    before = texts(shown)
    editor = begin_typing(qtbot, shown, "run-4", "a better name")
    late.let_go()
    qtbot.waitUntil(lambda: not shown.feed.listing)
    assert texts(shown) == before and editor.isVisible() and editor.text() == "a better name"
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: texts(shown) == [f"run-{number}" for number in range(5)])


def test_what_was_typed_is_kept_when_a_command_has_the_rows_shown_anew(
    qtbot: QtBot, shown: RunTable, session: Session
) -> None:
    begin_typing(qtbot, shown, "run-4", "a better name")
    session.set_view(View(hidden=(CREATED,)), "Hide Column")
    qtbot.waitUntil(lambda: texts(shown) == ["run-3", "run-1", "a better name", "run-2", "run-0"])


def test_of_very_many_runs_that_have_changed_only_those_that_are_here_are_noted(
    qtbot: QtBot, shown: RunTable, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: set[int] = set()
    add = shown.feed._rows._changed.add

    def noting(runs: Iterable[int]) -> None:
        runs = list(runs)
        noted.update(runs)
        add(runs)

    monkeypatch.setattr(shown.feed._rows._changed, "add", noting)
    here = shown.feed.model.ids.tolist()
    session.changed.emit(Changes(1, runs=frozenset(range(100_000)), places=frozenset(session.selection.experiments)))
    qtbot.waitUntil(lambda: settled(shown))
    assert noted == set(here)


def test_what_is_selected_here_is_selected_everywhere(qtbot: QtBot, shown: RunTable, session: Session) -> None:
    select(shown, 0, 2)
    ids = shown.feed.model.ids
    qtbot.waitUntil(lambda: session.selection.told == (int(ids[0]), int(ids[2])))
    assert session.selection.current == int(ids[2])
    session.select_runs([int(ids[4])], int(ids[4]))
    assert places(shown.view) == [4]
    assert shown.view.currentIndex().row() == 4
    session.select_runs([])
    assert places(shown.view) == []
    shown.step(-1)
    qtbot.waitUntil(lambda: session.selection.told == (int(ids[3]),))


def test_a_large_selection_is_capped_and_says_so(
    qtbot: QtBot, shown: RunTable, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_module, "MOST_TOLD", 3)
    monkeypatch.setattr(selection_module, "MOST_TOLD", 3)
    shown.select_all()
    qtbot.waitUntil(lambda: session.selection.told == tuple(shown.feed.model.ids[:3].tolist()))
    assert shown._note.isVisible() and shown._note.text().startswith("5 runs are selected")
    assert places(shown.view) == [0, 1, 2, 3, 4]


def test_all_are_selected_whatever_was_and_the_keyboard_stays_where_it_is(
    qtbot: QtBot, shown: RunTable, session: Session
) -> None:
    select(shown, 0, 2, 4)
    current = shown.view.currentIndex()
    shown.select_all()
    assert places(shown.view) == [0, 1, 2, 3, 4] and shown.view.currentIndex() == current
    qtbot.waitUntil(lambda: session.selection.told == tuple(shown.feed.model.ids.tolist()))
    assert session.selection.current == int(shown.feed.model.ids[4])


def test_copying_gives_full_values(qtbot: QtBot, shown: RunTable, session: Session) -> None:
    select(shown, 0, 1)
    with qtbot.waitSignal(session.message) as told:
        QTest.keyClick(shown.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert told.args is not None and told.args[0].text == "Copied 2 rows as TSV."
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert lines[0][:2] == ["attributes.run_name", "attributes.status"]
    assert [line[0] for line in lines[1:]] == ["run-3", "run-1"]
    assert lines[1][lines[0].index("params.lr")] == "0.01"
    assert lines[1][lines[0].index("metrics.val/acc")] == "0.62"


def test_the_mouse_lights_a_run_everywhere(qtbot: QtBot, shown: RunTable, session: Session) -> None:
    viewport = shown.view.viewport()
    place = QPoint(40, shown.view.rowViewportPosition(1) + 5)
    with qtbot.waitSignal(session.highlighted) as lit:
        QTest.mouseMove(viewport, place)
    assert lit.args == [int(shown.feed.model.ids[1])]
    with qtbot.waitSignal(session.highlighted) as lit:
        QTest.mouseMove(viewport, QPoint(40, 290))
    assert lit.args == [None]
    session.highlighted.emit(4)
    assert shown.view.delegate.lit == 4


def test_widths_are_remembered_and_the_order_belongs_to_the_view(
    qtbot: QtBot, shown: RunTable, session: Session, store: Store
) -> None:
    loss, header = metric("val/loss"), shown.view.header
    header.resizeSection(shown.feed.model.section_of(loss), 133)
    header.moveSection(shown.feed.model.section_of(loss), 1)
    qtbot.waitUntil(lambda: shown.feed.model.section_of(loss) == 1)
    assert [header.visualIndex(section) for section in range(header.count())] == list(range(header.count()))
    again = RunTable(session)
    qtbot.addWidget(again)
    again.resize(shown.size())
    again.show()
    qtbot.waitUntil(lambda: again.feed.state is State.RUNS)
    assert again.view.header.sectionSize(1) == header.sectionSize(1) == 133
    sources = [group.source for group in again.view.header.groups()]
    assert sources == ["attributes", "metrics", "attributes", "metrics", "params", "metrics"]
    session.undo.undo()
    assert shown.feed.model.section_of(loss) == 7 and header.sectionSize(7) == 133


def test_a_column_makes_room_for_longer_values_unless_the_user_gave_it_a_width(
    qtbot: QtBot, shown: RunTable, runs: list[ActiveRun], writer: Writer
) -> None:
    header, model = shown.view.header, shown.feed.model
    columns = {column.key: section for section, column in enumerate(model.columns)}
    header.resizeSection(columns["optimizer"], 61)
    before = header.sectionSize(columns["lr"])
    logging = QTimer(shown, interval=5)
    logging.timeout.connect(lambda: model.dataChanged.emit(model.index(0, 0), model.index(0, len(model.columns) - 1)))
    logging.start()  # other runs log without a pause
    late = writer.run("late")
    late.log_params({"lr": "0.00012345678901", "optimizer": "a name that is far too long"})
    writer.commit()
    qtbot.waitUntil(lambda: header.sectionSize(columns["lr"]) > before)
    logging.stop()
    assert header.sectionSize(columns["optimizer"]) == 61


def test_the_exponent_of_a_metric_is_never_cut_off(
    qtbot: QtBot, shown: RunTable, runs: list[ActiveRun], writer: Writer
) -> None:
    runs[4].log_metric("big", -1.5e300, 1)
    writer.commit()
    big = metric("big")
    qtbot.waitUntil(lambda: shown.feed.model.section_of(big) >= 0 and shown.feed.settled)
    section = shown.feed.model.section_of(big)
    texts = [shown.feed.model.index(row, section).data() or "" for row in range(shown.feed.model.rowCount())]
    width = max(map(shown.view.header.look.plain.width, texts))
    assert any("e+300" in text for text in texts)
    qtbot.waitUntil(lambda: shown.view.header.sectionSize(section) > width)


def test_trends_are_drawn_and_follow(qtbot: QtBot, shown: RunTable, runs: list[ActiveRun], writer: Writer) -> None:
    run = int(shown.feed.model.ids[0])
    qtbot.waitUntil(lambda: shown.feed.trends.picture(run, "val/acc") is not None)
    picture = shown.feed.trends.picture(run, "val/acc")
    assert picture is not None and picture.y.tolist() == [0.0, 1.0]
    runs[4].log_metric("val/acc", 0.1, 2)
    writer.commit()

    def follows() -> bool:
        latest = shown.feed.trends.picture(run, "val/acc")
        return latest is not None and len(latest.y) == 3

    qtbot.waitUntil(follows)


def test_nothing_picked_and_nothing_there(qtbot: QtBot, session: Session, store: Store) -> None:
    one = RunTable(session)
    qtbot.addWidget(one)
    one.show()
    assert one.feed.state is State.NO_EXPERIMENT
    session.select_experiments([get_or_create(store, "bare").id])
    qtbot.waitUntil(lambda: one.feed.state is State.NO_RUNS)
    copy = next(button for button in one.findChildren(QPushButton) if button.isVisible())
    QTest.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert "runfolio.start_run()" in QApplication.clipboard().text()


def test_another_theme_repaints_in_its_colours(qapp: QApplication, shown: RunTable, session: Session) -> None:
    sheet, palette = qapp.styleSheet(), qapp.palette()
    select(shown, 1)
    selected, other = (shown.view.visualRect(shown.feed.model.index(row, 4)).topLeft() for row in (1, 0))
    seen = set()
    for mode in (Mode.LIGHT, Mode.DARK):
        session.theme.set_mode(mode)
        image, inside = shown.view.viewport().grab().toImage(), QPoint(2, 2)
        assert image.pixelColor(selected + inside) == session.theme.color("selection")
        seen |= {image.pixelColor(place + inside).name() for place in (selected, other)}
    assert len(seen) == 4, "the two rows are told apart in both themes, which have no colour in common here"
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)


def test_runs_elsewhere_have_nothing_read_here(
    qtbot: QtBot, shown: RunTable, session: Session, writer: Writer, reads: list[str]
) -> None:
    elsewhere = writer.run("elsewhere", "letters")
    for key in ("val/acc", "another"):
        writer.points(elsewhere, key, [0.5])
        writer.commit()
    session.run(lambda store: set_tag(store, number_of(store, elsewhere), "note", "x"))
    qtbot.waitUntil(lambda: session.revision == current_revision(session.store) and not session.jobs.running)
    qtbot.waitUntil(lambda: settled(shown))
    assert not reads
    here = int(shown.feed.model.ids[0])
    session.run(lambda store: set_tag(store, here, "note", "x"))
    qtbot.waitUntil(lambda: "read_rows" in reads)


def test_runs_that_start_one_after_another_are_read_together(
    qtbot: QtBot, shown: RunTable, session: Session, writer: Writer, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown.feed._table, "_interval", 60_000)
    writer.run("first")
    writer.commit()
    qtbot.waitUntil(lambda: texts(shown)[0] == "first")
    for name in ("second", "third"):
        writer.run(name)
        writer.commit()
        qtbot.waitUntil(lambda: session.revision == current_revision(session.store) and not session.jobs.running)
    assert texts(shown)[0] == "first" and reads.count("read_table") == 1
    first = int(shown.feed.model.ids[0])
    session.run(lambda store: delete_runs(store, [first]))
    qtbot.waitUntil(lambda: texts(shown)[:2] == ["third", "second"], timeout=10_000)


def test_experiments_that_are_chosen_again_appear_with_their_first_page(
    qtbot: QtBot, shown: RunTable, session: Session, reads: list[str]
) -> None:
    chosen = session.selection.experiments
    session.select_experiments([])
    qtbot.waitUntil(lambda: shown.feed.state is State.NO_EXPERIMENT and settled(shown))
    session.select_experiments(chosen)
    qtbot.waitUntil(lambda: shown.feed.state is State.RUNS and settled(shown))
    assert reads[0] == "read_first_page" and shown.feed.model.rowCount() == 5


def test_names_are_seen_whole_also_where_they_stand_beneath_others(
    qtbot: QtBot, shown: RunTable, writer: Writer, store: Store
) -> None:
    def is_whole(run: int) -> bool:
        view, model = shown.view, shown.feed.model
        cell = view.visualRect(model.index(model.ids.tolist().index(run), model.section_of(NAME)))
        left = view.delegate.dot_area(cell, run).left() + DOT_ROOM + NAME_INDENT - MARGIN // 2
        room = cell.right() - MARGIN - left
        return room >= view.delegate.look.strong.width(model.text(model.ids.tolist().index(run), NAME))

    parent = writer.run("sweep-parent-4")
    child = writer.run("resnet50-augmented-4", parent=parent)
    grandchild = writer.run("resnet50-augmented-4-1", parent=child)
    writer.commit()
    numbers = [number_of(store, run) for run in (parent, child, grandchild)]
    qtbot.waitUntil(lambda: numbers[0] in shown.feed.model.ids and settled(shown))
    qtbot.waitUntil(lambda: is_whole(numbers[0]))
    shown.feed.folding.set_all(True)
    qtbot.waitUntil(lambda: all(map(is_whole, numbers)))
    assert shown.view.columnWidth(shown.feed.model.section_of(NAME)) < shown.view.width() / 2


def test_a_very_long_name_leaves_room_for_the_rest(qtbot: QtBot, shown: RunTable, writer: Writer, store: Store) -> None:
    writer.run("a-name-that-goes-on-" * 20)
    writer.commit()
    section = shown.feed.model.section_of(NAME)
    before = shown.view.columnWidth(section)
    qtbot.waitUntil(lambda: shown.view.columnWidth(section) > before)
    assert shown.view.columnWidth(section) <= shown.view.width() * 0.4
