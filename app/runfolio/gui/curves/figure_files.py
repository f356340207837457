"""Drawings of charts as the bytes of PNG, SVG and PDF."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import QImage, QImageWriter, QPageLayout, QPageSize, QPaintDevice, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from runfolio.core.errors import EnvironmentProblem
from runfolio.gui.curves.figure import MM_PER_INCH, Figure, FigureStyle
from runfolio.gui.curves.figure_paint import UNITS_PER_INCH, paint_figure, size_in_units

# Texts hold no quotation marks of their own. Another machine may not have the font, or not by this name.
FAMILY = re.compile(rb'font-family="([^"]*)"')


def picture(figure: Figure, style: FigureStyle) -> QImage:
    """The drawing as a picture of the style's dots per inch. Raises UserError if it is too large or cannot be drawn."""
    image = QImage(*style.pixels, QImage.Format.Format_RGB32)
    if image.isNull():
        raise EnvironmentProblem("There is no memory for a picture of this size.", "Choose fewer dots per inch.")
    per_metre = round(style.dpi / MM_PER_INCH * 1000)
    image.setDotsPerMeterX(per_metre)
    image.setDotsPerMeterY(per_metre)
    painter = painter_on(image)
    wide, high = size_in_units(style)
    painter.scale(image.width() / wide, image.height() / high)
    paint_figure(painter, figure, style)
    painter.end()
    return image


def painter_on(device: QPaintDevice) -> QPainter:
    """What draws on a device. Raises EnvironmentProblem where Qt cannot."""
    painter = QPainter()
    if not painter.begin(device):
        raise EnvironmentProblem("The chart could not be drawn.", "Choose a smaller size, or fewer dots per inch.")
    return painter


def as_png(image: QImage) -> bytes:
    """A picture as the content of a PNG file. Raises EnvironmentProblem where there can be none."""
    content, buffer = _buffer()
    writer = QImageWriter(buffer, QByteArray(b"png"))
    if not writer.write(image):
        raise EnvironmentProblem(f"The picture could not be made into a PNG file: {writer.errorString()}.")
    return bytes(content.data())


def _png(figure: Figure, style: FigureStyle) -> bytes:
    return as_png(picture(figure, style))


def _svg(figure: Figure, style: FigureStyle) -> bytes:
    content, buffer = _buffer()
    size = QSize(*size_in_units(style))
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(UNITS_PER_INCH)
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(figure.titles[1])
    painter = painter_on(generator)
    paint_figure(painter, figure, style)
    painter.end()
    return FAMILY.sub(rb'font-family="\1, sans-serif"', bytes(content.data()))


def _pdf(figure: Figure, style: FigureStyle) -> bytes:
    content, buffer = _buffer()
    writer = QPdfWriter(buffer)
    writer.setResolution(UNITS_PER_INCH)
    writer.setTitle(figure.titles[1])
    size = QPageSize(
        QSizeF(style.width, style.height), QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.ExactMatch
    )
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF()))
    painter = painter_on(writer)
    paint_figure(painter, figure, style)
    painter.end()
    return bytes(content.data())


def _buffer() -> tuple[QByteArray, QBuffer]:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return content, buffer


@dataclass(frozen=True, slots=True)
class DrawnFile:
    """A kind of file that drawings are written as.

    Attributes:
        suffix: of such files, without its dot.
        content: what a file of a drawing holds.
        columns: how many columns of pixels its lines are to be as fine as. Raises InvalidValue.
    """

    suffix: str
    content: Callable[[Figure, FigureStyle], bytes]
    columns: Callable[[FigureStyle], int] = lambda style: style.columns


PNG = DrawnFile("png", _png, lambda style: style.pixels[0])
SVG = DrawnFile("svg", _svg)
DRAWN = (PNG, SVG, DrawnFile("pdf", _pdf))
