"""The inspector on a real store: what it says of a run, live, and what can be changed there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from runfolio.client.active_run import ActiveRun
from runfolio.core.states import RunStatus
from runfolio.gui.inspector.pages import FilesPage, MetricsPage
from runfolio.gui.inspector.panel import ARTIFACTS, METRICS, OVERVIEW, Inspector
from runfolio.gui.inspector.tags import Chip
from runfolio.gui.inspector.text_model import NAME, VALUE
from runfolio.gui.inspector.text_table import TextTable
from runfolio.gui.session import Session
from runfolio.gui.theme import Mode
from runfolio.store import Store
from runfolio.store.runs import get_run
from tests.gui.writing import Writer, is_written, number_of

CODE = "def f(x):\n    return 'text' + 1  # why\n"


@pytest.fixture
def run(writer: Writer) -> ActiveRun:
    """A run that is going, with a bit of everything."""
    one = writer.run("brave-otter")
    one.log_params({"lr": 0.001, "optimizer": "adamw", "epochs": 60})
    one.set_tags({"seed": "0", "baseline": "", "mlflow.note.content": "The **first** try."})
    writer.points(one, "val/acc", [0.5, 0.96, 0.95])
    writer.points(one, "val/loss", [2.0, 0.18, 0.19])
    add_file(one, "train.py", CODE.encode())
    add_file(one, "model/MLmodel", b"flavors: {}\n")
    add_file(one, "model/weights.bin", b"\0\1\2" * 100)
    picture = QImage(9, 9, QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.transparent)
    path = one.folder / "confusion.png"
    assert picture.save(str(path))
    one.note_artifact("confusion.png", path.stat().st_size)
    writer.commit()
    return one


def add_file(run: ActiveRun, path: str, data: bytes) -> None:
    file = run.folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    run.note_artifact(path, len(data))


@pytest.fixture
def inspector(qtbot: QtBot, session: Session, store: Store, run: ActiveRun) -> Iterator[Inspector]:
    one = Inspector(session)
    testers = [
        QAbstractItemModelTester(view.model, QAbstractItemModelTester.FailureReportingMode.Warning)
        for view in (one.overview.artifacts, one.of(FilesPage).files)
    ]
    testers += [
        QAbstractItemModelTester(table.model(), QAbstractItemModelTester.FailureReportingMode.Warning)
        for table in (one.overview.params, one.overview.metrics, one.of(MetricsPage).statistics)
    ]
    qtbot.addWidget(one)
    one.resize(340, 700)
    with qtbot.waitExposed(one):
        one.show()
    show(qtbot, one, session, number_of(store, run))
    yield one
    for tester in testers:
        tester.deleteLater()


def show(qtbot: QtBot, inspector: Inspector, session: Session, run: int) -> None:
    session.select_runs([run], run)
    qtbot.waitUntil(lambda: inspector.details is not None and inspector.details.run.id == run)


def rows(table: TextTable) -> dict[str, str]:
    cell = table.model().index
    return {cell(row, NAME).data(): cell(row, VALUE).data() for row in range(table.model().rowCount())}


def chips(inspector: Inspector) -> list[str]:
    return [chip.button.text() for chip in inspector.overview.tags.findChildren(Chip) if not chip.isHidden()]


def test_it_shows_a_run(inspector: Inspector) -> None:
    assert inspector.heading.name.text() == "brave-otter"
    assert inspector.heading.subtitle.text().startswith("epoch 2/60 · just now · ")
    assert inspector.heading.ending.isHidden()
    assert rows(inspector.overview.params) == {"epochs": "60", "lr": "0.001", "optimizer": "adamw"}
    assert rows(inspector.overview.metrics) == {
        "val/acc": "0.9500  max 0.9600 @ 1",
        "val/loss": "0.1900  min 0.1800 @ 1",
    }
    assert sorted(chips(inspector)) == ["baseline", "seed=0"]
    assert "first" in inspector.overview.note.note.text()
    assert inspector.overview.sections["params"].label.text() == "PARAMETERS · 3"
    assert inspector.overview.sections["artifacts"].label.text().startswith("ARTIFACTS · 4 · ")


def test_tabs_only_where_there_is_content(
    qtbot: QtBot, inspector: Inspector, session: Session, writer: Writer, store: Store
) -> None:
    assert all(inspector.tabs.isTabVisible(tab) for tab in (OVERVIEW, METRICS, ARTIFACTS))
    bare = writer.run("bare")
    writer.commit()
    show(qtbot, inspector, session, number_of(store, bare))
    assert [inspector.tabs.isTabVisible(tab) for tab in range(inspector.tabs.count())] == [True, *[False] * 5]
    assert inspector.overview.sections["params"].isHidden()


def test_tabs_close_up_when_one_goes_and_make_room_when_it_comes(
    qtbot: QtBot, inspector: Inspector, session: Session, writer: Writer, store: Store
) -> None:
    bare = writer.run("bare")
    add_file(bare, "model/data.bin", b"0")
    writer.commit()
    tabs = inspector.tabs
    show(qtbot, inspector, session, number_of(store, bare))
    assert not tabs.isTabVisible(METRICS)
    assert tabs.tabRect(ARTIFACTS).left() == tabs.tabRect(OVERVIEW).right() + 1
    writer.points(bare, "loss", [1.0, 0.5])
    writer.commit()
    qtbot.waitUntil(lambda: tabs.isTabVisible(METRICS))
    assert tabs.tabRect(METRICS).width() > tabs.fontMetrics().horizontalAdvance("Metrics")
    assert tabs.tabRect(ARTIFACTS).left() == tabs.tabRect(METRICS).right() + 1


def test_it_follows_the_run_and_leaves_alone_what_has_not_changed(
    qtbot: QtBot, inspector: Inspector, run: ActiveRun, writer: Writer
) -> None:
    area = inspector.overview.area
    assert area is not None
    qtbot.waitUntil(inspector.overview.artifacts.pane.picture.isVisible)
    area.verticalScrollBar().setValue(40)
    inspector.overview.artifacts.tree.collapse(inspector.overview.artifacts.model.index_of("model"))
    inspector.overview.metrics.selectAll()
    run.log_metric("val/acc", 0.975, 3)
    add_file(run, "model/conda.yaml", b"name: x\n")
    writer.commit()
    qtbot.waitUntil(lambda: rows(inspector.overview.metrics)["val/acc"].startswith("0.9750"))
    assert area.verticalScrollBar().value() == 40
    assert not inspector.overview.artifacts.tree.isExpanded(inspector.overview.artifacts.model.index_of("model"))
    assert inspector.overview.artifacts.model.index_of("model/conda.yaml").isValid()
    inspector.overview.metrics.copy_selected()
    copied = QGuiApplication.clipboard().text()
    assert copied == "val/acc\t0.975  max 0.975 @ 3\nval/loss\t0.19  min 0.18 @ 1", "all digits, and no more"


def test_a_failed_run_says_so_first(qtbot: QtBot, inspector: Inspector, run: ActiveRun, writer: Writer) -> None:
    run.end(RunStatus.FAILED)
    writer.commit()
    qtbot.waitUntil(lambda: inspector.heading.ending.isVisible())
    assert inspector.heading.ending.text().startswith("✕ This run failed after ")
    assert inspector.heading.ending.text().endswith(", at epoch 2/60.")


def test_renaming_and_undo(qtbot: QtBot, inspector: Inspector, session: Session, store: Store, run: ActiveRun) -> None:
    name = inspector.heading.name
    name.setFocus()
    name.selectAll()
    QTest.keyClicks(name, "calm-heron")
    QTest.keyClick(name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: is_written(session))
    assert get_run(store, number_of(store, run)).name == "calm-heron"
    session.undo.undo()
    qtbot.waitUntil(lambda: inspector.heading.name.text() == "brave-otter")


def test_escape_gives_the_old_name_back(inspector: Inspector) -> None:
    name = inspector.heading.name
    name.setFocus()
    QTest.keyClicks(name, "xyz")
    QTest.keyClick(name, Qt.Key.Key_Escape)
    assert name.text() == "brave-otter"


def test_tags_are_added_edited_removed_and_undone(
    qtbot: QtBot, inspector: Inspector, session: Session, store: Store, run: ActiveRun
) -> None:
    def tags() -> dict[str, str]:
        return {k: v for k, v in get_run(store, number_of(store, run)).tags.items() if not k.startswith("mlflow.")}

    inspector.add_tag()
    QTest.keyClicks(inspector.overview.tags.line, "team = vision")
    QTest.keyClick(inspector.overview.tags.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "team=vision" in chips(inspector))
    assert tags() == {"seed": "0", "baseline": "", "team": "vision"}
    inspector.overview.tags.edit("seed")
    assert inspector.overview.tags.line.text() == "seed=0"
    QTest.keyClicks(inspector.overview.tags.line, "seed=7")
    QTest.keyClick(inspector.overview.tags.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "seed=7" in chips(inspector))
    chip = next(c for c in inspector.overview.tags.findChildren(Chip) if c.button.text() == "baseline")
    QTest.mouseClick(chip.cross, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "baseline" not in chips(inspector) and is_written(session))
    for expected in ({"seed": "7", "baseline": "", "team": "vision"}, {"seed": "0", "baseline": "", "team": "vision"}):
        session.undo.undo()
        qtbot.waitUntil(lambda expected=expected: tags() == expected)  # type: ignore[misc]
    qtbot.waitUntil(lambda: sorted(chips(inspector)) == ["baseline", "seed=0", "team=vision"])


def test_pictures_are_shown(qtbot: QtBot, inspector: Inspector) -> None:
    pane = inspector.overview.artifacts.pane
    qtbot.waitUntil(pane.picture.isVisible)
    assert inspector.overview.artifacts.chosen() == "confusion.png", "the first picture says most at a glance"
    assert pane.note.text() == "confusion.png · 9 × 9"
    assert pane.picture.width() <= 340 and pane.picture.height() >= 9


def test_code_is_shown_in_colours(qtbot: QtBot, inspector: Inspector, session: Session) -> None:
    choose(inspector, "train.py")
    pane = inspector.overview.artifacts.pane
    qtbot.waitUntil(pane.text.isVisible)
    assert pane.text.toPlainText().strip() == CODE.strip()
    assert session.theme.color("code_keyword").name() in pane.text.toHtml()
    assert not pane.picture.isVisible()


def test_a_binary_file_says_what_it_is(qtbot: QtBot, inspector: Inspector) -> None:
    choose(inspector, "model/weights.bin")
    qtbot.waitUntil(lambda: inspector.overview.artifacts.pane.note.text() == "No preview: a binary file of 300 B.")
    assert not inspector.overview.artifacts.pane.text.isVisible()


def test_only_the_beginning_of_a_long_text_is_read(
    qtbot: QtBot, inspector: Inspector, run: ActiveRun, writer: Writer
) -> None:
    add_file(run, "log.txt", b"a line of text\n" * 10_000)
    writer.commit()
    qtbot.waitUntil(lambda: inspector.overview.artifacts.model.index_of("log.txt").isValid())
    choose(inspector, "log.txt")
    qtbot.waitUntil(lambda: inspector.overview.artifacts.pane.note.text() == "The first 65.5 kB of 150 kB.")


def test_a_file_that_was_deleted_outside(qtbot: QtBot, inspector: Inspector, run: ActiveRun) -> None:
    (run.folder / "train.py").unlink()
    choose(inspector, "train.py")
    qtbot.waitUntil(lambda: "no file 'train.py'" in inspector.overview.artifacts.pane.note.text())


def choose(inspector: Inspector, path: str) -> None:
    inspector.overview.artifacts.tree.setCurrentIndex(inspector.overview.artifacts.model.index_of(path))


def test_a_long_name_is_shortened_and_kept_in_the_tool_tip(
    qtbot: QtBot, inspector: Inspector, run: ActiveRun, writer: Writer
) -> None:
    name = f"prediction%step%4%timestamp%1700000000000%{'0123456789abcdef' * 2}.png"
    picture = QImage(9, 9, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    assert picture.save(str(run.folder / name))
    run.note_artifact(name, 100)
    writer.commit()
    inspector.resize(300, 600)
    note = inspector.overview.artifacts.pane.note
    qtbot.waitUntil(lambda: inspector.overview.artifacts.model.index_of(name).isValid())
    choose(inspector, name)
    qtbot.waitUntil(lambda: note.text().startswith("prediction%"))
    assert "…" in note.text() and name in note.toolTip()
    area = inspector.overview.area
    assert area is not None
    page = area.widget()
    assert page is not None and page.width() <= 300


def test_nothing_selected(inspector: Inspector, session: Session) -> None:
    session.select_runs([])
    assert inspector.details is None
    assert inspector.empty.isVisible()


@pytest.mark.parametrize("width", [280, 420])
@pytest.mark.parametrize("mode", [Mode.DARK, Mode.LIGHT])
def test_nothing_is_wider_than_the_window(
    qtbot: QtBot, qapp: QApplication, inspector: Inspector, session: Session, width: int, mode: Mode
) -> None:
    sheet, palette = qapp.styleSheet(), qapp.palette()
    session.theme.set_mode(mode)
    inspector.resize(width, 600)
    for tab in (OVERVIEW, METRICS, ARTIFACTS):
        inspector.tabs.setCurrentIndex(tab)
        qtbot.waitUntil(lambda tab=tab: inspector.shown_page == tab)  # type: ignore[misc]
        assert not inspector.grab().isNull()
        area = inspector.page(tab).area
        inner = area.widget() if area is not None else inspector.page(tab)
        assert inner is not None
        assert inner.width() <= width
        outside = [w for w in inner.findChildren(QWidget) if w.isVisible() and right(w, inner) > inner.width()]
        assert outside == []
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)


def right(widget: QWidget, inner: QWidget) -> int:
    """The right edge of a widget as far as its own parent shows it."""
    parent = widget.parentWidget()
    if parent is not None and parent is not inner:
        return min(widget.mapTo(inner, widget.rect().topRight()).x(), right(parent, inner))
    return widget.geometry().right()
