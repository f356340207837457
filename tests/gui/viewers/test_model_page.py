"""The page of a model's folder, and the lines on it, which run."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from runfolio.core.errors import Stopped
from runfolio.core.folder import ARTIFACTS
from runfolio.gui.artifacts.page import ArtifactsPage
from runfolio.gui.inspector.text_model import FULL_ROLE
from runfolio.gui.session import Session
from runfolio.gui.viewers.model_page import ModelViewer, snippet
from runfolio.gui.viewers.model_questions import ModelFacts
from runfolio.gui.viewers.model_safety import LOOKING
from runfolio.models.environment.check_result import FAILED, TAG, CheckResult
from runfolio.models.safety.hashing import fingerprint
from runfolio.store import Store
from runfolio.store.recover import recover
from runfolio.store.search import find_runs
from tests.gui.viewers.conftest import LogFile, Refused, Show
from tests.store.script import Script

APP = Path(__file__).resolve().parents[3] / "app"
SCRIPT = """
import pandas as pd
import runfolio
import runfolio.sklearn
from sklearn.linear_model import LinearRegression

data = pd.DataFrame({"width": [1.0, 2.0, 3.0], "height": [2.0, 4.0, 7.0]})
model = LinearRegression().fit(data, [3.0, 6.0, 10.0])
with runfolio.start_run(run_name="trained"):
    runfolio.sklearn.log_model(model, "model", input_example=data.head(2), metadata={"owner": "vision"})
"""
MLMODEL = b"""artifact_path: model
flavors:
  python_function: {loader_module: mlflow.sklearn, model_path: model.pkl, python_version: 3.11.7}
  sklearn: {pickled_model: model.pkl, sklearn_version: 1.5.2}
model_size_bytes: 2048
run_id: abc
signature:
  inputs: '[{"type": "double", "name": "width", "required": true}, {"type": "long", "required": false, "name": "n"}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1]}}]'
  params: '[{"name": "top", "type": "long", "default": 3, "shape": null}]'
