"""From the best run to the action that will register its model, by the keyboard alone."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from runfolio.core.columns import SortKey, metric
from runfolio.gui.messages import Message
from runfolio.store import Store
from tests.gui.comparing import listed
from tests.gui.conftest import Opener
from tests.store.script import Script


def test_the_best_run_is_found_looked_at_and_its_model_named(qtbot: QtBot, store: Store, open_window: Opener) -> None:
    with Script(store) as script:
        for number, name in enumerate(("strong", "weak", "other")):
            run = script.start(experiment="a", name=name)
            script.log(run, "val/acc", [0.1, (0.9, 0.5, 0.95)[number]])
            script.params(run, {"kind": "cnn" if number < 2 else "mlp"})
            for path in () if name == "weak" else ("model/MLmodel", "model/weights.bin"):
                script.event("artifact", run, path=path, size=1)
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
    with qtbot.waitSignal(window.session.message):
        window.actions_by_id["run.register"].trigger()
    assert told[-1].text.startswith("strong has the model model. There is no registry yet") and not told[-1].error
    window.session.select_runs([weak], weak)
    with qtbot.waitSignal(window.session.message):
        window.actions_by_id["run.register"].trigger()
    assert told[-1].text == "weak has no model to register: none of its files is called MLmodel."
