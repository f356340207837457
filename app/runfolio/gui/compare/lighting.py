"""The run under the mouse is lit in all views of a page, as it is in the table and the charts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Protocol

import numpy as np
from PySide6.QtCore import QObject, SignalInstance, Slot
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QToolTip, QWidget

from runfolio.gui.aliases import Ids
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.compare.reading import Names
from runfolio.gui.runs.selecting import place_of
from runfolio.gui.session import Session


class LitView(Protocol):
    """A widget that shows runs by their places, and says with `pointed(int)` over which of them the mouse is."""

    @property
    def pointed(self) -> SignalInstance: ...

    def light(self, place: int) -> None:
        """Light a run; -1 lights none."""


class Lighting(QObject):
    """Between places of runs, which views know, and their numbers, which the session knows."""

    def __init__(self, session: Session, views: Sequence[LitView], parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._views = views
        self._runs: Ids = np.empty(0, np.int64)
        self._names = Names(())
        for view in views:
            view.pointed.connect(partial(self._on_pointed, view))
        session.highlighted.connect(self._light)

    def set_runs(self, runs: Ids, names: Names) -> None:
        """Other runs are shown."""
        self._runs, self._names = runs, names

    def refresh(self) -> None:
        """Another run may be the one that alone is selected."""
        self._light(None)

    def _on_pointed(self, view: LitView, place: int) -> None:
        """Say which run the mouse is over, and have it lit everywhere."""
        there = 0 <= place < len(self._runs)
        if there:
            assert isinstance(view, QWidget)
            QToolTip.showText(QCursor.pos(), tool_tip(self._names.of(place)), view)
        else:
            QToolTip.hideText()
        self._session.highlighted.emit(int(self._runs[place]) if there else None)

    @Slot(object)
    def _light(self, run: int | None) -> None:
        """Light the run under the mouse, or else the one that alone is selected."""
        alone = self._session.selection.ids
        run = int(alone[0]) if run is None and len(alone) == 1 else run
        for view in self._views:
            view.light(place_of(self._runs, run))
