"""Running a run again from the window: a real script in a real repository, and what is said before it starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from runfolio.core.projects.request import read_request
from runfolio.core.projects.tags import REPRODUCES
from runfolio.core.queue.records import JobKind, JobState
from runfolio.gui.main_window import MainWindow
from runfolio.gui.projects.reproducing.dialog import ReproduceDialog
from runfolio.gui.projects.reproducing.following import follow
from runfolio.store import Store
from runfolio.store.queue.changing import enqueue
from runfolio.store.queue.reading import waiting_jobs
from runfolio.store.queue.working import begin_job, end_job, note_job
from tests.gui.conftest import Opener
from tests.gui.seen import control, said
from tests.projects.sources.repositories import GIT, commit
from tests.store.script import Script

pytestmark = pytest.mark.skipif(not GIT, reason="git is not installed")
OK = QDialogButtonBox.StandardButton.Ok
TRAIN = """
import sys, runfolio
with runfolio.start_run(run_name="heron"):
    runfolio.log_params({"lr": sys.argv[2]})
    runfolio.log_metric("loss", float(sys.argv[2]))
"""


@pytest.fixture
def code(tmp_path: Path, store: Store) -> Path:
    """A repository with a script that was run with something that is not committed."""
    folder = tmp_path / "code"
    commit(folder, train_py=TRAIN)
    (folder / "train.py").write_text(f"{TRAIN}print('done')\n")
    variables = {**os.environ, "RUNFOLIO_CAPTURE": "1", "RUNFOLIO_STORE": str(store.path)}
    words = [sys.executable, "train.py", "--lr", "0.5"]
    subprocess.run(words, cwd=folder, env=variables, check=True, capture_output=True)
    return folder


def opened(qtbot: QtBot, window: MainWindow) -> ReproduceDialog:
    """The dialog for the only run, once it knows what is to be done."""
    qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == 1, timeout=10_000)
    window.session.select_runs([int(window.runs.feed.model.ids[0])])
    window.actions_by_id["run.reproduce"].trigger()
    (dialog,) = window.findChildren(ReproduceDialog)
    qtbot.waitUntil(lambda: dialog.planned is not None, timeout=10_000)
    return dialog


def test_it_says_what_will_be_done(qtbot: QtBot, code: Path, store: Store, open_window: Opener) -> None:
    window = open_window(store)
    dialog = opened(qtbot, window)
    qtbot.waitUntil(lambda: "python train.py --lr 0.5" in said(dialog))
    told = said(dialog)
    assert "Reproduce heron" in told
    assert any(text.startswith("commit ") and str(code) in text for text in told)
    assert any(text.startswith("train.py (") for text in told)
    field = control(dialog, QLineEdit, "lr")
    field.setText("0.25")
    assert not dialog.buttons.button(OK).isEnabled()
    qtbot.waitUntil(lambda: "python train.py --lr 0.25" in said(dialog), timeout=10_000)
    dialog.buttons.button(OK).click()
    qtbot.waitUntil(lambda: len(waiting_jobs(store, 9)) == 1)
    (job,) = waiting_jobs(store, 9)
    assert (job.kind, job.title, job.request["parameters"]) == (JobKind.REPRODUCE, "heron again", {"lr": "0.25"})
    assert read_request(job.request["run"]).tags[REPRODUCES] == job.request["run_id"]


def test_what_is_lost_is_said_before_it_starts(qtbot: QtBot, code: Path, store: Store, open_window: Opener) -> None:
    code.rename(code.with_name("moved"))
    dialog = opened(qtbot, open_window(store))
    qtbot.waitUntil(lambda: any(text.startswith("✕ ") for text in said(dialog)))
    assert not dialog.buttons.button(OK).isEnabled()
    dialog.reject()


def test_what_has_changed_is_offered_when_it_is_over(
    qtbot: QtBot, store: Store, script: Script, open_window: Opener
) -> None:
    old, new = script.start(name="heron"), script.start(name="heron again")
    for run, rate in ((old, "0.5"), (new, "0.25")):
        script.params(run, {"lr": rate})
        script.end(run)
    script.tags(new, {REPRODUCES: old})
    script.take()
    window = open_window(store)
    job, _ = enqueue(store, JobKind.REPRODUCE, "heron again", {"run_id": old})
    follow(window.session, old, "heron", job)
    begin_job(store, job)
    note_job(store, job, run_uuid=new, state=JobState.RUNNING)
    end_job(store, job, JobState.FINISHED, exit_code=0)
    qtbot.waitUntil(lambda: window.strip.text == "heron was run again: finished. See what has changed.")
    control(window.strip, QPushButton, "Show").click()
    pair = [script.number(old), script.number(new)]
    qtbot.waitUntil(lambda: window.session.selection.ids.tolist() == pair)
    compare = window.page.compare
    assert compare is not None and compare.isVisible()
    qtbot.waitUntil(lambda: compare.settled)
    window.session.select_runs(pair[1:])
    overview = window.inspector.overview
    title = overview.sections["changes"].label
    qtbot.waitUntil(lambda: title.accessibleName() == "Changed since the run it reproduces")
