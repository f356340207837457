"""Asks for the address of a project: a folder, a zip file or git."""

from __future__ import annotations

from PySide6.QtCore import QDir, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFileSystemModel,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from runfolio.gui.chrome.buttons import make_primary
from runfolio.gui.chrome.labels import muted
from runfolio.gui.icons import icon
from runfolio.gui.projects.addresses import kind_of

NOTE = "A folder, a zip file, or an address of git. What is in a folder below is meant with # and its path."
KINDS = {
    "folder": "This is a folder.",
    "zip": "This is a zip file, which is unpacked to be run.",
    "git": "This is git, which is fetched to be run.",
}


class AddDialog(QDialog):
    """The address, and the ways to find one.

    Attributes:
        address: the field.

    Signals:
        chosen(str): the user wants this project.
    """

    chosen = Signal(str)

    def __init__(self, start: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Open a project")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.address = QLineEdit(start, placeholderText="~/projects/wine or https://example.org/wine.git")
        self.folder, self.zip = QPushButton("Folder…"), QPushButton("Zip File…")
        self._told = muted(NOTE)
        ok, cancel = QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel
        self.buttons = QDialogButtonBox(ok | cancel)
        self._place()
        self._complete()
        self.folder.clicked.connect(self._choose_folder)
        self.zip.clicked.connect(self._choose_zip)
        self.address.textChanged.connect(self._on_text)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._on_text()

    def _place(self) -> None:
        label = QLabel("&Address")
        label.setBuddy(self.address)
        self.address.setAccessibleName("Address of the project")
        self.address.setMinimumWidth(self.fontMetrics().averageCharWidth() * 64)
        self.address.setClearButtonEnabled(True)
        self._told.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button, symbol in ((self.folder, "folder-open"), (self.zip, "file")):
            button.setIcon(icon(symbol, "muted"))
            row.addWidget(button)
        row.addStretch()
        row.addWidget(self.buttons)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        for widget in (label, self.address, self._told):
            layout.addWidget(widget)
        layout.addLayout(row)
        make_primary(self.buttons, QDialogButtonBox.StandardButton.Ok).setText("Open")
        self.address.setFocus()

    def _complete(self) -> None:
        """Paths are completed as they are typed; Qt reads folders in a thread of its own."""
        model = QFileSystemModel(self)
        model.setFilter(QDir.Filter.AllEntries | QDir.Filter.NoDotAndDotDot)
        model.setNameFilters(["*.zip"])
        model.setNameFilterDisables(False)
        model.setRootPath("")
        self.address.setCompleter(QCompleter(model, self))

    def accept(self) -> None:
        text = self.address.text().strip()
        super().accept()
        self.chosen.emit(text)

    @Slot()
    def _on_text(self) -> None:
        text = self.address.text().strip()
        self._told.setText(KINDS[kind_of(text)] if text else NOTE)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(text))

    @Slot()
    def _choose_folder(self) -> None:
        if folder := QFileDialog.getExistingDirectory(self, "Folder of the project", self.address.text()):
            self.address.setText(folder)

    @Slot()
    def _choose_zip(self) -> None:
        file, _ = QFileDialog.getOpenFileName(self, "Zip file of the project", self.address.text(), "Zip (*.zip)")
        if file:
            self.address.setText(file)
