"""The dialog for taking a chart out of the window: how large it is, what is written in it, and how that looks."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent
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
from runfolio.core.name_patterns import FIELDS
from runfolio.gui.chrome.buttons import make_primary
from runfolio.gui.chrome.labels import Trouble, muted
from runfolio.gui.curves.export_chart import Drawing, ask_and_export, copy_chart, keep_style, kept_style
from runfolio.gui.curves.figure import PRESETS, RANGES, Figure, FigureStyle, Legend
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


class Preview(QWidget):
    """The drawing as it will be, as large as there is room.

    Attributes:
        figure: what is drawn; None until it has been read.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("How the chart will look")
        self.figure: Figure | None = None
        self._style = FigureStyle()
        self._picture: QImage | None = None

    def show_figure(self, figure: Figure | None, style: FigureStyle) -> None:
        """Draw this."""
        self.figure, self._style, self._picture = figure, style, None
        self.update()

    def sizeHint(self) -> QSize:
        """Room for a figure of a paper's column."""
        return QSize(560, 420)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The drawing in the middle; drawn anew only when it or the room has changed."""
        if self.figure is None:
            return
        wide, high = size_in_units(self._style)
        ratio = self.devicePixelRatioF()
        scale = min(self.width() / wide, self.height() / high)
        size = QSize(max(1, int(wide * scale * ratio)), max(1, int(high * scale * ratio)))
        if self._picture is None or self._picture.size() != size:
            self._picture = QImage(size, QImage.Format.Format_RGB32)
            painter = QPainter(self._picture)
            painter.scale(scale * ratio, scale * ratio)
            paint_figure(painter, self.figure, self._style)
            painter.end()
            self._picture.setDevicePixelRatio(ratio)
        painter = QPainter(self)
        left = (self.width() - size.width() / ratio) / 2
        painter.drawImage(round(left), round((self.height() - size.height() / ratio) / 2), self._picture)
        painter.end()


class ExportDialog(QDialog):
    """Asks how a chart is drawn, and has it written or copied.

    Attributes:
        preset, legend, numbers, names, x_title, y_title: the fields.
        trouble: what is wrong.
        preview: how it will look.

    Signals:
        shown(): the preview shows what the fields say.
    """

    shown = Signal()

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
        self.trouble, self.preview = Trouble(self), Preview(self)
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
        form.addRow("", hint := muted(FIELDS))
        hint.setWordWrap(True)
        form.addRow("", self.trouble)
        form.addRow("&x axis", self.x_title)
        form.addRow("&y axis", self.y_title)
        left, top, layout = QWidget(), QHBoxLayout(), QVBoxLayout(self)
        left.setLayout(form)
        form.setContentsMargins(0, 0, 0, 0)
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
        self._say("")
        self.preview.figure = figure
        self._show()
        self.shown.emit()

    @Slot()
    def _show(self) -> None:
        drawing = self.drawing
        try:
            _ = drawing.style.pixels
        except UserError as error:
            self._say(str(error))
            return
        if not self._pause.isActive():
            self._say("")
        if self.preview.figure is not None and drawing.titles is not None:
            self.preview.show_figure(replace(self.preview.figure, titles=drawing.titles), drawing.style)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            raise error
        self._say(str(error))

    def _say(self, trouble: str) -> None:
        self.trouble.tell(trouble)
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
