"""Copies cells of which only some are here: the others are asked for first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtGui import QGuiApplication

from runfolio.core.numbers import counted
from runfolio.gui.jobs import Job
from runfolio.gui.messages import Message
from runfolio.gui.session import Session
from runfolio.gui.viewers.data_table import MOST_COPIED, Area, DataTable
from runfolio.gui.viewers.viewer import Viewer
from runfolio.gui.viewers.window_model import one_line
from runfolio.previews.records import Question
from runfolio.previews.table.source import Cell

#: Asks for the cells of an area, or for as many of its first rows as an answer has.
Asking = Callable[[Area], Question[tuple[tuple[Cell, ...], ...]]]


class CellCopier:
    """Copies what a table wants to have copied.

    Args:
        viewer: whose file it is.
        asking: what asks for cells as the table shows them now: in their order, of a plane.
    """

    def __init__(self, viewer: Viewer, table: DataTable, asking: Callable[[], Asking | None]) -> None:
        self._viewer, self._asking = viewer, asking
        table.copying.connect(self._copy)

    def _copy(self, area: Area) -> None:
        asking = self._asking()
        if asking is not None:
            most = min(area.rows, max(MOST_COPIED // area.columns, 1))
            work = partial(_read, self._viewer.session, asking, replace(area, rows=most))
            self._viewer.read(work, partial(self._put, area), "copy")

    def _put(self, area: Area, lines: list[str]) -> None:
        QGuiApplication.clipboard().setText("\n".join(lines))
        if len(lines) < area.rows:
            told = f"Copied the first {len(lines):,} of {counted(area.rows, 'row')}"
            self._viewer.session.message.emit(Message(told))


def _read(session: Session, asking: Asking, area: Area, job: Job) -> list[str]:
    """On a worker: lines with tabs between cells. An answer has only so many of them."""
    found: list[str] = []
    while len(found) < area.rows:
        rest = replace(area, first_row=area.first_row + len(found), rows=area.rows - len(found))
        part = session.previews.ask(asking(rest), lambda: job.cancelled)
        if not part:
            break
        found += ["\t".join(one_line(cell or "") for cell in row) for row in part]
    return found[: area.rows]
