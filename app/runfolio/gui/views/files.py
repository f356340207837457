"""Views as files: written for others, and opened from a dialog or by dropping them on the window."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from runfolio.core.errors import EnvironmentProblem, InvalidValue
from runfolio.core.saved_views import MOST_BYTES, SUFFIX
from runfolio.gui.messages import Message
from runfolio.store.files import write_whole

if TYPE_CHECKING:
    from runfolio.gui.session import Session
    from runfolio.gui.views.saved import SavedViews

FILES = f"Views of Runfolio (*{SUFFIX})"


def is_view_file(path: Path) -> bool:
    """Whether a file says that it is a view."""
    return path.suffix == SUFFIX and path.is_file()


def ask_and_open(views: SavedViews, session: Session, window: QWidget) -> None:
    """Ask for a file and look at the runs as it says."""
    name, _ = QFileDialog.getOpenFileName(window, "Open view", "", FILES)
    if name:
        open_file(views, session, Path(name))


def open_file(views: SavedViews, session: Session, file: Path) -> None:
    """Look at the runs as a file says."""
    session.jobs.read(partial(read_text, file), lambda text: views.open_text(text, file.stem))


def ask_and_export(text: str, name: str, session: Session, window: QWidget) -> None:
    """Ask where to, and write a view as a file."""
    chosen, _ = QFileDialog.getSaveFileName(window, "Export view", f"{file_name(name)}{SUFFIX}", FILES)
    if not chosen:
        return
    file = Path(chosen) if chosen.endswith(SUFFIX) else Path(f"{chosen}{SUFFIX}")
    if not may_write(file, chosen, window):
        return
    work = partial(write_whole, file, lambda place: place.write_text(text, encoding="utf-8"))
    session.jobs.read(work, lambda _: session.message.emit(Message(f"Wrote the view to {file}.")))


def may_write(file: Path, chosen: str, window: QWidget) -> bool:
    """Whether a file may be written: of one whose suffix was added to the chosen name, the dialog has not asked."""
    if file == Path(chosen) or not file.exists():
        return True
    answer = QMessageBox.question(window, "Replace the file?", f"{file.name} is there already. Replace it?")
    return answer is QMessageBox.StandardButton.Yes


def file_name(name: str) -> str:
    """A name that every file system takes, for the name of a view."""
    return re.sub(r"[^\w\- ]+", "-", name).strip(" -")[:80] or "view"


def read_text(file: Path) -> str:
    """What a file of a view holds.

    Raises:
        EnvironmentProblem: it cannot be read.
        InvalidValue: it is too large, or no text.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise EnvironmentProblem(f"{file} cannot be read: {error.strerror}.") from error
    if len(content) > MOST_BYTES:
        raise InvalidValue(f"{file.name} is too large for a view.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidValue(f"{file.name} is no view: it is not text.") from error