"""


def run(script: str, store: Path) -> str:
    """Run lines of Python beside the store, which they find by themselves."""
    environment = {**os.environ, "PYTHONPATH": str(APP), "RUNFOLIO_STORE": str(store)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def rows(viewer: ModelViewer, title: str) -> dict[str, str]:
    model = viewer.tables[title].rows
    return {model.index(row, 0).data(): model.index(row, 1).data() for row in range(model.rowCount())}


def test_a_model_says_what_it_is(qtbot: QtBot, show: Show) -> None:
    viewer = show("model/MLmodel", MLMODEL)
    assert isinstance(viewer, ModelViewer)
    assert rows(viewer, "Inputs") == {"width": "double", "n": "long, may be missing"}
    assert rows(viewer, "Outputs") == {"0": "float64 (-1,)"}
    assert rows(viewer, "Params") == {"top": "long, 3 by default"}
    assert rows(viewer, "Flavors")["sklearn"] == "sklearn 1.5.2 · pickled_model model.pkl"
    assert rows(viewer, "About")["Size"] == "2 kB" and viewer.sections["Requirements"].isHidden()
    qtbot.waitUntil(lambda: "runfolio.pyfunc.load_model" in viewer.snippet.toPlainText())


def test_a_model_that_can_run_code_says_so_and_what_it_imports(
    qtbot: QtBot, session: Session, page: ArtifactsPage, script: Script, store: Store, log_file: LogFile
) -> None:
    run = script.start()
    log_file(run, "model/model.pkl", b"cposix\nsystem\n(S'false'\ntR.")
    log_file(run, "model/MLmodel", MLMODEL)
    viewer = opened(qtbot, session, page, script.number(run))
    safety = viewer.safety
    qtbot.waitUntil(safety.imports.isVisible)
    assert safety.said.text().startswith("Loading this model can run code: a pickle is a program")
    model = safety.imports.rows
    assert [model.index(0, column).data(FULL_ROLE) for column in (0, 1)] == [
        "model.pkl",
        "posix.system: runs commands or programs",
    ]
    qtbot.waitUntil(safety.trust.isVisible)
    assert safety.trust.text().startswith("You do not trust it") and safety.checked.isHidden()
    command = safety.command.toPlainText()
    assert command == f"runfolio models trust runs:/{run}/model --store {shlex.quote(str(store.path))}"
    words = [sys.executable, "-m", *shlex.split(command)]
    done = subprocess.run(words, env={**os.environ, "PYTHONPATH": str(APP)}, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    viewer.open(viewer.file)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: safety.trust.text().startswith("You trust exactly these files since"))
    assert safety.trust.text().endswith(f": as runs:/{run}/model.") and not safety.command.isVisible()
    log_file(run, "model/model.pkl", b"cposix\nsystem\n(S'true'\ntR.")
    viewer.open(viewer.file)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: safety.trust.text().startswith("You do not trust it") and safety.command.isVisible())


def test_no_preview_waits_until_a_model_has_been_looked_through(
    qtbot: QtBot, session: Session, page: ArtifactsPage, script: Script, log_file: LogFile
) -> None:
    asked = threading.Event()

    def ask(_question: object, stop: Callable[[], bool]) -> None:
        while not stop():
            asked.wait(0.01)
        raise Stopped

    run = script.start()
    log_file(run, "model/MLmodel", MLMODEL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session.scans, "ask", ask)
        viewer = opened(qtbot, session, page, script.number(run))
        qtbot.waitUntil(lambda: "load_model" in viewer.snippet.toPlainText())
        assert viewer.safety.said.text() == LOOKING
        viewer.leave()
        qtbot.waitUntil(lambda: not session.jobs.running)


def test_all_of_the_lines_can_be_read_in_little_room(qtbot: QtBot, show: Show) -> None:
    viewer = show("model/MLmodel", MLMODEL)
    assert isinstance(viewer, ModelViewer)
    code = viewer.snippet
    qtbot.waitUntil(lambda: "load_model" in code.toPlainText())
    viewer.setFixedWidth(260)
    qtbot.waitUntil(lambda: code.document().size().height() > code.blockCount())
    qtbot.waitUntil(lambda: code.verticalScrollBar().maximum() == code.horizontalScrollBar().maximum() == 0)


def test_a_model_without_code_says_so_and_how_it_fared_until_it_is_changed(
    qtbot: QtBot, session: Session, page: ArtifactsPage, script: Script, store: Store, log_file: LogFile
) -> None:
    run = script.start()
    log_file(run, "model/weights.txt", b"1 2 3")
    log_file(run, "model/MLmodel", MLMODEL)
    folder = store.path / ARTIFACTS / run / "model"
    failed = CheckResult(result=FAILED, stage="load", reason="There is no library libgomp.", digest=fingerprint(folder))
    script.tags(run, {f"{TAG}model": failed.to_json()})
    script.take()
    viewer = opened(qtbot, session, page, script.number(run))
    qtbot.waitUntil(lambda: viewer.safety.said.text().startswith("Loading this model cannot run code."))
    qtbot.waitUntil(viewer.safety.checked.isVisible)
    assert viewer.safety.checked.text().endswith("made of its own files: There is no library libgomp.")
    assert viewer.safety.imports.isHidden()
    log_file(run, "model/weights.txt", b"1 2 4")
    viewer.open(viewer.file)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: viewer.safety.checked.text() == "Its files are other ones than when it was checked.")


def opened(qtbot: QtBot, session: Session, page: ArtifactsPage, run: int) -> ModelViewer:
    session.select_runs([run])
    page.choose("model/MLmodel")
    qtbot.waitUntil(lambda: isinstance(page.stage.viewer, ModelViewer))
    viewer = page.stage.viewer
    assert isinstance(viewer, ModelViewer)
    return viewer


@pytest.mark.parametrize(
    "data",
    [
        b"just words",
        b"a: &a [x, x]\nb: &b [*a, *a]\nflavors: 3",
        b"flavors: " + b"[" * 5_000,
        b"!!python/object/apply:os.system ['false']",
        b"\xff\xfe\x00",
        b"flavors: {}\nsignature: {inputs: '[{\"type\": 3}]'}",
    ],
)
def test_a_hostile_file_says_why_it_is_no_model(refused: Refused, data: bytes) -> None:
    assert refused("model/MLmodel", data)


@pytest.mark.slow
def test_the_lines_on_the_page_run_when_they_are_copied(
    qtbot: QtBot, store: Store, session: Session, page: ArtifactsPage
) -> None:
    run(SCRIPT, store.path)
    recover(store)
    (found,) = find_runs(store)
    session.select_runs([found])
    page.choose("model")
    qtbot.waitUntil(lambda: isinstance(page.stage.viewer, ModelViewer))
    viewer = page.stage.viewer
    assert isinstance(viewer, ModelViewer)
    qtbot.waitUntil(lambda: "input_example" in viewer.snippet.toPlainText(), timeout=20_000)
    assert rows(viewer, "About")["owner"] == "vision" and "width" in rows(viewer, "Inputs")
    viewer.copy.click()
    printed = run(QGuiApplication.clipboard().text(), store.path)
    assert [round(float(word), 3) for word in printed.strip("[]\n ").split()] == [3.0, 6.0]


def test_the_lines_name_the_store_where_scripts_would_not_find_it() -> None:
    facts = ModelFacts((), (("sklearn", ""),), (), (), (), (), (), "", "", False, False)
    assert snippet(facts, "runs:/a/model", "/lab") == (
        "import runfolio\nrunfolio.set_tracking_uri('/lab')\n"
        "import runfolio.sklearn\nmodel = runfolio.sklearn.load_model('runs:/a/model')"
    )
