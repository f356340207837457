"""Writing all runs of the view into a file: asked for by a file dialog, done as a job that can be cancelled."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from runfolio.core.direction import stored_columns
from runfolio.core.formats import Format
from runfolio.core.numbers import counted
from runfolio.core.printable import Progress
from runfolio.gui.jobs import Job
from runfolio.gui.messages import Message
from runfolio.gui.views.files import file_name, may_write
from runfolio.store.exporting import export_everything, export_view

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow

KINDS = {
    "CSV (*.csv)": Format.CSV,
    "Parquet (*.parquet)": Format.PARQUET,
    "JSON lines (*.jsonl)": Format.LINES,
    "JSON (*.json)": Format.JSON,
    "Markdown (*.md)": Format.MARKDOWN,
}
Export = Callable[[Format, Path, Progress], int]


class NotWanted(Exception):
    """The user has cancelled; nobody is told."""


def ask_and_export_table(window: MainWindow) -> None:
    """Ask for a file and write the columns of the table for all runs of the view."""
    session = window.session
    columns = stored_columns(window.runs.feed.model.columns, session.view.directions)
    _ask(window, lambda form, file, told: export_view(session.store, session.query, columns, form, file, told))


def ask_and_export_everything(window: MainWindow) -> None:
    """Ask for a file and write all that was logged for all runs of the view."""
    session = window.session
    _ask(window, lambda form, file, told: export_everything(session.store, session.query, form, file, told))


def _ask(window: MainWindow, export: Export) -> None:
    experiments = window.page.views.present("").experiments
    suggested = file_name(experiments[0]) if len(experiments) == 1 else "runs"
    name, kind = QFileDialog.getSaveFileName(window, "Export runs", f"{suggested}.csv", ";;".join(KINDS))
    if not name:
        return
    file, form = target_of(Path(name), KINDS.get(kind, Format.CSV))
    if not may_write(file, name, window):
        return
    session = window.session
    session.jobs.read_long(
        lambda job: export(form, file, partial(_tell, job)),
        lambda runs: session.message.emit(Message(f"Wrote {counted(runs, 'run')} to {file}.")),
        title=f"Exporting to {file.name}",
    )


def target_of(file: Path, chosen: Format) -> tuple[Path, Format]:
    """The file and its format: what its suffix says, else what was chosen, which is then appended."""
    suffix = file.suffix.lstrip(".").lower()
    if suffix in tuple(Format):
        return file, Format(suffix)
    return file.with_name(f"{file.name}.{chosen}"), chosen


def _tell(job: Job, done: int, total: int) -> None:
    """On a worker thread."""
    if job.cancelled:
        raise NotWanted
    job.progress = done / max(total, 1)
