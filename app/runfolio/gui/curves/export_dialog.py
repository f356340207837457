"""The dialog for taking a chart out of the window: how large it is, what is written in it, and how that looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from runfolio.core.errors import UserError
from runfolio.core.name_patterns import FIELDS, lacking_text
from runfolio.gui.chrome.buttons import make_primary
from runfolio.gui.chrome.labels import Trouble, muted
from runfolio.gui.curves.export_chart import Drawing, ask_and_export, copy_chart, keep_style, kept_style
from runfolio.gui.curves.figure import PRESETS, RANGES, Figure, FigureStyle, Legend
from runfolio.gui.curves.figure_files import painter_on
from runfolio.gui.curves.figure_paint import paint_figure, size_in_units
from runfolio.gui.curves.figure_reading import ChartNow, titles_of
from runfolio.gui.session import Session

# The picture is made anew so long after the last key, in milliseconds.
PAUSE_MS = 150
CUSTOM = "Custom"
LEGENDS = {Legend.BELOW: "Below", Legend.INSIDE: "In the emptiest corner", Legend.NONE: "None"}
# Titles, decimals, the step of the arrows, and the unit of what can be chosen.
NUMBERS = {
    "width": ("&Width", 1, 5.0, " mm"),
    "height": ("&Height", 1, 5.0, " mm"),
    "font": ("&Letters", 1, 0.5, " pt"),
    "line": ("Line&s", 2, 0.25, " pt"),
    "dpi": ("&Dots per inch", 0, 50.0, ""),
}


#: Has a picture drawn by a worker, and either of two functions told how that went.
Draw: TypeAlias = Callable[[Callable[[], QImage], Callable[[QImage], None], Callable[[Exception], None]], object]


class Preview(QWidget):
    """The drawing as it will be, as large as there is room. It is drawn by a job: a hundred lines take seconds.

    Args:
        draw: has a function carried out by a worker, and the picture that it gives handed on, or else what went wrong.
        failed: told what went wrong.

    Attributes:
        figure: what is drawn; None until it has been read.
        picture: the last one that was drawn; the next one takes its place.
    """

    def __init__(self, draw: Draw, failed: Callable[[Exception], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("How the chart will look")
        self.figure: Figure | None = None
        self.picture: QImage | None = None
        self._style = FigureStyle()
        self._have_drawn, self._failed = draw, failed
        self._busy = self._due = False

    def show_figure(self, figure: Figure, style: FigureStyle) -> None:
        """Draw this."""
        self.figure, self._style = figure, style
        self._draw()

    def sizeHint(self) -> QSize:
        """Room for a figure of a paper's column."""
        return QSize(560, 420)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw it as large as there is room now."""
        super().resizeEvent(event)
        self._draw()

    def _draw(self) -> None:
        """One picture at a time; what is wanted meanwhile comes after it."""
        self._due = self.figure is not None
        if self.figure is None or self._busy:
            return
        self._due, self._busy = False, True
        wide, high = size_in_units(self._style)
        ratio = self.devicePixelRatioF()
        scale = min(self.width() / wide, self.height() / high) * ratio
        size = QSize(max(1, int(wide * scale)), max(1, int(high * scale)))
        self._have_drawn(partial(_drawn, self.figure, self._style, size, ratio), self._on_drawn, self._on_failed)

    def _on_drawn(self, picture: QImage) -> None:
        self.picture = picture
        self.update()
        self._go_on()

    def _on_failed(self, error: Exception) -> None:
        """The last picture stays, and the next one may be drawn again."""
        self._go_on()
        self._failed(error)

    def _go_on(self) -> None:
        self._busy = False
        if self._due:
            self._draw()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture in the middle."""
        if self.picture is not None:
            size = self.picture.deviceIndependentSize()
            place = round((self.width() - size.width()) / 2), round((self.height() - size.height()) / 2)
            QPainter(self).drawImage(*place, self.picture)


def _drawn(figure: Figure, style: FigureStyle, size: QSize, ratio: float) -> QImage:
    """A drawing as a picture of so many pixels, on a worker."""
    picture = QImage(size, QImage.Format.Format_RGB32)
    painter = painter_on(picture)
    wide, high = size_in_units(style)
    painter.scale(size.width() / wide, size.height() / high)
    paint_figure(painter, figure, style)
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


