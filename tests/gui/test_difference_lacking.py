"""Rows of files that some of the compared runs do not have, and files that cannot be compared by their values."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from runfolio.core.difference_table import Kind
from runfolio.core.leaves import MOST
from runfolio.gui.compare.details.pane import DetailPane
from runfolio.gui.compare.page import ComparePage
from runfolio.gui.inspector.code_view import CodeView
from runfolio.store import Store
from tests.gui.comparing import compared, listed, sweep, until
from tests.gui.conftest import Opener
from tests.gui.test_difference_details import STEP, opened, png, put
from tests.store.script import Script


@pytest.fixture
def page(qtbot: QtBot, store: Store, tmp_path: Path, open_window: Opener) -> ComparePage:
    """Four runs in the order 3, 2, 1, 0; run 2 has no notes, and pictures from step 5 on; run 0 has none at all."""
    with Script(store) as script:
        for number, run in sweep(script, 4):
            if number != 2:
                put(script, run, "notes.txt", f"first\nnotes of {number}\nlast\n".encode())
            large = {f"k{at}": at + (number if at == 7 else 0) for at in range(MOST + 5)}
            put(script, run, "large.json", json.dumps(large, indent=0).encode())
            for step in [(), (0, 10), (5, 10), (0, 5, 10)][number]:
                put(script, run, STEP.format(step, step, number), png(tmp_path, "#ff0000", 20 + step))
    return compared(qtbot, listed(qtbot, open_window(store), 4), 1, 2, 3, 4)


def lines(detail: DetailPane) -> list[str]:
    (view,) = (one for one in detail.findChildren(CodeView) if one.isVisible())
    return [line for line in view.toPlainText().split("\n") if line[:1] in "+-"]


def test_of_a_run_without_the_file_this_is_said_and_the_nearest_one_that_has_it_is_shown(
    qtbot: QtBot, page: ComparePage
) -> None:
    detail = opened(qtbot, page, Kind.FILES, "notes.txt", column=2).detail
    assert detail.other.currentText() == "run 1" and detail.note.text() == "run 2 has no such file."
    assert lines(detail) == ["-notes of 3", "+notes of 1"]
    detail.other.setFocus()
    QTest.keyClick(detail.other, Qt.Key.Key_Up)
    until(qtbot, lambda: page.settled and detail.other.currentText() == "run 2" and not detail._stack.isVisible())
    assert detail.note.text() == "run 2 has no such file.", "and no line is shown as one that was taken away"
    QTest.keyClick(detail.other, Qt.Key.Key_End)
    until(qtbot, lambda: page.settled and detail._stack.isVisible() and not detail.note.isVisible())
    assert lines(detail) == ["-notes of 3", "+notes of 0"]


def test_of_a_file_with_very_many_values_it_is_said_why_lines_are_compared(qtbot: QtBot, page: ComparePage) -> None:
    detail = opened(qtbot, page, Kind.FILES, "large.json", column=2).detail
    assert lines(detail) == ['-"k7": 10,', '+"k7": 9,']
    assert f"It has more than {MOST:,} values." in detail.note.text()


def test_a_run_without_a_picture_of_a_step_shows_the_one_before_and_tells_its_step(
    qtbot: QtBot, page: ComparePage
) -> None:
    detail = opened(qtbot, page, Kind.FILES, "images/out", column=2).detail
    pictures = detail._stack.currentWidget()
    pair, steps = pictures.pair, pictures.steps  # type: ignore[union-attr]
    assert pair.accessibleName().startswith("Pictures of run 3 (baseline), run 2, run 1, run 0: It has no")
    steps.setFocus()
    QTest.keyClick(steps, Qt.Key.Key_Left)
    until(qtbot, lambda: page.settled and "run 1 · step 0" in pair.accessibleName())
    assert "run 2 ·" not in pair.accessibleName() and "run 3 (baseline) ·" not in pair.accessibleName()
    QTest.keyClick(steps, Qt.Key.Key_Left)
    until(qtbot, lambda: page.settled and "run 2: " in pair.accessibleName())
    assert "run 2: Its first one is at step 5." in pair.accessibleName()
    assert pair.accessibleName().endswith("run 0: It has no such picture.")
