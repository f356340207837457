"""The values of structured files, and the cells of tables, of all runs that are compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from runfolio.core.difference_table import DifferencePart, only_different
from runfolio.core.report import Section
from runfolio.gui.chrome.labels import muted
from runfolio.gui.compare.details.asked import Asked, Detail, DetailView, Reported
from runfolio.gui.compare.difference_model import DifferenceModel
from runfolio.gui.compare.difference_view import DifferenceTable
from runfolio.gui.inspector.text_model import one_line
from runfolio.gui.session import Session

#: More values of files are not shown at once.
MOST_VALUES = 500
#: The box of columns is no wider than so many letters, and has no more of them.
WIDEST, MOST_COLUMNS = 30, 200
NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Values(Detail):
    """The values of files of all runs, each by its path in the file; of tables, by row and column.

    Attributes:
        part: the values.
        note: what is to be said of them.
        columns: those of tables by which rows can be called; none where it is no table.
        key: the one by which they are; empty for their numbers.
    """

    part: DifferencePart
    note: str = ""
    columns: tuple[str, ...] = ()
    key: str = ""

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
        key: by which column of a table its rows are called.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = DifferenceTable(DifferenceModel(session.theme, session.colors), "Values that differ")
        session.theme.theme_changed.connect(self.table.viewport().update)
        self.key = QComboBox()
        self.key.setAccessibleName("Column that tells which rows belong together")
        self.key.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.key.setMaximumWidth(WIDEST * self.fontMetrics().averageCharWidth())
        self.key.activated.connect(self._on_key)
        self._chosen: str | None = None
        self._rows_by = muted("rows of the same")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._rows_by)
        row.addWidget(self.key)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.table)

    def opening(self, asked: Asked, other_row: bool) -> Asked:
        """The column that was chosen stays chosen as long as the same table is looked at."""
        if other_row:
            self._chosen = None
        return replace(asked, key=self._chosen)

    def show_detail(self, found: Values, asked: Asked, names: Sequence[str]) -> tuple[bool, str]:
        """Show them, and say how many there are besides."""
        part = found.part
        self._show_keys(found)
        differing = only_different([part])
        lines = differing[0].lines if differing else ()
        self.table.differences.set_parts(
            dict(zip(asked.runs, names, strict=True)), [replace(part, lines=lines[:MOST_VALUES])], headings=False
        )
        more = f"{len(lines) - MOST_VALUES:,} more values differ." if len(lines) > MOST_VALUES else ""
        same = f"All {len(part.lines):,} values are the same." if not lines else ""
        return bool(lines) or bool(found.columns), " ".join(filter(None, (found.note, more, same)))

    def _show_keys(self, found: Values) -> None:
        """The columns that rows can be called by, of tables."""
        for widget in (self._rows_by, self.key):
            widget.setVisible(bool(found.columns))
        names = ("", *found.columns[:MOST_COLUMNS])
        self.key.clear()
        for name in names:
            self.key.addItem(one_line(name) if name else NUMBER, name)
        self.key.setCurrentIndex(names.index(found.key) if found.key in names else 0)

    @Slot(int)
    def _on_key(self, place: int) -> None:
        self._chosen = str(self.key.itemData(place))
        self.wanted.emit({"key": self._chosen})
