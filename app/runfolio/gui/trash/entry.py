"""The way into the trash, at the foot of the navigator, with the number of things in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from runfolio.core.entities import Changes
from runfolio.core.numbers import counted
from runfolio.gui.icons import pixmap
from runfolio.gui.refresh import Refresh
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.trashed import count_trashed

SYMBOL, GAP, LEFT, RIGHT, PADDING, RADIUS = 16, 8, 8, 10, 10, 6
PACE = 250


class TrashEntry(QAbstractButton):
    """Looks like a row of the tree; it is checked while the trash is shown. A click or Space goes there.

    Signals:
        count_changed(): there are more or fewer things in it.
    """

    count_changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._theme = session, session.theme
        self.count = 0
        self.setText("Trash")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._refresh: Refresh[int] = Refresh(
            session, self._job, self._on_read, "The trash could not be counted.", self, PACE
        )
        session.changed.connect(self._on_changed)
        session.theme.theme_changed.connect(self.update)
        self._refresh.ask_now()

    def nextCheckState(self) -> None:
        """Whether it is checked is for the page to say."""

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) * 3, self.fontMetrics().height() + PADDING)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = "selection" if self.isChecked() else "hover" if self.underMouse() else ""
        painter.setPen(self._theme.color("accent") if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(role) if role else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), RADIUS, RADIUS)
        area = self.rect().adjusted(LEFT, 0, -RIGHT, 0)
        symbol = QRect(area.left(), area.center().y() - SYMBOL // 2 + 1, SYMBOL, SYMBOL)
        picture = pixmap("trash", self._theme.color("muted"), SYMBOL, self.devicePixelRatioF())
        painter.drawPixmap(symbol, picture)
        painter.setPen(self._theme.color("text"))
        painter.drawText(area.adjusted(SYMBOL + GAP, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.setPen(self._theme.color("muted"))
        middle_right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(area, middle_right, f"{self.count:,}" if self.count else "")

    def _job(self) -> Callable[[], int]:
        return partial(_count, self._session.store)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.moved or changes.removed or changes.experiments or changes.registry:
            self._refresh.ask()

    def _on_read(self, count: int) -> None:
        self.count = count
        self.setAccessibleName(f"Trash, {counted(count, 'item')}")
        self.update()
        self.count_changed.emit()


def _count(store: Store) -> int:
    with store.reading() as connection:
        return count_trashed(connection)
