"""Asks which model is to be served, and how."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from runfolio.core.serving.records import LOOPBACK, Wanted
from runfolio.gui.chrome.buttons import make_primary
from runfolio.gui.chrome.labels import muted

MOST_WORKERS, LAST_PORT = 64, 65_535
EVERYWHERE = "0.0.0.0"
MANAGERS = {
    "local": "that of Runfolio",
    "auto": "the model's own",
    "uv": "the model's own, made by uv",
    "venv": "the model's own, made by venv",
    "conda": "the model's own, made by conda",
}
NOTE = "models:/name/Production follows a promotion: the version that comes into the stage takes over without a gap."
TRUST = "&Trust the model from now on, if it can run code"
DETACHED = "&Keep it running when this window closes"
OTHERS = "Let &other machines reach it, with this token:"


class ServeDialog(QDialog):
    """The model's address, and what its server is like.

    Attributes:
        model, port, workers, manager, detached, others, token, trust: the fields.

    Signals:
        asked(Wanted, bool): serve this, and trust the model if that is True.
    """

    asked = Signal(object, bool)

    def __init__(self, known: Sequence[str], address: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Serve a model")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.model, self.manager = QComboBox(editable=True), QComboBox()
        self.model.addItems(list(known))
        self.model.setCurrentText(address or (known[0] if known else ""))
        self.port, self.workers = QSpinBox(maximum=LAST_PORT), QSpinBox(minimum=1, maximum=MOST_WORKERS)
        self.port.setSpecialValueText("the next one that is free")
        for name, title in MANAGERS.items():
            self.manager.addItem(title, name)
        self.detached, self.others, self.trust = QCheckBox(DETACHED), QCheckBox(OTHERS), QCheckBox(TRUST)
        self.token = QLineEdit(secrets.token_urlsafe(18))
        self.token.setEnabled(False)
        ok, cancel = QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel
        self.buttons = QDialogButtonBox(ok | cancel)
        self._place()
        self.model.editTextChanged.connect(self._check)
        self.token.textChanged.connect(self._check)
        self.others.toggled.connect(self.token.setEnabled)
        self.others.toggled.connect(self._check)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._check()

    def _place(self) -> None:
        completer = QCompleter(self.model.model(), self)
        self.model.setCompleter(completer)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setVerticalSpacing(8)
        form.setHorizontalSpacing(12)
        for caption, field in (
            ("&Model", self.model),
            ("&Port", self.port),
            ("&Workers", self.workers),
            ("&Environment", self.manager),
        ):
            label = QLabel(caption)
            label.setBuddy(field)
            label.setMinimumHeight(field.sizeHint().height())
            field.setAccessibleName(caption.replace("&", ""))
            form.addRow(label, field)
        self.model.setMinimumWidth(self.fontMetrics().averageCharWidth() * 48)
        self.model.setToolTip("models:/name/stage, models:/name@alias, models:/name/2, runs:/id/path, or a folder")
        self.workers.setToolTip("Processes of the model, each of which answers one batch at a time")
        self.token.setAccessibleName("Token that other machines must send")
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addLayout(form)
        note = muted(NOTE)
        note.setWordWrap(True)
        layout.addWidget(note)
        for widget in (self.detached, self.trust, self.others, self.token, self.buttons):
            layout.addWidget(widget)
        make_primary(self.buttons, QDialogButtonBox.StandardButton.Ok).setText("Serve")
        self.model.setFocus()

    @property
    def wanted(self) -> Wanted:
        """What is asked for."""
        wanted = Wanted(
            self.model.currentText().strip(),
            LOOPBACK,
            self.port.value(),
            workers=self.workers.value(),
            env_manager=str(self.manager.currentData()),
            detached=self.detached.isChecked(),
        )
        if not self.others.isChecked():
            return wanted
        return replace(wanted, host=EVERYWHERE, token=self.token.text().strip())

    def accept(self) -> None:
        self.asked.emit(self.wanted, self.trust.isChecked())
        super().accept()

    @Slot()
    def _check(self) -> None:
        wanted = self.wanted
        whole = bool(wanted.uri) and (wanted.host == LOOPBACK or bool(wanted.token))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(whole)
