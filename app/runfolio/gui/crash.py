"""Bugs of ours: what escapes from a slot or a thread is shown as a report to copy, and the window goes on."""

from __future__ import annotations

import platform
import sys
import threading
import traceback
from types import TracebackType

import PySide6
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

import runfolio
from runfolio.gui.chrome.labels import fixed_font, heading, muted

TEXT = "The window goes on, and nothing that was logged is lost. Please send us this report."
# A bug in something that happens all the time must not fill the memory.
MOST_CHARACTERS = 100_000


class CrashReports(QObject):
    """Shows exceptions nobody caught, those of threads too; all of them in one dialog while it is open.

    Attributes:
        dialog: the dialog, while it is open.
    """

    _came = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.dialog: CrashDialog | None = None
        self._came.connect(self._show)
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception

    def close(self) -> None:
        """Leave exceptions to whoever had them before."""
        sys.excepthook, threading.excepthook = self._before

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        sys.stderr.write(text)
        self._came.emit(text)

    def _on_thread_exception(self, caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None:
            self._on_exception(caught.exc_type, caught.exc_value, caught.exc_traceback)

    @Slot(str)
    def _show(self, text: str) -> None:
        if self.dialog is None:
            self.dialog = CrashDialog(report(text), QApplication.activeWindow())
            self.dialog.finished.connect(self._on_finished)
            self.dialog.open()
        else:
            self.dialog.add(text)

    @Slot()
    def _on_finished(self) -> None:
        self.dialog = None


class CrashDialog(QDialog):
    """A report that can be read and copied."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Runfolio")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._report = QPlainTextEdit(text, readOnly=True)
        self._report.setAccessibleName("Report")
        self._report.setFont(fixed_font(self.font()))
        self._report.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton("Copy report", QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.report))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(heading("Something went wrong in Runfolio itself"))
        layout.addWidget(muted(TEXT))
        layout.addWidget(self._report, 1)
        layout.addWidget(buttons)
        self.resize(self.fontMetrics().averageCharWidth() * 100, self.fontMetrics().height() * 28)

    @property
    def report(self) -> str:
        """All that is copied."""
        return self._report.toPlainText()

    def add(self, text: str) -> None:
        """Another one came while the dialog is open."""
        if len(self.report) < MOST_CHARACTERS and text not in self.report:
            self._report.appendPlainText(text)


def report(text: str) -> str:
    """A traceback with what else we must know."""
    versions = f"Runfolio {runfolio.__version__}, Python {platform.python_version()}, PySide6 {PySide6.__version__}"
    return f"{versions}, {platform.platform()}\n\n{text}"
