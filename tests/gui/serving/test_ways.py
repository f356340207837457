"""A model is served from wherever it is looked at; no server is started here."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from runfolio.core.folder import ARTIFACTS
from runfolio.gui.main_window import MainWindow
from runfolio.gui.registry.commands import VersionCommands
from runfolio.gui.serving.dialog import EVERYWHERE, ServeDialog
from runfolio.gui.viewers.model_page import ModelViewer
from runfolio.gui.viewers.viewer import ViewedFile
from runfolio.store import Store
from runfolio.store.registry.registering import of_run, register
from runfolio.store.registry.transitions import transition
from runfolio.store.runs import find_run
from tests.gui.conftest import Opener
from tests.store.registry.conftest import write_model
from tests.store.script import Script

NAME = "churn"


@pytest.fixture
def run_id(store: Store, script: Script) -> str:
    """A run whose model has two versions, of which the first is in Production."""
    run = script.start(experiment="churn")
    script.take()
    write_model(store.path / ARTIFACTS / run / "model")
    for _ in range(2):
        register(store, NAME, of_run(store, run, "model"))
    transition(store, NAME, 1, "Production")
    return run


@pytest.fixture
def asked(run_id: str, store: Store, open_window: Opener) -> tuple[MainWindow, list[str]]:
    """A window on it, and the addresses that were asked to be served."""
    window = open_window(store)
    addresses: list[str] = []
    window.session.serving.serve_asked.disconnect()
    window.session.serving.serve_asked.connect(addresses.append)
    return window, addresses


@pytest.mark.parametrize(
    ("versions", "address"),
    [((), "models:/churn/Production"), ((1,), "models:/churn/Production"), ((2,), "models:/churn/2")],
)
def test_a_version_is_served_by_its_stage_where_it_has_one(
    qtbot: QtBot, asked: tuple[MainWindow, list[str]], versions: tuple[int, ...], address: str
) -> None:
    window, addresses = asked
    window.session.registry.show_model(NAME)
    window.session.registry.select(versions)
    VersionCommands(window.session, window).serve()
    qtbot.waitUntil(lambda: addresses == [address])


def test_the_panel_of_a_version_serves_it(qtbot: QtBot, asked: tuple[MainWindow, list[str]]) -> None:
    window, addresses = asked
    window.session.registry.go_to(NAME, 2)
    qtbot.waitUntil(lambda: window.zone.version is not None)
    panel = window.zone.version
    assert panel is not None
    qtbot.waitUntil(lambda: panel.isVisible() and panel.settled)
    panel.serve.click()
    qtbot.waitUntil(lambda: addresses == ["models:/churn/2"])


def test_the_page_of_a_model_among_a_runs_files_serves_it(
    qtbot: QtBot, asked: tuple[MainWindow, list[str]], run_id: str, store: Store
) -> None:
    window, addresses = asked
    run = find_run(store, run_id)
    assert run is not None
    viewer = ModelViewer(window.session)
    qtbot.addWidget(viewer)
    file = store.path / ARTIFACTS / run_id / "model" / "MLmodel"
    viewer.open(ViewedFile(run, "model/MLmodel", file, file.stat().st_size))
    viewer.serve.click()
    qtbot.waitUntil(lambda: addresses == [f"runs:/{run_id}/model"])


def test_other_machines_need_a_token(qtbot: QtBot) -> None:
    dialog = ServeDialog(["models:/churn/1"], "", None)
    qtbot.addWidget(dialog)
    ok = dialog.buttons.button(dialog.buttons.StandardButton.Ok)
    assert ok.isEnabled() and dialog.wanted.token == "" and not dialog.token.isEnabled()
    dialog.others.setChecked(True)
    assert dialog.wanted.host == EVERYWHERE and len(dialog.wanted.token) > 20
    dialog.token.setText(" ")
    assert not ok.isEnabled()
