"""A run table of very many columns, as of a run that logs a metric for each layer of a large model."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from runfolio.core.columns import ATTRIBUTES, Column, Source, metric
from runfolio.gui.runs import RunTable
from runfolio.gui.runs.feed import State
from runfolio.gui.runs.model import RunTableModel
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.experiments import get_or_create
from tests.gui.writing import Writer

METRICS = 1000
#: A value that takes more room than the names of the columns do.
VALUE, LONG = -1.23456789e-100, "-1.23457e-100"

compare = Column.__eq__


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often columns are compared with each other from now on: one number that grows."""
    count = [0]

    def counted(one: Column, other: object) -> bool:
        count[0] += 1
        return compare(one, other)

    monkeypatch.setattr(Column, "__eq__", counted)
    return count


@pytest.fixture
def table(qtbot: QtBot, session: Session, store: Store, writer: Writer) -> RunTable:
    """Of an experiment of one run with a thousand metrics; nothing is shown yet."""
    run = writer.run("large", "many")
    run.log_metrics({f"g{number:04}": VALUE for number in range(METRICS)}, step=0)
    writer.end(run)
    writer.commit()
    shown = RunTable(session)
    qtbot.addWidget(shown)
    shown.resize(1000, 300)
    with qtbot.waitExposed(shown):
        shown.show()
    return shown


def open_it(table: RunTable, session: Session, store: Store, qtbot: QtBot) -> None:
    session.select_experiments([get_or_create(store, "many").id])
    qtbot.waitUntil(lambda: table.feed.state is State.RUNS and table.feed.settled)
    qtbot.waitUntil(lambda: table.feed.model.columnCount() > METRICS)


def test_opening_an_experiment_looks_at_each_column_a_few_times_only(
    table: RunTable, session: Session, store: Store, qtbot: QtBot, comparisons: list[int]
) -> None:
    """Twice as many columns take twice as long, not four times."""
    open_it(table, session, store, qtbot)
    assert 0 < comparisons[0] < 100 * METRICS


def test_columns_far_to_the_right_get_their_width_too(
    table: RunTable, session: Session, store: Store, qtbot: QtBot
) -> None:
    open_it(table, session, store, qtbot)
    header, last = table.view.header, table.feed.model.section_of(metric("g0999"))
    needed = header.look.plain.width(LONG)
    qtbot.waitUntil(lambda: all(header.sectionSize(one) > needed for one in (last, last - 1, last - METRICS // 2)))


def test_what_is_seen_of_many_columns_is_found_without_a_look_at_those_that_scrolled_out(
    table: RunTable, session: Session, store: Store, qtbot: QtBot
) -> None:
    open_it(table, session, store, qtbot)
    bar = table.view.horizontalScrollBar()
    bar.setValue(bar.maximum())
    seen = list(table.view.header.in_sight())
    assert seen[-1] == table.feed.model.columnCount() - 1 and len(seen) < 40
    assert [group.source for group in table.view.header.groups()] == [Source.ATTRIBUTE, Source.METRIC]


def test_columns_that_come_in_many_places_are_one_change(qtbot: QtBot) -> None:
    """Each insertion has all widths looked at again."""
    model = RunTableModel(lambda _: None)
    names = [f"g{number:03}" for number in range(100)]
    model.set_columns((*ATTRIBUTES, *map(metric, names[::2])))
    inserted: list[int] = []
    model.columnsInserted.connect(lambda _parent, first, _last: inserted.append(first))
    with qtbot.waitSignal(model.modelReset):
        model.set_columns((*ATTRIBUTES, *map(metric, names)))
    assert not inserted
    model.set_columns((*ATTRIBUTES, metric("a"), *map(metric, names), metric("z")))
    assert inserted == [len(ATTRIBUTES), len(ATTRIBUTES) + 101]
    assert [column.key for column in model.columns[4:]] == ["a", *names, "z"]
    model.deleteLater()
