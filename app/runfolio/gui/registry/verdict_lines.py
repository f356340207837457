"""Lines of a verdict: each with a mark in its colour, wrapped to the width that there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from runfolio.gui.theme import Theme

LEADING, INDENT = 4, 17
WRAPPED = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
HIGHEST = 10_000


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """What is said, and how.

    Attributes:
        text: the words.
        role: their colour; of a line with a mark, that of the mark.
        mark: stands before them.
    """

    text: str
    role: str = "muted"
    mark: str = ""

    def __str__(self) -> str:
        return f"{self.mark} {self.text}".strip()


class VerdictLines(QWidget):
    """Is as high as its lines are, which layouts cannot be told in time: a place appears and is read at once."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: Sequence[VerdictLine] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.theme_changed.connect(self.update)

    def show_lines(self, lines: Sequence[VerdictLine]) -> None:
        """Show these."""
        self._lines = lines
        self.fit()
        self.update()

    def fit(self) -> None:
        """Be as high as the lines are in the present width."""
        places = [place for _, place in self._places()]
        self.setFixedHeight(places[-1].bottom() + 1 if places else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines wrap elsewhere now."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        for line, place in self._places():
            painter.setPen(self._theme.color(line.role))
            if line.mark:
                painter.drawText(0, place.top(), INDENT, place.height(), WRAPPED, line.mark)
                painter.setPen(self._theme.color("muted"))
            painter.drawText(place, WRAPPED, line.text)

    def _places(self) -> Iterator[tuple[VerdictLine, QRect]]:
        """Where the words of each line are."""
        top, metrics = 0, self.fontMetrics()
        for line in self._lines:
            left = INDENT if line.mark else 0
            room = QRect(left, top, max(self.width() - left, metrics.averageCharWidth() * 4), HIGHEST)
            height = metrics.boundingRect(room, WRAPPED, line.text).height()
            yield line, QRect(left, top, room.width(), height)
            top += height + LEADING
