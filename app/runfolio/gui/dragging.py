"""What is dragged from one part of a window to another: runs, or places in the tree of experiments."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDrag, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from runfolio.gui.theme import Theme

MIME = "application/x-runfolio-move"
PADDING = 8
T = TypeVar("T", int, str)


@dataclass(frozen=True, slots=True)
class Load:
    """What is dragged; empty for anything that is not ours, or is of another store."""

    runs: tuple[int, ...] = ()
    paths: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.runs or self.paths)


def pack(store: Path, load: Load) -> QMimeData:
    """As it goes from window to window."""
    data = QMimeData()
    data.setData(MIME, json.dumps({"store": str(store), "runs": load.runs, "paths": load.paths}).encode())
    return data


def unpack(store: Path, data: QMimeData) -> Load:
    """What comes from a window on the same store; any program can have made it."""
    if not data.hasFormat(MIME):
        return Load()
    try:
        found = json.loads(bytes(data.data(MIME).data()))
    except ValueError:
        return Load()
    if not isinstance(found, dict) or found.get("store") != str(store):
        return Load()
    return Load(_only(int, found.get("runs")), _only(str, found.get("paths")))


def drag(source: QWidget, theme: Theme, data: QMimeData, text: str) -> None:
    """Let the user drag it about, until they drop it."""
    moving = QDrag(source)
    moving.setMimeData(data)
    moving.setPixmap(_card(source, theme, text))
    moving.setHotSpot(QPoint(-PADDING, PADDING))
    moving.exec(Qt.DropAction.MoveAction | Qt.DropAction.CopyAction, Qt.DropAction.MoveAction)


def _card(source: QWidget, theme: Theme, text: str) -> QPixmap:
    """A small card that says what is dragged."""
    metrics = QFontMetrics(source.font())
    ratio = source.devicePixelRatioF()
    width, height = metrics.horizontalAdvance(text) + 2 * PADDING, metrics.height() + PADDING
    card = QPixmap(round(width * ratio), round(height * ratio))
    card.setDevicePixelRatio(ratio)
    card.fill(Qt.GlobalColor.transparent)
    painter = QPainter(card)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(source.font())
    painter.setPen(theme.color("accent"))
    painter.setBrush(theme.color("raised"))
    painter.drawRoundedRect(1, 1, width - 2, height - 2, 6, 6)
    painter.setPen(theme.color("text"))
    painter.drawText(0, 0, width, height, int(Qt.AlignmentFlag.AlignCenter), text)
    painter.end()
    return card


def _only(kind: type[T], values: object) -> tuple[T, ...]:
    listed: Iterable[object] = values if isinstance(values, list) else ()
    return tuple(value for value in listed if type(value) is kind)  # a bool is no number of a run
