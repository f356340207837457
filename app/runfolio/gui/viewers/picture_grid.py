"""Pictures of several runs beside each other, which are zoomed and moved about together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.labels import muted
from runfolio.gui.run_colors import dot_picture
from runfolio.gui.theme import Theme
from runfolio.gui.viewers.picture_canvas import Lens, PictureCanvas


@dataclass(frozen=True, slots=True)
class Shown:
    """A run whose picture is shown.

    Attributes:
        run: the store's number of it.
        name: what it is called.
        color: the number of its colour.
    """

    run: int
    name: str
    color: int


class Tile(QWidget):
    """A picture of one run, and what stands over it.

    Attributes:
        canvas: the picture.
        caption, note: the run with its step, and what is said of it.
    """

    def __init__(self, shown: Shown, theme: Theme, lens: Lens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown = shown
        self._theme = theme
        self.canvas = PictureCanvas(theme, lens)
        self.caption, self.note = ElidedLabel(shown.name), muted()
        self._dot = QLabel()
        self.note.setWordWrap(True)
        self.note.hide()
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._dot)
        head.addWidget(self.caption, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.note, 0, Qt.AlignmentFlag.AlignTop)
        theme.theme_changed.connect(self._paint_dot)
        self._paint_dot()

    def show_image(self, image: QImage, full: QSize, about: str) -> None:
        """Show a picture, and say what it is of."""
        self.caption.setText(f"{self.shown.name} · {about}" if about else self.shown.name)
        self.note.hide()
        self.canvas.show_image(image, full, f"of {self.shown.name}, {about}")
        self.canvas.show()

    def tell(self, why: str) -> None:
        """Show none, and say why."""
        self.caption.setText(self.shown.name)
        self.canvas.show_image(QImage(), QSize(), f"of {self.shown.name}: {why}")
        self.note.setText(why)
        self.note.show()

    def _paint_dot(self) -> None:
        self._dot.setPixmap(dot_picture(self.shown.color, self._theme.dark, self.devicePixelRatioF()))


class PictureGrid(QWidget):
    """Tiles in rows, as square as there is room.

    Attributes:
        lens: which part of all pictures is seen.
        tiles: one for each run.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.lens = Lens(self)
        self.tiles: list[Tile] = []
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(12)

    def set_runs(self, runs: Sequence[Shown]) -> bool:
        """Have a tile for each of these runs; the same ones stay as they are. Whether there are new, empty ones."""
        if [tile.shown for tile in self.tiles] == list(runs):
            return False
        for tile in self.tiles:
            self._layout.removeWidget(tile)
            tile.setParent(None)
            tile.deleteLater()
        self.tiles = [Tile(one, self._theme, self.lens) for one in runs]
        columns = next((n for n in range(1, len(runs) + 1) if n * n >= len(runs)), 1)
        for place, tile in enumerate(self.tiles):
            self._layout.addWidget(tile, place // columns, place % columns)
        if self.tiles:
            self.setFocusProxy(self.tiles[0].canvas)
        return True
