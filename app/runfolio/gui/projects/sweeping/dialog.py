"""The dialog that specifies a sweep of an entry point, from what its form holds, and puts it into the queue."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from runfolio.core.errors import InvalidValue
from runfolio.core.numbers import counted
from runfolio.core.projects.records import EntryPoint
from runfolio.core.projects.request import RunRequest
from runfolio.core.queue.records import JobKind
from runfolio.core.sweeps.checks import entry_faults, faults
from runfolio.core.sweeps.records import Sweep
from runfolio.core.sweeps.spec import read_sweep
from runfolio.core.sweeps.stored import written
from runfolio.core.sweeps.suggesting import most
from runfolio.core.sweeps.writing import write_sweep
from runfolio.gui.chrome.buttons import make_primary
from runfolio.gui.chrome.labels import Trouble, muted, plain_label, section_label
from runfolio.gui.icons import icon
from runfolio.gui.messages import Message
from runfolio.gui.projects.form.parameters import NAME_LETTERS
from runfolio.gui.projects.running import put
from runfolio.gui.projects.sweeping.dimension import DimensionRow
from runfolio.gui.projects.sweeping.settings import SweepSettings
from runfolio.gui.session import Session
from runfolio.store.files import write_whole
from runfolio.store.table import logged_metrics

NO_PARAMETERS = "This entry point declares no parameters, so that there is nothing to search."
FILES = "Sweep (*.yaml *.yml)"
#: More than anybody writes, in bytes.
LONGEST = 1 << 20
#: For what is below the part that scrolls, in pixels.
ROOM = 120


class SweepDialog(QDialog):
    """What is searched, and how.

    Attributes:
        rows: by name, the parameters.
        settings: all else.
        preview: how many trials there will be.
        trouble: what is wrong.
    """

    def __init__(self, session: Session, title: str, entry: EntryPoint, request: RunRequest, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Sweep {title} {entry.name}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._title, self._entry, self._request = session, title, entry, request
        self._start = Sweep((), "")
        self.rows = {one.name: DimensionRow(one) for one in entry.parameters}
        self.settings = SweepSettings()
        self.preview, self.trouble = muted(), Trouble(self)
        self.open_file, self.save_file = QPushButton("Open…"), QPushButton("Save…")
        ok, cancel = QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel
        self.buttons = QDialogButtonBox(ok | cancel)
        for name, row in self.rows.items():
            row.show_fixed(request.parameters.get(name))
        self._place(parent)
        self._connect()
        experiments = session.selection.experiments
        session.jobs.read(
            partial(logged_metrics, session.store, experiments), self.settings.offer_metrics, until=self.finished
        )
        self._check()

    def sweep(self) -> Sweep:
        """What is filled in. Raises InvalidValue."""
        space = [one for row in self.rows.values() if (one := row.dimension()) is not None]
        given = {name: value for name, row in self.rows.items() if (value := row.fixed_value) is not None}
        return self.settings.filled(replace(self._start, space=tuple(space), fixed=given))

    def show_sweep(self, sweep: Sweep) -> None:
        """Fill in a sweep."""
        self._start = sweep
        space = {one.name: one for one in sweep.space}
        for name, row in self.rows.items():
            if name in space:
                row.show_dimension(space[name])
            else:
                row.show_fixed(sweep.fixed.get(name))
        self.settings.fill(sweep)
        self._check()
        strangers = [name for name in (*space, *sweep.fixed) if name not in self.rows]
        if strangers:
            self.trouble.tell(f"{self._entry.name} has no parameter {', '.join(strangers)}, which is left out.")

    def accept(self) -> None:
        """Put it into the queue."""
        sweep = self.sweep()
        kept = {name: value for name, value in self._request.parameters.items() if name not in self.rows}
        request = replace(self._request, parameters={**kept, **sweep.fixed})
        job = {"sweep": written(sweep), "run": request.written()}
        name = request.run_name or f"{self._title} {self._entry.name} sweep"
        put(self._session, JobKind.SWEEP, name, job, (request.uri, self._title))
        super().accept()

    def _place(self, parent: QWidget) -> None:
        page = QWidget()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 8, 0)
        inner.setSpacing(8)
        inner.addWidget(section_label("Parameters"))
        inner.addLayout(self._parameters())
        inner.addSpacing(8)
        inner.addWidget(section_label("Search"))
        inner.addWidget(self.settings)
        inner.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(page)
        area.setMinimumWidth(page.sizeHint().width() + area.verticalScrollBar().sizeHint().width())
        low = QHBoxLayout()
        low.setSpacing(8)
        for button, symbol in ((self.open_file, "folder-open"), (self.save_file, "export")):
            button.setIcon(icon(symbol, "muted"))
            button.setToolTip("The sweep as YAML, as `runfolio sweep` takes it")
            button.setAutoDefault(False)
            low.addWidget(button)
        low.addWidget(self.preview, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        low.addWidget(self.buttons)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(area, 1)
        layout.addWidget(self.trouble)
        layout.addLayout(low)
        make_primary(self.buttons, QDialogButtonBox.StandardButton.Ok).setText("Start the Sweep")
        self.resize(self.sizeHint().width(), min(page.sizeHint().height() + ROOM, parent.height() - ROOM))

    def _parameters(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for at, (name, row) in enumerate(self.rows.items()):
            label = plain_label(f"{name} *" if row.parameter.required else name)
            label.setBuddy(row)
            label.setContentsMargins(0, 5, 0, 0)
            label.setMinimumWidth(self.fontMetrics().averageCharWidth() * NAME_LETTERS)
            grid.addWidget(label, at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(row, at, 1)
        if not self.rows:
            grid.addWidget(muted(NO_PARAMETERS), 0, 0, 1, 2)
        return grid

    def _connect(self) -> None:
        for row in self.rows.values():
            row.changed.connect(self._check)
        self.settings.changed.connect(self._check)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.open_file.clicked.connect(self._choose_file)
        self.save_file.clicked.connect(self._choose_place)

    @Slot()
    def _check(self) -> None:
        """Tell what is wrong beside each parameter, and the rest below; or how many trials there will be."""
        found: dict[str, str] = {}
        for name, row in self.rows.items():
            try:
                row.dimension()
            except InvalidValue as error:
                found[f"space.{name}"] = error.message
        if not found:
            sweep = self.sweep()
            for key, text in (*faults(sweep), *entry_faults(sweep, self._entry)):
                found.setdefault(key, text)
            self.preview.setText("" if found else _told(sweep))
        for name, row in self.rows.items():
            row.trouble.tell(found.pop(f"space.{name}", ""))
        wrong = any(not row.trouble.isHidden() for row in self.rows.values())
        rest = next((text for text in (*found.values(), self.settings.problem) if text), "")
        self.trouble.tell(rest)
        ready = not (wrong or rest)
        for button in (self.buttons.button(QDialogButtonBox.StandardButton.Ok), self.save_file):
            button.setEnabled(ready)
        if not ready:
            self.preview.clear()

    # As a file

    @Slot()
    def _choose_file(self) -> None:
        file, _ = QFileDialog.getOpenFileName(self, "Open a sweep", "", FILES)
        if file:
            self.read_file(Path(file))

    def read_file(self, file: Path) -> None:
        """Fill in the sweep of a file, or tell all that is wrong with it."""
        work = partial(_read, file)
        self._session.jobs.read(work, self.show_sweep, failed=self._on_not_read, until=self.finished)

    def _on_not_read(self, error: Exception) -> None:
        self.trouble.tell(str(error))

    @Slot()
    def _choose_place(self) -> None:
        file, _ = QFileDialog.getSaveFileName(self, "Save the sweep", "sweep.yaml", FILES)
        if file:
            self.write_file(Path(file))

    def write_file(self, file: Path) -> None:
        """Write what is filled in."""
        text, done = write_sweep(self.sweep()), Message(f"Wrote {file.name}.")
        work = partial(write_whole, file, lambda place: place.write_text(text, encoding="utf-8"))
        self._session.jobs.write(work, lambda _: self._session.message.emit(done), title="Writing the sweep")


def _told(sweep: Sweep) -> str:
    number, beside = most(sweep), min(sweep.parallel, most(sweep))
    return f"Up to {counted(number, 'trial')}, {beside} at a time"


def _read(file: Path) -> Sweep:
    try:
        with file.open("rb") as opened:
            text = opened.read(LONGEST + 1).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidValue(f"{file.name} cannot be read: {error}.") from error
    return read_sweep(text, file.name)
