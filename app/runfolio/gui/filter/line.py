"""The filter line over the run table: what is typed becomes the view's filter as soon as it can be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from runfolio.core.errors import FilterError, StoreError, UserError
from runfolio.core.filter import parse_filter
from runfolio.core.filter.complete import complete
from runfolio.core.views import View
from runfolio.gui.chrome.labels import Trouble
from runfolio.gui.filter.completion import Completion
from runfolio.gui.filter.doubt import Doubt
from runfolio.gui.filter.edit import MOST_TYPED, FilterEdit
from runfolio.gui.icons import icon
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.run_order import run_ids
from runfolio.store.run_query import RunQuery

# So long after the last key the filter is applied.
PAUSE_MS = 250
# A text of so many characters is read in a few milliseconds; a longer one is read off the main thread.
AT_ONCE = 1_000
# What regular expressions are asked for with.
TRIED = "~"
READY_MS, GRAMMAR_USED = 1_500, "status = 'FINISHED'"


class FilterLine(QWidget):
    """The filter of the session's view, typed."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.edit = FilterEdit(session.theme.color, self)
        self.edit.over = self
        self.trouble = Trouble(self)
        self.doubt = Doubt(session, self.edit.toPlainText, self)
        self._clear = QToolButton(self)
        self._completion = Completion(
            session, self.edit, lambda: partial(complete, subject=session.view.subject), "filter.complete"
        )
        self._applied = View()
        self._burst = 1
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._place()
        self._connect()
        self._on_view(session.view)
        # The grammar is made on first use: not while the first letters are typed.
        QTimer.singleShot(
            READY_MS, self, partial(session.jobs.read, partial(parse_filter, GRAMMAR_USED), lambda _: None)
        )

    def _place(self) -> None:
        self._clear.setIcon(icon("close", "muted"))
        self._clear.setToolTip("Show all runs")
        self._clear.setAccessibleName("Clear the filter")
        self._clear.hide()
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.edit, 1)
        line.addWidget(self._clear, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(line)
        layout.addWidget(self.trouble)
        layout.addWidget(self.doubt)
        self.setFocusProxy(self.edit)

    def _connect(self) -> None:
        self.edit.textChanged.connect(self._on_typed)
        self.edit.committed.connect(self._on_committed)
        self.edit.refused.connect(self.trouble.tell)
        self._clear.clicked.connect(self.clear)
        self._pause.timeout.connect(self._apply)
        self._session.view_changed.connect(self._on_view)
        self._session.theme.theme_changed.connect(self.edit.highlighter.rehighlight)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.edit.make_way()

    def clear(self) -> None:
        """Show all runs."""
        self.edit.setPlainText("")
        self._on_committed()

    def show_trouble(self, error: UserError | None) -> None:
        """Say in place why a filter did not work; the runs of the last one that did are still there."""
        wrong = isinstance(error, FilterError) and error.text == self.edit.toPlainText()
        if error is None or (isinstance(error, FilterError) and not wrong):
            self.edit.mark(None)
            self.trouble.tell("")
            return
        if isinstance(error, FilterError):
            self.edit.mark(error.position, max(1, len(error.found)), error.message)
        self.trouble.tell(str(error))

    @Slot()
    def _on_typed(self) -> None:
        """What is half typed is not complained of until the hand rests."""
        self.edit.mark(None)
        self.doubt.tell("")
        self._clear.setVisible(bool(self.edit.toPlainText()))
        if self.edit.toPlainText() != self._session.view.filter:
            self._pause.start()
        else:
            self.doubt.look()

    @Slot()
    def _apply(self) -> None:
        self._pause.stop()
        text, view = self.edit.toPlainText(), self._session.view
        if text == shown_text(view.filter) != view.filter:
            return
        self._look_at(replace(view, filter=text), partial(self._take, text, self._burst))

    def _look_at(self, view: View, done: Callable[[FilterError | None], None]) -> None:
        """Find out what is wrong with a view's filter: at once, unless that takes longer than a hand waits for."""
        session = self._session
        if TRIED not in view.filter and len(view.filter) <= AT_ONCE:
            done(fault_of(view))
            return
        work = partial(fault_in, session.store, session.query_of(view), view)
        session.jobs.read(work, done, channel="filter.read")

    def _take(self, text: str, burst: int, fault: FilterError | None) -> None:
        """A filter was read: if it is still what is typed, it becomes the view's, or what is wrong is said."""
        if text != self.edit.toPlainText():
            return
        self.show_trouble(fault)
        if fault is None:
            self._session.set_view(replace(self._session.view, filter=text), "Filter", burst)

    @Slot()
    def _on_committed(self) -> None:
        """What was typed until now is one step of undo."""
        self._apply()
        self._burst += 1

    @Slot(object)
    def _on_view(self, view: View) -> None:
        """Another filter from elsewhere: a saved view, or undo; what is half typed outlives other changes."""
        before, self._applied = self._applied, view
        if view.filter != before.filter and view.filter != self.edit.toPlainText():
            self.edit.setPlainText(shown_text(view.filter))
            self._pause.stop()
        if _read_as(view) != _read_as(before) and view.filter == self.edit.toPlainText():
            self._look_at(view, partial(self._tell, view.filter))

    def _tell(self, text: str, fault: FilterError | None) -> None:
        if text == self.edit.toPlainText():
            self.show_trouble(fault)
            self.doubt.look()


def shown_text(filter: str) -> str:
    """A filter as the line shows it: one that is longer than anything typed there, such as a script's, is cut off."""
    return filter if len(filter) <= MOST_TYPED else f"{filter[: MOST_TYPED - 1]}…"


def fault_of(view: View) -> FilterError | None:
    """Why the filter of a view, which may have been written by hand, cannot be read; None if it can."""
    try:
        parse_filter(view.filter, view.subject)
    except FilterError as error:
        return error
    return None


def fault_in(store: Store, query: RunQuery, view: View) -> FilterError | None:
    """The same, or why the filter takes too long in a store: with a regular expression, that is known once it is tried.

    What the store answers is kept for the table, which asks the same next; trouble with the store is told there.
    """
    fault = fault_of(view)
    if fault is None and TRIED in view.filter:
        try:
            run_ids(store, query)
        except FilterError as error:
            return error
        except StoreError:
            pass
    return fault


def _read_as(view: View) -> tuple[object, ...]:
    """All of a view that says what its filter means."""
    return view.filter, view.formulas
