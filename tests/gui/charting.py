"""The panel of curves on the screen, and its cards by what they are of."""

from __future__ import annotations

from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from runfolio.gui.curves.card import ChartCard
from runfolio.gui.curves.look import ChartLook
from runfolio.gui.curves.panel import CurvesPanel
from runfolio.gui.session import Session

DARK = ChartLook(True, *map(QColor, ("#14181f", "#1a2029", "#262d38", "#dbe2ea", "#8b97a6", "#5aa9ff")))


def shown(qtbot: QtBot, session: Session) -> CurvesPanel:
    panel = CurvesPanel(session)
    qtbot.addWidget(panel)
    panel.resize(1000, 500)
    with qtbot.waitExposed(panel):
        panel.show()
    settle(qtbot, panel)
    return panel


def settle(qtbot: QtBot, panel: CurvesPanel) -> None:
    qtbot.waitUntil(lambda: panel.settled, timeout=5000)


def card(panel: CurvesPanel, key: str) -> ChartCard:
    return next(card for card in panel.grid.cards() if card.key == key)
