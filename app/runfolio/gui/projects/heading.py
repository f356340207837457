"""The top of the page of a project: its name, where it is from, and its entry points as tabs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QTabBar, QVBoxLayout, QWidget

from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.labels import HEADING, as_caption, scaled, tool_tip
from runfolio.gui.icons import icon
from runfolio.gui.projects.loading import Loaded


class ProjectHeading(QWidget):
    """Shows; what is done with it is the page's.

    Attributes:
        title, summary: the project's name, and where it is from.
        tabs: the entry points.
        again: the button that reads the project once more.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.summary = ElidedLabel(), ElidedLabel()
        self.tabs, self.again = QTabBar(), QPushButton()
        self.title.setFont(scaled(self.font(), HEADING, QFont.Weight.DemiBold))
        self.summary.setProperty("role", "muted")
        self.tabs.setAccessibleName("Entry points")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.again.setIcon(icon("refresh", "muted"))
        self.again.setAccessibleName("Read the project again")
        self.again.setToolTip("Read the project again")
        top, bar = QHBoxLayout(), QHBoxLayout()
        top.setContentsMargins(16, 14, 16, 0)
        bar.setContentsMargins(16, 0, 16, 0)
        top.setSpacing(10)
        top.addWidget(self.title)
        top.addWidget(self.summary, 1)
        top.addWidget(self.again)
        bar.addWidget(self.tabs)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addLayout(bar)
        layout.addWidget(thin_line())

    def show_project(self, name: str, loaded: Loaded) -> None:
        """Tell of a project that was read."""
        self.title.setText(name)
        self.summary.setText(where_from(loaded))
        self.summary.setToolTip(tool_tip(f"{loaded.uri}\n{loaded.source.commit}".strip()))

    def show_entries(self, names: Sequence[str], wanted: str) -> None:
        """Have these tabs, and one of them shown; nobody is told."""
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for name in names:
            self.tabs.addTab(as_caption(name))
        self.tabs.setCurrentIndex(names.index(wanted) if wanted in names else 0)
        self.tabs.blockSignals(False)


def thin_line() -> QFrame:
    """What parts of the page are divided by."""
    line = QFrame()
    line.setObjectName("line")
    line.setFixedHeight(1)
    return line


def where_from(loaded: Loaded) -> str:
    """Where the code is from, in a line."""
    source = loaded.source
    at = source.commit[:8] and f"commit {source.commit[:8]}"
    on = f"on {source.branch}" if source.branch else ""
    dirty = "with changes that are not committed" if source.dirty else ""
    return " · ".join(part for part in (loaded.uri, " ".join(one for one in (at, on, dirty) if one)) if part)
