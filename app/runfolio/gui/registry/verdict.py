"""What a column says of a move that is under way: each check of its gates, who makes room, and what is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from runfolio.core.people import user_name
from runfolio.gui.registry.verdict_lines import VerdictLine, VerdictLines
from runfolio.gui.registry.weighing import DROP, Weighed
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
        self._lines = VerdictLines(theme, self)
        self.sign = QCheckBox("I sign this off")
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
        self.sign.setToolTip(f"As {user_name()}, which stands in the log")
        self.reason.setAccessibleName("Reason for the move")
        self.move_button.setProperty("kind", "primary")
        self._leave.setProperty("kind", "small")
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        for button in (self.move_button, self._leave):
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            buttons.addWidget(button, 1)
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 4, 0, 0)
        form.setSpacing(6)
        for widget in (self.sign, self.reason):
            form.addWidget(widget)
        form.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        layout.setSpacing(4)
        layout.addWidget(self._lines)
        layout.addWidget(self._form)
        self._form.hide()

    def tell(self, text: str) -> None:
        """Say this alone, such as while the gates are asked."""
        self._show([VerdictLine(text, "text")], "accent")

    def show_move(self, weighed: Weighed, *, keys: bool = False, dropped: bool = False) -> None:
        """Say what would come of a move; with `keys`, which of them do what."""
        role = "accent" if not weighed.versions else "ok" if weighed.clear else "warn" if weighed.open else "bad"
        title = weighed.title.removeprefix(DROP)
        lines = [VerdictLine(f"{title[:1].upper()}{title[1:]}" if dropped else weighed.title, role)]
        for who, one in weighed.checks:
            mark, color = ("✓", "ok") if one.passed else ("✗", "bad")
            lines.append(VerdictLine(f"{who}{one}", color, mark))
        if weighed.open and not weighed.clear:
            asked = {"your word": weighed.can_sign, "a reason": weighed.takes_reason}
            wanted = " or ".join(one for one, is_asked in asked.items() if is_asked)
            lines.append(VerdictLine(f"It asks for {wanted}", "warn"))
        if weighed.room and weighed.open:
            lines.append(VerdictLine(weighed.room, "muted", "→"))
        if keys:
            lines.append(VerdictLine(KEYS))
        self._weighed = weighed
        self._show(lines, role)

    def ask(self, weighed: Weighed) -> None:
        """Have the user give what is asked for, now that it was dropped."""
        self.show_move(weighed, dropped=True)
        self.sign.setChecked(False)
        self.sign.setVisible(weighed.can_sign)
        self.reason.clear()
        self.reason.setVisible(weighed.takes_reason)
        self.move_button.setAccessibleName(f"Move to {weighed.stage}")
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

    def _show(self, lines: Sequence[VerdictLine], role: str) -> None:
        self._form.hide()
        self.role = role
        self._lines.show_lines(lines)
        self.text = "\n".join(map(str, lines))
        self.setAccessibleName("What a drop does")
        self.setAccessibleDescription(self.text)
        self.show()
        self.update()

    @Slot()
    def _weigh_form(self) -> None:
        allowed = self._weighed is not None and self._weighed.allows(self.reason.text(), self.sign.isChecked())
        self.move_button.setEnabled(allowed)

    @Slot()
    def _decide(self) -> None:
        if self._form.isVisibleTo(self) and self.move_button.isEnabled():
            self.decided.emit(self.reason.text().strip(), self.sign.isChecked())
