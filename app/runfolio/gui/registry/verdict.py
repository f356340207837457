"""What a column says of a move that is under way: each check of its gates, who makes room, and what is asked for."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from runfolio.core.people import user_name
from runfolio.gui.chrome.labels import plain_label
from runfolio.gui.registry.weighing import Weighed
from runfolio.gui.theme import Theme

RADIUS, PADDING = 8, 10
KEYS = "← → another column · Enter drops · Escape puts back"


class VerdictPanel(QFrame):
    """Stands at the top of a column while something is carried over it, or until it is said why it moves.

    Attributes:
        text: all that it says, in lines.
        role: the colour of what is said, by its role in the theme.
        reason, sign, move_button: what is asked for, and the button that goes on.

    Signals:
        decided(str, bool): move it, with this reason, and signed off or not.
        left(): do not.
    """

    decided = Signal(str, bool)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.role = "accent"
        self._weighed: Weighed | None = None
        self.text = ""
        self._lines = QGridLayout()
        self.sign = QCheckBox(f"I sign this off as {user_name()}")
        self.reason = QLineEdit(placeholderText="Reason")
        self.move_button = QPushButton("Move")
        self._leave = QPushButton("Cancel")
        self._form = QWidget()
        self._place()
        self.sign.toggled.connect(self._weigh_form)
        self.reason.textChanged.connect(self._weigh_form)
        self.reason.returnPressed.connect(self._decide)
        self.move_button.clicked.connect(self._decide)
        self._leave.clicked.connect(self.left)
        theme.theme_changed.connect(self.update)
        self.hide()

    def _place(self) -> None:
        self.reason.setAccessibleName("Reason for the move")
        self.move_button.setProperty("kind", "primary")
        buttons = QHBoxLayout()
        buttons.addWidget(self.move_button, 1)
        buttons.addWidget(self._leave)
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 4, 0, 0)
        form.setSpacing(6)
        for widget in (self.sign, self.reason):
            form.addWidget(widget)
        form.addLayout(buttons)
        self._lines.setHorizontalSpacing(6)
        self._lines.setVerticalSpacing(4)
        self._lines.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        layout.setSpacing(4)
        layout.addLayout(self._lines)
        layout.addWidget(self._form)
        self._form.hide()

    def tell(self, text: str) -> None:
        """Say this alone, such as while the gates are asked."""
        self._show([("", text, "text")], "accent")

    def show_move(self, weighed: Weighed, *, keys: bool = False) -> None:
        """Say what would come of a move; with `keys`, which of them do what."""
        role = "accent" if not weighed.versions else "ok" if weighed.clear else "warn" if weighed.open else "bad"
        lines = [("", weighed.title, role)]
        for who, one in weighed.checks:
            lines.append(("✓" if one.passed else "✗", f"{who}{one}", "ok" if one.passed else "bad"))
        if weighed.open and not weighed.clear:
            asked = {"your word": weighed.can_sign, "a reason": weighed.takes_reason}
            lines.append(("", f"It asks for {' or '.join(one for one, wanted in asked.items() if wanted)}", "warn"))
        if weighed.room and weighed.open:
            lines.append(("→", weighed.room, "muted"))
        if keys:
            lines.append(("", KEYS, "muted"))
        self._weighed = weighed
        self._show(lines, role)

    def ask(self, weighed: Weighed) -> None:
        """Have the user give what is asked for."""
        self.show_move(weighed)
        self.sign.setChecked(False)
        self.sign.setVisible(weighed.can_sign)
        self.reason.clear()
        self.reason.setVisible(weighed.takes_reason)
        self.move_button.setText(f"Move to {weighed.stage}".replace("&", "&&"))
        self._form.show()
        self._weigh_form()
        (self.sign if weighed.can_sign else self.reason).setFocus()

    @property
    def asking(self) -> bool:
        """Whether the user is asked for something."""
        return self._form.isVisibleTo(self) and self.isVisible()

    def leave(self) -> None:
        """There is nothing to say any more."""
        self._form.hide()
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape puts back what was carried."""
        if event.key() == Qt.Key.Key_Escape and self.asking:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.asking:
            self._decide()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A dashed line, in the colour of what is said."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self._theme.color(self.role), 1, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), RADIUS, RADIUS)

    def _show(self, lines: list[tuple[str, str, str]], role: str) -> None:
        self._form.hide()
        self.role = role
        self._clear()
        for row, (mark, text, color) in enumerate(lines):
            words = plain_label(text)
            words.setWordWrap(True)
            if mark:
                sign = plain_label(mark)
                sign.setProperty("role", color)
                words.setProperty("role", "muted")
                self._lines.addWidget(sign, row, 0, Qt.AlignmentFlag.AlignTop)
                self._lines.addWidget(words, row, 1)
            else:
                words.setProperty("role", color)
                self._lines.addWidget(words, row, 0, 1, 2)
        self.text = "\n".join(f"{mark} {text}".strip() for mark, text, _ in lines)
        self.setAccessibleName("What a drop does")
        self.setAccessibleDescription(self.text)
        self.show()
        self.update()

    def _clear(self) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    @Slot()
    def _weigh_form(self) -> None:
        allowed = self._weighed is not None and self._weighed.allows(self.reason.text(), self.sign.isChecked())
        self.move_button.setEnabled(allowed)

    @Slot()
    def _decide(self) -> None:
        if self._form.isVisibleTo(self) and self.move_button.isEnabled():
            self.decided.emit(self.reason.text().strip(), self.sign.isChecked())
