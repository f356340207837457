"""The line at the bottom counts in proper words."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from runfolio.core.entities import Experiment
from runfolio.gui import session as session_module
from runfolio.gui.chrome.status_bar import StatusBar
from runfolio.gui.session import Session
from runfolio.gui.theme import Mode, Theme
from runfolio.store import Store
from runfolio.store.experiments import list_experiments
from runfolio.store.operations import Outcome
from runfolio.store.steps import InSteps, Steps
from tests.store.script import Script


@pytest.fixture
def session(qtbot: QtBot, store: Store) -> Iterator[Session]:
    one = Session(store, Theme(Mode.DARK))
    yield one
    one.close()


def said(bar: StatusBar) -> list[str]:
    return [label.text() for label in bar.findChildren(QLabel) if label.text()]


@pytest.mark.parametrize(("runs", "expected"), [(1, "1 run · 0 running"), (2, "2 runs · 0 running")])
def test_runs_are_counted(qtbot: QtBot, store: Store, session: Session, runs: int, expected: str) -> None:
    with Script(store) as script:
        for number in range(runs):
            script.end(script.start(name=str(number)))
        script.finish()
    experiments: list[Experiment] = [one for one in list_experiments(store) if one.runs]
    bar = StatusBar(session)
    qtbot.addWidget(bar)
    bar.set_experiments(experiments)
    assert expected in said(bar)
    session.select_runs([1])
    assert "1 selected" in said(bar)


def test_the_count_follows_the_selection(qtbot: QtBot, store: Store, session: Session) -> None:
    with Script(store) as script:
        script.end(script.start(experiment="one"))
        script.start(experiment="two")
        script.finish()
        experiments = [each for each in list_experiments(store) if each.runs]
        bar = StatusBar(session)
        qtbot.addWidget(bar)
        bar.set_experiments(experiments)
        assert "2 runs · 1 running" in said(bar)
        session.select_experiments([next(each.id for each in experiments if each.name == "one")])
        assert "1 run · 0 running" in said(bar)


def test_a_change_in_steps_tells_how_far_it_is_and_is_stopped_by_the_button(
    qtbot: QtBot, store: Store, session: Session
) -> None:
    bar = StatusBar(session)
    qtbot.addWidget(bar)
    with qtbot.waitExposed(bar):
        bar.show()
    gate, messages = threading.Event(), list[str]()
    session.message.connect(lambda message: messages.append(message.text))

    def work(_: Store, steps: Steps) -> Outcome:
        steps.progress(1, 4)
        while not steps.stop():
            assert not gate.wait(0.01)
        return Outcome("Did a quarter")

    session.run(InSteps(work, "Doing much"))
    cancel, busy = bar.findChildren(QPushButton)[0], bar.findChildren(QProgressBar)[0]
    qtbot.waitUntil(lambda: cancel.isVisible() and busy.value() == 25 and "Doing much…" in said(bar))
    QTest.mouseClick(cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: messages == ["Did a quarter"])
    assert not cancel.isVisible() and not busy.isVisible()


def test_a_store_that_is_gone_is_not_live(
    qtbot: QtBot, store: Store, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "RECOVER_MS", 10)
    session = Session(store, session.theme, session)
    bar = StatusBar(session)
    qtbot.addWidget(bar)
    assert said(bar)[0].endswith("Live")
    session.start()
    qtbot.waitUntil(lambda: session.revision >= 0)
    store.path.rename(store.path.with_name("aside"))
    qtbot.waitUntil(lambda: said(bar)[0].endswith("Gone"))
    session.close()
