"""The card of differences: what some runs have, each beside a baseline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtCore import QModelIndex, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QCheckBox, QPushButton, QVBoxLayout, QWidget

from runfolio.core.clock import now_ms
from runfolio.core.difference_table import DifferencePart, as_markdown, doubts_together, only_different
from runfolio.core.entities import Changes
from runfolio.core.run_titles import run_titles
from runfolio.core.views import View
from runfolio.gui.aliases import Ids
from runfolio.gui.chrome.labels import muted
from runfolio.gui.chrome.scrolling import page_around
from runfolio.gui.compare.card import Card
from runfolio.gui.compare.details.pane import DetailPane
from runfolio.gui.compare.difference_model import DifferenceModel
from runfolio.gui.compare.difference_view import DifferenceTable
from runfolio.gui.compare.report import make_report
from runfolio.gui.messages import Message
from runfolio.gui.refresh import Refresh
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.comparing import compare_many
from runfolio.store.file_facts import MOST as MOST_BYTES
from runfolio.store.reports import save_report
from runfolio.store.runs import find_run

#: More columns cannot be read side by side.
MOST = 12
PACE = 1500
#: So many bytes of files are read before anything is shown.
FIRST = 16 << 20
TOO_MANY = f"Select 2 to {MOST} runs to see how they differ."
ALIKE = "These runs have the same settings, results, code, environment, data and files."


@dataclass(frozen=True, slots=True)
class Found:
    """What was read of some runs: their titles and numbers, the baseline's first, and all that they have.

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
        copy, save: the buttons that copy what is shown, and that keep a report of it.
        detail: where one row is laid open.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        self.table = DifferenceTable(DifferenceModel(session.theme, session.colors), "Differences between runs")
        self.text, self.doubts, self.detail = muted(), muted(), DetailPane(session)
        super().__init__("Difference", _stacked(self.text, self.table, self.detail, self.doubts), parent)
        self.doubts.setWordWrap(True)
        self._session = session
        self._asked: tuple[int, ...] = ()
        self._found = Found(())
        self._reporting = False
        self.only, self.copy = QCheckBox("Only what differs"), QPushButton("Copy as Markdown")
        self.save = QPushButton("Save Report")
        self.save.setToolTip("Keep this table, curves, pictures and lines that differ with the baseline's files")
        self.only.setChecked(True)
        for button in (self.copy, self.save):
            button.setProperty("kind", "small")
        self.add(self.only, self.copy, self.save)
        self.only.toggled.connect(self._show)
        self.copy.clicked.connect(self._on_copy)
        self.save.clicked.connect(self.save_report)
        self.table.activated.connect(self._on_activated)
        self.detail.closed.connect(self._on_closed)
        self.detail.shown.connect(self._on_laid_open)
        self.note.setText("Enter lays a row open")
        complaint = "The differences could not be read."
        self._refresh: Refresh[Found] = Refresh(session, self._job, self._take, complaint, self, PACE)
        session.changed.connect(self._on_changed)
        session.theme.theme_changed.connect(self.table.viewport().update)
        self._show()

    @property
    def settled(self) -> bool:
        """True when what is shown is of the runs that were given last."""
        return self._refresh.idle and self._found.asked == self._asked and self.detail.settled

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
        before = self._found
        if found.asked != self._asked:
            self._refresh.read_again()
            return
        if found != before:
            self._found = found
            self._show()
        self.detail.follow(found.parts, found.runs, found.names)  # what is in files may be other all the same
        if not found.whole and found.asked != before.asked:
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
        self.table.differences.set_parts(dict(zip(found.runs, found.names, strict=True)), parts)
        self.table.setVisible(self.table.differences.rowCount() > 0)
        self.text.setText(TOO_MANY if not found.parts else "" if self.table.differences.rowCount() else ALIKE)
        self.text.setVisible(bool(self.text.text()))
        self.doubts.setText(" ".join(doubts_together(found.parts)))
        self.doubts.setVisible(bool(self.doubts.text()))
        self.note.setVisible(self.table.differences.rowCount() > 0)
        self._enable()

    def _enable(self) -> None:
        """What can be done now: one report is made after another."""
        self.copy.setEnabled(self.table.differences.rowCount() > 0)
        self.save.setEnabled(self.copy.isEnabled() and not (self._reporting or self._session.store.read_only))

    @Slot()
    def save_report(self) -> None:
        """Keep what is shown, laid open, with the files of the baseline."""
        found, session = self._found, self._session
        if self.save.isEnabled():
            self._reporting = True
            self._enable()
            colors = dict(session.colors.chosen)
            work = partial(make_report, session.store, session.ask, found.runs, self._parts, colors)
            done = partial(self._on_report, found.runs[0])
            session.jobs.read(work, done, failed=self._on_no_report, title="Making the report")

    def _on_report(self, run: int, files: Mapping[str, bytes]) -> None:
        self._reporting = False
        self._enable()
        name = f"{datetime.fromtimestamp(now_ms() / 1000):%Y-%m-%d-%H%M%S}"
        self._session.run(partial(save_report, run=run, name=name, files=files))

    def _on_no_report(self, error: Exception) -> None:
        self._reporting = False
        self._enable()
        self._session.message.emit(Message.of_error(error))

    # One row

    @Slot(object)
    def _on_activated(self, index: QModelIndex) -> None:
        """Lay a row open, with the run of the cell, or with the first one that differs."""
        found = self.table.differences.line_at(index.row())
        if found is not None:
            kind, line = found
            other = index.column() - 1 if index.column() > 1 else line.first_other
            self.detail.open_row(kind, line, self._found.runs, self._found.names, other)

    @Slot()
    def _on_closed(self) -> None:
        self.detail.close_row()
        self.table.setFocus()

    @Slot()
    def _on_laid_open(self) -> None:
        """Bring it into sight, when it has its place."""
        QTimer.singleShot(0, self.detail, self._bring_into_sight)

    def _bring_into_sight(self) -> None:
        page = page_around(self)
        if page is not None:
            page.ensureWidgetVisible(self.detail)

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(as_markdown(self._found.names, self._parts))


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
    names = run_titles([run.name for run in found.runs], [run.run_id for run in found.runs])
    return Found(asked, tuple(names), tuple(run.id for run in found.runs), found.parts, found.whole)
