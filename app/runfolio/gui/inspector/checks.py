"""What the health checks say of a run: a line for each, with a sign, a way to the curve, and a way to mute it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from runfolio.core.cell_rules import Tone
from runfolio.core.check_names import TITLES
from runfolio.core.checks import Finding
from runfolio.gui.chrome.labels import plain_label
from runfolio.gui.icons import icon
from runfolio.store.checks import EVERY_RUN, Told

WORDS = {Tone.OK: "fine", Tone.WARN: "doubtful", Tone.BAD: "bad"}


class FindingRow(QFrame):
    """One finding.

    Signals:
        followed(str): the user wants to see this metric's curve.
        menu_asked(QPoint): the user wants to choose what to do, at this place of the screen.
    """

    followed = Signal(str)
    menu_asked = Signal(object)

    def __init__(self, finding: Finding, muted: bool, editable: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.finding = finding
        self.setProperty("role", "finding")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"{WORDS[finding.tone]}: {finding.text}")
        sign: QLabel = plain_label(finding.tone.shape, self)
        sign.setProperty("role", "muted" if muted else str(finding.tone))
        sign.setFixedWidth(self.fontMetrics().horizontalAdvance("✓ "))
        self.text: QLabel = plain_label(finding.text, self)
        self.text.setProperty("role", "muted")
        self.text.setWordWrap(True)
        self.text.setMinimumWidth(1)
        self.text.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._more = QToolButton(self)
        self._more.setIcon(icon("more", "muted"))
        self._more.setIconSize(QSize(14, 14))
        self._more.setFixedHeight(self.fontMetrics().height() + 2)
        self._more.setAccessibleName(f"What to do with: {finding.text}")
        self._more.setToolTip("Mute")
        self._more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._more.setVisible(editable)
        self._more.clicked.connect(self._ask)
        if finding.metric:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setToolTip("Show the curve")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.text, 1)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignTop)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._follow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return goes to the curve."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._follow()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self._more.isHidden():
            self.menu_asked.emit(event.globalPos())

    def _follow(self) -> None:
        if self.finding.metric:
            self.followed.emit(self.finding.metric)

    def _ask(self) -> None:
        self.menu_asked.emit(self._more.mapToGlobal(QPoint(0, self._more.height())))


class ChecksView(QWidget):
    """The findings of one run; those that are muted behind a button.

    Signals:
        followed(str): the user wants to see this metric's curve.
        mute_asked(int, str, bool): in this run, or everywhere, what this check finds is not to be told, or is again.
    """

    followed = Signal(str)
    mute_asked = Signal(int, str, bool)

    def __init__(self, editable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editable = editable
        self._run, self._told = 0, Told()
        self.rows: list[FindingRow] = []
        self.show_muted = QPushButton(self)
        self.show_muted.setProperty("kind", "link")
        self.show_muted.setCheckable(True)
        self.show_muted.toggled.connect(self._show)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self._rows)
        layout.addWidget(self.show_muted, 0, Qt.AlignmentFlag.AlignLeft)

    def set_told(self, run: int, told: Told) -> None:
        """Show what there is to tell of a run."""
        if run != self._run:
            self.show_muted.setChecked(False)
        if (run, told) != (self._run, self._told):
            self._run, self._told = run, told
            self._show()

    def _show(self) -> None:
        for row in self.rows:
            self._rows.removeWidget(row)
            row.hide()
            row.deleteLater()
        told = self._told
        shown = self.show_muted.isChecked()
        self.rows = [
            self._row(one, one.check in told.muted)
            for one in told.findings
            if shown or one.tone is Tone.OK or one.check not in told.muted
        ]
        hidden = sum(one.tone is not Tone.OK and one.check in told.muted for one in told.findings)
        self.show_muted.setText(f"Hide {hidden} muted" if shown else f"{hidden} muted")
        self.show_muted.setVisible(bool(hidden))
        self.updateGeometry()

    def _row(self, finding: Finding, muted: bool) -> FindingRow:
        row = FindingRow(finding, muted, self._editable and finding.tone is not Tone.OK, self)
        row.followed.connect(self.followed)
        row.menu_asked.connect(partial(self._open_menu, finding))
        self._rows.addWidget(row)
        row.show()
        return row

    def _open_menu(self, finding: Finding, place: QPoint) -> None:
        menu = self.menu_of(finding)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def menu_of(self, finding: Finding) -> QMenu:
        """What can be done with a finding."""
        menu, name = QMenu(self), finding.check
        if finding.metric:
            menu.addAction("Show the Curve", lambda: self.followed.emit(finding.metric))
            menu.addSeparator()
        everywhere = name in self._told.everywhere
        here = name in self._told.muted and not everywhere
        if not everywhere:
            word = "Tell Again in This Run" if here else "Mute in This Run"
            menu.addAction(word, lambda: self.mute_asked.emit(self._run, name, not here))
        title = f"Tell of “{TITLES[name]}” Again" if everywhere else f"Mute “{TITLES[name]}” Everywhere"
        menu.addAction(title, lambda: self.mute_asked.emit(EVERY_RUN, name, not everywhere))
        return menu
