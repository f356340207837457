"""The middle of the window: one page at a time, of which the runs are the first.

A new page is a name here and a line in `makers`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from runfolio.gui.session import Session

RUNS, TRASH, ARTIFACTS, STORAGE, REGISTRY = "runs", "trash", "artifacts", "storage", "registry"
QUEUE, SWEEP, PROJECTS, SERVING = "queue", "sweep", "projects", "serving"


class Middle(QStackedWidget):
    """Pages by name; all but the runs are made when they are first wanted.

    Args:
        makers: what makes the other pages.

    Signals:
        page_changed(str): another page is shown.
        left(): the user wants to go back to the runs, with the keyboard.
    """

    page_changed = Signal(str)
    left = Signal()

    def __init__(
        self, session: Session, runs: QWidget, makers: Mapping[str, Callable[[], QWidget]], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._makers = makers
        self._pages = {RUNS: runs}
        self.shown = RUNS
        self.addWidget(runs)
        session.view_changed.connect(self.go_to_runs)

    def go_to(self, name: str) -> None:
        """Show a page and give it the keyboard, unless it is there already."""
        if name == self.shown:
            return
        if name not in self._pages:
            self._pages[name] = self._makers[name]()
            self.addWidget(self._pages[name])
        self.shown = name
        self.setCurrentWidget(self._pages[name])
        if name != RUNS:
            self._pages[name].setFocus()
        self.page_changed.emit(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, which no part of a page has use for, leaves it for the runs."""
        if event.key() == Qt.Key.Key_Escape and self.shown != RUNS:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    @Slot()
    def go_to_runs(self) -> None:
        """Show the runs: for who chooses some, or looks at them another way."""
        self.go_to(RUNS)


def makers(session: Session) -> dict[str, Callable[[], QWidget]]:
    """What makes the pages other than the runs; each is loaded when it is first wanted."""

    def trash() -> QWidget:
        from runfolio.gui.trash.page import TrashPage

        return TrashPage(session)

    def artifacts() -> QWidget:
        from runfolio.gui.artifacts.page import ArtifactsPage

        return ArtifactsPage(session)

    def storage() -> QWidget:
        from runfolio.gui.storage.page import StoragePage

        return StoragePage(session)

    def registry() -> QWidget:
        from runfolio.gui.registry.page import RegistryPage

        return RegistryPage(session)

    def queue() -> QWidget:
        from runfolio.gui.queue.page import JobsPage

        return JobsPage(session)

    def projects() -> QWidget:
        from runfolio.gui.projects.page import ProjectPage

        return ProjectPage(session)

    def serving() -> QWidget:
        from runfolio.gui.serving.page import ServingPage

        return ServingPage(session)

    made = {TRASH: trash, ARTIFACTS: artifacts, STORAGE: storage, REGISTRY: registry}

    def sweep() -> QWidget:
        from runfolio.gui.sweeps.page import SweepPage

        return SweepPage(session)

    return {**made, QUEUE: queue, SWEEP: sweep, PROJECTS: projects, SERVING: serving}
