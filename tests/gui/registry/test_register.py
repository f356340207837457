"""Registering in the window: from the best run by keyboard, by what is dropped on a column or a model, and refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QWidget
from pytestqt.qtbot import QtBot

from runfolio.core.columns import SortKey, metric
from runfolio.core.folder import ARTIFACTS
from runfolio.gui import dragging
from runfolio.gui.dragging import Load
from runfolio.gui.main_window import MainWindow
from runfolio.gui.messages import Message
from runfolio.gui.middle import REGISTRY
from runfolio.gui.registry.register_dialog import RegisterDialog
from runfolio.gui.registry.section import ModelsSection
from runfolio.store import Store
from runfolio.store.registry.models import create_model
from runfolio.store.registry.policies import set_policy
from runfolio.store.registry.reading import get_version, list_versions
from runfolio.store.runs import find_run
from tests.gui.comparing import listed
from tests.gui.conftest import Opener
from tests.gui.registry.conftest import CHURN
from tests.gui.registry.hands import column, shown, stored
from tests.store.registry.conftest import write_model
from tests.store.script import Script

COPY, LEFT, PLAIN = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def dialog_of(qtbot: QtBot, window: MainWindow) -> RegisterDialog:
    qtbot.waitUntil(lambda: bool(window.findChildren(RegisterDialog)))
    (dialog,) = window.findChildren(RegisterDialog)
    return dialog


def drop(target: QWidget, data: QMimeData, at: QPoint | None = None, look: Callable[[], None] = lambda: None) -> bool:
    """Enter, move and drop, as Qt tells it; whether it was taken."""
    point = at if at is not None else target.rect().center()
    QApplication.sendEvent(target, QDragEnterEvent(point, COPY, data, LEFT, PLAIN))
    QApplication.sendEvent(target, QDragMoveEvent(point, COPY, data, LEFT, PLAIN))
    look()
    event = QDropEvent(QPointF(point), COPY, data, LEFT, PLAIN)
    QApplication.sendEvent(target, event)
    return event.isAccepted()


def models_of(script: Script, store: Store, name: str, *folders: str) -> int:
    """A run with models in these folders; the store's number of it."""
    run = script.start(experiment="churn", name=name)
    for folder in folders:
        write_model(store.path / ARTIFACTS / run / folder, folder.encode())
        script.event("artifact", run, path=f"{folder}/MLmodel", size=1)
    script.end(run)
    script.take()
    number = find_run(store, run)
    assert number is not None
    return number


def test_the_best_run_is_found_and_its_model_registered(qtbot: QtBot, store: Store, open_window: Opener) -> None:
    with Script(store) as script:
        for number, name in enumerate(("strong", "weak", "other")):
            run = script.start(experiment="a", name=name)
            script.log(run, "val/acc", [0.1, (0.9, 0.5, 0.95)[number]])
            script.params(run, {"kind": "cnn" if number < 2 else "mlp"})
            if name != "weak":
                write_model(store.path / ARTIFACTS / run / "model")
                script.event("artifact", run, path="model/MLmodel", size=1)
            script.end(run)
        script.take()
    window = listed(qtbot, open_window(store), 3)
    told: list[Message] = []
    window.session.message.connect(told.append)
    window.page.filter.edit.setFocus()
    QTest.keyClicks(window.page.filter.edit, "params.kind = 'cnn'")
    QTest.keyClick(window.page.filter.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == 2 and window.runs.feed.settled)
    best_first = (SortKey(metric("val/acc"), descending=True),)
    window.session.set_view(replace(window.session.view, order=best_first), "Sort")
    qtbot.waitUntil(lambda: window.runs.feed.current and window.runs.feed.settled)
    strong, weak = window.runs.feed.model.ids.tolist()
    window.session.select_runs([strong], strong)
    window.actions_by_id["run.register"].trigger()
    dialog = dialog_of(qtbot, window)
    assert not dialog.model.isVisible(), "there is one model, and nothing to choose"
    ok = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    dialog.name.setCurrentText("a/b")
    assert not ok.isEnabled()
    dialog.name.setCurrentText("churn")
    dialog.description.setPlainText("The best of two")
    dialog.accept()
    qtbot.waitUntil(lambda: bool(told) and told[-1].text.startswith("Registered churn v1"))
    version = get_version(store, "churn", 1)
    assert version.run == strong and version.description == "The best of two" and version.metrics["val/acc"] == 0.9
    window.actions_by_id["edit.undo"].trigger()
    qtbot.waitUntil(lambda: not list_versions(store, "churn"))
    window.session.select_runs([weak], weak)
    window.actions_by_id["run.register"].trigger()
    qtbot.waitUntil(lambda: told[-1].text.startswith("weak has no model to register"))


