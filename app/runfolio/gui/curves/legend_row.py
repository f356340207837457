"""Where the entries of a legend of one line are, and what is said of those for which there is no room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetrics


def row_places(widths: Sequence[int], total: int, line: QRect, gap: int, metrics: QFontMetrics) -> list[QRect]:
    """As many of `total` entries as fit from the left, so far from each other, with the number of the others behind.

    The first one is always there, as wide as there is room.
    """
    found, left = list[QRect](), line.left()
    for number, width in enumerate(widths):
        more = total - number - 1
        end = line.left() + line.width() - (gap + metrics.horizontalAdvance(more_text(more)) if more else 0)
        if left + width > end and found:
            break
        found.append(QRect(left, line.top(), min(width, end - left), line.height()))
        left += width + gap
    return found


def more_text(number: int) -> str:
    """How many entries there are besides."""
    return f"+{number:,} more"
