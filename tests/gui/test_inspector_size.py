"""Thousands of files and metrics: shown as a whole, and brought up to date in place or at once, not one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from runfolio.core.entities import Artifact, MetricSummary, Run
from runfolio.core.states import LifecycleStage, RunStatus
from runfolio.gui.artifacts.model import MOST_INSERTED, SIZE, ArtifactModel
from runfolio.gui.inspector.artifacts import ArtifactsView
from runfolio.gui.inspector.facts import Details
from runfolio.gui.inspector.overview import Found
from runfolio.gui.inspector.pages import FilesPage, MetricsPage
from runfolio.gui.inspector.panel import METRICS, Inspector
from runfolio.gui.inspector.reading import Reading
from runfolio.gui.inspector.text_model import MOST_LETTERS, NAME, VALUE
from runfolio.gui.inspector.text_table import TextTable
from runfolio.gui.selection import Selection
from runfolio.gui.session import Session
from runfolio.gui.theme import Mode, Theme
from runfolio.store import Store


@pytest.fixture
def inspector(qtbot: QtBot, store: Store) -> Iterator[Inspector]:
    session = Session(store, Theme(Mode.DARK))
    one = Inspector(session)
    qtbot.addWidget(one)
    one.resize(340, 700)
    with qtbot.waitExposed(one):
        one.show()
    yield one
    session.close()


def details(
    files: tuple[Artifact, ...] = (),
    params: dict[str, str] | None = None,
    metrics: dict[str, MetricSummary] | None = None,
) -> Details:
    start, active = 1_700_000_000_000, LifecycleStage.ACTIVE
    run = Run(1, "r1", 1, "e", "a run", RunStatus.RUNNING, start, None, start, active, None, "me", params or {})
    return Details(replace(run, metrics=metrics or {}), files)


def show(inspector: Inspector, shown: Details) -> None:
    inspector.session.selection = Selection().with_runs((shown.run.id,))
    inspector._asked = inspector._question()
    inspector._take(Reading(shown, inspector._wanted, Found()))
    QApplication.processEvents()


def metric(key: str, last: float) -> MetricSummary:
    return MetricSummary(
        key=key, count=100, first=1.0, first_step=0, last=last, last_step=99, last_time=0, minimum=0.25, minimum_step=3,
        maximum=2.0, maximum_step=4, mean=0.5, non_finite=0,
    )  # fmt: skip


def many(count: int, last: float = 0.5) -> dict[str, MetricSummary]:
    return {f"m{number:04}": metric(f"m{number:04}", last) for number in range(count)}


def in_folders(count: int) -> tuple[Artifact, ...]:
    return tuple(Artifact(f"steps/{number % 100:02}/{number:05}.bin", 10, 0) for number in range(count))


def in_one(count: int) -> tuple[Artifact, ...]:
    return tuple(Artifact(f"{number:05}.bin", 10, 0) for number in range(count))


@pytest.mark.parametrize("make", [in_folders, in_one])
def test_ten_thousand_files_appear_at_once(inspector: Inspector, make: Callable[[int], tuple[Artifact, ...]]) -> None:
    files, told = make(10_000), steps(inspector.overview.artifacts.model)
    show(inspector, details(files[:8_000]))
    show(inspector, details(files))
    assert told == ["reset", "reset"]
    show(inspector, details((*files, Artifact("zz.txt", 1, 0))))
    assert told == ["reset", "reset", "inserted"]
    assert inspector.overview.artifacts.tree.model().rowCount() == (2 if make is in_folders else 10_001)


def steps(model: QAbstractItemModel) -> list[str]:
    """What a model tells its views from now on, each of which has them go through their rows."""
    told: list[str] = []
    model.modelReset.connect(lambda: told.append("reset"))
    model.rowsInserted.connect(lambda *_: told.append("inserted"))
    model.rowsRemoved.connect(lambda *_: told.append("removed"))
    return told


def tree(model: ArtifactModel) -> dict[str, str]:
    """The path and size of everything, as the view shows it."""
    found = {}
    waiting = [model.index(row, NAME) for row in range(model.rowCount())]
    while waiting:
        index = waiting.pop(0)
        found[str(index.data(int(Qt.ItemDataRole.UserRole) + 1))] = str(index.siblingAtColumn(SIZE).data())
        waiting[:0] = [model.index(row, NAME, index) for row in range(model.rowCount(index))]
    return found


def test_files_come_into_their_places(qtbot: QtBot) -> None:
    model = ArtifactModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    first = [Artifact("b/2.txt", 2, 0), Artifact("c.txt", 5, 0)]
    model.set_files(first)
    assert tree(model) == {"b": "2 B", "b/2.txt": "2 B", "c.txt": "5 B"}
    resets = []
    model.modelReset.connect(lambda: resets.append(1))
    more = [Artifact("b/1/x", 4, 0), Artifact("b/3.txt", 3, 0), Artifact("a/y", 1, 0), Artifact("z", 1, 0)]
    model.set_files([Artifact("b/2.txt", 7, 1), first[1], *more])
    assert list(tree(model).items()) == [
        ("a", "1 B"), ("a/y", "1 B"), ("b", "14 B"), ("b/1", "4 B"), ("b/1/x", "4 B"), ("b/2.txt", "7 B"),
        ("b/3.txt", "3 B"), ("c.txt", "5 B"), ("z", "1 B"),
    ]  # fmt: skip
    assert not resets
    model.set_files(first)
    assert tree(model) == {"b": "2 B", "b/2.txt": "2 B", "c.txt": "5 B"}
    model.set_files([])
    assert tree(model) == {}
    tester.deleteLater()


@pytest.mark.parametrize("more", [1, MOST_INSERTED + 1], ids=["one more", "many more"])
def test_what_is_open_and_chosen_stays(inspector: Inspector, more: int) -> None:
    files = in_folders(1_000)
    show(inspector, details(files))
    view = inspector.overview.artifacts
    for path in ("steps", "steps/07"):
        view.tree.expand(view.model.index_of(path))
    view.tree.setCurrentIndex(view.model.index_of("steps/07/00307.bin"))
    show(inspector, details((*in_folders(1_000 + more), Artifact("a.txt", 1, 0))))
    assert open_folders(view) == ["steps", "steps/07"] and view.chosen() == "steps/07/00307.bin"
    assert view.model.index_of("a.txt").isValid()


def open_folders(view: ArtifactsView) -> list[str]:
    return [path for path in view.model.folders() if view.tree.isExpanded(view.model.index_of(path))]


def test_a_thousand_metrics(inspector: Inspector) -> None:
    show(inspector, details(metrics=many(10)))
    widgets, told = len(inspector.findChildren(QWidget)), steps(inspector.overview.metrics.model())
    show(inspector, details(metrics=many(1_000)))
    assert told == ["reset"] and len(inspector.findChildren(QWidget)) == widgets
    inspector.overview.metrics.selectRow(999)
    show(inspector, details(metrics=many(1_000, 0.75)))
    assert told == ["reset"]
    inspector.overview.metrics.copy_selected()
    assert QGuiApplication.clipboard().text() == "m0999\t0.75  max 2 @ 4"
    assert inspector.overview.metrics.height() >= 1_000 * inspector.overview.metrics.fontMetrics().height()


def test_a_page_is_filled_when_it_is_looked_at(inspector: Inspector) -> None:
    show(inspector, details((Artifact("a.txt", 1, 0),), metrics=many(2)))
    statistics = inspector.of(MetricsPage).statistics.model()
    assert statistics.rowCount() == 0
    assert inspector.of(FilesPage).files.model.rowCount() == 0
    inspector.tabs.setCurrentIndex(METRICS)
    assert statistics.rowCount() == 2 * 7
    show(inspector, details(metrics=many(3)))
    assert (
        inspector.of(MetricsPage).statistics.model().rowCount() == 3 * 7
        and inspector.overview.metrics.model().rowCount() == 2
    )


LONG = "line <one>\n" * 30_000


def test_a_long_param_is_shortened_and_copied_as_a_whole(inspector: Inspector) -> None:
    show(inspector, details(params={"config": LONG}))
    cell = inspector.overview.params.model().index(0, VALUE)
    assert cell.data().startswith("line <one> line <one> ") and len(cell.data()) == MOST_LETTERS
    tip = cell.data(Qt.ItemDataRole.ToolTipRole)
    assert "line &lt;one&gt;\nline" in tip and "<one>" not in tip and len(tip) < 5_000
    inspector.overview.params.setCurrentIndex(cell)
    QTest.keySequence(inspector.overview.params, "Ctrl+C")
    assert QGuiApplication.clipboard().text() == LONG


def test_the_keyboard_moves_the_page(inspector: Inspector) -> None:
    show(inspector, details(metrics=many(200)))
    table, area = inspector.overview.metrics, inspector.overview.area
    assert area is not None
    table.setFocus()
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert table.currentIndex().row() == 199
    assert shows(inspector, table) and area.verticalScrollBar().value() > 0


def shows(inspector: Inspector, table: TextTable) -> bool:
    """Whether the current row is on the screen."""
    place = table.viewport().mapTo(inspector, table.visualRect(table.currentIndex()).center())
    return inspector.rect().contains(place)
