"""Two or more versions beside each other: what differs first, each beside the one that is chosen as the baseline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from runfolio.core.difference_table import DifferencePart, as_markdown, only_different
from runfolio.core.errors import NotFound
from runfolio.core.numbers import counted
from runfolio.core.registry.comparing import compare_versions
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.labels import muted
from runfolio.gui.compare.difference_model import DifferenceModel
from runfolio.gui.compare.difference_view import DifferenceTable
from runfolio.gui.icons import icon
from runfolio.gui.inspector.section import page
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.registry.reading import files_of, get_version

#: More columns cannot be read side by side.
MOST = 12
ALIKE = "These versions have the same metrics, settings, signature, environment, files and tags."


@dataclass(frozen=True, slots=True)
class Compared:
    """Versions by the store's numbers with their titles, the baseline first, and all that they have."""

    titles: Mapping[int, str]
    parts: tuple[DifferencePart, ...]


def read_compared(numbers: Sequence[int], lower: Mapping[str, bool], name: str, store: Store) -> Compared:
    """Those of the versions that are there; the first one is the baseline."""
    versions = []
    for number in numbers[:MOST]:
        with suppress(NotFound):
            versions.append(get_version(store, name, number))
    parts = compare_versions(versions, [files_of(store, one.id) for one in versions], lower)
    return Compared({one.id: f"v{one.version}" for one in versions}, parts)


class ComparePane(QWidget):
    """Shows versions beside each other; asks for them anew when another one is to be the baseline.

    Attributes:
        numbers: the versions, the baseline first.
        table, only, baseline, copy, back: its parts.

    Signals:
        left(): the user wants to go back to the table.
        changed(): others are to be read.
    """

    left = Signal()
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._found = Compared({}, ())
        self.numbers: tuple[int, ...] = ()
        self.table = DifferenceTable(DifferenceModel(session.theme, None), "Differences between versions")
        self.only, self.baseline = QCheckBox("Only what differs"), QComboBox()
        self.back, self.copy = QPushButton(icon("chevron-left", "muted"), "Versions"), QPushButton("Copy as Markdown")
        self._title, self._told = ElidedLabel(), muted()
        self._title.setProperty("role", "muted")
        self.only.setChecked(True)
        self.baseline.setAccessibleName("Baseline")
        self.baseline.setToolTip("The others are compared with this one")
        self.back.setAccessibleName("Back to the versions")
        self.back.setToolTip("Back to the table (Esc)")
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(self.back)
        tools.addWidget(self._title, 1)
        for widget in (self.baseline, self.only, self.copy):
            tools.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(tools)
        layout.addWidget(page([self._told, self.table]), 1)
        self.setFocusProxy(self.table)
        self.only.toggled.connect(self._show)
        self.copy.clicked.connect(self._on_copy)
        self.back.clicked.connect(self.left)
        self.baseline.activated.connect(self._on_baseline)
        session.theme.theme_changed.connect(self.table.viewport().update)

    def set_versions(self, numbers: Sequence[int]) -> None:
        """Compare these; the oldest one is the baseline."""
        self.numbers = tuple(sorted(numbers)[:MOST])
        self.baseline.clear()
        for number in self.numbers:
            self.baseline.addItem(f"Baseline v{number}", number)

    def question(self) -> Callable[[str, Store], Compared]:
        """What reads them."""
        return partial(read_compared, self.numbers, dict(self._session.view.directions))

    def show_compared(self, found: Compared) -> None:
        """Show what was read."""
        self._found = found
        self._show()

    @property
    def parts(self) -> Sequence[DifferencePart]:
        """What is shown."""
        return only_different(self._found.parts) if self.only.isChecked() else self._found.parts

    @Slot()
    def _show(self) -> None:
        self.table.differences.set_parts(self._found.titles, self.parts)
        count = self.table.differences.rowCount()
        self.table.setVisible(count > 0)
        self.copy.setEnabled(count > 0)
        differing = sum(line.differs for part in self._found.parts for line in part.lines)
        self._title.setText(f"{counted(len(self._found.titles), 'version')} · {counted(differing, 'difference')}")
        self._told.setText("" if count else ALIKE)
        self._told.setVisible(not count)

    @Slot()
    def _on_baseline(self) -> None:
        chosen = self.baseline.currentData()
        self.numbers = (chosen, *(one for one in sorted(self.numbers) if one != chosen))
        self.changed.emit()

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(as_markdown(list(self._found.titles.values()), self.parts))
