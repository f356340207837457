"""A row to be typed: a control for each column that the model takes, of the column's kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QScrollArea, QWidget

from runfolio.core.errors import InvalidValue
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.wheel import still_combo
from runfolio.serving.forms import Column, Row, text_of, value_of

CHOICES = ("", "true", "false")
HINTS = {
    "integer": "whole number",
    "number": "number",
    "string": "text",
    "date-time": "2026-01-31T12:00:00",
    "": "JSON",
}


class RowForm(QScrollArea):
    """Holds no value of its own: what is typed is told at once.

    Attributes:
        fields: the controls by the name of their column.

    Signals:
        edited(object): this row was typed.
        wrong(str): what was typed means no row, and why.
    """

    edited = Signal(object)
    wrong = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, QLineEdit | QComboBox] = {}
        self._columns: tuple[Column, ...] = ()
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Row to predict")

    def show_columns(self, columns: tuple[Column, ...]) -> None:
        """Have a control for each of these; the same ones stay."""
        if columns == self._columns and self.widget() is not None:
            return
        self._columns, self.fields = columns, {}
        inner = QWidget()
        form = QFormLayout(inner)
        form.setContentsMargins(16, 8, 12, 8)
        form.setVerticalSpacing(6)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for column in columns:
            field = self._field(column)
            self.fields[column.name] = field
            name = ElidedLabel(column.name, Qt.TextElideMode.ElideMiddle)
            name.setMinimumHeight(field.sizeHint().height())
            name.setMaximumWidth(self.fontMetrics().averageCharWidth() * 20)
            name.setToolTip(f"{column.name}: {column.kind or 'any'}{'' if column.required else ', may be left out'}")
            form.addRow(name, field)
        self.setWidget(inner)

    def show_row(self, row: Mapping[str, Any]) -> None:
        """Show values; the field that is typed in stays as it is."""
        for name, field in self.fields.items():
            text = text_of(row.get(name))
            if field.hasFocus() and self._same(name, field, row.get(name)):
                continue
            field.blockSignals(True)
            if isinstance(field, QLineEdit):
                field.setText(text)
            else:
                field.setCurrentText(text if text in CHOICES else "")
            field.blockSignals(False)

    def _same(self, name: str, field: QLineEdit | QComboBox, value: Any) -> bool:
        """Whether what is typed means a value, however it is written."""
        column = next(one for one in self._columns if one.name == name)
        try:
            return bool(value_of(column, _text(field)) == value)
        except InvalidValue:
            return True

    def _field(self, column: Column) -> QLineEdit | QComboBox:
        if column.kind == "boolean":
            choice = still_combo()
            choice.addItems(CHOICES)
            choice.currentIndexChanged.connect(self._on_edited)
        else:
            line = QLineEdit(placeholderText=HINTS.get(column.kind, column.kind))
            line.textEdited.connect(self._on_edited)
        field: QLineEdit | QComboBox = choice if column.kind == "boolean" else line
        field.setAccessibleName(column.name)
        return field

    @Slot()
    def _on_edited(self) -> None:
        """A row, or what cannot be meant in it."""
        row: Row = {}
        try:
            for column in self._columns:
                value = value_of(column, _text(self.fields[column.name]))
                if value is not None or column.required:
                    row[column.name] = value
        except InvalidValue as problem:
            self.wrong.emit(str(problem))
            return
        self.edited.emit(row)


def _text(field: QLineEdit | QComboBox) -> str:
    return field.text() if isinstance(field, QLineEdit) else field.currentText()
