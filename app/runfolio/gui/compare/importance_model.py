"""The params that explain a metric, the most important one first, as a table. Knows no widgets and no store."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from runfolio.core import numbers
from runfolio.core.columns import Column
from runfolio.core.importance import Explanation, Importance
from runfolio.core.significance import p_text
from runfolio.gui.aliases import NOWHERE, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.chrome.tables import RIGHT, heading
from runfolio.gui.compare.bar_paint import BAR_ROLE, SCALE_ROLE, Bar

PARAM, BAR, SHARE, WAY = range(4)
HEADINGS = ("param", "", "share", "correlation")
CHANCE = "Cannot be told from chance: as much comes of a metric that was shuffled"
FEW = "That is no more than chance, but of so few runs something smaller cannot be told: more may show it"
BENT = "the metric rises and falls with it, or other params say which way, which a correlation cannot tell"
#: Correlations weaker than this point nowhere.
FLAT = 0.1


class ImportanceModel(QAbstractTableModel):
    """A row for each param."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._found = Explanation(0)
        self._metric = ""
        self._name: Callable[[Column], str] = lambda column: column.heading

    @property
    def params(self) -> Sequence[Importance]:
        """What is shown."""
        return self._found.params

    def show_found(self, found: Explanation, metric: str, name: Callable[[Column], str]) -> None:
        """Show what explains a metric; `name` says what columns are called."""
        same = [one.column for one in found.params] == [one.column for one in self.params]
        if same and self.params:  # the keyboard stays where it is
            self._found, self._metric, self._name = found, metric, name
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, WAY))
            return
        self.beginResetModel()
        self._found, self._metric, self._name = found, metric, name
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.params)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return heading(HEADINGS, section, orientation, role, right=(SHARE,))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        one, column = self.params[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(one, column)
        if role == BAR_ROLE and column == BAR:
            return Bar(max(one.value, 0.0), one.spread, "accent" if one.told else "faint")
        if role == SCALE_ROLE and column == BAR:
            return 0.0, max(max((other.value + other.spread for other in self.params), default=0.0), 1e-6)
        if role == Qt.ItemDataRole.TextAlignmentRole and column == SHARE:
            return RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(self.words(one))
        if role == Qt.ItemDataRole.AccessibleTextRole and column == BAR:
            return self.words(one)
        return None

    def _text(self, one: Importance, column: int) -> str:
        if column == PARAM:
            return self._name(one.column)
        if column == SHARE:
            return f"{max(one.value, 0.0):.2f}" if one.told else "too few runs" if self._found.few else "chance"
        return way(one) if column == WAY else ""

    def words(self, one: Importance) -> str:
        """All that is known of a param, in sentences."""
        name, metric = self._name(one.column), self._metric
        share = f"About {one.value:.3f} ± {one.spread:.3f} of the variance of {metric} goes with {name}"
        doubt = "" if one.told else FEW if self._found.few else CHANCE
        return "\n".join(filter(None, [share, doubt, direction(one, name, metric)]))


def way(one: Importance) -> str:
    """Which way the metric goes when a param grows; of texts, with which of them it is highest."""
    if one.correlation is None:
        return f"highest: {one.highest}"
    rho = one.correlation.rho
    if math.isnan(rho):
        return ""
    if one.bent:
        return f"↷ {rho:+.2f}, not monotonic".replace("-", numbers.MINUS)
    arrow = "→" if abs(rho) < FLAT else "↗" if rho > 0 else "↘"
    return f"{arrow} {rho:+.2f}".replace("-", numbers.MINUS)


def direction(one: Importance, name: str, metric: str) -> str:
    """The same in a sentence."""
    if one.correlation is None:
        return f"{metric} is highest with {name} = {one.highest}"
    rho, p = one.correlation.rho, one.correlation.p
    if math.isnan(rho):
        return "There are not enough numbers for a correlation"
    goes = "hardly follows its order" if abs(rho) < FLAT else "grows with it" if rho > 0 else "falls when it grows"
    told = f", {p_text(p)}" if not math.isnan(p) else ""
    found = f"{metric} {goes}: Spearman's rank correlation is {rho:+.3f}{told}".replace("-", numbers.MINUS)
    return f"{found}; {BENT}" if one.bent else found
