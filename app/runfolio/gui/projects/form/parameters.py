"""The parameters of an entry point as a form: a line for each with what is wrong, and lines for undeclared ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from runfolio.core.projects.records import EntryPoint, Parameter
from runfolio.gui.chrome.labels import SMALL, Trouble, muted, plain_label, scaled
from runfolio.gui.icons import icon
from runfolio.gui.projects.form.fields import ValueField, described, field_for

#: How wide the names of parameters may be, in letters, before they are broken.
NAME_LETTERS = 18
Describe: TypeAlias = Callable[[Parameter], str]


class ParameterRow(QWidget):
    """A control with the button that puts its default back, what a value must be, and what is wrong.

    Attributes:
        field, reset, trouble: the parts.
        touched: whether somebody has given a value, be it taken back again.
    """

    def __init__(self, parameter: Parameter, describe: Describe = described) -> None:
        super().__init__()
        self.parameter = parameter
        self.touched = False
        self.field: ValueField = field_for(parameter)
        self.reset = QToolButton()
        self.trouble = Trouble(self)
        self._hint = muted(describe(parameter))
        self._place()
        self.reset.clicked.connect(lambda: self.field.set_value(None))
        self.field.changed.connect(self._on_changed)
        self.reset.setVisible(False)

    def _place(self) -> None:
        self.reset.setIcon(icon("undo", "muted"))
        self.reset.setAccessibleName(f"Put back the default of {self.parameter.name}")
        self.reset.setToolTip("Put back the default")
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        self._hint.setFont(scaled(self._hint.font(), SMALL))
        self._hint.setWordWrap(True)
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.field, 1)
        line.addWidget(self.reset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(2)
        layout.addLayout(line)
        layout.addWidget(self._hint)
        layout.addWidget(self.trouble)
        self.setFocusProxy(self.field)

    @Slot()
    def _on_changed(self) -> None:
        self.touched = True
        self.reset.setVisible(self.field.value() is not None)


class ExtraRow(QWidget):
    """A value that the entry point does not declare; it is appended to the command.

    Attributes:
        key, value, remove, trouble: the parts.
    """

    changed = Signal()

    def __init__(self, key: str = "", value: str = "") -> None:
        super().__init__()
        self.key, self.value = QLineEdit(key, placeholderText="name"), QLineEdit(value, placeholderText="value")
        self.remove = QToolButton()
        self.remove.setIcon(icon("close", "muted"))
        self.trouble = Trouble(self)
        for part, name in ((self.key, "Name of another parameter"), (self.value, "Value of another parameter")):
            part.setAccessibleName(name)
            part.textChanged.connect(self.changed)
        self.remove.setAccessibleName("Remove this parameter")
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.key, 1)
        line.addWidget(self.value, 2)
        line.addWidget(self.remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(line)
        layout.addWidget(self.trouble)


class ParametersForm(QWidget):
    """All parameters of an entry point; `describe` says below each what it must be.

    Attributes:
        rows: by name, those that are declared.
        extra: those that are not.
        add: the button for one more of these.

    Signals:
        changed(): a value is another.
    """

    changed = Signal()

    def __init__(self, entry: EntryPoint, describe: Describe = described) -> None:
        super().__init__()
        self.rows = {one.name: ParameterRow(one, describe) for one in entry.parameters}
        self.extra: list[ExtraRow] = []
        self.add = QPushButton("Add a Parameter")
        self.add.setIcon(icon("plus", "muted"))
        self.add.setProperty("kind", "small")
        self.add.setToolTip("One that the entry point does not declare: it is appended to the command")
        self._extras = QVBoxLayout()
        self._place()
        for row in self.rows.values():
            row.field.changed.connect(self.changed)
        self.add.clicked.connect(lambda: self._add_extra().key.setFocus())

    def given(self) -> dict[str, str]:
        """What was given, by name: what is at its default is not among it."""
        values = ((name, row.field.value()) for name, row in self.rows.items())
        declared = {name: value for name, value in values if value is not None}
        return declared | {one.key.text().strip(): one.value.text() for one in self.extra if one.key.text().strip()}

    def first_wrong(self, problems: Mapping[str, str]) -> QWidget | None:
        """Where the first of these problems can be mended."""
        rows = [row for name, row in self.rows.items() if name in problems]
        return next(iter([*rows, *(one.key for one in self.extra if one.key.text().strip() in problems)]), None)

    def set_given(self, given: Mapping[str, str]) -> None:
        """Show values; what is not among them has its default."""
        for name, row in self.rows.items():
            row.field.set_value(given.get(name))
            row.touched = name in given
        for one in list(self.extra):
            self._remove(one)
        for name, value in given.items():
            if name not in self.rows:
                self._add_extra(name, value)

    def show_problems(self, problems: Mapping[str, str], everywhere: bool = False) -> None:
        """Tell what is wrong beside each; but where nobody has typed yet only with `everywhere`."""
        for name, row in self.rows.items():
            row.trouble.tell(problems.get(name, "") if row.touched or everywhere else "")
        for one in self.extra:
            one.trouble.tell(problems.get(one.key.text().strip(), ""))

    def _place(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        for at, (name, row) in enumerate(self.rows.items()):
            label = plain_label(f"{name} *" if row.parameter.required else name)
            label.setToolTip("Must be given" if row.parameter.required else "")
            label.setBuddy(row.field)
            label.setWordWrap(True)
            label.setContentsMargins(0, 5, 0, 0)
            label.setMinimumWidth(self.fontMetrics().averageCharWidth() * NAME_LETTERS)
            grid.addWidget(label, at, 0, top)
            grid.addWidget(row, at, 1)
        self._extras.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        if not self.rows:
            layout.addWidget(muted("This entry point declares no parameters."))
        layout.addLayout(grid)
        layout.addLayout(self._extras)
        layout.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)

    def _add_extra(self, key: str = "", value: str = "") -> ExtraRow:
        row = ExtraRow(key, value)
        row.changed.connect(self.changed)
        row.remove.clicked.connect(lambda: self._remove(row))
        self.extra.append(row)
        self._extras.addWidget(row)
        if key:
            self.changed.emit()
        return row

    def _remove(self, row: ExtraRow) -> None:
        self.extra.remove(row)
        self._extras.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.add.setFocus()
        self.changed.emit()
