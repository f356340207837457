"""What is asked of files that are pictures. They are decoded where all files are read: a hostile one harms no window.

A record goes between the processes as the others of `previews` do; only here it is Qt that reads. What stands inside a
file of another kind is read with that (`previews/inner_pictures.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColorSpace, QGuiApplication, QImage, QImageIOHandler, QImageReader

from runfolio.core import numbers
from runfolio.core.errors import CannotShow
from runfolio.previews.files import open_plain
from runfolio.previews.kept import Kept
from runfolio.previews.records import Question

#: A picture of more pixels is not decoded; of a larger one than these, a smaller copy is made.
MOST_PIXELS, MOST_SHOWN = 200_000_000, 3_000_000
#: Of what is drawn from lines, the longer side is so many pixels at first.
DRAWN_SIDE = 1600
# The decoders may take so much memory for a picture, in MB: the largest one in four channels, and a copy.
ALLOCATION = 1000
VECTORS = ("svg", "svgz")
FORMATS = {
    QImage.Format.Format_Grayscale8: 1,
    QImage.Format.Format_Grayscale16: 2,
    QImage.Format.Format_RGB888: 3,
    QImage.Format.Format_RGBA8888: 4,
    QImage.Format.Format_RGBA64: 8,
}


@dataclass(frozen=True, slots=True)
class Pixels:
    """A picture as it is shown.

    Attributes:
        width, height: of the file's own, in pixels.
        shown_width, shown_height: of these pixels; fewer for a very large one, more for what is drawn from lines.
        format: one of Qt's, whose number it is.
        data: the pixels, row by row without gaps.
        kind: the format of the file, such as `PNG`.
        depth: what a pixel is, such as `8-bit RGB`.
        moves: whether other frames follow.
        delay: how long a frame is shown, in milliseconds.
        number: that of the frame, from 0.
    """

    width: int
    height: int
    shown_width: int
    shown_height: int
    format: int
    data: bytes
    kind: str = ""
    depth: str = ""
    moves: bool = False
    delay: int = 0
    number: int = 0

    def image(self) -> QImage:
        """These pixels as an image of their own."""
        kind = QImage.Format(self.format)
        line = self.shown_width * FORMATS[kind]
        return QImage(self.data, self.shown_width, self.shown_height, line, kind).copy()


@dataclass(frozen=True, slots=True)
class AskPicture(Question[Pixels]):
    """A picture, or the first frame of one that moves; `side` is the longer side of one that is drawn from lines."""

    path: str
    side: int = DRAWN_SIDE
    most: int = MOST_SHOWN

    def answer(self, kept: Kept) -> Pixels:
        """The picture."""
        return _read(_opened(self.path), self.side, self.most)


@dataclass(frozen=True, slots=True)
class AskFrame(Question[Pixels]):
    """A frame of a picture that moves. The one after the last is the first again; each is made from those before."""

    path: str
    number: int

    def answer(self, kept: Kept) -> Pixels:
        """The frame."""
        return kept.get(Frames, self.path).frame(self.number)


class Frames:
    """A picture that moves, opened."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._reader = _opened(path)
        self._next = 0

    def frame(self, number: int) -> Pixels:
        """A frame; those between are passed over."""
        if number < self._next:
            self._again()
        while self._next < number and self._reader.canRead() and not self._reader.read().isNull():
            self._next += 1
        if not self._reader.canRead():
            self._again()
        found = _read(self._reader, DRAWN_SIDE, MOST_SHOWN, self._next)
        self._next += 1
        return found

    def _again(self) -> None:
        self._reader, self._next = _opened(self._path), 0

    def close(self) -> None:
        """Let go of the file."""
        self._reader.device().close()  # else Windows would not let the file be deleted


def _opened(path: str) -> QImageReader:
    """A reader of a plain file. Raises CannotShow if it is none, or no picture."""
    open_plain(path).close()
    with_fonts()
    QImageReader.setAllocationLimit(ALLOCATION)
    reader = QImageReader(path)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    if not reader.canRead():
        raise CannotShow(_why_not(reader))
    return reader


