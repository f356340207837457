"""The same file of all selected runs, side by side: pictures, values and lines that differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from runfolio.core.difference_table import Cell, DifferenceLine, Kind
from runfolio.core.errors import NotFound
from runfolio.core.file_facts import slots_of
from runfolio.core.numbers import size
from runfolio.gui.chrome.labels import muted
from runfolio.gui.compare.details.pane import DetailPane
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.artifacts import list_artifacts
from runfolio.store.runs import get_run

#: So many runs stand beside each other.
MOST_RUNS = 12
ALONE = "None of the other selected runs has this file."


@dataclass(frozen=True, slots=True)
class Versions:
    """A file of some runs.

    Attributes:
        runs, names: the run that is looked at first, then the other ones that are selected.
        line: as the table of differences has it.
        step: of a picture of a series, at which step it is.
    """

    runs: tuple[int, ...]
    names: tuple[str, ...]
    line: DifferenceLine
    step: int | None = None


class SideBySide(QWidget):
    """Shows a file of the run that is looked at beside those of the others that are selected."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._asked: tuple[tuple[int, ...], str] | None = None
        self.pane = DetailPane(session)
        self.pane.close_button.hide()
        self.note: QLabel = muted()
        self.note.setWordWrap(True)
        inner = QWidget()
        below = QVBoxLayout(inner)
        below.setContentsMargins(0, 0, 8, 0)
        below.addWidget(self.pane, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self.note)
        below.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName("Side by side")
        area.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)

    def sizeHint(self) -> QSize:
        """Room for two pictures."""
        return QSize(500, 400)

    def show_path(self, run: int, path: str) -> None:
        """Compare a file of this run with those of the other selected runs."""
        others = (one for one in self._session.selection.told if one != run)
        asked = ((run, *others)[:MOST_RUNS], path)
        if asked != self._asked:
            self._asked = asked
            work = partial(read_versions, self._session.store, *asked)
            self._session.jobs.read(work, partial(self._show, asked), channel=f"beside.{id(self)}")

    def leave(self) -> None:
        """Nobody looks any more, and nothing more is read."""
        if self._asked is not None:
            self._asked = None
            self.pane.close_row()

    def _show(self, asked: tuple[tuple[int, ...], str], found: Versions) -> None:
        if asked != self._asked:
            return
        others = any(cell.text is not None for cell in found.line.cells[1:])
        self.note.setText("" if others else ALONE)
        if others:
            self.pane.open_row(Kind.FILES, found.line, found.runs, found.names, 1, found.step)
        else:
            self.pane.close_row()


def read_versions(store: Store, runs: Sequence[int], path: str) -> Versions:
    """What some runs have of a file, or of the series that it is of; for workers."""
    there: list[int] = []
    names: list[str] = []
    files: list[dict[str, int]] = []
    for run in runs:
        try:
            name, listed = get_run(store, run).name, list_artifacts(store, run)
        except NotFound:
            continue
        there.append(run)
        names.append(name)
        files.append({file.path: file.size for file in listed})
    slots = slots_of(files)
    key, step = next((slot for slot, own in slots[0].items() if own == path), (path, None)) if slots else (path, None)
    cells = []
    for sizes, of_run in zip(files, slots, strict=True):
        own = [sizes[path] for (name, _), path in of_run.items() if name == key]
        cells.append(Cell(size(sum(own)) if own else None))
    return Versions(tuple(there), tuple(names), DifferenceLine(key, tuple(cells)), step)