class ExportDialog(QDialog):
    """Asks how a chart is drawn, and has it written or copied.

    Attributes:
        preset, legend, numbers, names, x_title, y_title: the fields.
        trouble: what is wrong.
        preview: how it will look.
    """

    def __init__(self, session: Session, chart: ChartNow, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Export the chart {chart.title}")
        self._session, self._chart = session, chart
        style = kept_style(session.preferences)
        self.preset, self.legend = QComboBox(), QComboBox()
        self.numbers = {name: _number(name, getattr(style, name)) for name in NUMBERS}
        self.names = QLineEdit(style.names)
        self.x_title, self.y_title = (QLineEdit(title) for title in titles_of(chart))
        self.trouble, self.preview = Trouble(self), Preview(self._have_drawn, self._on_failed, self)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Close)
        self.copy = self.buttons.addButton("&Copy", QDialogButtonBox.ButtonRole.ActionRole)
        self.export = make_primary(self.buttons, QDialogButtonBox.StandardButton.Save)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._fill(style)
        self._place()
        self._connect()
        self._show_preset()
        self._read()

    def _fill(self, style: FigureStyle) -> None:
        for name, (width, height) in PRESETS.items():
            self.preset.addItem(f"{name}, {width:g} mm", (width, height))
        self.preset.addItem(CUSTOM)
        for place, title in LEGENDS.items():
            self.legend.addItem(title, place)
        self.legend.setCurrentText(LEGENDS[style.legend])
        self.export.setText("&Export…")
        self.names.setToolTip(f"What runs are called in the legend. There are {FIELDS}.")

    def _place(self) -> None:
        form = QFormLayout()
        form.addRow("Si&ze", self.preset)
        for name, (title, *_) in NUMBERS.items():
            form.addRow(title, self.numbers[name])
        form.addRow("Le&gend", self.legend)
        form.addRow("&Names", self.names)
        form.addRow(hint := muted(FIELDS))
        hint.setWordWrap(True)
        form.addRow("&x axis", self.x_title)
        form.addRow("&y axis", self.y_title)
        left, top, layout = QWidget(), QHBoxLayout(), QVBoxLayout(self)
        fields = QVBoxLayout(left)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.addLayout(form)
        fields.addWidget(self.trouble)  # among the fields, it would be given a line alone
        fields.addStretch(1)
        left.setFixedWidth(self.fontMetrics().averageCharWidth() * 46)
        top.addWidget(left)
        top.addWidget(self.preview, 1)
        top.setSpacing(16)
        layout.setSpacing(12)
        layout.addLayout(top, 1)
        layout.addWidget(self.buttons)
        self.resize(self.fontMetrics().averageCharWidth() * 140, self.fontMetrics().lineSpacing() * 32)

    def _connect(self) -> None:
        self.preset.activated.connect(self._on_preset)
        for number in self.numbers.values():
            number.valueChanged.connect(self._show_preset)
            number.valueChanged.connect(self._show)
        self.legend.currentIndexChanged.connect(self._show)
        self.names.textChanged.connect(self._pause.start)
        for title in (self.x_title, self.y_title):
            title.textChanged.connect(self._show)
        self._pause.timeout.connect(self._read)
        self.copy.clicked.connect(self._on_copy)
        self.export.clicked.connect(self._on_export)
        self.buttons.rejected.connect(self.reject)

    @property
    def drawing(self) -> Drawing:
        """What the fields say."""
        sizes = {name: number.value() for name, number in self.numbers.items() if name != "dpi"}
        dpi = round(self.numbers["dpi"].value())
        style = FigureStyle(**sizes, dpi=dpi, legend=Legend(self.legend.currentData()), names=self.names.text())
        return Drawing(self._chart, style, (self.x_title.text(), self.y_title.text()))

    # Sizes

    @Slot(int)
    def _on_preset(self, _index: int) -> None:
        if (size := self.preset.currentData()) is not None:
            self.numbers["width"].setValue(size[0])
            self.numbers["height"].setValue(size[1])
        else:
            self.numbers["width"].setFocus()

    @Slot()
    def _show_preset(self) -> None:
        size = self.numbers["width"].value(), self.numbers["height"].value()
        known = list(PRESETS.values())
        self.preset.setCurrentIndex(known.index(size) if size in known else self.preset.count() - 1)

    # The preview

    @Slot()
    def _read(self) -> None:
        drawing = self.drawing
        work = partial(drawing.read, self._session.store, drawing.style.columns)
        jobs = self._session.jobs
        jobs.read(work, self._on_read, channel="chart.preview", failed=self._on_failed, until=self.finished)

    def _on_read(self, figure: Figure) -> None:
        self.preview.figure = figure
        self._show()

    @Slot()
    def _show(self) -> None:
        drawing = self.drawing
        try:
            _ = drawing.style.pixels
        except UserError as error:
            self._say(str(error))
            return
        if not self._pause.isActive():
            self._say("", self._lacking)
        if self.preview.figure is not None and drawing.titles is not None:
            self.preview.show_figure(replace(self.preview.figure, titles=drawing.titles), drawing.style)

    def _have_drawn(
        self, draw: Callable[[], QImage], done: Callable[[QImage], None], failed: Callable[[Exception], None]
    ) -> None:
        self._session.jobs.read(draw, done, failed=failed, title="Drawing the preview", until=self.finished)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            raise error
        self._say(str(error))

    @property
    def _lacking(self) -> str:
        """What of the pattern says nothing of any run; the names do without it."""
        figure = self.preview.figure
        return "" if figure is None else lacking_text(figure.lacking, "these runs")

    def _say(self, trouble: str, hint: str = "") -> None:
        """What keeps the chart from being taken out, or else what may not be meant so."""
        self.trouble.tell(trouble or hint)
        for button in (self.copy, self.export):
            button.setEnabled(not trouble)

    # Taking it out

    @Slot()
    def _on_copy(self) -> None:
        keep_style(self._session.preferences, self.drawing.style)
        copy_chart(self._session, self.drawing)

    @Slot()
    def _on_export(self) -> None:
        if ask_and_export(self._session, self.drawing, self):
            keep_style(self._session.preferences, self.drawing.style)
            self.accept()


def _number(name: str, value: float) -> QDoubleSpinBox:
    title, decimals, step, unit = NUMBERS[name]
    field = QDoubleSpinBox()
    field.setDecimals(decimals)
    field.setRange(*RANGES[name])
    field.setSingleStep(step)
    field.setSuffix(unit)
    field.setValue(value)
    field.setAccessibleName(title.replace("&", ""))
    return field
