"""Which rows of the run table stand beneath others, and which of them are shown."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from runfolio.core.outline import EVERYTHING, Folds
from runfolio.gui.aliases import Ids
from runfolio.gui.runs.lines import OPEN_NESTED, Lines
from runfolio.gui.runs.model import RunTableModel


class Folding(QObject):
    """Opens and closes rows of a model.

    Attributes:
        lines: all rows, those that are not seen too.

    Signals:
        changed(): other rows are open.
        listed(): other rows are listed, seen or not.
    """

    changed = Signal()
    listed = Signal()

    def __init__(self, model: RunTableModel, parent: QObject) -> None:
        super().__init__(parent)
        self.lines = Lines(model.ids)
        self._model = model
        self._folds = {True: Folds(), False: Folds(OPEN_NESTED)}

    @property
    def folds(self) -> dict[bool, Folds]:
        """What is open, of groups (True) and of runs that others are nested in."""
        return dict(self._folds)

    def show(self, lines: Lines) -> None:
        """Show other rows, of which those are open that were."""
        self.lines = lines
        self._model.set_ids(lines.shown(self._folds[lines.grouped]))
        self.listed.emit()

    def close_groups(self) -> None:
        """Groups by something else begin closed."""
        self._folds[True] = Folds()

    # One row

    def depth(self, row: int) -> int:
        """How many rows a row stands beneath."""
        return 0 if self.lines.outline is None else self.lines.outline.depth_of(row)

    def size(self, row: int) -> int:
        """How many rows stand beneath a row."""
        return 0 if self.lines.outline is None else self.lines.outline.size_of(row)

    def is_open(self, row: int) -> bool:
        """Whether the rows beneath a row are shown."""
        outline = self.lines.outline
        return outline is not None and outline.is_open(row, self._folds[self.lines.grouped])

    def set_open(self, row: int, opened: bool) -> None:
        """Open or close a row that has some beneath it."""
        if self.lines.outline is None or not self.size(row) or self.is_open(row) is opened:
            return
        folds = self._folds[self.lines.grouped].with_row(row, opened=opened)
        self._folds[self.lines.grouped] = folds
        places = np.flatnonzero(self._model.ids == row)
        if len(places):
            self._splice(int(places[0]), opened, self.lines.outline.shown_beneath(row, folds))
        self.changed.emit()

    def _splice(self, place: int, opened: bool, beneath: Ids) -> None:
        before, after = self._model.ids[: place + 1], self._model.ids[place + 1 :]
        rest = after if opened else after[len(beneath) :]
        self._model.set_ids(np.concatenate([before, beneath, rest] if opened else [before, rest]))

    def toggle(self, row: int) -> None:
        """Open a closed row and close an open one."""
        self.set_open(row, not self.is_open(row))

    def parent_of(self, row: int) -> int | None:
        """The row that a row stands directly beneath."""
        return None if self.lines.outline is None else self.lines.outline.parent(row)

    def reveal(self, run: int) -> None:
        """Open what a run stands beneath."""
        for row in reversed(self.lines.outline.path(run) if self.lines.outline is not None else []):
            self.set_open(row, True)

    # All rows

    def set_all(self, opened: bool) -> None:
        """Open or close everything."""
        self._folds[self.lines.grouped] = Folds(EVERYTHING if opened else 0)
        self.show(self.lines)
        self.changed.emit()

    def runs_of(self, rows: Ids) -> Ids:
        """The runs that some of the rows are, or that stand beneath groups among them."""
        return rows if self.lines.outline is None else self.lines.outline.runs_of(rows)
