"""The item model of the run table, with ids and rows made up here: no store and no widgets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from runfolio.core.columns import ATTRIBUTES, CREATED, DURATION, NAME, STATUS, metric, param, trend
from runfolio.core.states import RunStatus
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.runs.cache import PAGE, PAGES
from runfolio.gui.runs.model import RUN_ROLE, Rows, RunTableModel
from runfolio.store.table import Row

NOW = 1_700_000_000_000
COLUMNS = (*ATTRIBUTES, param("lr", True), param("optimizer"), metric("val/acc"))
pytestmark = pytest.mark.qt_log_level_fail("WARNING")
DISPLAY = int(Qt.ItemDataRole.DisplayRole)


def row_of(run: int, accuracy: float | None = None, status: RunStatus = RunStatus.FINISHED) -> Row:
    """A made-up run; a running one has no known duration."""
    cells_ = (f"run-{run}", status, NOW - 120_000, 61_000, 0.001, "adam", accuracy or run / 1000)
    return Row(run, f"{run:032x}", str(cells_[0]), status, int(cells_[2]), None, cells_)


class Provider:
    """Answers what the model asks for when told to, and counts."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.model = RunTableModel(self.asked.append)
        self.model.now = NOW
        self.model.set_columns(COLUMNS)

    def answer(self) -> None:
        """Give the rows for the last question."""
        runs = self.asked[-1]
        self.model.put_rows(Rows(runs, COLUMNS, {run: row_of(run) for run in runs}))


@pytest.fixture
def provider(qtbot: QtBot) -> Iterator[Provider]:
    made = Provider()
    tester = QAbstractItemModelTester(made.model, QAbstractItemModelTester.FailureReportingMode.Warning)
    yield made
    tester.deleteLater()
    made.model.deleteLater()


def ids(*runs: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(runs, np.int64)


def shown(model: RunTableModel, place: int) -> list[str]:
    return [str(model.index(place, section).data()) for section in range(model.columnCount())]


def answered(provider: Provider, questions: int) -> bool:
    return len(provider.asked) == questions


def read_all(provider: Provider, qtbot: QtBot) -> None:
    provider.model.index(0, 0).data()
    before = len(provider.asked)
    qtbot.waitUntil(lambda: len(provider.asked) > before)
    provider.answer()


def test_a_missing_page_is_asked_for_once_and_then_shown(provider: Provider, qtbot: QtBot) -> None:
    model = provider.model
    model.set_ids(np.arange(1000, 0, -1))
    assert shown(model, 0) == [""] * 7
    assert model.row(0) is None and "loading" in str(model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole))
    qtbot.waitUntil(lambda: bool(provider.asked))
    assert provider.asked == [list(range(1000, 1000 - PAGE, -1))]
    with qtbot.waitSignal(model.dataChanged) as changed:
        provider.answer()
    assert changed.args is not None and changed.args[0].row() == 0
    assert shown(model, 0) == ["run-1000", "✓ finished", "2 min ago", "1m 01s", "0.001", "adam", "1.000"]
    assert len(provider.asked) == 1


def test_a_million_runs_cost_no_more_than_a_page(qtbot: QtBot) -> None:
    provider = Provider()  # without the tester, which looks at every row itself
    model = provider.model
    model.set_ids(np.arange(1_000_000, 0, -1))
    assert model.rowCount() == 1_000_000
    for place in range(0, 1_000_000, 5_000):
        model.index(place, 0).data()
    qtbot.waitUntil(lambda: bool(provider.asked))
    assert sum(map(len, provider.asked)) <= 3 * PAGE, "what has scrolled by is not fetched"
    provider.answer()
    assert model.index(995_000, 0).data() == "run-5000"


def test_the_cache_does_not_grow_without_end(qtbot: QtBot) -> None:
    provider = Provider()
    model = provider.model
    model.set_ids(np.arange(1, 20 * PAGE * PAGES))
    for page in range(2 * PAGES):
        model.index(page * PAGE, 0).data()
        qtbot.waitUntil(partial(answered, provider, page + 1))
        provider.answer()
    assert len(model.cached()) == PAGE * PAGES


def test_new_runs_on_top_are_inserted(provider: Provider, qtbot: QtBot) -> None:
    model = provider.model
    model.set_ids(ids(3, 2, 1))
    read_all(provider, qtbot)
    with qtbot.waitSignal(model.rowsInserted), qtbot.assertNotEmitted(model.modelReset):
        model.set_ids(ids(5, 4, 3, 2, 1))
    assert model.index(2, 0).data() == "run-3", "what was read stays"
    with qtbot.waitSignal(model.modelReset):
        model.set_ids(ids(1, 2, 3, 4, 5))
    assert model.index(0, 0).data() == "run-1"
    with qtbot.assertNotEmitted(model.modelReset), qtbot.assertNotEmitted(model.rowsInserted):
        model.set_ids(ids(1, 2, 3, 4, 5))


