"""The demo's training, a process of its own beside whoever watches it: started, and ended with all it has started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from runfolio.core.paths import resource

EXPERIMENT = "vision/digits-mlp"
PATIENCE = 5.0


def start(folder: Path, options: Sequence[str] = (), output: int | None = None) -> subprocess.Popen[str]:
    """Begin to train into the store of a folder; `output` is where its lines go, as for `subprocess`."""
    script = resource("resources", "demo", "digits", "train.py")
    _list_project(folder, script.parent)
    # One thread a process: the models are small, and several train side by side.
    single = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    return subprocess.Popen(
        [sys.executable, str(script), *options],
        stdout=output,
        text=True,
        env={**os.environ, **single, "RUNFOLIO_STORE": str(folder)},
        # A group of its own, so that its workers can be stopped with it.
        start_new_session=True,
    )


def _list_project(folder: Path, project: Path) -> None:
    """Have the demo's project in the list of the store, to be run and searched in the window."""
    from runfolio.store import open_store
    from runfolio.store.projects.listing import note_project

    store = open_store(folder)
    try:
        if not store.read_only:
            note_project(store, str(project), project.name)
    finally:
        store.close()


def stop(process: subprocess.Popen[str], folder: Path) -> None:
    """End the training if it still runs, and let its runs end truthfully."""
    if process.poll() is None:
        # It ends its workers itself, which leaves nothing behind; one that does not is ended with them.
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
            process.wait()
        _recover(folder)
    if process.stdout is not None:
        process.stdout.close()


def _recover(folder: Path) -> None:
    from runfolio.store import open_store
    from runfolio.store.recover import recover

    store = open_store(folder)
    try:
        recover(store)
    finally:
        store.close()
