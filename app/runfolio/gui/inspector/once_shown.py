"""What is to be done with a run as soon as the inspector shows it; the keyboard waits there until then."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from runfolio.gui.chrome.returning import Returning


class OnceShown:
    """One thing at a time, for one run."""

    def __init__(self, inspector: QWidget) -> None:
        self._inspector = inspector
        self._returning = Returning(inspector)
        self._run: int | None = None
        self._then: Callable[[], None] | None = None

    def do(self, run: int | None, shown: int | None, then: Callable[[], None]) -> None:
        """Do it at once if the run is shown; else letters that are typed meanwhile must not be the table's keys."""
        if run is None:
            return
        self._run, self._then = run, then
        if run != shown:
            self._returning.remember()
            self._inspector.setFocus()
        self.on_shown(shown)

    def on_shown(self, shown: int | None) -> None:
        """This run is shown now."""
        if self._then is not None and shown == self._run:
            then, self._then = self._then, None
            self._give_back()
            then()

    def drop(self, wanted: int | None) -> None:
        """The user has gone on to this run."""
        if self._then is not None and wanted != self._run:
            self._then = None
            self._give_back()

    def _give_back(self) -> None:
        if self._inspector.hasFocus():
            self._returning.give_back()