def with_fonts() -> None:
    """Have Qt load its fonts, which texts of drawings and documents need."""
    if QGuiApplication.instance() is None:
        QGuiApplication(["runfolio", "-platform", "offscreen"])


def _why_not(reader: QImageReader) -> str:
    if not reader.device().size():
        return "This file is empty."
    if reader.error() == QImageReader.ImageReaderError.UnsupportedFormatError:
        return "This is no picture of a format that can be read."
    return f"The picture cannot be read: {reader.errorString()}."


def _read(reader: QImageReader, side: int, most: int, number: int = 0) -> Pixels:
    """The next frame of a reader, smaller if it has more than so many pixels."""
    kind = bytes(reader.format().data()).decode("ascii", "replace")
    full = reader.size()
    if full.isValid() and full.width() * full.height() > MOST_PIXELS:
        raise CannotShow(
            f"This picture has {full.width():,} × {full.height():,} pixels; "
            f"more than {numbers.count(MOST_PIXELS)} are not shown.",
            "Another program may open it.",
        )
    if kind in VECTORS:
        wanted = full.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio) if full.isValid() else QSize(side, side)
        reader.setScaledSize(wanted.expandedTo(QSize(1, 1)))
    elif (
        full.isValid()
        and full.width() * full.height() > most
        and reader.supportsOption(QImageIOHandler.ImageOption.ScaledSize)
    ):
        reader.setScaledSize(_reduced(full, most))
    image = reader.read()
    if image.isNull():
        raise CannotShow(f"The picture is damaged: {reader.errorString()}.")
    turned = reader.transformation().value & QImageIOHandler.Transformation.TransformationRotate90.value
    full = (full.transposed() if turned else full) if full.isValid() else image.size()
    depth = _depth(image)
    if image.width() * image.height() > most:
        image = image.scaled(_reduced(image.size(), most), mode=Qt.TransformationMode.SmoothTransformation)
    image = _plain(image)
    return Pixels(
        full.width(),
        full.height(),
        image.width(),
        image.height(),
        image.format().value,
        data_of(image),
        kind.upper(),
        "drawn from lines" if kind in VECTORS else depth,
        reader.supportsAnimation() and reader.imageCount() != 1,
        max(reader.nextImageDelay(), 20),
        number,
    )


def _reduced(size: QSize, most: int) -> QSize:
    """The largest size of that shape with so many pixels."""
    factor = (most / (size.width() * size.height())) ** 0.5
    return QSize(max(1, int(size.width() * factor)), max(1, int(size.height() * factor)))


def _depth(image: QImage) -> str:
    """What a pixel of the file is."""
    if image.isGrayscale() and image.format() not in (QImage.Format.Format_Mono, QImage.Format.Format_MonoLSB):
        return "16-bit grey" if image.format() == QImage.Format.Format_Grayscale16 else "8-bit grey"
    if image.depth() == 1:
        return "black and white"
    bits = 16 if image.depth() > 32 else 8
    return f"{bits}-bit {'RGBA' if image.hasAlphaChannel() else 'RGB'}"


def _plain(image: QImage) -> QImage:
    """In a format that both processes know, with as much in it as there was, in the colours of screens."""
    if image.colorSpace().isValid() and image.colorSpace() != QColorSpace(QColorSpace.NamedColorSpace.SRgb):
        image.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    formats = QImage.Format
    if image.format() in (formats.Format_Grayscale8, formats.Format_Grayscale16):
        return image
    if image.depth() > 32:
        return image.convertToFormat(formats.Format_RGBA64)
    return image.convertToFormat(formats.Format_RGBA8888 if image.hasAlphaChannel() else formats.Format_RGB888)


def data_of(image: QImage) -> bytes:
    """The pixels row by row; Qt leaves gaps so that rows begin at multiples of four."""
    line, whole = image.width() * FORMATS[image.format()], bytes(image.constBits())
    if image.bytesPerLine() == line:
        return whole
    gap = image.bytesPerLine()
    return b"".join(whole[at : at + line] for at in range(0, gap * image.height(), gap))
