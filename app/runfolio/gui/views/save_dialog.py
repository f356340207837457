"""Asks for the name of a view that is to be saved."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from runfolio.core import numbers
from runfolio.core.saved_views import MAX_NAME_LENGTH
from runfolio.gui.chrome.buttons import make_primary
from runfolio.gui.chrome.labels import Trouble, as_caption, muted


class SaveDialog(QDialog):
    """A name, and whether the view is for the experiments that are listed or for all.

    Signals:
        named(str, bool): the user wants it saved under this name; True if it is for whichever experiments.
    """

    named = Signal(str, bool)

    def __init__(self, name: str, experiments: tuple[str, ...], taken: frozenset[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Save view")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.name = QLineEdit(name)
        self.here = QCheckBox(as_caption(f"Together with {_told(experiments)}"))
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self._taken = taken
        self._trouble = Trouble(self)
        self._place(bool(experiments))
        self._check()

    def _place(self, any_chosen: bool) -> None:
        self.name.setMaxLength(MAX_NAME_LENGTH)
        self.name.setMinimumWidth(self.fontMetrics().averageCharWidth() * 48)
        self.name.selectAll()
        label = QLabel("&Name")
        label.setBuddy(self.name)
        self.here.setChecked(any_chosen)
        self.here.setVisible(any_chosen)
        self.here.setToolTip("Applying the view then lists these experiments; otherwise it keeps those that are listed")
        note = muted("Filter, order, columns, groups and the charts' options are kept.")
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        for widget in (label, self.name, self._trouble, self.here, note, self.buttons):
            layout.addWidget(widget)
        make_primary(self.buttons, QDialogButtonBox.StandardButton.Save)
        self.name.textChanged.connect(self._check)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def accept(self) -> None:
        self.named.emit(self._name(), not self.here.isChecked())
        super().accept()

    def _name(self) -> str:
        return " ".join(self.name.text().split())

    @Slot()
    def _check(self) -> None:
        taken = self._name() in self._taken
        self._trouble.tell("There is already a view of this name." if taken else "")
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(bool(self._name()) and not taken)


def _told(experiments: tuple[str, ...]) -> str:
    return experiments[0] if len(experiments) == 1 else numbers.counted(len(experiments), "experiment")
