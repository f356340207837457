"""The dialog of a sweep: what is searched, what is wrong with it, and what is put into the queue."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from runfolio.core.errors import InvalidValue
from runfolio.core.projects.records import Kind, Parameter
from runfolio.core.projects.request import read_request
from runfolio.core.queue.records import JobKind
from runfolio.core.sweeps.records import Dimension, Method, Pruning, StopRules, Sweep
from runfolio.core.sweeps.spec import read_sweep
from runfolio.core.sweeps.stored import read_written
from runfolio.gui.main_window import MainWindow
from runfolio.gui.projects.sweeping import typed
from runfolio.gui.projects.sweeping.dialog import SweepDialog
from runfolio.gui.projects.sweeping.dimension import FIXED, LIST, RANGE
from runfolio.store import Store
from runfolio.store.queue.reading import waiting_jobs
from tests.gui.projects.conftest import form_of, show

OK = QDialogButtonBox.StandardButton.Ok


@pytest.fixture
def dialog(qtbot: QtBot, window: MainWindow, project: Path) -> SweepDialog:
    """The dialog of the project's main entry point, of which the data is given."""
    page = show(qtbot, window, project)
    form = form_of(qtbot, page)
    form.use_values({"data": "bottles"})
    form.parameters.add.click()
    form.parameters.extra[0].key.setText("seed")
    form.parameters.extra[0].value.setText("7")
    page.sweep_button.click()
    (opened,) = window.findChildren(SweepDialog)
    return opened


def search(dialog: SweepDialog) -> None:
    """Fill in a range and a list."""
    lr, optimizer = dialog.rows["lr"], dialog.rows["optimizer"]
    lr.way.setCurrentIndex(RANGE)
    lr.low.setText("1e-4")
    lr.high.setText("0.1")
    lr.log.setChecked(True)
    optimizer.way.setCurrentIndex(LIST)
    dialog.settings.judge.setText("val_loss")


def test_it_begins_with_what_the_form_holds(dialog: SweepDialog) -> None:
    assert {row.way.currentIndex() for row in dialog.rows.values()} == {FIXED}
    assert dialog.rows["data"].fixed_value == "bottles"
    assert dialog.trouble.text() == "There is no parameter in space: nothing to search."
    assert not dialog.buttons.button(OK).isEnabled()


def test_a_sweep_is_put_into_the_queue(qtbot: QtBot, dialog: SweepDialog, window: MainWindow, store: Store) -> None:
    search(dialog)
    assert dialog.preview.text() == "Up to 20 trials, 2 at a time"
    dialog.buttons.button(OK).click()
    qtbot.waitUntil(lambda: len(waiting_jobs(store, 9)) == 1)
    (job,) = waiting_jobs(store, 9)
    assert (job.kind, job.title) == (JobKind.SWEEP, "wine main sweep")
    sweep = read_written(job.request["sweep"])
    assert sweep.space == (Dimension("lr", (), 1e-4, 0.1, log=True), Dimension("optimizer", ("adam", "sgd")))
    assert (sweep.metric, dict(sweep.fixed)) == ("val_loss", {"data": "bottles"})
    assert dict(read_request(job.request["run"]).parameters) == {"data": "bottles", "seed": "7"}
    qtbot.waitUntil(lambda: window.strip.text == "Put wine main sweep into the queue")


def test_a_grid_says_how_many_trials_it_has(dialog: SweepDialog) -> None:
    search(dialog)
    settings, lr = dialog.settings, dialog.rows["lr"]
    settings.method.setCurrentIndex(settings.method.findData(Method.GRID))
    settings.trials.setValue(0)
    assert "no end of values" in lr.trouble.text() and not dialog.preview.text()
    lr.way.setCurrentIndex(LIST)
    lr.values.setText("0.1, 0.01, 0.001")
    assert dialog.preview.text() == "Up to 6 trials, 2 at a time"


def test_what_is_wrong_is_told_beside_its_parameter(dialog: SweepDialog) -> None:
    search(dialog)
    lr, epochs = dialog.rows["lr"], dialog.rows["epochs"]
    lr.high.setText("2")
    assert lr.trouble.text() == "lr: 2.0 is more than 1."
    lr.high.setText("much")
    assert "a number for high" in lr.trouble.text()
    epochs.way.setCurrentIndex(LIST)
    assert epochs.trouble.text() == "epochs needs values."
    lr.high.setText("1")
    epochs.values.setText("1, 2")
    assert dialog.buttons.button(OK).isEnabled()
    dialog.settings.judge.clear()
    assert "needs a metric" in dialog.trouble.text()


def test_a_sweep_is_written_and_read_as_yaml(qtbot: QtBot, dialog: SweepDialog, tmp_path: Path) -> None:
    sweep = Sweep(
        (Dimension("epochs", (), 1, 9, step=2, whole=True), Dimension("optimizer", ("sgd", "adam"))),
        "acc", "maximize", Method.TPE, 7, 3, 5, "best", {"data": "bottles"},
        StopRules(90, 0.99, 4, 2), Pruning("median", 3, 2),
    )  # fmt: skip
    dialog.show_sweep(sweep)
    assert dialog.sweep() == sweep
    file = tmp_path / "sweep.yaml"
    dialog.write_file(file)
    qtbot.waitUntil(file.exists)
    qtbot.waitUntil(lambda: read_sweep(file.read_text()) == sweep)
    dialog.show_sweep(Sweep((), ""))
    dialog.read_file(file)
    qtbot.waitUntil(lambda: dialog.sweep() == sweep)


def test_a_wrong_file_is_told(qtbot: QtBot, dialog: SweepDialog, tmp_path: Path) -> None:
    file = tmp_path / "sweep.yaml"
    file.write_text("metrik: loss\n")
    dialog.read_file(file)
    qtbot.waitUntil(lambda: "metrik" in dialog.trouble.text())


def test_lists_are_read_as_they_are_typed() -> None:
    assert typed.read_list("x", 'a, "b, c", d').values == ("a", "b, c", "d")
    assert typed.read_list("x", typed.write_list(("a", "b, c"))).values == ("a", "b, c")
    for wrong in ("a,,b", 'a, "b'):
        with pytest.raises(InvalidValue):
            typed.read_list("x", wrong)
    whole = typed.read_range(Parameter("n", Kind.INT), "1", "4", False, "")
    assert whole == Dimension("n", (), 1, 4, whole=True)
