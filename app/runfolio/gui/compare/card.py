"""A framed part of the page: a heading with what it says, and what can be chosen, over its content."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from runfolio.core.columns import Column, value_heading
from runfolio.core.compare_options import CompareOptions
from runfolio.gui.aliases import Ids
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.labels import SMALL, as_caption, scaled
from runfolio.gui.compare.lighting import LitView
from runfolio.gui.compare.reading import Compared
from runfolio.gui.compare.shades import Shades

# Fewer letters of a note say nothing.
LEAST_LETTERS = 12
# What stands left and right of headings and controls, in pixels.
MARGINS = 24


class Card(QFrame):
    """Its controls stand at the right of the heading or, where they have no room there, under it.

    Attributes:
        title, note: the heading, and what is said beside it.
        top: where more can be put beside them.
        slim: whether it has so little to say that it takes a row of its own, as low as it can be.
    """

    slim = False

    def __init__(self, title: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.title, self.note = ElidedLabel(title), ElidedLabel()
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        self.title.setFont(bold)
        self.note.setFont(scaled(self.font(), SMALL))
        self.note.setProperty("role", "muted")
        self._content = content
        self._controls: list[QWidget] = []
        self.top = QHBoxLayout()
        self.top.setContentsMargins(12, 8, 8, 0)
        self.top.setSpacing(10)
        self.top.addWidget(self.title)
        self.top.addWidget(self.note, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 6)
        layout.setSpacing(4)
        self._below = QHBoxLayout()
        self._below.setContentsMargins(6, 0, 8, 0)
        layout.addLayout(self.top)
        layout.addLayout(self._below)
        layout.addWidget(content, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is said gives way to what can be done, and to the heading."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Say as much as there is room for."""
        self._put_controls()
        shown = [self.title, *([] if self._below.count() else self._offered)]
        room = self.width() - MARGINS - self._width_of(shown)
        self.note.setVisible(room >= self.note.fontMetrics().averageCharWidth() * LEAST_LETTERS)
        self.title.setMinimumWidth(min(self.title.sizeHint().width(), self.width() // 3))

    def minimumSizeHint(self) -> QSize:
        """With less room for them, controls stand under the heading."""
        size = super().minimumSizeHint()
        content = max(self._content.minimumSizeHint().width(), self._content.minimumWidth())
        return QSize(min(size.width(), max(self._width_of(self._offered) + MARGINS, content)), size.height())

    @property
    def _offered(self) -> list[QWidget]:
        return [one for one in self._controls if not one.isHidden()]

    def _width_of(self, parts: Sequence[QWidget]) -> int:
        return sum(one.sizeHint().width() + self.top.spacing() for one in parts)

    def _put_controls(self) -> None:
        """Beside the heading, if that has its room then, else under it."""
        beside = self.width() - MARGINS - self._width_of([self.title, *self._offered]) >= 0
        place, other = (self.top, self._below) if beside else (self._below, self.top)
        moved = [one for one in self._controls if other.indexOf(one) >= 0]
        for one in moved:
            other.removeWidget(one)
        if moved and not beside:
            place.addStretch(1)
        for one in moved:
            place.addWidget(one, 0, Qt.AlignmentFlag.AlignVCenter)
        while beside and self._below.count():
            self._below.takeAt(0)

    def add(self, *parts: QWidget) -> None:
        """Put controls at the right of the heading."""
        self._controls += parts
        for part in parts:
            self.top.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """How runs are shown in all cards.

    Attributes:
        options: what the user has chosen.
        names: what columns are called side by side.
        shades: the colours of the runs.
    """

    options: CompareOptions
    names: Mapping[Column, str]
    shades: Shades

    def name(self, column: Column) -> str:
        """What a column is called."""
        return self.names.get(column) or value_heading(column)


class RunsCard(Card):
    """A card that shows the runs that are compared; the page knows no more of it than this.

    Signals:
        changed(function, str): what is chosen is to be as this function makes it of what is chosen then, and what the
            step is called. Choices are the page's: what a card has been shown may be older.
        picked(runs): these runs are to be selected.
    """

    changed = Signal(object, str)
    picked = Signal(object)

    def __init__(self, title: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(title, content, parent)
        self._compared: Compared | None = None

    def show_runs(self, compared: Compared, look: Look) -> None:
        """Show other runs, or the same ones otherwise."""
        self._compared = compared

    def pick(self, picked: NDArray[np.bool_], *, apart: bool) -> None:
        """Show that these runs are selected; `apart` if they are to stand before the others."""

    def follow(self, runs: Ids) -> None:
        """Other runs are selected than the ones that were last picked here."""

    @property
    def lit(self) -> Sequence[LitView]:
        """What shows which run is under the mouse, and says so."""
        return ()

    @property
    def settled(self) -> bool:
        """True when all is read and drawn."""
        return True

    def _change(self, edit: Callable[[CompareOptions], CompareOptions], why: str) -> None:
        self.changed.emit(edit, why)

    def _choose(self, why: str, **chosen: Any) -> None:
        """Choose something by the names of fields of `CompareOptions`."""
        self._change(lambda options: replace(options, **chosen), why)


def padded(content: QWidget) -> QWidget:
    """A table with its texts below the heading."""
    around = QWidget()
    layout = QVBoxLayout(around)
    layout.setContentsMargins(7, 0, 7, 0)
    layout.addWidget(content)
    return around


def choice(name: str) -> QToolButton:
    """A button that shows what is chosen, and opens a list of what could be."""
    button = QToolButton()
    button.setFont(scaled(button.font(), SMALL))
    button.setAccessibleName(name)
    button.setToolTip(name)
    button.setAutoRaise(True)
    return button


def show_choice(button: QToolButton, what: str, chosen: str, letters: int = 18) -> None:
    """Say what is chosen, in few letters."""
    room = button.fontMetrics().averageCharWidth() * letters
    shown = button.fontMetrics().elidedText(chosen, Qt.TextElideMode.ElideMiddle, room)
    button.setText(as_caption(f"{what}: {shown} ▾"))
    button.setToolTip(f"{button.accessibleName()}: {chosen}")
