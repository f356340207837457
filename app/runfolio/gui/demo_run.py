"""The demo, trained from the window: its runs appear like those of any script, and end with the window."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from runfolio import demo
from runfolio.core.errors import UserError
from runfolio.gui.jobs import Job
from runfolio.gui.messages import Message

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow

# So often it is looked whether the user has had enough, in seconds.
LOOK = 0.2


def train(window: MainWindow) -> None:
    """Have the demo trained; asked twice, it trains twice, side by side."""
    session = window.session
    tell = session.message.emit
    tell(Message("Two dozen small networks begin to train; their runs appear as they start."))
    work = partial(_train, session.store.path)
    session.jobs.read_long(work, lambda _: tell(Message("The demo has been trained.")), title="Training the demo")


def _train(folder: Path, job: Job) -> None:
    """On a worker thread. Raises UserError when the training fails."""
    process = demo.start(folder, output=subprocess.DEVNULL)
    try:
        while not job.cancelled and process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(LOOK)
    finally:
        demo.stop(process, folder)
    if process.returncode and not job.cancelled:
        raise UserError(f"The training ended with exit code {process.returncode}.", "Its failed run says why.")
