"""Runs in groups in the table: what their rows show, how they open and close, sort, select and follow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from runfolio.client.active_run import ActiveRun
from runfolio.core.check_names import TITLES
from runfolio.core.columns import CHECKS, CREATED, DURATION, NAME, STATUS, Column, SortKey, metric, param, trend
from runfolio.core.states import RunStatus
from runfolio.core.statistics import Statistic
from runfolio.core.views import View
from runfolio.gui.runs import RunTable
from runfolio.gui.runs.feed import State
from runfolio.gui.runs.layout import group_width
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.checks import EVERY_RUN, keep, look_at_each, mute
from runfolio.store.experiments import get_or_create
from runfolio.store.trash import delete_runs
from tests.gui.seen import places
from tests.gui.writing import Writer, number_of

OPTIMIZER, SEED, ACC, LOSS = param("optimizer"), param("seed", numeric=True), metric("val/acc"), metric("val/loss")


@pytest.fixture
def runs(writer: Writer) -> list[ActiveRun]:
    """Two optimizers with three seeds each, and a run without either; one loss is not finite."""
    started = []
    for optimizer, accuracy in (("adam", 0.913), ("sgd", 0.8)):
        for seed in range(3):
            run = writer.run(f"{optimizer}-{seed}")
            run.log_params({"optimizer": optimizer, "seed": seed})
            writer.points(run, "val/acc", [accuracy + (seed - 1) / 250])
            writer.points(run, "val/loss", [float("nan") if (optimizer, seed) == ("sgd", 0) else 1.0 + seed])
            run.end(RunStatus.FAILED if (optimizer, seed) == ("sgd", 2) else RunStatus.FINISHED)
            started.append(run)
    started.append(writer.run("bare"))
    writer.commit()
    return started


@pytest.fixture
def shown(qtbot: QtBot, session: Session, store: Store, runs: list[ActiveRun]) -> Iterator[RunTable]:
    """The table on the screen, by optimizers."""
    one = RunTable(session)
    tester = QAbstractItemModelTester(one.feed.model, QAbstractItemModelTester.FailureReportingMode.Warning)
    qtbot.addWidget(one)
    one.resize(1400, 400)
    with qtbot.waitExposed(one):
        one.show()
    session.select_experiments([get_or_create(store, "digits").id])
    qtbot.waitUntil(lambda: one.feed.state is State.RUNS)
    look(qtbot, one, session, View(group_by=(OPTIMIZER,)))
    yield one
    tester.deleteLater()


def look(qtbot: QtBot, shown: RunTable, session: Session, view: View) -> None:
    session.set_view(view, "Group")
    settle(qtbot, shown)


def settle(qtbot: QtBot, shown: RunTable) -> None:
    """Until everything that the table shows has been read; painting asks for more."""

    def settled() -> bool:
        shown.grab()
        return shown.feed.settled

    qtbot.waitUntil(settled)
    qtbot.waitUntil(settled)


def texts(shown: RunTable, column: Column = NAME) -> list[str]:
    model = shown.feed.model
    section = model.columns.index(column)
    return [str(model.index(row, section).data()) for row in range(model.rowCount())]


def press(shown: RunTable, key: Qt.Key) -> None:
    QTest.keyClick(shown.view, key)


def go_to(shown: RunTable, row: int) -> None:
    shown.view.setCurrentIndex(shown.feed.model.index(row, 0))


def test_groups_show_what_their_runs_come_to(qtbot: QtBot, shown: RunTable) -> None:
    assert texts(shown) == ["optimizer adam (3)", "optimizer sgd (3)", "optimizer not set (1)"]
    qtbot.waitUntil(lambda: texts(shown, ACC)[0] != "")
    settle(qtbot, shown)
    assert texts(shown, ACC) == ["0.9130 ± 0.0040 (n=3)", "0.8000 ± 0.0040 (n=3)", ""]
    assert texts(shown, LOSS) == ["2.0 ± 1.0 (n=3)", "2.50 ± 0.71 (n=2)", ""]
    assert texts(shown, OPTIMIZER) == ["adam", "sgd", ""]
    assert texts(shown, STATUS) == ["✓ finished", "2 values", "● running"]
    assert texts(shown, SEED) == ["1.0 ± 1.0", "1.0 ± 1.0", ""]


def test_what_comes_of_some_columns_has_only_these_painted(qtbot: QtBot, shown: RunTable) -> None:
    model, told = shown.feed.model, set[int]()
    settle(qtbot, shown)
    qtbot.waitUntil(lambda: texts(shown, ACC)[0] != "")
    settle(qtbot, shown)
    grouped = shown.feed.sums.grouped
    assert grouped is not None
    others = {column: found for column, found in grouped.sums.items() if column != ACC}
    shown.feed.sums.show(replace(grouped, sums=others))
    model.dataChanged.connect(lambda first, last: told.update(range(first.column(), last.column() + 1)))
    with qtbot.waitSignal(shown.feed.sums.came):
        assert texts(shown, ACC)[0] == ""
    # What passes, and pictures, come when they come.
    assert told - {*map(model.section_of, (CREATED, DURATION, trend(ACC.key)))} == {model.section_of(ACC)}
    assert texts(shown, ACC)[0] != ""


def test_groups_show_in_how_many_runs_checks_have_found_something(
    qtbot: QtBot, shown: RunTable, session: Session, store: Store
) -> None:
    session.set_view(replace(session.view, added=(CHECKS,)))
    qtbot.waitUntil(lambda: CHECKS in shown.feed.model.columns)
    settle(qtbot, shown)
    assert texts(shown, CHECKS) == ["", "", ""], "no run was looked at"
    keep(store, [*look_at_each(store, [1, 2, 3, 4, 5])])
    qtbot.waitUntil(lambda: texts(shown, CHECKS) == ["3 of 3", "2 of 3", ""])
    cell = shown.feed.model.index(1, shown.feed.model.section_of(CHECKS))
    told = "Something was found in 2 of 3 runs; 1 not looked at yet"
    assert told in str(cell.data(Qt.ItemDataRole.ToolTipRole))
    assert cell.data(Qt.ItemDataRole.AccessibleTextRole) == "Checks: 2 of 3"
    for check in TITLES:
        mute(store, EVERY_RUN, check)
    qtbot.waitUntil(lambda: texts(shown, CHECKS) == ["0 of 3", "0 of 3", ""])
    shown.feed.order_by(SortKey(CHECKS, True))
    settle(qtbot, shown)


def test_tool_tips_and_words_tell_all(qtbot: QtBot, shown: RunTable) -> None:
    model = shown.feed.model
    loss = model.index(1, model.section_of(LOSS))
    qtbot.waitUntil(lambda: "2 values, and 1 that is NaN" in str(loss.data(Qt.ItemDataRole.ToolTipRole)))
    tip = str(loss.data(Qt.ItemDataRole.ToolTipRole))
    assert "standard deviation (of a sample): 0.7071067811865476" in tip and "median: 2.5" in tip
    status = model.index(1, model.section_of(STATUS))
    qtbot.waitUntil(lambda: "failed: 1 run" in str(status.data(Qt.ItemDataRole.ToolTipRole)))
    name = model.index(0, 0)
    assert name.data(Qt.ItemDataRole.AccessibleTextRole) == "Group: optimizer adam, 3 runs, closed"
    assert not name.flags() & Qt.ItemFlag.ItemIsEditable
    assert "Mean ± standard deviation 2.50 ± 0.71 (n=2)" in str(loss.data(Qt.ItemDataRole.AccessibleTextRole))


def test_groups_tell_how_far_their_means_are_from_the_baseline(
    qtbot: QtBot, shown: RunTable, session: Session, runs: list[ActiveRun]
) -> None:
    settle(qtbot, shown)
    model = shown.feed.model

    def told(row: int, column: Column, role: Qt.ItemDataRole = Qt.ItemDataRole.AccessibleTextRole) -> str:
        return str(model.index(row, model.section_of(column)).data(role))

    def painted(row: int, column: Column) -> set[str]:
        """The colours of the deltas among those of a cell."""
        area = shown.view.visualRect(model.index(row, model.section_of(column)))
        image = shown.view.viewport().grab(area).toImage()
        seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
        return seen & {session.theme.color(name).name() for name in ("ok", "bad")}

    before = told(1, ACC)
    assert "baseline" not in before and not painted(1, ACC)
    look(qtbot, shown, session, replace(session.view, baseline=runs[0].info.run_id))  # adam-0: 0.909
    qtbot.waitUntil(lambda: "baseline" in told(1, ACC))
    assert told(0, ACC) == "val/acc: Mean ± standard deviation 0.9130 ± 0.0040 (n=3), ▲0.004, +0.44 %, better" + (
        " beside the baseline adam-0"
    )
    assert told(1, ACC).startswith(f"{before}, ▼0.109, −12 %, worse beside")
    assert "worse beside the baseline adam-0" in told(1, LOSS), "lower is better"
    assert "beside the baseline" in told(1, ACC, Qt.ItemDataRole.ToolTipRole)
    assert told(2, ACC) == "val/acc: not set"
    assert "baseline" not in told(1, SEED), "a mean of settings says nothing"
    shown.view.header.resizeSection(model.section_of(ACC), 260)
    shown.view.setCurrentIndex(model.index(2, 0))
    assert painted(0, ACC) == {session.theme.color("ok").name()}
    assert painted(1, ACC) == {session.theme.color("bad").name()}
    assert texts(shown, ACC)[:2] == ["0.9130 ± 0.0040 (n=3)", "0.8000 ± 0.0040 (n=3)"], "the spread stays"


def test_another_statistic(qtbot: QtBot, shown: RunTable, session: Session) -> None:
    look(qtbot, shown, session, replace(session.view, statistic=Statistic.BEST))
    qtbot.waitUntil(lambda: texts(shown, LOSS)[0] != "" and texts(shown, ACC)[0] != "")
    assert texts(shown, LOSS)[:2] == ["1 (n=3)", "2 (n=2)"], "the least of a loss"
    assert texts(shown, ACC)[:2] == ["0.9170 (n=3)", "0.8040 (n=3)"]
    session.undo.undo()
    qtbot.waitUntil(lambda: texts(shown, LOSS)[0] == "2.0 ± 1.0 (n=3)")


def test_the_keyboard_opens_and_closes(qtbot: QtBot, shown: RunTable, session: Session) -> None:
    go_to(shown, 0)
    with qtbot.waitSignal(shown.feed.model.rowsInserted):
        press(shown, Qt.Key.Key_Right)
    settle(qtbot, shown)
    assert texts(shown)[:5] == ["optimizer adam (3)", "adam-2", "adam-1", "adam-0", "optimizer sgd (3)"]
    go_to(shown, 2)
    press(shown, Qt.Key.Key_Left)
    assert shown.view.currentIndex().row() == 0, "from a run to its group"
    with qtbot.waitSignal(shown.feed.model.rowsRemoved):
        press(shown, Qt.Key.Key_Left)
    assert shown.feed.model.rowCount() == 3
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return):
        press(shown, key)
    assert shown.feed.model.rowCount() == 3, "opened by one and closed by the other"


def test_the_mouse_opens_and_closes(qtbot: QtBot, shown: RunTable) -> None:
    view = shown.view
    cell = view.visualRect(shown.feed.model.index(1, 0))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=cell.topLeft() + QPoint(14, cell.height() // 2))
    assert shown.feed.model.rowCount() == 6
    assert not places(view), "a click on the arrow selects nothing"
    middle = cell.topLeft() + QPoint(60, cell.height() // 2)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert places(view) == [1] and shown.feed.model.rowCount() == 6
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert shown.feed.model.rowCount() == 3


def test_a_group_stands_for_its_runs(qtbot: QtBot, shown: RunTable, session: Session, store: Store) -> None:
    adam = [run for run in shown.feed.folding.lines.runs.tolist() if "adam" in name_of(store, run)]
    go_to(shown, 0)
    qtbot.waitUntil(lambda: session.selection.told == tuple(adam))
    assert session.selection.current == adam[0]
    press(shown, Qt.Key.Key_Right)
    shown.select_all()
    qtbot.waitUntil(lambda: len(session.selection.told) == 7)
    assert len(set(session.selection.told)) == 7, "no run twice, though its group is selected too"


def name_of(store: Store, run: int) -> str:
    from runfolio.store.runs import get_run

    return get_run(store, run).name


def test_what_is_selected_elsewhere_is_revealed(
    qtbot: QtBot, shown: RunTable, session: Session, store: Store, runs: list[ActiveRun]
) -> None:
    run = number_of(store, runs[4])
    session.select_runs([run], run)
    qtbot.waitUntil(lambda: "sgd-1" in texts(shown))
    assert shown.view.current_run() == run
    assert session.selection.told == (run,)


@pytest.mark.qt_log_level_fail("WARNING", ignore=["propagateSizeHints"])
def test_a_group_has_no_name_to_edit(shown: RunTable) -> None:
    go_to(shown, 0)
    shown.rename_current()
    assert shown.view.findChild(QLineEdit) is None


def test_levels_open_one_by_one_or_all_at_once(qtbot: QtBot, shown: RunTable, session: Session) -> None:
    look(qtbot, shown, session, View(group_by=(OPTIMIZER, SEED)))
    go_to(shown, 1)
    press(shown, Qt.Key.Key_Right)
    go_to(shown, 3)
    press(shown, Qt.Key.Key_Right)
    settle(qtbot, shown)
    assert texts(shown) == [
        "optimizer adam (3)",
        "optimizer sgd (3)",
        "seed 0 (1)",
        "seed 1 (1)",
        "sgd-1",
        "seed 2 (1)",
        "optimizer not set (1)",
    ]
    assert [shown.feed.folding.depth(row) for row in shown.feed.model.ids.tolist()] == [0, 0, 1, 1, 2, 1, 0]
    shown.feed.folding.set_all(True)
    assert shown.feed.model.rowCount() == 3 + 7 + 7
    shown.feed.folding.set_all(False)
    assert shown.feed.model.rowCount() == 3


def test_everything_but_the_seed(qtbot: QtBot, shown: RunTable, session: Session, writer: Writer) -> None:
    look(qtbot, shown, session, View(group_except=(SEED,)))
    assert texts(shown) == ["optimizer adam (3)", "optimizer sgd (3)", "optimizer not set (1)"]
    for name in ("a", "b", "c"):
        run = writer.run(name)
        run.log_params({"depth": 1, "width": 2, "seed": name, **({name: 1} if name != "c" else {})})
    writer.commit()
    settle(qtbot, shown)
    qtbot.waitUntil(lambda: len(texts(shown)) == 6)
    titles = texts(shown)
    assert "no a, b +3 (1)" in titles, "the bare run, in a few words"
    assert "depth 1 · width 2 · no a, b +1 (1)" in titles
    session.undo.undo()
    qtbot.waitUntil(lambda: session.view.group_by == (OPTIMIZER,))


def test_what_groups_have_in_common_is_not_in_their_titles(
    qtbot: QtBot, shown: RunTable, session: Session, writer: Writer, store: Store
) -> None:
    parent = writer.run("sweep", experiment="sweeps")
    for lr in ("0.1", "0.2"):
        run = writer.run(f"lr {lr}", experiment="sweeps", parent=parent)
        run.log_params({"model": "resnet", "lr": lr, "seed": 1})
    writer.commit()
    session.select_experiments([get_or_create(store, "sweeps").id])
    look(qtbot, shown, session, View(group_except=(SEED,)))
    qtbot.waitUntil(lambda: texts(shown) == ["lr 0.1 (1)", "lr 0.2 (1)", "lr not set (1)"])
    run = writer.run("another", experiment="sweeps")
    run.log_params({"batch": 8, "lr": "0.1"})
    writer.commit()
    qtbot.waitUntil(lambda: "lr 0.2 · model resnet · batch not set (1)" in texts(shown))


def test_groups_are_sorted_by_what_they_show(qtbot: QtBot, shown: RunTable, session: Session) -> None:
    def sorted_by(*keys: SortKey) -> list[str]:
        look(qtbot, shown, session, replace(session.view, order=keys))
        return [
            text.removeprefix("optimizer ").rpartition(" (")[0] for text in texts(shown) if text.startswith("optimizer")
        ]

    assert sorted_by(SortKey(ACC)) == ["sgd", "adam", "not set"]
    assert sorted_by(SortKey(ACC, descending=True)) == ["adam", "sgd", "not set"]
    assert sorted_by(SortKey(LOSS, descending=True)) == ["sgd", "adam", "not set"]
    assert sorted_by(SortKey(OPTIMIZER, descending=True)) == ["sgd", "adam", "not set"]
    assert sorted_by(SortKey(NAME, descending=True)) == ["sgd", "adam", "not set"]
    look(qtbot, shown, session, replace(session.view, statistic=Statistic.LEAST))
    go_to(shown, 0)
    press(shown, Qt.Key.Key_Right)
    look(qtbot, shown, session, replace(session.view, order=(SortKey(ACC),)))
    assert texts(shown) == [
        "optimizer sgd (3)",
        "sgd-0",
        "sgd-1",
        "sgd-2",
        "optimizer adam (3)",
        "optimizer not set (1)",
    ]


def test_a_filter_comes_before_the_groups(qtbot: QtBot, shown: RunTable, session: Session) -> None:
    look(qtbot, shown, session, replace(session.view, filter="params.seed > 0"))
    assert texts(shown) == ["optimizer adam (2)", "optimizer sgd (2)"]
    look(qtbot, shown, session, replace(session.view, filter="params.seed > 7"))
    assert shown.feed.state is State.NO_MATCH
    look(qtbot, shown, session, replace(session.view, filter=""))
    assert len(texts(shown)) == 3


def test_what_is_open_stays_open_while_runs_come_and_go(
    qtbot: QtBot, shown: RunTable, session: Session, store: Store, writer: Writer, runs: list[ActiveRun]
) -> None:
    settle(qtbot, shown)
    go_to(shown, 1)
    press(shown, Qt.Key.Key_Right)
    late = writer.run("late")
    late.log_params({"optimizer": "sgd", "seed": 9})
    writer.points(late, "val/acc", [0.9])
    other = writer.run("other")
    other.log_params({"optimizer": "lion"})
    writer.commit()
    qtbot.waitUntil(lambda: "late" in texts(shown))
    settle(qtbot, shown)
    assert texts(shown) == [
        "optimizer adam (3)",
        "optimizer lion (1)",
        "optimizer sgd (4)",
        "late",
        "sgd-2",
        "sgd-1",
        "sgd-0",
        "optimizer not set (1)",
    ]
    assert texts(shown, ACC)[2] == "0.825 ± 0.050 (n=4)"
    session.run(lambda opened: delete_runs(opened, [number_of(store, runs[3])]))
    qtbot.waitUntil(lambda: "sgd-0" not in texts(shown))
    settle(qtbot, shown)
    assert texts(shown, ACC)[2] == "0.835 ± 0.057 (n=3)"
    assert shown.view.currentIndex().row() == 2, "the keyboard stays on its group"


def test_rows_of_groups_wait_for_a_new_order_too(
    qtbot: QtBot, shown: RunTable, session: Session, writer: Writer, runs: list[ActiveRun]
) -> None:
    look(qtbot, shown, session, replace(session.view, order=(SortKey(ACC, descending=True),)))
    runs[6].log_params({"optimizer": "sgd"})
    writer.points(runs[6], "val/acc", [5.0])
    writer.commit()
    with qtbot.waitSignal(shown.feed.order_aged):
        pass
    settle(qtbot, shown)
    assert texts(shown) == ["optimizer adam (3)", "optimizer sgd (4)"]
    shown.feed.apply_order()
    assert texts(shown) == ["optimizer sgd (4)", "optimizer adam (3)"]


def test_without_groups_runs_stand_beneath_their_parents(
    qtbot: QtBot, shown: RunTable, session: Session, store: Store, writer: Writer
) -> None:
    from runfolio.client.active_run import RunInfo, new_run_id
    from runfolio.client.experiment import ExperimentHandle

    look(qtbot, shown, session, View())
    tracker = writer._tracker
    sweep = writer.run("sweep")
    for number in range(2):
        info = RunInfo(new_run_id(), f"trial-{number}", ExperimentHandle(tracker.folder, "digits"), tracker.folder)
        ActiveRun(tracker, info).start(parent=sweep.info.run_id, user="", source="", experiment="digits")
    writer.run("newest")
    writer.commit()
    qtbot.waitUntil(lambda: "newest" in texts(shown))
    settle(qtbot, shown)
    assert texts(shown)[:5] == ["newest", "sweep", "trial-1", "trial-0", "bare"]
    go_to(shown, 1)
    press(shown, Qt.Key.Key_Left)
    assert texts(shown)[:3] == ["newest", "sweep", "bare"]
    qtbot.waitUntil(lambda: session.selection.told == (number_of(store, sweep),))
    look(qtbot, shown, session, View(nested=False))
    assert texts(shown)[:4] == ["newest", "trial-1", "trial-0", "sweep"]
    look(qtbot, shown, session, View(order=(SortKey(NAME, descending=True),)))
    assert texts(shown)[:3] == ["trial-1", "trial-0", "sweep"], "in another order they stand by themselves"


def test_groups_are_copied_as_they_are_shown(qtbot: QtBot, shown: RunTable, session: Session) -> None:
    accuracy = metric("val/acc")
    qtbot.waitUntil(lambda: all(texts(shown, accuracy)[:2]))
    shown.select_all()
    with qtbot.waitSignal(session.message):
        shown.copy_rows()
    heads, *lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    for column in (NAME, accuracy):
        assert [line[heads.index(column.id)] for line in lines] == texts(shown, column)


def test_columns_out_of_sight_are_copied_too(qtbot: QtBot, shown: RunTable, session: Session) -> None:
    settle(qtbot, shown)
    shown.hide()
    grouped = shown.feed.sums.grouped
    assert grouped is not None
    shown.feed.sums.show(replace(grouped, sums={}))  # as it is until a column has been scrolled to
    shown.select_all()
    with qtbot.waitSignal(session.message):
        shown.copy_rows()
    header, first, *_ = (line.split("\t") for line in QGuiApplication.clipboard().text().splitlines())
    cells = dict(zip(header, first, strict=True))
    assert cells["metrics.val/acc"] == "0.9130 ± 0.0040 (n=3)" and cells["params.seed"] == "1.0 ± 1.0"
    assert cells["attributes.status"] == "✓ finished"


def test_names_of_groups_take_more_of_a_wide_table() -> None:
    assert group_width(7, 300, name=True, table=900) >= 300 * 1.08
    assert group_width(7, 300, name=True, table=500) == group_width(7, 300, name=False, table=900) == 36 * 7


def test_columns_have_room_for_means_before_these_are_known(
    qtbot: QtBot, shown: RunTable, session: Session, runs: list[ActiveRun]
) -> None:
    columns, model, header = (ACC, SEED), shown.feed.model, shown.view.header

    def widths() -> list[int]:
        return [header.sectionSize(model.columns.index(column)) for column in columns]

    look(qtbot, shown, session, View())
    alone = widths()
    seen: list[tuple[list[str], list[int]]] = []
    with qtbot.waitSignal(model.modelReset):
        model.modelReset.connect(lambda: seen.append((texts(shown, ACC), widths())))
        session.set_view(View(group_by=(OPTIMIZER,)), "Group")
    settle(qtbot, shown)
    unknown, first = seen[0]
    assert unknown == ["", "", ""], "nothing is summed up yet"
    assert all(wide > narrow for wide, narrow in zip(first, alone, strict=True))
    assert texts(shown, ACC)[0] == "0.9130 ± 0.0040 (n=3)"
    assert widths() == first


def test_durations_of_groups_are_seen_whole(qtbot: QtBot, shown: RunTable, session: Session, writer: Writer) -> None:
    look(qtbot, shown, session, View())
    for minutes in (12, 47):
        run = writer.run(f"lion-{minutes}")
        run.log_params({"optimizer": "lion"})
        run.end(RunStatus.FINISHED, run.info.start_time + 60_000 * minutes + 7_000)
    writer.commit()
    qtbot.waitUntil(lambda: shown.feed.model.rowCount() == 9)
    look(qtbot, shown, session, View(group_by=(OPTIMIZER,)))
    header, section, width = (
        shown.view.header,
        shown.feed.model.section_of(DURATION),
        shown.view.header.look.plain.width,
    )

    def widest() -> str:
        shown.grab()
        return max(texts(shown, DURATION), key=width)

    qtbot.waitUntil(lambda: "s ± 24m" in widest())
    qtbot.waitUntil(lambda: header.sectionSize(section) > width(widest()))
