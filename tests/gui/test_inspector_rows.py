"""The inspector's rows of names and values: figures are put below each other before any of them is cut off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from runfolio.core.differences import Difference, Group
from runfolio.gui.chrome.elided import ElidedLink
from runfolio.gui.inspector.change_rows import change_rows
from runfolio.gui.inspector.rows import TableRow, muted, plain, simple
from runfolio.gui.inspector.spans import PADDING, wrapped
from runfolio.gui.inspector.text_model import NAME, SPANS_ROLE, VALUE
from runfolio.gui.inspector.text_table import MEASURED, TextTable
from runfolio.store import Store
from tests.gui.conftest import Opener
from tests.gui.writing import Writer

METRIC = Difference("val/loss", "0.3812", "0.2975", "−0.0837", better=True)


@pytest.fixture
def table(qtbot: QtBot) -> Iterator[TextTable]:
    page = QWidget()
    qtbot.addWidget(page)
    table = TextTable("Rows", lambda _role: QColor("black"), tight=True)
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(table)
    layout.addStretch()
    with qtbot.waitExposed(page):
        page.show()
    yield table


def test_long_names_have_the_room_that_short_values_leave(qtbot: QtBot, table: TextTable) -> None:
    table.window().resize(240, 200)
    table.set_rows([simple("@production-candidate", "v2"), simple("@champion", "v1")])
    needed = table.fontMetrics().horizontalAdvance("@production-candidate")
    assert table.columnWidth(NAME) >= needed > table.viewport().width() * 38 // 100
    assert table.columnWidth(VALUE) > table.fontMetrics().horizontalAdvance("v2")


def test_no_figure_of_a_metric_is_cut_off_in_the_narrowest_inspector(
    qtbot: QtBot, store: Store, open_window: Opener
) -> None:
    writer = Writer(store.path)
    run = writer.run("first")
    writer.points(run, "val/accuracy", [0.12345, 0.98765, 0.5], first=12_345)
    writer.end(run)
    writer.commit()
    writer.close()
    window = open_window(store)
    window.resize(window.minimumSizeHint())
    qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == 1)
    window.runs.step(1)
    table = window.inspector.overview.metrics
    qtbot.waitUntil(lambda: table.rows.rowCount() == 1 and table.isVisible())
    spans = table.rows.index(0, VALUE).data(SPANS_ROLE)
    metrics = QFontMetrics(table.font())
    wanted = [metrics.horizontalAdvance(text) for _, text in spans]
    room = table.columnWidth(VALUE) - 2 * PADDING
    assert all(sum(wanted[line]) <= room for line in wrapped(spans, wanted, room)), (wanted, room)


@pytest.mark.parametrize("width", [600, 300, 240, 200])
def test_no_figure_of_a_change_is_cut_off(table: TextTable, width: int) -> None:
    table.set_rows(change_rows([Group("Best metrics", (METRIC,))]))
    table.window().resize(width, 400)
    spans = table.rows.index(1, VALUE).data(SPANS_ROLE)
    metrics = QFontMetrics(table.font())
    wanted = [metrics.horizontalAdvance(text) for _, text in spans]
    room = table.columnWidth(VALUE) - 2 * PADDING
    lines = wrapped(spans, wanted, room)
    assert all(sum(wanted[line]) <= room for line in lines)
    assert table.rowHeight(1) >= len(lines) * metrics.height()
    assert table.height() == table.rowHeight(0) + table.rowHeight(1)
    assert (len(lines) == 1) is (width >= 300)


def test_rows_become_low_again_where_there_is_room(table: TextTable) -> None:
    table.set_rows(change_rows([Group("Best metrics", (METRIC,))]))
    table.window().resize(200, 400)
    high = table.rowHeight(1)
    table.window().resize(600, 400)
    assert table.rowHeight(1) == table.rowHeight(0) < high


def test_a_value_that_grows_while_it_is_looked_at_gets_its_room(table: TextTable) -> None:
    table.window().resize(240, 400)
    table.set_rows([best_of("0.5")])
    low = table.rowHeight(0)
    table.set_rows([best_of("0.123456789")])
    assert table.rowHeight(0) > 1.5 * low


def best_of(last: str) -> TableRow:
    return TableRow("a", muted("a"), lambda: (plain(last), muted(f"  max {last} @ 10,000")))


def test_all_of_very_many_rows_are_as_high_as_the_highest_of_the_first(table: TextTable) -> None:
    table.window().resize(200, 400)
    row = change_rows([Group("Best metrics", (METRIC,))])[1]
    table.set_rows([row._replace(key=str(number)) for number in range(MEASURED + 1)])
    assert {table.rowHeight(at) for at in range(MEASURED + 1)} == {table.rowHeight(0)}
    assert table.rowHeight(0) > 1.5 * table.fontMetrics().lineSpacing()


def test_better_and_worse_differ_in_shape_and_are_told_in_words(table: TextTable) -> None:
    worse = Difference("val/acc", "0.9", "0.8", "−0.1", better=False)
    table.set_rows(change_rows([Group("Best metrics", (METRIC, worse))]))
    assert table.rows.index(1, VALUE).data() == "0.3812 → 0.2975  ● −0.0837"
    assert table.rows.index(2, VALUE).data() == "0.9 → 0.8  ○ −0.1"
    told = [table.rows.index(row, VALUE).data(Qt.ItemDataRole.AccessibleTextRole) for row in (1, 2)]
    assert told == ["0.3812 → 0.2975  −0.0837 better", "0.9 → 0.8  −0.1 worse"]
    assert table.rows.index(1, NAME).data(Qt.ItemDataRole.AccessibleTextRole) == "val/loss"


def test_a_link_gives_way_in_its_middle(qtbot: QtBot) -> None:
    link = ElidedLink()
    qtbot.addWidget(link)
    link.setText("a-very-long-name-of-a-run-that-ends-in-42")
    assert link.minimumSizeHint().width() < link.sizeHint().width() / 3
    link.resize(100, 20)
    picture = link.grab().toImage()
    link.setText("a-very-long-name-of-a-run-that-ends-in-43")
    assert link.grab().toImage() != picture, "its last letters are seen"
