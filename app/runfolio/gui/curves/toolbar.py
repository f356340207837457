"""The row above the charts: x axis, smoothing, groups, logarithmic values, linked zoom, and the filter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QSlider,
    QToolButton,
    QWidget,
)

from runfolio.core.smoothing import Smoother
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.curves.axes_menu import AxesMenu
from runfolio.gui.curves.group_menu import GroupMenu
from runfolio.gui.curves.options import ENDS, MAX_SMOOTHING, Options
from runfolio.gui.curves.x_choice import XChoice
from runfolio.gui.icons import icon

STEPS = 100
SIDE, GAP, TIGHT = 16, 8, 5
# So many letters of what x is are always in sight.
X_LETTERS = 12
# Beside a hint: padding and frame of a field.
FIELD_ROOM = 24
# The least width of all, in letters.
LEAST_LETTERS = 60
# Options that no field of the row shows by itself.
IN_MENUS = (
    *("smoother", "groups", "line", "band", "members", "x", "x_metric"),
    *("log_x", "outliers", "known_total", *ENDS),
)
SMOOTHERS = {
    Smoother.EXPONENTIAL: "Exponential moving average, as TensorBoard's",
    Smoother.TIMED: "Time-weighted average, for points at uneven distances",
    Smoother.GAUSSIAN: "Gaussian, of points before and after",
    Smoother.MEAN: "Moving mean, of points before and after",
}


class CurvesToolbar(QWidget):
    """Lets the user choose the options of all charts.

    Attributes:
        options: as they are set now.
        metrics: those that x can be.

    Signals:
        changed(Options): the user set another option.
        chart_wanted(): the user wants a new chart.
    """

    changed = Signal(object)
    chart_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.options = Options()
        self.metrics: tuple[str, ...] = ()
        self._x = XChoice(lambda: self.metrics)
        self._axes = AxesMenu()
        self._smoothing = QSlider(Qt.Orientation.Horizontal)
        self._weight = QLabel("0.00")
        self._x_label, self._smoother = QLabel("X:"), QToolButton()
        self._smoothers = QActionGroup(self)
        self._groups = GroupMenu()
        self._log = QCheckBox("Log y")
        self._link = QCheckBox("Link zoom")
        self._new = QToolButton()
        self._filter = QLineEdit()
        self._runs = ElidedLabel()
        self._count = QLabel()
        self._lines = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._prepare()
        self._place()
        self._connect()

    def _prepare(self) -> None:
        self._smoothing.setRange(0, round(MAX_SMOOTHING * STEPS))
        self._smoothing.setAccessibleName("Smoothing")
        self._smoothing.setToolTip("How smooth lines are. They are computed on all points, not on those drawn.")
        self._smoother.setAccessibleName("How lines are smoothed")
        self._smoother.setAutoRaise(True)
        self._smoother.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self._smoother)
        for smoother, title in SMOOTHERS.items():
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setData(smoother)
            self._smoothers.addAction(action)
        self._smoother.setMenu(menu)
        self._show_smoother(self.options.smoother)
        self._smoothing.setMinimumWidth(36)
        self._smoothing.setMaximumWidth(110)
        self._weight.setMinimumWidth(self._weight.fontMetrics().horizontalAdvance("0.00"))
        self._log.setToolTip("Logarithmic values in all charts")
        self._groups.hide()
        self._link.setChecked(self.options.link)
        self._link.setAccessibleName("Link zoom")
        self._link.setToolTip("Zooming one chart zooms all of them to the same steps")
        self._new.setIcon(icon("plus", "muted"))
        self._new.setAutoRaise(True)
        self._new.setAccessibleName("New chart…")
        self._new.setToolTip("New chart of several metrics…")
        self._filter.setAccessibleName("Filter charts")
        self._filter.setClearButtonEnabled(True)
        self._filter.setMaximumWidth(170)
        self._runs.setAccessibleName("Which runs are shown")
        self._runs.setProperty("role", "muted")
        self._count.setProperty("role", "muted")

    def _place(self) -> None:
        self._lines.setContentsMargins(SIDE, 8, SIDE, 8)
        self._rows: list[QBoxLayout] = [self._lines]
        lines: list[tuple[QWidget, int]] = [(self._x_label, 0), (self._x, 0), (self._axes, 0), (self._smoother, 0)]
        lines += [(self._smoothing, 1), (self._weight, 0), (self._groups, 0), (self._log, 0), (self._link, 0)]
        charts: list[tuple[QWidget, int]] = [(self._runs, 0), (self._filter, 1), (self._new, 0), (self._count, 0)]
        for parts, stretch in ((lines, 0), (charts, 1)):
            row = QHBoxLayout()
            self._rows.append(row)
            for widget, share in parts:
                if widget is self._filter:
                    row.addStretch(2)
                row.addWidget(widget, share)
            self._lines.addLayout(row, stretch)
        self._caption(short=False)
        self.setFocusProxy(self._x)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _connect(self) -> None:
        self._x.chosen.connect(lambda kind, name: self._set(replace(self.options, x=kind, x_metric=name)))
        self._axes.chosen.connect(self._set)
        self._smoothing.valueChanged.connect(lambda value: self._set(replace(self.options, smoothing=value / STEPS)))
        self._smoothers.triggered.connect(lambda one: self._set(replace(self.options, smoother=Smoother(one.data()))))
        self._groups.chosen.connect(self._set)
        self._log.toggled.connect(lambda on: self._set(replace(self.options, log=on)))
        self._link.toggled.connect(lambda on: self._set(replace(self.options, link=on)))
        self._new.clicked.connect(self.chart_wanted)
        self._filter.textChanged.connect(lambda text: self._set(replace(self.options, text=text)))

    def _set(self, options: Options) -> None:
        self.options = options
        self._weight.setText(f"{options.smoothing:.2f}")
        self._show_smoother(options.smoother)
        self._groups.show_options(options)
        self._axes.show_options(options)
        self._x.show_options(options)
        self.changed.emit(options)

    def _show_smoother(self, smoother: Smoother) -> None:
        for action in self._smoothers.actions():
            action.setChecked(action.data() == smoother)
        self._smoother.setToolTip(SMOOTHERS[smoother])

    def show_options(self, options: Options) -> None:
        """Set all options, as the user would."""
        without = replace(self.options, **{name: getattr(options, name) for name in IN_MENUS})
        if without != self.options:
            self._set(without)
        self._smoothing.setValue(round(options.smoothing * STEPS))
        self._log.setChecked(options.log)
        self._link.setChecked(options.link)
        self._filter.setText(options.text)

    def set_grouped(self, grouped: bool) -> None:
        """Let the user choose how groups are drawn, while there are any."""
        self._groups.setVisible(grouped)
        self._fit()

    def clear_filter(self) -> None:
        """Let the charts of all metrics be shown."""
        self._filter.clear()

    def describe(self, runs: str, tip: str, charts: str) -> None:
        """Say which runs and how many charts are shown."""
        self._runs.setText(runs)
        self._runs.setToolTip(tip)
        self._count.setText(charts)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Room for what can be done; what is said gives way before it."""
        return QSize(self.fontMetrics().averageCharWidth() * LEAST_LETTERS, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Short captions where there is little room, and two rows where these do not help either.

        What is said gives way to what can be done: names of fields go first, for their tool tips have them.
        """
        above: list[QWidget] = [self._x, self._axes, self._smoother, self._smoothing, self._log, self._link]
        above += [self._groups] if self._groups.isVisibleTo(self) else []
        below: list[QWidget] = [self._filter, self._new]
        room = self.width() - 2 * SIDE
        for short in (False, True):
            self._caption(short=short)
            gap = self._lines.spacing()
            one_row = _width([*above, *below], gap) <= room
            if one_row:
                break
        way = QBoxLayout.Direction.LeftToRight if one_row else QBoxLayout.Direction.TopToBottom
        if way is not self._lines.direction():
            self._lines.setDirection(way)
        if one_row:
            left = -1 if short else room - _width([*above, *below], gap)
            _say((self._runs, self._weight, self._x_label, self._count), left)
        else:
            _say((self._weight, self._x_label), room - _width(above, gap))
            _say((self._runs, self._count), room - _width(below, gap))

    def _caption(self, *, short: bool) -> None:
        """What fields are called; in full they say it in their tool tips and to assistive tools anyway."""
        self._smoother.setText("▾" if short else "Smoothing ▾")
        self._link.setText("Link" if short else "Link zoom")
        hint = "Filter" if short else "Filter charts"
        self._filter.setPlaceholderText(hint)
        self._filter.setMinimumWidth(self._filter.fontMetrics().horizontalAdvance(hint) + FIELD_ROOM)
        self._x.setMinimumWidth(self._x.fontMetrics().averageCharWidth() * X_LETTERS if short else 0)
        for row in self._rows:
            row.setSpacing(TIGHT if short else GAP)


def _width(controls: Sequence[QWidget], gap: int) -> int:
    least = sum(one.minimumWidth() or one.minimumSizeHint().width() for one in controls)
    return least + gap * (len(controls) - 1)


def _say(labels: Iterable[QLabel], room: int) -> None:
    """Show those that there is room for."""
    for label in labels:
        room -= label.sizeHint().width() + GAP if label.text() else 0
        label.setVisible(bool(label.text()) and room >= 0)
