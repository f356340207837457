"""The heading of a section of charts: its name, how many there are, and whether they are folded away."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFont, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from runfolio.core.chart_page import Section
from runfolio.core.numbers import counted
from runfolio.gui.chrome.labels import SMALL, as_caption, muted, scaled
from runfolio.gui.curves.cascade import mark_text
from runfolio.gui.curves.own_dot import OwnDot
from runfolio.gui.icons import icon

ARROW, PADDING = 12, 12
#: What the section without a name is called where others stand above it.
UNNAMED = "Other charts"


class FoldButton(QToolButton):
    """Leaves the keys that fold and unfold to the heading; by themselves they go to other buttons."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """All but Left and Right are the button's."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()
        else:
            super().keyPressEvent(event)


class SectionHeading(QWidget):
    """A click on it, or Space, folds the section; Left folds and Right unfolds it.

    Signals:
        fold_wanted(): the user wants it folded, or unfolded.
        menu_asked(QPoint): the user wants its menu, there on the screen.
        reset_wanted(): the user wants what is set for the section alone to be as on the page.
    """

    fold_wanted = Signal()
    menu_asked = Signal(QPoint)
    reset_wanted = Signal()

    def __init__(self, section: Section, parent: QWidget) -> None:
        super().__init__(parent)
        self.section = section
        self.button = FoldButton(self)
        self._count = muted()
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setIconSize(QSize(ARROW, ARROW))
        self.button.setAutoRaise(True)
        self.button.setStyleSheet("QToolButton { padding: 2px 4px 2px 0; }")  # the arrow is above the edge of the cards
        self.button.clicked.connect(self.fold_wanted)
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        self.button.setFont(bold)
        self._count.setFont(scaled(self.font(), SMALL))
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(4)
        self.row.addWidget(self.button)
        self.row.addWidget(self._count)
        self.mark = OwnDot(self)
        self.mark.clicked.connect(self.reset_wanted)
        self.row.addWidget(self.mark)
        self.more = QToolButton(self)
        self.more.setIcon(icon("more", "muted"))
        self.more.setAutoRaise(True)
        self.more.clicked.connect(lambda: self.menu_asked.emit(self.more.mapToGlobal(self.more.rect().bottomLeft())))
        self.row.addWidget(self.more)
        self.row.addStretch()
        self.show_section(section)

    def show_section(self, section: Section) -> None:
        """Say what it is of."""
        self.section = section
        title = section.title or UNNAMED
        folded, count = section.choice.folded, counted(len(section.charts), "chart")
        self.button.setText(as_caption(title))
        self.button.setIcon(icon("chevron-right" if folded else "chevron-down", "muted"))
        self.button.setAccessibleName(f"Section {title}, {count}, {'folded' if folded else 'open'}")
        self.button.setToolTip("Show the charts of this section" if folded else "Fold this section")
        self._count.setText(count)
        self.mark.tell(mark_text(section.choice.settings, "section", "page's"))
        self.more.setAccessibleName(f"Menu of the section {title}")
        self.more.setToolTip(self.more.accessibleName())

    def follow(self, last: QWidget | None) -> QWidget:
        """Come right after another part when Tab is pressed; returns the last part of this one."""
        if last is not None:
            QWidget.setTabOrder(last, self.button)
        QWidget.setTabOrder(self.button, self.mark)
        QWidget.setTabOrder(self.mark, self.more)
        return self.more

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu, anywhere on the heading."""
        event.accept()
        self.menu_asked.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """As in a tree."""
        key = Qt.Key(event.key())
        if (key is Qt.Key.Key_Left and not self.section.choice.folded) or (
            key is Qt.Key.Key_Right and self.section.choice.folded
        ):
            self.fold_wanted.emit()
        else:
            super().keyPressEvent(event)


def heading_height(widget: QWidget) -> int:
    """How high a heading is, in the font of a widget."""
    return widget.fontMetrics().height() + PADDING
