"""The card of the points: what stands for which column is chosen in its heading."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from runfolio.core.columns import Column, Kind, Source
from runfolio.core.compare_options import show_contour, toggle_log
from runfolio.core.numbers import counted
from runfolio.core.scales import Placed
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.columns.picker import NOTHING, ColumnPicker, open_picker
from runfolio.gui.compare.card import Look, RunsCard, choice, show_choice
from runfolio.gui.compare.legend import Legend
from runfolio.gui.compare.marks import missing_text
from runfolio.gui.compare.reading import Compared, is_axis
from runfolio.gui.compare.scatter import Points, ScatterView
from runfolio.gui.theme import Theme

PARTS = {"x": "Horizontal axis", "y": "Vertical axis", "size": "Size of the points"}


class ScatterCard(RunsCard):
    """The points, and their choices.

    Attributes:
        view, legend: the points, and what the colours of their surface say.
        buttons: those for x, y and size.
        log_x, log_y: the buttons for logarithmic axes.
        contour: the button for a surface of the colour behind the points.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self.view, self.legend = ScatterView(theme), Legend(theme)
        super().__init__("Points", _stacked(self.legend, self.view), parent)
        self.buttons = {part: choice(name) for part, name in PARTS.items()}
        for part, button in self.buttons.items():
            button.clicked.connect(partial(self.choose, part))
        self.log_x, self.log_y = self._log_button("x"), self._log_button("y")
        self.contour = choice("Contours of the colour behind the points")
        self.contour.setText("contour")
        self.contour.setCheckable(True)
        self.contour.clicked.connect(self._toggle_contour)
        axes = self.buttons["x"], self.log_x, self.buttons["y"], self.log_y
        self.add(*axes, self.buttons["size"], self.contour)

    def _log_button(self, part: str) -> QToolButton:
        button = choice(f"Logarithmic {PARTS[part].lower()}")
        button.setText("log")
        button.setCheckable(True)
        button.clicked.connect(partial(self._toggle_log, part))
        return button

    @property
    def lit(self) -> Sequence[ScatterView]:
        return (self.view,)

    def pick(self, picked: NDArray[np.bool_], *, apart: bool) -> None:
        self.view.pick(picked if apart else None)

    def show_runs(self, compared: Compared, look: Look) -> None:
        super().show_runs(compared, look)
        x, y, size = compared.x, compared.y, compared.size
        shown = Points(x, y, size, look.shades, compared.surface) if x is not None and y is not None else None
        self.view.show_runs(shown)
        for part, axis in (("x", x), ("y", y), ("size", size)):
            name = look.name(axis.column) if axis is not None else "same"
            show_choice(self.buttons[part], part, name, letters=12)
        for button, axis in ((self.log_x, x), (self.log_y, y)):
            button.setChecked(axis is not None and axis.scale.log)
            button.setEnabled(axis is not None and not axis.scale.categories)
        self.contour.setChecked(look.options.contour)
        self.legend.show_shades(look.shades)
        self.legend.setVisible(look.options.contour)
        self._describe([axis for axis in (x, y) if axis is not None], look)
        self.fit()

    def _describe(self, axes: Sequence[Placed], look: Look) -> None:
        """Say how many runs have no place, and beside which axis they stand."""
        if len(axes) == 2:
            named = [look.name(axis.column) for axis in axes]
            self.title.setText(f"{named[1]} vs {named[0]}")
            color = self._compared.color if self._compared is not None else None
            if look.options.contour and color is not None:
                self.title.setText(f"{look.name(color.column)} over {named[0]}, {named[1]}")
            lost = int(((axes[0].why > 0) | (axes[1].why > 0)).sum())
            self.note.setText(f"{counted(lost, 'run')} beside an axis" if lost else "")
            told = [(name, missing_text(axis)) for name, axis in zip(named, axes, strict=True)]
            self.note.setToolTip(tool_tip("\n\n".join(f"{name}\n{text}" for name, text in told if text)))

    def choose(self, part: str) -> None:
        """Open the list of what can be shown as one part."""
        columns = [one for one in (self._compared.columns if self._compared is not None else ()) if is_axis(one)]
        offered = [NOTHING, *columns] if part == "size" else columns
        picker = ColumnPicker(PARTS[part], offered, partial(self._chosen, part), partial(self._take, part), self)
        open_picker(picker, self.buttons[part])

    def _chosen(self, part: str) -> list[Column]:
        axis: Placed | None = getattr(self._compared, part, None)
        return [axis.column] if axis is not None else [NOTHING]

    def _take(self, part: str, column: Column) -> None:
        self._choose(PARTS[part], **{part: None if column == NOTHING else column})

    def _toggle_log(self, part: str) -> None:
        axis: Placed | None = getattr(self._compared, part, None)
        if axis is not None:
            self._change(lambda options: toggle_log(options, axis.column, axis.scale.log), "Logarithmic Axis")

    @Slot(bool)
    def _toggle_contour(self, contour: bool) -> None:
        """Where the axes are not two params, the first two that runs differ in become them."""
        compared = self._compared
        own = [axis.column if axis is not None else None for axis in (compared.x, compared.y)] if compared else []
        params = [axis.column for axis in compared.axes if axis.column.source is Source.PARAM] if compared else []
        params = [one for one in params if one.kind is Kind.NUMBER]
        self._change(lambda options: show_contour(options, contour, own, params), "Contours")


def _stacked(legend: Legend, view: ScatterView) -> QWidget:
    content = QWidget()
    layout = QVBoxLayout(content)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(legend, 0, Qt.AlignmentFlag.AlignRight)
    layout.addWidget(view, 1)
    legend.setContentsMargins(0, 0, 12, 0)
    return content
