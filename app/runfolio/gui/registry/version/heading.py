"""The head of a version in the inspector: which it is, its aliases and stage, and where it is from."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from runfolio.core.numbers import age
from runfolio.core.registry.lineage import Kind
from runfolio.gui.chrome.elided import ElidedLabel, ElidedLink
from runfolio.gui.chrome.labels import as_caption, muted, plain_label, scaled, tool_tip
from runfolio.gui.inspector.flow import FlowLayout
from runfolio.gui.inspector.heading import NAME_SIZE
from runfolio.gui.registry.stage_dot import StageDot
from runfolio.gui.registry.stages import stage_role
from runfolio.gui.registry.version.reading import Found
from runfolio.gui.theme import Theme

#: So much of a hash tells it from others: `9f3c…a1`.
FIRST, LAST = 4, 2


class VersionHeading(QWidget):
    """Name and number with the aliases; below it stage, run and files.

    Attributes:
        name, run, stage: its parts.

    Signals:
        run_wanted(): the user wants to go to its run.
    """

    run_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.name.setFont(scaled(self.font(), NAME_SIZE, QFont.Weight.DemiBold))
        self.stage, self._origin, self._dot = plain_label(), muted(), StageDot(theme)
        self.run = ElidedLink(self)
        self.run.clicked.connect(self.run_wanted)
        self._aliases = QWidget()
        self._badges = FlowLayout()
        self._aliases.setLayout(self._badges)
        origin = QWidget()
        line = FlowLayout(4)
        origin.setLayout(line)
        self._from = muted("from run")
        for widget in (self._from, self.run, self._origin):
            line.addWidget(widget)
        stage = QHBoxLayout()
        stage.setSpacing(4)
        stage.addWidget(self._dot)
        stage.addWidget(self.stage, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 0)
        layout.setSpacing(4)
        layout.addWidget(self.name)
        layout.addWidget(self._aliases)
        layout.addLayout(stage)
        layout.addWidget(origin)

    def show_version(self, found: Found, now: int) -> None:
        """Show a version; `now` in epoch milliseconds."""
        version = found.version
        self.name.setText(f"{version.name} v{version.version}")
        self.name.setToolTip(tool_tip(self.name.text()))
        self.stage.setText(f"{version.stage} · {age(version.stage_time, now)}")
        self.stage.setAccessibleName(f"Stage {self.stage.text()}")
        self._dot.set_role(stage_role(version.stage, tuple(found.previews)))
        self._show_aliases(version.aliases)
        nodes = found.lineage.nodes
        has_run = f"run {version.run_id}" in nodes and version.run is not None
        self.run.setText(as_caption(version.run_name))
        self.run.setAccessibleName(f"Go to the run {version.run_name}")
        for part in (self._from, self.run):
            part.setVisible(has_run)
        files = next((one.title for one in nodes.values() if one.kind is Kind.ARTIFACT), version.source)
        told = f"{files} · sha256 {version.digest[:FIRST]}…{version.digest[-LAST:]}"
        self._origin.setText(f"· {told}" if has_run else told)
        self._origin.setToolTip(tool_tip(f"{version.source}\nsha256 {version.digest}"))

    def _show_aliases(self, aliases: tuple[str, ...]) -> None:
        while (item := self._badges.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for alias in aliases:
            badge = QLabel(f"@{alias}", textFormat=Qt.TextFormat.PlainText)
            badge.setProperty("role", "badge")
            self._badges.addWidget(badge)
        self._aliases.setVisible(bool(aliases))