def test_a_changed_run_changes_the_cells_only_that_are_others_now(provider: Provider, qtbot: QtBot) -> None:
    model = provider.model
    model.set_ids(ids(9, 8, 7, 6))
    read_all(provider, qtbot)
    shown(model, 1)
    assert model.cached([8, 1234]) == [8]
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.put_rows(Rows([8], COLUMNS, {8: row_of(8, 0.5)}))
    assert changed.args is not None
    assert (changed.args[0].row(), changed.args[1].row()) == (1, 1)
    assert (changed.args[0].column(), changed.args[1].column()) == (6, 6)
    assert shown(model, 1)[6] == "0.500000"
    with qtbot.assertNotEmitted(model.dataChanged):
        model.put_rows(Rows([8], COLUMNS, {8: row_of(8, 0.5)}))
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.put_rows(Rows([8], COLUMNS, {8: row_of(8, 0.5, RunStatus.FAILED)}))
    assert changed.args is not None
    assert (changed.args[0].column(), changed.args[1].column()) == (0, 6), "how a run ended may show anywhere"


def test_columns_appear_in_between(provider: Provider, qtbot: QtBot) -> None:
    model = provider.model
    model.set_ids(ids(2, 1))
    read_all(provider, qtbot)
    wider = (*ATTRIBUTES, param("batch", True), *COLUMNS[4:], metric("val/loss"))
    with qtbot.waitSignals([model.columnsInserted] * 2), qtbot.assertNotEmitted(model.modelReset):
        model.set_columns((*wider, trend("val/acc")))
    assert [model.headerData(s, Qt.Orientation.Horizontal) for s in range(model.columnCount())] == [
        "Name", "Status", "Created", "Duration", "batch", "lr", "optimizer", "val/acc", "val/loss", "val/acc trend",
    ]  # fmt: skip
    assert shown(model, 0)[4:] == ["", "0.001", "adam", "0.002000", "", ""]
    model.put_rows(Rows([2], COLUMNS, {2: row_of(2, 0.9)}))
    assert shown(model, 0)[7] == "0.002000", "an answer for the old columns is dropped"
    with qtbot.waitSignal(model.modelReset):
        model.set_columns(COLUMNS)


def test_running_runs_go_on_by_themselves(provider: Provider, qtbot: QtBot) -> None:
    model = provider.model
    model.set_ids(ids(1))
    model.put_rows(Rows([1], COLUMNS, {1: row_of(1, status=RunStatus.RUNNING)}))
    assert shown(model, 0)[1:4] == ["● running", "2 min ago", "2m 00s"]
    with qtbot.waitSignal(model.dataChanged):
        model.tick(NOW + 60_000)
    assert shown(model, 0)[2:4] == ["3 min ago", "3m 00s"]
    assert model.has_running()


def test_a_run_that_is_gone_is_not_asked_for_again(provider: Provider, qtbot: QtBot) -> None:
    model = provider.model
    model.set_ids(ids(2, 1))
    model.index(0, 0).data()
    qtbot.waitUntil(lambda: bool(provider.asked))
    model.put_rows(Rows([2, 1], COLUMNS, {1: row_of(1)}))
    assert shown(model, 0) == [""] * 7
    assert len(provider.asked) == 1


def test_roles(provider: Provider, qtbot: QtBot) -> None:
    model = provider.model
    model.set_ids(ids(7))
    read_all(provider, qtbot)
    sections = {column: model.index(0, model.section_of(column)) for column in COLUMNS}
    assert sections[NAME].data(RUN_ROLE) == 7
    assert sections[NAME].flags() & Qt.ItemFlag.ItemIsEditable
    assert not sections[STATUS].flags() & Qt.ItemFlag.ItemIsEditable
    assert str(sections[CREATED].data(Qt.ItemDataRole.ToolTipRole)).startswith("2023-11-1")
    assert sections[DURATION].data(Qt.ItemDataRole.ToolTipRole) == "61.000 s"
    assert sections[DURATION].data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    assert sections[NAME].data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignLeft
    assert sections[STATUS].data(Qt.ItemDataRole.AccessibleTextRole) == "Status: ✓ finished"
    assert sections[NAME].data(Qt.ItemDataRole.DecorationRole) is None
    assert model.index(0, 0).data(DISPLAY) == "run-7"
    assert model.data(QModelIndex(), DISPLAY) is None


def test_bars_lie_in_their_columns_range(provider: Provider, qtbot: QtBot) -> None:
    model = provider.model
    model.set_ids(ids(900, 500))
    read_all(provider, qtbot)
    accuracy = COLUMNS[-1]
    assert model.share(accuracy, model.value(0, accuracy)) is None
    model.set_ranges({accuracy: (0.1, 0.9)})
    assert model.share(accuracy, model.value(0, accuracy)) == 1.0
    assert model.share(accuracy, model.value(1, accuracy)) == pytest.approx(0.5)
    assert model.share(NAME, model.value(0, NAME)) is None


def test_nested_runs_name_their_parent(provider: Provider, qtbot: QtBot) -> None:
    model = provider.model
    model.set_ids(ids(2, 1))
    child = row_of(2)
    nested = replace(child, parent=44, parent_name="the sweep")
    model.put_rows(Rows([2], COLUMNS, {2: nested}))
    assert model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole) == tool_tip("run-2\nNested in the sweep")
