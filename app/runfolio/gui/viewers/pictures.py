"""Pictures: zoomed and moved about, with the value of each pixel; those that move, play."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, QTimer, Slot
from PySide6.QtGui import QIcon, QImage, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from runfolio.gui.chrome.labels import muted
from runfolio.gui.icons import icon
from runfolio.gui.session import Session
from runfolio.gui.viewers.picture_canvas import PictureCanvas
from runfolio.gui.viewers.picture_questions import AskFrame, AskPicture, Pixels
from runfolio.gui.viewers.viewer import ViewedFile, Viewer

#: So many pixels are read of a picture that is looked at closely; the longer side of a drawing that is.
FINE, FINE_SIDE = 30_000_000, 4096
FORMATS = QImage.Format


class PictureViewer(Viewer):
    """A picture.

    Attributes:
        canvas: shows it.
        play: stops and starts what moves; hidden for all others.
        values: tells the pixel under the mouse.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.canvas = PictureCanvas(session.theme)
        self.values = muted()
        self.play = QPushButton()
        self._pixels: Pixels | None = None
        self._asked_finer = False
        self._ahead: Pixels | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._show_next)
        self.play.clicked.connect(self._on_play)
        self._place()
        self.canvas.pointed.connect(self._tell_pixel)
        self.canvas.lens.changed.connect(self._on_lens)

    def _place(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for text, tip, slot in (
            ("Fit", "All of it (0)", self.canvas.fit),
            ("100 %", "Its own size (1)", lambda: self.canvas.zoom_to(1.0)),
            ("−", "Smaller (−)", lambda: self.canvas.zoom_by(-1)),
            ("+", "Larger (+)", lambda: self.canvas.zoom_by(1)),
        ):
            button = QPushButton(text)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.clicked.connect(slot)
            row.addWidget(button)
        row.addWidget(self.play)
        row.addWidget(self.values, 1)
        self._show_playing(playing=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.canvas, 1)
        self.setFocusProxy(self.canvas)

    @property
    def playing(self) -> bool:
        """Whether a picture that moves goes on."""
        return self._playing

    def show_file(self, file: ViewedFile) -> None:
        """Read it; what is looked at closely stays so while one goes from file to file."""
        self._stop()
        self._pixels, self._asked_finer = None, False
        self.ask(AskPicture(str(file.file)), self._show)

    def leave(self) -> None:
        """Nothing plays on unseen."""
        self._stop()
        super().leave()

    def _show(self, pixels: Pixels) -> None:
        assert self.file is not None
        self._pixels = pixels
        self.canvas.show_image(pixels.image(), QSize(pixels.width, pixels.height), self.file.name)
        self._tell()
        self.play.setVisible(pixels.moves)
        if pixels.moves:
            self._ask_next()
            self._timer.start(pixels.delay)
        self._on_lens()

    def _tell(self) -> None:
        pixels = self._pixels
        if pixels is not None:
            zoom = percent(self.canvas.scale)
            self.told.emit(f"{pixels.width} × {pixels.height} · {pixels.depth} · shown at {zoom}")

    # Closer

    @Slot()
    def _on_lens(self) -> None:
        """What is enlarged beyond the pixels that were read is read with more of them."""
        self._tell()
        pixels = self._pixels
        if pixels is None or pixels.moves or self._asked_finer or self.file is None:
            return
        drawn = pixels.kind in ("SVG", "SVGZ")
        wanted = self.canvas.area().width() > pixels.shown_width if drawn else self.canvas.lacks_pixels
        if wanted:
            self._asked_finer = True
            self.ask(AskPicture(str(self.file.file), FINE_SIDE, FINE), self._show_finer, "finer")

    def _show_finer(self, pixels: Pixels) -> None:
        self._pixels = pixels
        self.canvas.show_finer(pixels.image())

    @Slot(object)
    def _tell_pixel(self, pixel: QPoint | None) -> None:
        self.values.setText("" if pixel is None else pixel_text(self.canvas.finest, self.canvas.full, pixel))

    # Moving

    def _stop(self) -> None:
        self._timer.stop()
        self._ahead = None

    def _ask_next(self) -> None:
        assert self._pixels is not None and self.file is not None
        self.ask(AskFrame(str(self.file.file), self._pixels.number + 1), self._take_next, "frame")

    def _take_next(self, pixels: Pixels) -> None:
        self._ahead = pixels
        if not self._timer.isActive() and self._playing:
            self._show_next()

    def showEvent(self, event: QShowEvent) -> None:
        """What stood still because nobody saw it goes on."""
        super().showEvent(event)
        if not self._timer.isActive():
            self._show_next()

    @Slot()
    def _show_next(self) -> None:
        """The frame that was read ahead; one that is late is shown when it comes. Unseen, none follows."""
        if self._ahead is None or not self._playing or not self.isVisible():
            return
        self._pixels, self._ahead = self._ahead, None
        assert self.file is not None
        self.canvas.show_image(self._pixels.image(), self.canvas.full, self.file.name)
        self._timer.start(self._pixels.delay)
        self._ask_next()

    @Slot()
    def _on_play(self) -> None:
        self._show_playing(playing=not self._playing)
        if self._playing:
            self._show_next()

    def _show_playing(self, *, playing: bool) -> None:
        self._playing = playing
        title = "Pause" if playing else "Play"
        self.play.setText(title)
        self.play.setIcon(QIcon() if playing else icon("play", "muted"))
        self.play.setAccessibleName(f"{title} the picture")


def percent(scale: float) -> str:
    """A scale as users read it, in whole hundreds of percent or three digits: `3,200 %`, `12.5 %`."""
    return f"{100 * scale:,.0f} %" if scale >= 1 else f"{100 * scale:.3g} %"


def pixel_text(image: QImage, full: QSize, pixel: QPoint) -> str:
    """Where a pixel of the picture is, and its value as the file has it; about, where the picture was made smaller."""
    x = pixel.x() * image.width() // max(full.width(), 1)
    y = pixel.y() * image.height() // max(full.height(), 1)
    if not image.valid(x, y):
        return ""
    where = f"x {pixel.x():,}, y {pixel.y():,}"
    about = "" if image.width() >= full.width() else "about "
    color = image.pixelColor(x, y)
    if image.format() == FORMATS.Format_Grayscale8:
        return f"{where}: {about}{color.red()}"
    deep = image.format() in (FORMATS.Format_Grayscale16, FORMATS.Format_RGBA64)
    channels = [color.rgba64().red(), color.rgba64().green(), color.rgba64().blue(), color.rgba64().alpha()]
    values = channels if deep else [color.red(), color.green(), color.blue(), color.alpha()]
    if image.format() == FORMATS.Format_Grayscale16:
        return f"{where}: {about}{values[0]:,}"
    shown = values if image.hasAlphaChannel() else values[:3]
    names = "red green blue alpha".split()
    return f"{where}: {about}" + ", ".join(f"{name} {value:,}" for name, value in zip(names, shown, strict=False))
