"""What a server has answered: its status, version and time, and the JSON."""

from __future__ import annotations

from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.labels import fixed_font
from runfolio.gui.serving.json_colors import JsonColors
from runfolio.gui.theme import Theme
from runfolio.serving.asking import Reply
from runfolio.serving.forms import pretty

#: Letters of an answer that are shown.
LONGEST = 200_000


class AnswerView(QWidget):
    """One answer.

    Attributes:
        told: from whom it is, and how it went.
        body: the JSON.
    """

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.told, self.body = ElidedLabel(title), QPlainTextEdit()
        self.told.setProperty("role", "muted")
        self._title = title
        self.body.setReadOnly(True)
        self.body.setTabChangesFocus(True)
        self.body.setFont(fixed_font(self.font()))
        self.body.setAccessibleName(title)
        self.body.setPlaceholderText("Ctrl+Return sends the request.")
        JsonColors(self.body.document(), theme)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self.told)
        layout.addWidget(self.body, 1)

    def clear(self) -> None:
        """Nothing was answered yet."""
        self._tell(self._title, "muted")
        self.body.clear()

    def show_reply(self, reply: Reply, source: str) -> None:
        """Show an answer of a server."""
        version = f"v{reply.version}" if reply.version else ""
        took = f"{reply.seconds * 1000:,.1f} ms"
        parts = [f"{'✓' if reply.ok else '✕'} {reply.status}", version, took, source]
        self._tell(" · ".join(filter(None, parts)), "ok" if reply.ok else "bad")
        told = reply.json() if len(reply.body) <= LONGEST else None  # to read much would hold the window up
        text = pretty(told) if told is not None else reply.body.decode("utf-8", "replace")
        more = f"\n… {len(text) - LONGEST:,} more letters" if len(text) > LONGEST else ""
        self.body.setPlainText(text[:LONGEST] + more)

    def show_problem(self, problem: str) -> None:
        """Show why there is no answer."""
        self._tell("✕ no answer", "bad")
        self.body.setPlainText(problem)

    def _tell(self, text: str, role: str) -> None:
        self.told.setText(text)
        self.told.setProperty("role", role)
        self.told.style().unpolish(self.told)
        self.told.style().polish(self.told)
