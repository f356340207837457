"""The card that goes along with the mouse while it is carried."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from runfolio.gui.registry.card_paint import height_of, paint_card, paint_frame
from runfolio.gui.registry.cards import Card
from runfolio.gui.theme import Theme

TILT, SHADOW, MARGIN = -1.5, 6, 14


class Ghost(QLabel):
    """Lies over a window, without being in the way of the mouse."""

    def __init__(self, window: QWidget, cards: Sequence[Card], width: int, font: QFont, theme: Theme) -> None:
        super().__init__(window)
        self.setObjectName("ghost")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setPixmap(_picture(cards, width, font, theme, self.devicePixelRatioF()))
        self.adjustSize()

    def follow(self, place: QPoint) -> None:
        """Be held at a place of the screen."""
        parent = self.parentWidget()
        assert parent is not None
        self.move(parent.mapFromGlobal(place) - QPoint(self.width() // 3, MARGIN + 20))
        self.show()
        self.raise_()


def _picture(cards: Sequence[Card], width: int, font: QFont, theme: Theme, ratio: float) -> QPixmap:
    """The last of some cards, a little tilted, over its shadow; of several, their number."""
    card = cards[-1]
    height = height_of(card, "", width, font)
    whole = QPixmap(round((width + 2 * MARGIN) * ratio), round((height + 2 * MARGIN) * ratio))
    whole.setDevicePixelRatio(ratio)
    whole.fill(Qt.GlobalColor.transparent)
    painter = QPainter(whole)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.translate(MARGIN + width / 2, MARGIN + height / 2)
    painter.rotate(TILT)
    area = QRect(-width // 2, -height // 2, width, height)
    shadow = theme.color("window")
    for step in range(SHADOW):
        shadow.setAlpha(28)
        paint_frame(painter, area.adjusted(-step, -step + 3, step, step + 3), QPen(Qt.PenStyle.NoPen), shadow)
    paint_frame(painter, area, QPen(theme.color("accent"), 1.5), theme.color("raised"))
    paint_card(painter, area, font, theme, card)
    if len(cards) > 1:
        badge = QRect(area.right() - 26, area.bottom() - 20, 32, 22)
        paint_frame(painter, badge, QPen(Qt.PenStyle.NoPen), theme.color("accent"))
        painter.setPen(theme.color("accent_text"))
        painter.drawText(badge, int(Qt.AlignmentFlag.AlignCenter), f"{len(cards):,}")
    painter.end()
    return whole
