"""The controls that values of parameters are given with, one for each kind.

A new kind is a class here and a line in `field_for`.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLineEdit, QMenu, QToolButton, QWidget

from runfolio.core.projects.records import Kind, Parameter
from runfolio.gui.chrome.wheel import still_combo
from runfolio.gui.icons import icon

#: How a yes and a no are written, in the way that the default is.
WAYS = (("true", "false"), ("True", "False"), ("yes", "no"), ("1", "0"))
CHOOSE = "Choose…"


class ValueField(QWidget):
    """A control that holds a value as text; None where none was given.

    Signals:
        changed(): the value is another.
    """

    changed = Signal()

    def __init__(self, parameter: Parameter) -> None:
        super().__init__()
        self.parameter = parameter
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)

    def value(self) -> str | None:
        """What was given."""
        raise NotImplementedError

    def set_value(self, value: str | None) -> None:
        """Show a value; with None the default, if there is one."""
        raise NotImplementedError

    def _put(self, control: QWidget) -> None:
        control.setAccessibleName(self.parameter.name)
        control.setAccessibleDescription(self.parameter.help)
        self._row.addWidget(control, 1)
        self.setFocusProxy(control)


class TextField(ValueField):
    """A line; of all but texts a blank one means the default."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self.line = QLineEdit()
        self.line.setPlaceholderText(_placeholder(parameter))
        self._put(self.line)
        self.set_value(None)
        self.line.textChanged.connect(self.changed)

    def value(self) -> str | None:
        text, default = self.line.text(), self.parameter.default
        if text == default or (not text and (default is None or self.parameter.kind is not Kind.STRING)):
            return None
        return text

    def set_value(self, value: str | None) -> None:
        self.line.setText((self.parameter.default or "") if value is None else value)


class PathField(TextField):
    """A line, and the dialogs that find a file or a folder."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self.browse = QToolButton()
        self.browse.setIcon(icon("folder-open", "muted"))
        self.browse.setAccessibleName(f"Find {parameter.name} on the disk")
        self.browse.setToolTip("Find a file or a folder")
        self.browse.setProperty("kind", "button")
        self.browse.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.browse)
        menu.addAction("File…").triggered.connect(self._choose_file)
        menu.addAction("Folder…").triggered.connect(self._choose_folder)
        self.browse.setMenu(menu)
        self._row.addWidget(self.browse)

    def _choose_file(self) -> None:
        file, _ = QFileDialog.getOpenFileName(self, self.parameter.name, self.line.text())
        if file:
            self.line.setText(file)

    def _choose_folder(self) -> None:
        if folder := QFileDialog.getExistingDirectory(self, self.parameter.name, self.line.text()):
            self.line.setText(folder)


class SwitchField(ValueField):
    """Yes or no; neither as long as nothing was given where something must be."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self.box = QCheckBox()
        self._other: str | None = None
        self._yes, self._no = next((way for way in WAYS if parameter.default in way), WAYS[0])
        self._put(self.box)
        self.set_value(None)
        self.box.checkStateChanged.connect(self._on_state)

    def value(self) -> str | None:
        state = self.box.checkState()
        if state is Qt.CheckState.PartiallyChecked:
            return self._other
        text = self._yes if state is Qt.CheckState.Checked else self._no
        return None if text == self.parameter.default else text

    def set_value(self, value: str | None) -> None:
        given = self.parameter.default if value is None else value
        yes = {one.lower() for one, _ in WAYS}
        no = {one.lower() for _, one in WAYS}
        state = Qt.CheckState.PartiallyChecked
        if given is not None and given.lower() in yes | no:
            state = Qt.CheckState.Checked if given.lower() in yes else Qt.CheckState.Unchecked
        self._other = given if state is Qt.CheckState.PartiallyChecked else None
        self.box.setTristate(state is Qt.CheckState.PartiallyChecked)
        self.box.setCheckState(state)
        self._tell()

    def _on_state(self) -> None:
        """Whoever has chosen cannot go back to neither."""
        if self.box.checkState() is not Qt.CheckState.PartiallyChecked:
            self.box.setTristate(False)
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        words = {Qt.CheckState.Checked: self._yes, Qt.CheckState.Unchecked: self._no}
        self.box.setText(words.get(self.box.checkState(), "not chosen"))


class ChoiceField(ValueField):
    """One of a few; a value of another time that is none of them is shown all the same, for its fault to be seen."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self.box = still_combo()
        if parameter.default is None:
            self.box.addItem(CHOOSE, None)
        for choice in parameter.choices:
            self.box.addItem(choice, choice)
        self._put(self.box)
        self.set_value(None)
        self.box.currentIndexChanged.connect(self.changed)

    def value(self) -> str | None:
        chosen = self.box.currentData()
        return None if chosen == self.parameter.default else chosen

    def set_value(self, value: str | None) -> None:
        given = self.parameter.default if value is None else value
        if self.box.findData(given) < 0:
            self.box.addItem(str(given), given)
        self.box.setCurrentIndex(self.box.findData(given))


def field_for(parameter: Parameter) -> ValueField:
    """The control for a parameter."""
    if parameter.kind is Kind.BOOL:
        return SwitchField(parameter)
    if parameter.choices:
        return ChoiceField(parameter)
    return PathField(parameter) if parameter.kind is Kind.PATH else TextField(parameter)


def described(parameter: Parameter) -> str:
    """What a value must be, and what it is for."""
    limits = {
        (True, True): "{:g} to {:g}",
        (True, False): "{:g} or more",
        (False, True): "{1:g} or less",
        (False, False): "",
    }[(parameter.least is not None, parameter.most is not None)]
    parts = [
        str(parameter.kind),
        limits.format(parameter.least, parameter.most),
        "" if parameter.default is None else f"by default {parameter.default or 'empty'}",
        parameter.help,
    ]
    return " · ".join(part for part in parts if part)


def _placeholder(parameter: Parameter) -> str:
    if parameter.default is not None:
        return parameter.default
    return {Kind.URI: "s3://…", Kind.PATH: "A file or a folder"}.get(parameter.kind, "Must be given")
