"""The words in the corner of a chart that does not show all of its points: why, and how many are outside."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from runfolio.core.numbers import counted
from runfolio.gui.curves.look import ChartLook

INSET = 4


class RangeMark(QLabel):
    """Stands at the upper right of a plot, while there is something to tell."""

    def __init__(self, plot: QWidget) -> None:
        super().__init__(plot)
        self._plot = plot
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.hide()

    def set_look(self, look: ChartLook) -> None:
        """Take the colours of a theme."""
        self.setStyleSheet(
            f"QLabel {{ color: {look.muted.name()}; background: {look.raised.name()}; border-radius: 4px;"
            " padding: 1px 5px; }"
        )

    def tell(self, outside: int | None, *, usual: bool, reduced: bool) -> None:
        """Say how many points are outside, and whether that is because outliers are left out (`usual`).

        Of lines that are reduced, there are at least so many. Where all is shown after all, a range needs no word.
        """
        least = "at least " if reduced else ""
        number = f"{least}{counted(outside, 'point')} outside" if outside else ""
        text = " · ".join(filter(None, ("outliers ignored" if usual else "", number)))
        self.setVisible(outside is not None and bool(text))
        self.setText(text)
        self.setAccessibleName(text)
        self.adjustSize()
        self.move(max(INSET, self._plot.width() - self.width() - INSET), INSET)
