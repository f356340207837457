"""The values of structured files of all runs that are compared, in a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from PySide6.QtWidgets import QVBoxLayout, QWidget

from runfolio.core.difference_table import DifferencePart, only_different
from runfolio.core.report import Section
from runfolio.gui.compare.details.asked import Asked, Detail, DetailView, Reported
from runfolio.gui.compare.difference_model import DifferenceModel
from runfolio.gui.compare.difference_view import DifferenceTable
from runfolio.gui.session import Session

#: More values of files are not shown at once.
MOST_VALUES = 500


@dataclass(frozen=True, slots=True)
class Values(Detail):
    """The values of files of all runs, each by its path in the file."""

    part: DifferencePart
    note: str = ""

    def section(self, row: Reported) -> Section | None:
        """The values that differ as lines that are taken away and put in."""
        if not any(line.differs for line in self.part.lines):
            return None
        return row.section("\n".join(_changes(self.part, row.asked.other)), row.versus)


def _changes(part: DifferencePart, other: int) -> Iterator[str]:
    for line in part.lines:
        if line.cells[other].differs:
            sides = zip("-+", (line.cells[0], line.cells[other]), strict=True)
            yield from (f"{sign}{line.key}: {cell.text}" for sign, cell in sides if cell.text is not None)


class ValueDetail(DetailView[Values]):
    """The values that differ.

    Attributes:
        table: has a row for each.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = DifferenceTable(DifferenceModel(session.theme, session.colors), "Values that differ")
        session.theme.theme_changed.connect(self.table.viewport().update)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)

    def show_detail(self, found: Values, asked: Asked, names: Sequence[str]) -> tuple[bool, str]:
        """Show them, and say how many there are besides."""
        part = found.part
        differing = only_different([part])
        lines = differing[0].lines if differing else ()
        self.table.differences.set_parts(
            dict(zip(asked.runs, names, strict=True)), [replace(part, lines=lines[:MOST_VALUES])], headings=False
        )
        more = f"{len(lines) - MOST_VALUES:,} more values differ." if len(lines) > MOST_VALUES else ""
        same = f"All {len(part.lines):,} values are the same." if not lines else ""
        return bool(lines), " ".join(filter(None, (found.note, more, same)))
