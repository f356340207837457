"""A parameter in a sweep: one value for all trials, a list of them, or a range."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from runfolio.core.errors import InvalidValue
from runfolio.core.projects.records import Kind, Parameter
from runfolio.core.sweeps.records import Dimension
from runfolio.gui.chrome.labels import Trouble, muted
from runfolio.gui.chrome.wheel import still_combo
from runfolio.gui.projects.form.fields import ValueField, field_for
from runfolio.gui.projects.sweeping import typed

FIXED, LIST, RANGE = range(3)
TITLES = ("Fixed", "List", "Range")


class DimensionRow(QWidget):
    """The choice among these, and what goes with it.

    Attributes:
        way: whether it is fixed, a list or a range.
        fixed, values, low, high, log, step: the fields.

    Signals:
        changed(): what is searched is another.
    """

    changed = Signal()

    def __init__(self, parameter: Parameter) -> None:
        super().__init__()
        self.parameter = parameter
        self.way = still_combo()
        self.fixed: ValueField = field_for(parameter)
        self.values = QLineEdit(placeholderText="0.1, 0.01, 0.001" if self._is_number else "adam, sgd")
        self.low, self.high = QLineEdit(placeholderText="from"), QLineEdit(placeholderText="to")
        self.step = QLineEdit(placeholderText="step")
        self.log = QCheckBox("log")
        self.trouble = Trouble(self)
        self._stack = QStackedWidget()
        self._place()
        self._name()
        self._connect()

    @property
    def fixed_value(self) -> str | None:
        """What all trials have, if it was given."""
        return self.fixed.value() if self.way.currentIndex() == FIXED else None

    def dimension(self) -> Dimension | None:
        """What is searched of it; None while it is fixed. Raises InvalidValue."""
        name = self.parameter.name
        if self.way.currentIndex() == FIXED:
            return None
        if self.way.currentIndex() == LIST:
            if not self.values.text().strip():
                raise InvalidValue(f"{name} needs values.")
            return typed.read_list(name, self.values.text())
        texts = (self.low.text(), self.high.text())
        return typed.read_range(self.parameter, *texts, self.log.isChecked(), self.step.text().strip())

    def show_fixed(self, value: str | None) -> None:
        """Have one value for all trials; None for the default."""
        self.way.setCurrentIndex(FIXED)
        self.fixed.set_value(value)

    def show_dimension(self, one: Dimension) -> None:
        """Show what is searched."""
        if one.values:
            self.way.setCurrentIndex(LIST)
            self.values.setText(typed.write_list(one.values))
            return
        self.way.setCurrentIndex(RANGE)
        self.low.setText(typed.plain(one.low))
        self.high.setText(typed.plain(one.high))
        self.step.setText("" if one.step is None else typed.plain(one.step))
        self.log.setChecked(one.log)

    @property
    def _is_number(self) -> bool:
        return self.parameter.kind in (Kind.INT, Kind.FLOAT) and not self.parameter.choices

    def _place(self) -> None:
        for title in TITLES if self._is_number else TITLES[:RANGE]:
            self.way.addItem(title)
        span = QWidget()
        row = QHBoxLayout(span)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for widget, stretch in ((self.low, 2), (muted("–"), 0), (self.high, 2), (self.step, 1), (self.log, 0)):
            row.addWidget(widget, stretch)
        for page in (self.fixed, self.values, span):
            self._stack.addWidget(page)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.way, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._stack, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(line)
        layout.addWidget(self.trouble)
        self.setFocusProxy(self.way)
        if self.parameter.choices:
            self.values.setText(typed.write_list(self.parameter.choices))
        elif self.parameter.kind is Kind.BOOL:
            self.values.setText("true, false")
        for field, limit in ((self.low, self.parameter.least), (self.high, self.parameter.most)):
            field.setText("" if limit is None else typed.plain(limit))

    def _name(self) -> None:
        name = self.parameter.name
        names = {
            self.way: f"How {name} is chosen",
            self.values: f"Values of {name}",
            self.low: f"Least value of {name}",
            self.high: f"Greatest value of {name}",
            self.step: f"Step of {name}",
            self.log: f"{name} is even in its logarithm",
        }
        for widget, said in names.items():
            widget.setAccessibleName(said)
            widget.setToolTip(said)

    def _connect(self) -> None:
        self.way.currentIndexChanged.connect(self._stack.setCurrentIndex)
        self.way.currentIndexChanged.connect(self.changed)
        self.fixed.changed.connect(self.changed)
        self.log.toggled.connect(self.changed)
        for line in (self.values, self.low, self.high, self.step):
            line.textChanged.connect(self.changed)