def test_a_run_dropped_on_a_column_is_registered_and_moved_there(
    qtbot: QtBot, window: MainWindow, store: Store, script: Script
) -> None:
    run = models_of(script, store, "late", "model")
    staging = column(window, "Staging")
    said: list[str] = []
    data = dragging.pack(store.path, Load(runs=(run,)))
    assert drop(staging, data, look=lambda: said.append(staging.verdict.text))
    assert said == ["Drop to register the model of this run, then move it to Staging"]
    qtbot.waitUntil(lambda: shown(window)["Staging"] == [8])
    assert stored(store)[6] == "Archived", "the holder has made room"
    qtbot.waitUntil(lambda: f"Registered {CHURN} v8. Moved {CHURN} v8 to Staging" in window.strip.text)
    assert "It has no description." in window.strip.text
    window.actions_by_id["edit.undo"].trigger()
    qtbot.waitUntil(lambda: shown(window)["Staging"] == [6])
    assert 8 not in stored(store)


def test_what_the_gates_keep_out_is_registered_and_stays_where_it_is(
    qtbot: QtBot, window: MainWindow, store: Store, script: Script
) -> None:
    set_policy(store, CHURN, "gates: {Production: {checks: [description]}}")
    run = models_of(script, store, "late", "model")
    drop(column(window, "Production"), dragging.pack(store.path, Load(runs=(run,))))
    qtbot.waitUntil(lambda: shown(window)["None"] == [8, 7, 5])
    qtbot.waitUntil(lambda: "It stays in None" in window.strip.text and "no description" in window.strip.text)
    assert shown(window)["Production"] == [4]


def test_of_a_run_with_several_models_it_is_asked_which(
    qtbot: QtBot, window: MainWindow, store: Store, script: Script
) -> None:
    run = models_of(script, store, "two", "first", "second")
    drop(column(window, "None"), dragging.pack(store.path, Load(runs=(run,))))
    dialog = dialog_of(qtbot, window)
    assert [dialog.model.itemText(row) for row in range(dialog.model.count())] == ["first", "second"]
    assert dialog.model.isVisible() and dialog.name.currentText() == CHURN
    dialog.model.setCurrentText("second")
    dialog.accept()
    qtbot.waitUntil(lambda: shown(window)["None"] == [8, 7, 5])
    assert get_version(store, CHURN, 8).source.endswith("/second")


def test_a_folder_of_artifacts_dropped_on_a_model_of_the_navigator(
    qtbot: QtBot, window: MainWindow, store: Store, script: Script
) -> None:
    create_model(store, "ranker")
    run = models_of(script, store, "two", "first", "second")
    (there,) = window.navigator.findChildren(ModelsSection)
    qtbot.waitUntil(lambda: there.model.rowCount() == 2)
    folder = next((store.path / ARTIFACTS).glob("*/second"))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    at = there.list.visualRect(there.model.find("ranker")).center()
    marked: list[bool] = []
    assert drop(
        there.list.viewport(), data, at, lambda: marked.append(there.list.is_target(there.model.find("ranker")))
    )
    assert marked == [True]
    qtbot.waitUntil(lambda: len(list_versions(store, "ranker")) == 1)
    version = get_version(store, "ranker", 1)
    assert version.run == run and version.source.endswith("/second")


def test_a_folder_of_the_disk_is_registered_too(qtbot: QtBot, window: MainWindow, store: Store, tmp_path: Path) -> None:
    write_model(tmp_path / "elsewhere" / "my-model")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "elsewhere" / "my-model"))])
    assert drop(column(window, "None"), data)
    qtbot.waitUntil(lambda: shown(window)["None"] == [8, 7, 5])
    assert get_version(store, CHURN, 8).run is None


def test_what_stays_over_a_model_opens_its_board(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    window.actions_by_id["view.table"].trigger()
    (there,) = window.navigator.findChildren(ModelsSection)
    at = there.list.visualRect(there.model.find(CHURN)).center()
    data = dragging.pack(store.path, Load(runs=(1,)))
    viewport = there.list.viewport()
    QApplication.sendEvent(viewport, QDragEnterEvent(at, COPY, data, LEFT, PLAIN))
    QApplication.sendEvent(viewport, QDragMoveEvent(at, COPY, data, LEFT, PLAIN))
    qtbot.waitUntil(lambda: window.middle.shown == REGISTRY)
    QApplication.sendEvent(viewport, QDragLeaveEvent())


def test_several_runs_or_texts_are_not_taken(window: MainWindow, store: Store) -> None:
    text = QMimeData()
    text.setText("hello")
    for data in (dragging.pack(store.path, Load(runs=(1, 2))), dragging.pack(store.path, Load(paths=("a",))), text):
        assert not drop(column(window, "None"), data)
        assert not column(window, "None").verdict.isVisible()
