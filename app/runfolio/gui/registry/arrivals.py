"""What can be dropped on the registry from elsewhere: a run, a folder of its files, or a folder of the disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData

from runfolio.core.folder import ARTIFACTS
from runfolio.gui import dragging


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something whose model is to be registered.

    Attributes:
        title: what it is called.
        run: the store's number of a run; 0 for none.
        run_id, path: the public id of a run, and a folder of its files.
        folder: a folder or file of the disk that is of no run.
    """

    title: str
    run: int = 0
    run_id: str = ""
    path: str = ""
    folder: Path | None = None


def arrival(store: Path, data: QMimeData) -> Arrival | None:
    """What comes in; None for anything that is not one run, folder or file."""
    runs = dragging.unpack(store, data).runs
    if len(runs) == 1:
        return Arrival("the model of this run", run=runs[0])
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    if runs or len(files) != 1:
        return None
    return of_folder(store, files[0])


def of_folder(store: Path, folder: Path) -> Arrival:
    """A folder, which may be one of a run of the store."""
    root = store / ARTIFACTS
    if folder.is_relative_to(root) and folder != root:
        run_id, *parts = folder.relative_to(root).parts
        return Arrival(folder.name if parts else "the model of this run", run_id=run_id, path="/".join(parts))
    return Arrival(folder.name, folder=folder)
