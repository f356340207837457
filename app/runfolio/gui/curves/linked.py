"""What all charts do together: zoom to the same steps, and show the crosshair and the run that is lit."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, QTimer, Signal, Slot

from runfolio.gui.curves.canvas import Zoom
from runfolio.gui.curves.card import ChartCard
from runfolio.gui.curves.grid import ChartGrid

# A zoom is read again when the wheel or the mouse has rested this long, in milliseconds.
REST = 60


class LinkedCharts(QObject):
    """Passes on to the other charts of a grid what happens to one.

    Args:
        are_zoomed_together: whether the user wants the zoom of one to be that of all.

    Signals:
        rested(): some charts have had another zoom or width for a moment, and those that need it are to be read again.
    """

    rested = Signal()

    def __init__(self, grid: ChartGrid, are_zoomed_together: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._grid = grid
        self._are_zoomed_together = are_zoomed_together
        self._zoom = Zoom()
        self._zoomed: set[ChartCard] = set()
        self._pointed: tuple[str, QPointF] | None = None
        self._current: int | None = None
        self._lit: int | None = None
        self._resting = QTimer(self, interval=REST, singleShot=True)
        self._resting.timeout.connect(self._on_rest)

    @property
    def idle(self) -> bool:
        """True when nothing was zoomed or made wider a moment ago."""
        return not self._resting.isActive()

    def add(self, card: ChartCard) -> None:
        """A chart like the others from now on."""
        card.set_zoom(Zoom(self._zoom.x))
        card.plot.set_lights(self._current, self._lit)
        card.plot.zoomed.connect(lambda zoom: self._on_zoomed(card, zoom))
        card.plot.pointed.connect(lambda place: self._on_pointed(card, place))
        card.plot.resized.connect(lambda: self._on_resized(card))

    def forget(self) -> None:
        """Zoom and crosshair are of another x axis."""
        self._zoom, self._pointed = Zoom(), None

    def zoom_together(self) -> None:
        """Show in all charts the part that was zoomed last."""
        self._zoom_all(Zoom(self._zoom.x))

    def set_current(self, run: int | None) -> None:
        """Show which of the runs is the current one."""
        self._current = run
        self._light()

    @Slot(object)
    def set_lit(self, run: int | None) -> None:
        """Have one run stand out from all others; None for no more."""
        self._lit = run
        self._light()

    def _light(self) -> None:
        for card in self._grid.cards():
            card.plot.set_lights(self._current, self._lit)

    def cross(self) -> None:
        """Show the crosshair in all charts at the place under the mouse, with the values as they are now."""
        for card in self._grid.visible_cards():
            self.cross_in(card)

    def cross_in(self, card: ChartCard) -> None:
        """The same in one chart."""
        key, place = self._pointed or ("", None)
        lit = self._lit if self._lit is not None else self._current
        card.cross_at(None if place is None else place.x(), place if card.key == key else None, lit)

    def _on_zoomed(self, card: ChartCard, zoom: Zoom) -> None:
        card.set_zoom(zoom)
        self._zoomed.add(card)
        if self._are_zoomed_together():
            self._zoom_all(Zoom(zoom.x), without=card)
        self._resting.start()

    def _zoom_all(self, zoom: Zoom, without: ChartCard | None = None) -> None:
        self._zoom = zoom
        for card in self._grid.cards():
            if card is not without:
                card.set_zoom(zoom)
                self._zoomed.add(card)
        self._resting.start()

    def _on_resized(self, card: ChartCard) -> None:
        if card.has_other_width():
            self._zoomed.add(card)
            self._resting.start()

    @Slot()
    def _on_rest(self) -> None:
        """Have what was zoomed read, for the exact pixels."""
        zoomed, self._zoomed = self._zoomed, set()
        for card in self._grid.cards():
            if card in zoomed:
                card.reread_if_reduced()
        self.rested.emit()

    def _on_pointed(self, card: ChartCard, place: QPointF | None) -> None:
        self._pointed = (card.key, place) if place is not None else None
        self.cross()
