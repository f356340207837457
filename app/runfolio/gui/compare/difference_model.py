"""The item model of the table of differences: a heading for each kind of things, and under it a row for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QObject, Qt, Slot
from PySide6.QtGui import QBrush, QColor, QFont
from PySide6.QtWidgets import QWidget

from runfolio.core.difference_table import Cell, DifferenceLine, DifferencePart, Kind, cell_text
from runfolio.gui.aliases import NOWHERE, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.inspector.change_rows import BETTER, WORSE
from runfolio.gui.inspector.text_model import one_line
from runfolio.gui.run_colors import RunColors, dot_picture
from runfolio.gui.theme import Theme

Role = Qt.ItemDataRole
#: A heading, or what the runs have.
Row: TypeAlias = DifferencePart | DifferenceLine
#: How much of the colour lies under what differs, of 255: text of that colour has a contrast of 4.5:1 on it still.
FILL = 18
NOTHING = "—"


class DifferenceModel(QAbstractTableModel):
    """Names in the first column, then a column for each run, the baseline's first. Other things have no colours."""

    def __init__(self, theme: Theme, colors: RunColors | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme, self._colors = theme, colors
        self._titles: Sequence[str] = ()
        self._runs: Sequence[int] = ()
        theme.theme_changed.connect(self._on_colors)
        if colors is not None:
            colors.changed.connect(self._on_colors)
        self._rows: list[Row] = []

    def set_parts(self, runs: Mapping[int, str], parts: Sequence[DifferencePart], *, headings: bool = True) -> None:
        """Show these runs, by their titles, with all that they have, and a heading over each kind of things."""
        self.beginResetModel()
        self._runs, self._titles = list(runs), list(runs.values())
        self._rows = []
        for part in parts:
            self._rows += (part, *part.lines) if part.lines and headings else part.lines
        self.endResetModel()

    def is_heading(self, row: int) -> bool:
        """Whether a row is the heading of those under it."""
        return isinstance(self._rows[row], DifferencePart)

    def line_at(self, row: int) -> tuple[Kind, DifferenceLine] | None:
        """What a row is about; None of a heading."""
        line = self._rows[row]
        if isinstance(line, DifferencePart):
            return None
        above = next(one for one in self._rows[row::-1] if isinstance(one, DifferencePart))
        return above.title, line

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Headings and what is under them."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """The names, and the runs."""
        return 0 if parent.isValid() else 1 + len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = int(Role.DisplayRole)) -> Any:
        """The runs' titles, and the signs of their colours."""
        if orientation is not Qt.Orientation.Horizontal or section == 0:
            return None
        title = self._titles[section - 1]
        if role == Role.DisplayRole:
            return f"{one_line(title)} (baseline)" if section == 1 else one_line(title)
        if role == Role.ToolTipRole:
            return tool_tip(title)
        if role == Role.DecorationRole and self._colors is not None:
            return dot_picture(self._colors.number(self._runs[section - 1]), self._theme.dark, self._ratio)
        return (
            int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter) if role == Role.TextAlignmentRole else None
        )

    @property
    def _ratio(self) -> float:
        """How many pixels the screen has to each of ours: that of the table."""
        table = self.parent()
        return table.devicePixelRatioF() if isinstance(table, QWidget) else 1.0

    @Slot()
    def _on_colors(self) -> None:
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._titles))

    def data(self, index: Index, role: int = int(Role.DisplayRole)) -> Any:
        """What a cell shows."""
        row = self._rows[index.row()]
        if isinstance(row, DifferencePart):
            return self._heading(row, index.column(), role)
        if index.column() == 0:
            return self._name(row, role)
        return self._cell(row.cells[index.column() - 1], role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be selected."""
        return Qt.ItemFlag.ItemIsEnabled if self.is_heading(index.row()) else super().flags(index)

    def _heading(self, part: DifferencePart, column: int, role: int) -> Any:
        if role == Role.FontRole:
            font = QFont()
            font.setWeight(QFont.Weight.DemiBold)
            return font
        return part.title if role == Role.DisplayRole and column == 0 else None

    def _name(self, line: DifferenceLine, role: int) -> Any:
        if role == Role.ForegroundRole:
            return QBrush(self._theme.color("muted"))
        if role == Role.ToolTipRole:
            return tool_tip(line.key)
        return one_line(line.key) if role == Role.DisplayRole else None

    def _cell(self, cell: Cell, role: int) -> Any:
        if role == Role.DisplayRole:
            return one_line(_shown(cell))
        if role == Role.ForegroundRole:
            return QBrush(self._theme.color(_ink(cell)))
        if role == Role.BackgroundRole and cell.differs and not cell.change:
            fill = QColor(self._theme.color("warn"))
            fill.setAlpha(FILL)
            return QBrush(fill)
        if role in (Role.ToolTipRole, Role.AccessibleTextRole):
            said = ", ".join(filter(None, (cell_text(cell) or "nothing", _words(cell))))
            return tool_tip(said) if role == Role.ToolTipRole else said
        return None


def _shown(cell: Cell) -> str:
    """A cell with the sign that says which way is better, for colour is not all that tells."""
    if cell.change and cell.better is not None:
        return f"{cell.text}  {BETTER if cell.better else WORSE} {cell.change}"
    return cell_text(cell) or NOTHING


def _ink(cell: Cell) -> str:
    if not cell.known or cell.text is None:
        return "muted"
    if cell.better is not None:
        return "ok" if cell.better else "warn"
    return "warn" if cell.differs and not cell.change else "text"


def _words(cell: Cell) -> str:
    if cell.better is not None:
        return "better" if cell.better else "worse"
    return "differs" if cell.differs else ""
