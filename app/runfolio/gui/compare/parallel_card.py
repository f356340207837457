"""The card of the parallel coordinates: what its axes and colours are chosen by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtWidgets import QMenu, QWidget

from runfolio.core import compare_options as edits
from runfolio.core.columns import Column, value_heading
from runfolio.core.compare_options import CompareOptions
from runfolio.core.scales import Placed
from runfolio.gui.chrome.labels import as_caption, tool_tip
from runfolio.gui.columns.picker import ColumnPicker, open_picker
from runfolio.gui.compare.brushing import Brushing
from runfolio.gui.compare.card import Look, RunsCard, choice, show_choice
from runfolio.gui.compare.legend import Legend
from runfolio.gui.compare.marks import missing_text
from runfolio.gui.compare.parallel import ParallelView
from runfolio.gui.compare.reading import Compared, is_axis
from runfolio.gui.theme import Theme

HINT = "drag on an axis to brush · drag its name to move it · Enter for its menu"


class ParallelCard(RunsCard):
    """The axes and lines, and their choices.

    Attributes:
        view: the axes and lines.
        color, choose: the buttons for the colour and for the axes.

    `options` gives what is chosen on the page, be it that it is still being read.
    """

    def __init__(self, theme: Theme, options: Callable[[], CompareOptions], parent: QWidget | None = None) -> None:
        self.view = ParallelView(theme)
        super().__init__("Parallel coordinates", self.view, parent)
        self._brushing = Brushing(self.view)
        self._options = options
        self._look: Look | None = None
        self.legend = Legend(theme)
        self.color, self.choose = choice("Colour of the runs"), choice("Axes")
        self.choose.setText("Axes ▾")
        self.choose.setToolTip("Choose the axes")
        self.note.setText(HINT)
        self.add(self.legend, self.color, self.choose)
        self.color.clicked.connect(self.choose_color)
        self.choose.clicked.connect(self.choose_axes)
        self.view.moved.connect(self._on_moved)
        self.view.flip_asked.connect(partial(self._edit, edits.flip, "Flip Axis"))
        self.view.log_asked.connect(self._toggle_log)
        self.view.menu_asked.connect(self._show_menu)

    @property
    def lit(self) -> Sequence[ParallelView]:
        return (self.view,)

    @property
    def settled(self) -> bool:
        return self.view.settled

    def pick(self, picked: NDArray[np.bool_], *, apart: bool) -> None:
        self.view.pick(picked if apart else None)

    def show_runs(self, compared: Compared, look: Look) -> None:
        super().show_runs(compared, look)
        self._look = look
        titles = [_title(look, axis) for axis in compared.axes]
        self.view.show_runs(compared.axes, titles, look.shades)
        self.legend.show_shades(look.shades)
        show_choice(self.color, "colour", look.name(compared.color.column) if compared.color else "none")
        missing = [(look.name(axis.column), missing_text(axis)) for axis in compared.axes]
        told = "\n\n".join(f"{name}\n{text}" for name, text in missing if text)
        self.note.setToolTip(tool_tip(told))
        self.fit()

    def _name(self, column: Column) -> str:
        return self._look.name(column) if self._look is not None else value_heading(column)

    @property
    def _shown(self) -> list[Column]:
        return [axis.column for axis in self.view.axes]

    # Choosing

    @property
    def offered(self) -> list[Column]:
        """All columns that can be chosen, those that are shown among them."""
        columns = self._compared.columns if self._compared is not None else ()
        return [one for one in dict.fromkeys((*self._shown, *columns)) if is_axis(one)]

    @Slot()
    def choose_axes(self) -> None:
        """Open the list of axes."""
        toggle = partial(self._edit_shown, edits.toggle_axis, "Axes")
        picker = ColumnPicker("Axes", self.offered, self._wanted, toggle, self, several=True)
        open_picker(picker, self.choose)

    @Slot()
    def choose_color(self) -> None:
        """Open the list of what lines and points can be coloured by."""
        picker = ColumnPicker("Colour", self.offered, self._colored, self._set_color, self)
        open_picker(picker, self.color)

    def _wanted(self) -> list[Column]:
        """The axes that are chosen, be it that they are still being read."""
        return list(self._options().axes) or self._shown

    def _colored(self) -> list[Column]:
        color = self._compared.color if self._compared is not None else None
        return [color.column] if color is not None else []

    def _set_color(self, column: Column) -> None:
        self._choose("Colour of Runs", color=column)

    def _edit(self, edit: Callable[[CompareOptions, Column], CompareOptions], why: str, column: Column) -> None:
        self._change(lambda options: edit(options, column), why)

    @Slot(object)
    def _toggle_log(self, column: Column) -> None:
        log = self.view.axes[self._shown.index(column)].scale.log
        self._change(lambda options: edits.toggle_log(options, column, log), "Logarithmic Axis")

    def _edit_shown(
        self, edit: Callable[[CompareOptions, list[Column], Column], CompareOptions], why: str, column: Column
    ) -> None:
        shown = self._wanted()
        self._change(lambda options: edit(options, shown, column), why)

    @Slot(object, int)
    def _on_moved(self, column: Column, place: int) -> None:
        if self._shown.index(column) != place:
            shown = self._shown
            self._change(lambda options: edits.move_axis(options, shown, column, place), "Move Axis")

    @Slot(object, QPoint)
    def _show_menu(self, column: Column, place: QPoint) -> None:
        menu = self.axis_menu(column)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def axis_menu(self, column: Column) -> QMenu:
        """What can be done with an axis."""
        menu, at, last = QMenu(self), self._shown.index(column), len(self._shown) - 1
        menu.addSection(as_caption(self._name(column)))
        flip = menu.addAction("Flip\tF", partial(self._edit, edits.flip, "Flip Axis", column))
        flip.setCheckable(True)
        flip.setChecked(column in self._options().flipped)
        log = menu.addAction("Logarithmic\tL", partial(self._toggle_log, column))
        log.setCheckable(True)
        log.setChecked(self.view.axes[at].scale.log)
        log.setEnabled(not self.view.axes[at].scale.categories)
        menu.addAction("Move Left\tCtrl+Left", partial(self._on_moved, column, at - 1)).setEnabled(at > 0)
        menu.addAction("Move Right\tCtrl+Right", partial(self._on_moved, column, at + 1)).setEnabled(at < last)
        clear = menu.addAction("Clear the Brush\tBackspace", partial(self.view.set_brush, column, None))
        clear.setEnabled(column in self.view.brushes)
        menu.addSeparator()
        menu.addAction("Colour by This", partial(self._set_color, column))
        remove = partial(self._edit_shown, edits.toggle_axis, "Remove Axis", column)
        menu.addAction("Remove", remove).setEnabled(last > 0)
        menu.addAction("Choose Axes…", self.choose_axes)
        return menu


def _title(look: Look, axis: Placed) -> str:
    """What an axis is called, and how it goes."""
    marks = (" ↓" if axis.scale.flipped else "") + (" log" if axis.scale.log else "")
    return f"{look.name(axis.column)}{marks}"
