"""The card of differences: what some runs have, each beside a baseline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QCheckBox, QPushButton, QTableView, QVBoxLayout, QWidget

from runfolio.core.difference_table import DifferencePart, as_markdown, only_different
from runfolio.core.entities import Changes
from runfolio.core.views import View
from runfolio.gui.aliases import Ids
from runfolio.gui.chrome.labels import muted
from runfolio.gui.chrome.tables import set_up_table
from runfolio.gui.compare.card import Card
from runfolio.gui.compare.difference_model import DifferenceModel
from runfolio.gui.refresh import Refresh
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.comparing import compare_many
from runfolio.store.file_facts import MOST as MOST_BYTES
from runfolio.store.runs import find_run

#: More columns cannot be read side by side.
MOST = 12
PACE = 1500
#: So many bytes of files are read before anything is shown.
FIRST = 16 << 20
# Widths in letters, and of names in shares of all.
NAME, NAME_SHARE, LONGEST = 26, 0.25, 30
TOO_MANY = f"Select 2 to {MOST} runs to see how they differ."
ALIKE = "These runs have the same settings, results, code, environment, data and files."


@dataclass(frozen=True, slots=True)
class Found:
    """What was read of some runs: their names and numbers, the baseline's first, and all that they have.

    Until it is `whole`, files that are large have not been read.
    """

    asked: tuple[int, ...]
    names: tuple[str, ...] = ()
    runs: tuple[int, ...] = ()
    parts: tuple[DifferencePart, ...] = ()
    whole: bool = True


class DifferenceCard(Card):
    """Follows the runs that it is given.

    Attributes:
        table: the differences.
        only: whether things that all runs have in common are left out.
        copy: the button that copies what is shown.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        self.table, self.text, self.doubts = DifferenceTable(DifferenceModel(session.theme)), muted(), muted()
        super().__init__("Difference", _stacked(self.text, self.table, self.doubts), parent)
        self._session = session
        self._asked: tuple[int, ...] = ()
        self._found = Found(())
        self.only, self.copy = QCheckBox("Only what differs"), QPushButton("Copy as Markdown")
        self.only.setChecked(True)
        self.copy.setProperty("kind", "small")
        self.add(self.only, self.copy)
        self.only.toggled.connect(self._show)
        self.copy.clicked.connect(self._on_copy)
        complaint = "The differences could not be read."
        self._refresh: Refresh[Found] = Refresh(session, self._job, self._take, complaint, self, PACE)
        session.changed.connect(self._on_changed)
        session.theme.theme_changed.connect(self.table.viewport().update)
        self._show()

    @property
    def settled(self) -> bool:
        """True when what is shown is of the runs that were given last."""
        return self._refresh.idle and self._found.asked == self._asked

    def show_runs(self, runs: Ids) -> None:
        """Compare these; too many are not compared."""
        asked = tuple(runs.tolist()) if 1 < len(runs) <= MOST else ()
        if asked != self._asked:
            self._asked = asked
            self._refresh.ask_now()

    def showEvent(self, event: QShowEvent) -> None:
        """What has changed meanwhile is read now."""
        super().showEvent(event)
        self._refresh.ask_now()

    def _job(self) -> Callable[[], Found] | None:
        if not self.isVisible():
            return None
        # Files that take long to read are read when all else is seen.
        most = FIRST if self._found.asked != self._asked else MOST_BYTES
        return partial(_read, self._session.store, self._asked, self._session.view, most)

    def _take(self, found: Found) -> None:
        if found.asked != self._asked:
            self._refresh.read_again()
        elif found != self._found:
            again = not found.whole and found.asked != self._found.asked
            self._found = found
            self._show()
            if again:
                self._refresh.ask_now()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.moved or not changes.runs.isdisjoint(self._asked):
            self._refresh.ask()

    @property
    def _parts(self) -> Sequence[DifferencePart]:
        return only_different(self._found.parts) if self.only.isChecked() else self._found.parts

    @Slot()
    def _show(self) -> None:
        found, parts = self._found, self._parts
        self.table.differences.set_parts(found.names, parts)
        self.table.setVisible(self.table.differences.rowCount() > 0)
        self.text.setText(TOO_MANY if not found.parts else "" if self.table.differences.rowCount() else ALIKE)
        self.text.setVisible(bool(self.text.text()))
        self.doubts.setText("\n".join(sentence for part in found.parts for sentence in part.doubts))
        self.doubts.setVisible(bool(self.doubts.text()))
        self.copy.setEnabled(self.table.differences.rowCount() > 0)

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(as_markdown(self._found.names, self._parts))


class DifferenceTable(QTableView):
    """As high as its rows, for the page around it scrolls; where runs have no room beside each other it scrolls itself.

    Attributes:
        differences: what it shows.
    """

    def __init__(self, model: DifferenceModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.differences = model
        model.setParent(self)
        self.setModel(model)
        set_up_table(self, "Differences between runs")
        self.setProperty("role", "rows")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # long texts often differ in their last part only
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().lineSpacing() + 8)
        model.modelReset.connect(self._fit)

    def sizeHint(self) -> QSize:
        """Room for all rows, and for the bar below them."""
        bar = self.horizontalScrollBar()
        below = bar.sizeHint().height() if bar.maximum() > 0 else 0
        return QSize(400, self.horizontalHeader().sizeHint().height() + self.verticalHeader().length() + below + 2)

    def minimumSizeHint(self) -> QSize:
        """All rows: the page around it scrolls."""
        return QSize(100, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """What is around it scrolls, unless it is sideways."""
        if event.angleDelta().x():
            super().wheelEvent(event)
        else:
            event.ignore()

    @Slot()
    def _fit(self) -> None:
        """Runs share the room; where there is less than their texts take, they have that, as far as these are short."""
        letter, runs = self.fontMetrics().averageCharWidth(), range(1, self.differences.columnCount())
        if runs:
            name = min(NAME * letter, round(NAME_SHARE * self.viewport().width()))
            self.setColumnWidth(0, name)
            share = (self.viewport().width() - name) // len(runs)
            for run in runs:
                wanted = max(self.sizeHintForColumn(run), self.horizontalHeader().sectionSizeHint(run)) + 2 * letter
                self.setColumnWidth(run, max(share, min(wanted, LONGEST * letter)))
        self.updateGeometry()


def _stacked(*parts: QWidget) -> QWidget:
    content = QWidget()
    layout = QVBoxLayout(content)
    layout.setContentsMargins(12, 4, 12, 4)
    layout.setSpacing(6)
    for part in parts:
        layout.addWidget(part)
    layout.addStretch(1)
    return content


def _read(store: Store, asked: tuple[int, ...], view: View, most: int) -> Found:
    """On a worker: the runs with the baseline first, be it one of them or not."""
    if not asked:
        return Found(asked)
    baseline = find_run(store, view.baseline) if view.baseline else None
    first = asked[:1] if baseline is None else (baseline,)
    found = compare_many(store, tuple(dict.fromkeys((*first, *asked))), view.directions, most)
    names, numbers = tuple(run.name for run in found.runs), tuple(run.id for run in found.runs)
    return Found(asked, names, numbers, found.parts, found.whole)
