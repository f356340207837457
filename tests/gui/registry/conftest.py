"""A store with a registered model whose versions are in several stages, and a window that shows it."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from runfolio.core.folder import ARTIFACTS
from runfolio.gui.main_window import MainWindow
from runfolio.gui.registry.board import Board
from runfolio.gui.registry.page import RegistryPage
from runfolio.store import Store
from runfolio.store.registry.registering import of_run, register
from runfolio.store.registry.transitions import transition
from tests.gui.conftest import Opener
from tests.store.registry.conftest import write_model
from tests.store.script import Script

CHURN = "churn-classifier"
#: The stage of each version, and the AUC of its run.
STAGES = {1: "Archived", 2: "Archived", 3: "Archived", 4: "Production", 5: "None", 6: "Staging", 7: "None"}
SCORES = {1: 0.902, 2: 0.915, 3: 0.921, 4: 0.936, 5: 0.933, 6: 0.947, 7: 0.941}


@pytest.fixture
def filled(store: Store, script: Script) -> Store:
    """Seven versions of a model, each of a run of its own."""
    fill(store, script, CHURN, STAGES)
    return store


def fill(store: Store, script: Script, name: str, stages: dict[int, str]) -> None:
    """Register a version for each stage."""
    for number, stage in stages.items():
        run = script.start(experiment="churn", name=f"heron-{number}")
        script.log(run, "auc", [SCORES.get(number, 0.9)])
        script.log(run, "f1", [SCORES.get(number, 0.9) - 0.07])
        script.take()
        write_model(store.path / ARTIFACTS / run / "model", f"weights {number}".encode())
        register(store, name, of_run(store, run, "model"))
        if stage != "None":
            transition(store, name, number, stage)
        script.end(run)
    script.take()


@pytest.fixture
def window(qtbot: QtBot, filled: Store, open_window: Opener) -> MainWindow:
    """A window on the page of the model."""
    one = open_window(filled)
    one.actions_by_id["view.registry"].trigger()
    qtbot.waitUntil(lambda: one.session.registry.model == CHURN)
    board = page_of(one).shown
    assert isinstance(board, Board)
    qtbot.waitUntil(lambda: len(board.shown.cards) == len(STAGES) and board.settled)
    return one


def page_of(window: MainWindow) -> RegistryPage:
    """The page that a window shows."""
    page = window.middle.currentWidget()
    assert isinstance(page, RegistryPage)
    return page
