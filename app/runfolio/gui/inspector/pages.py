"""The pages of the inspector, one for each tab: each says what it reads of a run, and shows it when it is there."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from runfolio.gui.inspector import facts
from runfolio.gui.inspector.artifacts import ArtifactsView
from runfolio.gui.inspector.facts import Details
from runfolio.gui.inspector.memory import Memory
from runfolio.gui.inspector.section import page
from runfolio.gui.inspector.sparks import Sparks
from runfolio.gui.inspector.text_table import TextTable
from runfolio.gui.session import Session
from runfolio.store import Store

#: Reads on a worker what a page shows beside the details.
Reader = Callable[[Store, Details], Any]


class Page(QWidget):
    """One tab's content.

    Attributes:
        title: what its tab is called.
        area: what scrolls; None of a page that fills its room itself.
    """

    title = ""

    def __init__(self, session: Session, memory: Memory, sparks: Sparks) -> None:
        super().__init__()
        self.session, self.memory, self.sparks = session, memory, sparks
        self.area: QScrollArea | None = None

    def place(self, parts: Sequence[QWidget], *, scrolls: bool = True) -> None:
        """Put the parts below each other."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        if scrolls:
            self.area = page([*parts])
            layout.addWidget(self.area)
            return
        layout.setContentsMargins(14, 12, 14, 14)
        layout.setSpacing(8)
        for part in parts:
            layout.addWidget(part)

    @staticmethod
    def applies(details: Details) -> bool:
        """Whether there is anything of this run to be seen here."""
        return True

    def reader(self) -> Reader | None:
        """What reads the rest of a run, made on the main thread; None where the details are enough."""
        return None

    @abstractmethod
    def show_run(self, details: Details, found: Any) -> None:
        """Show a run, with what the reader found."""

    def update_run(self, details: Details) -> None:
        """Show a run that is shown already and has changed; what the reader found stays until it is read again."""
        self.show_run(details, None)

    def finish(self) -> None:
        """Keep what is being typed: another run is to be shown."""

    def hidden(self) -> None:
        """The page, or the inspector, is not looked at any more."""

    def to_top(self) -> None:
        """Begin at the beginning."""
        if self.area is not None:
            self.area.verticalScrollBar().setValue(0)

    def recolor(self) -> None:
        """Another theme."""
        for table in self.findChildren(TextTable):
            table.recolor()


class MetricsPage(Page):
    """Everything that is known of each metric without its points."""

    title = "Metrics"

    def __init__(self, session: Session, memory: Memory, sparks: Sparks) -> None:
        super().__init__(session, memory, sparks)
        self.statistics = TextTable("All statistics", session.theme.color, sparks)
        self.place([self.statistics])

    @staticmethod
    def applies(details: Details) -> bool:
        """With any metric."""
        return any(facts.metric_rows(details.run))

    def show_run(self, details: Details, found: Any) -> None:
        """All statistics."""
        self.statistics.set_rows(facts.all_statistics(details.run))


class FilesPage(Page):
    """The files of a run, with room for them."""

    title = "Artifacts"

    def __init__(self, session: Session, memory: Memory, sparks: Sparks) -> None:
        super().__init__(session, memory, sparks)
        self.files = ArtifactsView(session)
        self.place([self.files])

    @staticmethod
    def applies(details: Details) -> bool:
        """With any file."""
        return bool(details.artifacts)

    def show_run(self, details: Details, found: Any) -> None:
        """All files."""
        self.files.show_files(details.run.id, details.artifacts)
