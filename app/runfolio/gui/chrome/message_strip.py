"""The strip that says what was done or went wrong, with Undo, Show or Details, and goes by itself."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMessageBox, QPushButton, QToolButton, QWidget

from runfolio.gui.chrome.labels import plain_label
from runfolio.gui.history import History
from runfolio.gui.icons import icon
from runfolio.gui.messages import Message

SHOWN_MS = 6000
QWIDGETSIZE_MAX = (1 << 24) - 1  # Qt's, which PySide6 lacks


class MessageStrip(QFrame):
    """Floats over the lower edge of its parent. Errors stay until they are closed.

    Its Undo takes back what it tells of: it is there while that is the last step.
    """

    def __init__(self, parent: QWidget, history: History) -> None:
        super().__init__(parent)
        self._history = history
        self.setObjectName("messageStrip")
        self._text = plain_label()
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._undo = QPushButton("Undo")
        self._show = QPushButton("Show")
        self._details = QPushButton("Details")
        close = QToolButton()
        close.setIcon(icon("close", "muted"))
        close.setAccessibleName("Close the message")
        self._message = Message("")
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 8, 6)
        for widget in (self._text, self._undo, self._show, self._details, close):
            layout.addWidget(widget)
        close.clicked.connect(self.hide)
        self._undo.clicked.connect(self._on_undo)
        self._show.clicked.connect(self._on_show)
        self._details.clicked.connect(self._on_details)
        history.changed.connect(self._offer_undo)
        parent.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """What it says, or nothing while it is hidden."""
        return self._text.text() if self.isVisible() else ""

    def tell(self, message: Message) -> None:
        """Say something, in place of what was said before."""
        self._message = message
        self._text.setText(message.text)
        self._offer_undo()
        self._show.setVisible(message.show is not None)
        self._details.setVisible(bool(message.details))
        self.setProperty("error", message.error)
        self.style().unpolish(self)
        self.style().polish(self)
        self._place()
        self.show()
        self.raise_()
        if message.error:
            self._timer.stop()
        else:
            self._timer.start()

    def withdraw(self, text: str) -> None:
        """This is over; what else is told stays."""
        if text and self._message.text.endswith(text):
            self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        parent = self.parentWidget()
        assert parent is not None
        self._text.setWordWrap(False)
        self.setMinimumWidth(0)
        self.setMaximumWidth(QWIDGETSIZE_MAX)
        self.adjustSize()
        if self.width() > parent.width() - 40:
            self._text.setWordWrap(True)
            self.setFixedWidth(parent.width() - 40)
            self.adjustSize()
        self.move((parent.width() - self.width()) // 2, parent.height() - self.height() - 44)

    def _on_undo(self) -> None:
        self.hide()
        self._history.undo()

    def _on_show(self) -> None:
        self.hide()
        if self._message.show is not None:
            self._message.show()

    @Slot()
    def _offer_undo(self) -> None:
        step, before = self._message.step, not self._undo.isHidden()
        self._undo.setVisible(step is not None and self._history.last is step)
        if self.isVisible() and before is self._undo.isHidden():
            self._place()

    def _on_details(self) -> None:
        box = QMessageBox(QMessageBox.Icon.Warning, "Details", self._message.text, parent=self.window())
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setDetailedText(self._message.details)
        copy = box.addButton("Copy", QMessageBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._message.details))
        box.addButton(QMessageBox.StandardButton.Close)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()
