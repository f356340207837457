"""Texts of two runs compared line by line, or what there is to be said of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from runfolio.core.line_diff import LineDiff
from runfolio.core.report import Section
from runfolio.gui.compare.details.asked import Asked, Detail, DetailView, Reported
from runfolio.gui.inspector.code_view import CodeView, PatchColors
from runfolio.gui.inspector.text_model import one_line
from runfolio.gui.session import Session

LINES = 24


@dataclass(frozen=True, slots=True)
class Text(Detail):
    """What differs line by line.

    Attributes:
        diff: the lines.
        note: what was left out, or why there is nothing.
        lacks: the places of the runs that have no such file.
    """

    diff: LineDiff
    note: str = ""
    lacks: tuple[int, ...] = ()

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

    def show_detail(self, found: Text, _asked: Asked, names: Sequence[str]) -> tuple[bool, str]:
        """Show the lines."""
        self.text.show_text(found.diff.text)
        lacking = [no_such_file(names[at]) for at in found.lacks]
        return bool(found.diff.text), " ".join(filter(None, (*lacking, found.note)))


def no_such_file(name: str) -> str:
    """What is said of a run that lacks what a row is about."""
    return f"{one_line(name)} has no such file."
