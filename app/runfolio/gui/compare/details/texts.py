"""Texts of two runs compared line by line, or what there is to be said of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from runfolio.core.line_diff import LineDiff
from runfolio.core.report import Section
from runfolio.gui.compare.details.asked import Asked, Detail, DetailView, Reported
from runfolio.gui.inspector.code_view import CodeView, PatchColors
from runfolio.gui.session import Session

LINES = 24


@dataclass(frozen=True, slots=True)
class Text(Detail):
    """What differs line by line; `note` says what was left out, or why there is nothing."""

    diff: LineDiff
    note: str = ""

    def section(self, row: Reported) -> Section | None:
        """The lines."""
        return row.section(self.diff.text, f"{row.versus} {self.note}".strip()) if self.diff.text else None


class TextDetail(DetailView[Text]):
    """Lines in the colours of a patch.

    Attributes:
        text: the lines.
    """

    beside = True

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = CodeView("Lines that differ", LINES)
        self._colors = PatchColors(self.text.document(), session.theme.color)
        session.theme.theme_changed.connect(self._colors.rehighlight)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.text)

    def show_detail(self, found: Text, _asked: Asked, _names: Sequence[str]) -> tuple[bool, str]:
        """Show the lines."""
        self.text.show_text(found.diff.text)
        return bool(found.diff.text), found.note
