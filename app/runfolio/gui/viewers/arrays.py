"""Arrays: NumPy's and safetensors'; what they come to, and any plane of them as a heat map, a line or figures."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from runfolio.core import numbers
from runfolio.core.errors import CannotShow
from runfolio.gui.chrome.labels import muted
from runfolio.gui.session import Session
from runfolio.gui.viewers.array_facts import ArrayPanel
from runfolio.gui.viewers.aside import ask_aside
from runfolio.gui.viewers.axes_row import AxesRow
from runfolio.gui.viewers.cell_copier import Asking, CellCopier
from runfolio.gui.viewers.data_table import Area, DataTable
from runfolio.gui.viewers.figures_model import FiguresModel
from runfolio.gui.viewers.heat_map import HeatMap
from runfolio.gui.viewers.line_plot import LinePlot
from runfolio.gui.viewers.list_model import THING_ROLE, ListColumn, ListModel
from runfolio.gui.viewers.picture_canvas import PictureCanvas
from runfolio.gui.viewers.turning_splitter import TurningSplitter
from runfolio.gui.viewers.viewer import ViewedFile, Viewer
from runfolio.gui.viewers.window_model import COLUMNS, ROWS, Page
from runfolio.previews.arrays.questions import (
    Arrays,
    AskArrays,
    AskFigures,
    AskLine,
    AskPlane,
    Line,
    Plane,
    Summed,
    SumUpArray,
)
from runfolio.previews.arrays.raster import AskRaster, Raster, is_raster
from runfolio.previews.arrays.source import ArrayEntry

VIEWS = ("Picture", "Heat Map", "Line", "Figures")
PICTURE, HEAT_MAP, LINE, FIGURES = range(4)
LISTED: tuple[ListColumn[ArrayEntry], ...] = (
    ListColumn("name", lambda entry: entry.name or "array"),
    ListColumn("shape", lambda entry: shape_text(entry.shape), lambda entry: entry.shape),
    ListColumn("type", lambda entry: entry.type),
    ListColumn("size", lambda entry: numbers.size(entry.bytes), lambda entry: entry.bytes, right=True),
)


class ArrayViewer(Viewer):
    """An array of a file, with all that there are and what is known of it beside it.

    Attributes:
        arrays: the list of them.
        entry: the chosen one; None for none.
        axes: which plane of it is shown.
        tabs: how.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        theme = session.theme
        self.entry: ArrayEntry | None = None
        self.arrays, self.listed = DataTable("Arrays"), ListModel(LISTED, theme.color, self)
        self.axes, self.panel = AxesRow(), ArrayPanel(theme)
        self.tabs, self.stack = QTabBar(), QStackedWidget()
        self.heat_map, self.line_plot = HeatMap(theme), LinePlot(theme)
        self.picture = PictureCanvas(theme)
        self.figures, self.figures_model = DataTable("Figures", windowed=True), FiguresModel(self)
        self._told, self._why = muted(" "), muted()
        self._asking = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._copier = CellCopier(self, self.figures, self._asking_figures)
        self._place()
        self._soon.timeout.connect(self._ask_figures)
        self.figures_model.missing.connect(self._soon.start)
        self.arrays.selectionModel().currentRowChanged.connect(self._on_array)
        self.axes.changed.connect(self._show)
        self.tabs.currentChanged.connect(self._show)
        for told in (self.heat_map.told, self.line_plot.told):
            told.connect(self._told.setText)
        self.panel.summing.connect(self._sum_up)

    def _place(self) -> None:
        self.arrays.setModel(self.listed)
        self.arrays.setShowGrid(False)
        self.arrays.verticalHeader().hide()
        self.arrays.setSelectionBehavior(DataTable.SelectionBehavior.SelectRows)
        self.arrays.setSortingEnabled(True)
        self.arrays.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.figures.setModel(self.figures_model)
        for name in VIEWS:
            self.tabs.addTab(name)
        self.tabs.setAccessibleName("How the array is shown")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self._why.setWordWrap(True)
        self._why.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for widget in (self.picture, self.heat_map, self.line_plot, self.figures, self._why):
            self.stack.addWidget(widget)
        shown = QWidget()
        inner = QVBoxLayout(shown)
        inner.setContentsMargins(0, 0, 12, 0)
        inner.addWidget(self.tabs)
        inner.addWidget(self.axes)
        inner.addWidget(self.stack, 1)
        inner.addWidget(self._told)
        told = QSplitter(Qt.Orientation.Vertical)
        told.setHandleWidth(1)
        told.setChildrenCollapsible(False)
        for part in (self.arrays, self.panel):
            told.addWidget(part)
        told.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(TurningSplitter(shown, told), 1)
        self.setFocusProxy(self.arrays)

    # Which arrays there are

    def show_file(self, file: ViewedFile) -> None:
        """Ask for the arrays."""
        self.entry = None
        self.listed.show_things(())
        self.arrays.setAccessibleName(f"Arrays of {file.name}")
        self.ask(AskArrays(self._path), self._on_arrays, "arrays")

    @property
    def _path(self) -> str:
        assert self.file is not None
        return str(self.file.file)

    def _on_arrays(self, found: Arrays) -> None:
        self.panel.set_notes(found.notes)
        self.listed.show_things(found.entries)
        self.arrays.fit_columns()
        self.arrays.setVisible(len(found.entries) > 1)
        total = numbers.size(sum(entry.bytes for entry in found.entries))
        one = found.entries[0] if len(found.entries) == 1 else None
        if one is not None:
            self.told.emit(f"{one.type} · {shape_text(one.shape)}")
        else:
            self.told.emit(f"{numbers.counted(len(found.entries), 'array')} · {total} of values")
        self.arrays.setCurrentIndex(self.listed.index(0, 0))

    @Slot(QModelIndex, QModelIndex)
    def _on_array(self, current: QModelIndex, _previous: QModelIndex) -> None:
        entry = current.data(THING_ROLE) if current.isValid() else None
        if not isinstance(entry, ArrayEntry):
            return
        self.entry = entry
        self.panel.begin(entry)
        self.axes.begin(entry.shape)
        lines = len(entry.shape) <= 1
        self.tabs.blockSignals(True)
        self.tabs.setTabVisible(PICTURE, is_raster(entry))
        self.tabs.setCurrentIndex(PICTURE if is_raster(entry) else LINE if lines else HEAT_MAP)
        self.tabs.blockSignals(False)
        self._show()

    # What is shown of one

    @Slot()
    def _show(self) -> None:
        entry, place = self.entry, self.tabs.currentIndex()
        self._told.setText(" ")
        self.axes.set_single(place == LINE)
        if entry is None or self.file is None:
            return
        if entry.reason:
            self._refuse(entry.reason)
            return
        self.stack.setCurrentIndex(place)
        if place == HEAT_MAP:
            question = AskPlane(self._path, entry.name, self.axes.down, self.axes.across, self.axes.places)
            ask_aside(self, question, self._on_plane, "plane")
        elif place == PICTURE:
            self.axes.hide()
            ask_aside(self, AskRaster(self._path, entry.name), self._on_raster, "plane")
        elif place == LINE and entry.shape:
            ask_aside(self, AskLine(self._path, entry.name, self.axes.across, self.axes.places), self._on_line, "plane")
        else:
            self._begin_figures(entry)

    def _refuse(self, reason: str) -> None:
        self._why.setText(reason)
        self.stack.setCurrentWidget(self._why)

    def _on_plane(self, plane: Plane | CannotShow) -> None:
        if isinstance(plane, CannotShow):
            self._refuse(str(plane))
            return
        self.heat_map.show_plane(plane)
        if plane.step != (1, 1):
            which = "the mean of" if plane.averaged else "the first of"
            self._told.setText(f"Each cell is {which} {plane.step[0]:,} × {plane.step[1]:,} values.")

    def _on_raster(self, raster: Raster | CannotShow) -> None:
        if isinstance(raster, CannotShow):
            self._refuse(str(raster))
            return
        pixels = np.ascontiguousarray(raster.pixels)
        height, width, channels = pixels.shape
        kind = QImage.Format.Format_RGBA8888 if channels == 4 else QImage.Format.Format_RGB888
        image = QImage(pixels.tobytes(), width, height, width * channels, kind).copy()
        self.picture.show_image(image, QSize(raster.columns, raster.rows), "of the array")

    def _on_line(self, line: Line | CannotShow) -> None:
        if isinstance(line, CannotShow):
            self._refuse(str(line))
            return
        self.line_plot.show_line(line)
        if not line.whole:
            self._told.setText("Of so many values, not every one was looked at.")

    def _begin_figures(self, entry: ArrayEntry) -> None:
        self.stack.setCurrentWidget(self.figures)
        shape, axes = entry.shape, self.axes
        if not shape:
            self._refuse("It is a single value, which the heat map shows.")
            return
        self._asking = False
        self.figures_model.show_plane(shape[axes.down] if axes.down >= 0 else 1, shape[axes.across])

    @Slot()
    def _ask_figures(self) -> None:
        wanted, entry, axes = self.figures_model.wanted, self.entry, self.axes
        if wanted is None or entry is None or self._asking or self.file is None:
            return
        self._asking = True
        first = wanted.down * ROWS, wanted.across * COLUMNS
        question = AskFigures(
            self._path, entry.name, axes.down, axes.across, axes.places, first[0], ROWS, first[1], COLUMNS
        )
        ask_aside(self, question, partial(self._on_figures, wanted), "figures")

    def _asking_figures(self) -> Asking | None:
        """Asks for figures of the plane of now."""
        if self.entry is None or self.file is None:
            return None
        plane = self._path, self.entry.name, self.axes.down, self.axes.across, self.axes.places

        def asking(area: Area) -> AskFigures:
            return AskFigures(*plane, area.first_row, area.rows, area.first_column, area.columns)

        return asking

    def _on_figures(self, page: Page, figures: tuple[tuple[str, ...], ...] | CannotShow) -> None:
        self._asking = False
        if isinstance(figures, CannotShow):
            self._refuse(str(figures))
        else:
            self.figures_model.put(page, figures)
            if page == Page(0, 0):
                self.figures.fit_columns()
            self._soon.start()

    # What it comes to

    @Slot()
    def _sum_up(self) -> None:
        if self.entry is not None and self.file is not None:
            ask_aside(self, SumUpArray(self._path, self.entry.name), partial(self._on_summed, self.entry), "sum")

    def _on_summed(self, entry: ArrayEntry, found: Summed | CannotShow) -> None:
        if entry is not self.entry:
            return
        if isinstance(found, CannotShow):
            self.panel.refuse(str(found))
        elif found.facts is not None:
            self.panel.show_facts(found.facts)
        else:
            self.panel.set_share(found.share)
            self._sum_up()


def shape_text(shape: tuple[int, ...]) -> str:
    """`3 × 224 × 224`; a single value has none."""
    return " × ".join(f"{size:,}" for size in shape) or "a single value"
