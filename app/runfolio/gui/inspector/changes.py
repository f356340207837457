"""The first card of a run: what changed since the previous run of its script, or since another one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from runfolio.core import numbers
from runfolio.core.entities import Run
from runfolio.core.projects.tags import REPRODUCES
from runfolio.gui.chrome.elided import ElidedLink
from runfolio.gui.chrome.labels import as_caption, muted, tool_tip
from runfolio.gui.icons import icon
from runfolio.gui.inspector.change_rows import (
    change_rows,
    distance,
    first_of_its_kind,
    left_out,
    script_name,
    unknown,
    verdict,
)
from runfolio.gui.inspector.text_table import TextTable
from runfolio.store.comparing import Comparison


class ChangesCard(QWidget):
    """Which run it is compared with, what differs, and what could not be compared.

    Attributes:
        choose: the button for comparing with another run, which stands beside the heading.

    Signals:
        other_asked(): the user wants to choose the run to compare with.
        followed(object): the user wants to go to the other run.
    """

    other_asked = Signal()
    followed = Signal(object)

    def __init__(self, color: Callable[[str], QColor], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._comparison = Comparison(None)
        self._all = False
        self.link = ElidedLink(self)
        self.when = muted()
        self.choose = QToolButton()
        self.choose.setIcon(icon("compare", "muted"))
        self.choose.setToolTip("Choose another run to compare with")
        self.choose.setAccessibleName("Choose another run to compare with")
        self.text = muted()
        self.text.setWordWrap(True)
        self.table = TextTable("What changed", color, tight=True)
        self.doubts = muted()
        self.doubts.setWordWrap(True)
        self.more = QPushButton()
        self.more.setProperty("kind", "link")
        for label in (self.text, self.doubts):
            label.setMinimumWidth(1)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._place()
        self.link.clicked.connect(self._on_link)
        self.choose.clicked.connect(self.other_asked)
        self.more.clicked.connect(self._on_more)

    def _place(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.link)
        top.addWidget(self.when, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(top)
        for widget in (self.table, self.text, self.doubts):
            layout.addWidget(widget)
        layout.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)

    def show_comparison(self, run: Run, comparison: Comparison) -> None:
        """Show what differs between a run and an older one."""
        other = comparison.other
        if (self._comparison.other and self._comparison.other.id) != (other and other.id):
            self._all = False
        self._comparison = comparison
        self.link.setVisible(other is not None)
        self.when.setText(distance(run, other) if other is not None else "")
        if other is not None:
            self.link.setText(as_caption(other.name))
            self.link.setToolTip(
                tool_tip(f"{other.name}, a run of {script_name(other) or 'no known script'}. Go there.")
            )
            self.link.setAccessibleName(f"Compared with {other.name}: go there")
        self._show(run)

    def _show(self, run: Run) -> None:
        comparison = self._comparison
        words = verdict(comparison) if comparison.other is not None else first_of_its_kind(run)
        self.text.setText(words)
        self.text.setVisible(bool(words))
        self.doubts.setText("\n".join(unknown(comparison)))
        self.doubts.setVisible(bool(self.doubts.text()))
        self._show_rows()

    def _show_rows(self) -> None:
        groups = self._comparison.groups
        self.table.set_rows(change_rows(groups, everything=self._all))
        self.table.setVisible(self.table.rows.rowCount() > 0)
        hidden = left_out(groups)
        self.more.setVisible(bool(hidden))
        self.more.setText("Show fewer" if self._all else f"Show {numbers.count(hidden)} more")

    @Slot()
    def _on_link(self) -> None:
        if self._comparison.other is not None:
            self.followed.emit(self._comparison.other)

    @Slot()
    def _on_more(self) -> None:
        self._all = not self._all
        self._show_rows()


def card_title(run: Run, comparison: Comparison, chosen: bool) -> str:
    """The heading of the card."""
    if chosen and comparison.other is not None:
        return "Compared with another run"
    if comparison.other is not None and comparison.other.run_id == run.tags.get(REPRODUCES):
        return "Changed since the run it reproduces"
    return "Changed since previous run"
