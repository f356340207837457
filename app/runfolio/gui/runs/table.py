"""The run table as the window places it: the view, what is said when it is empty, and its ties to the session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import QEvent, QItemSelectionModel, QSettings, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from runfolio.core import eyes
from runfolio.core.numbers import counted
from runfolio.core.table_texts import Shape
from runfolio.gui import dragging
from runfolio.gui.dragging import Load
from runfolio.gui.messages import Message
from runfolio.gui.runs import copying
from runfolio.gui.runs.empty import EmptyTable
from runfolio.gui.runs.eyes import GroupEyes, with_ids
from runfolio.gui.runs.feed import RunFeed, State
from runfolio.gui.runs.look import TableLook
from runfolio.gui.runs.view import RunView
from runfolio.gui.selection import MOST_TOLD, Selection
from runfolio.gui.session import Session
from runfolio.store.operations import rename_run, set_tag


class RunTable(QWidget):
    """The runs of the session's experiments, selected together with all other views.

    Attributes:
        feed: brings the rows; its model and trends.
        view: shows them.
        group_eyes: which of its groups charts leave out.
        newer: the button that is there while the rows stand otherwise than their values say.

    Signals:
        menu_asked(QPoint): the user wants the context menu of the selected runs, at this place of the screen.
    """

    menu_asked = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None, settings: QSettings | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._sent: Selection | None = None
        self.feed = RunFeed(session, self)
        self.view = RunView(self.feed, session, self._look(), settings or QSettings(), self)
        self.feed.room = self._room
        self.group_eyes = GroupEyes(session, self.feed, self)
        if session.store.read_only:
            self.view.setEditTriggers(RunView.EditTrigger.NoEditTriggers)
        self._empty = EmptyTable(self)
        self._note = QLabel(self)
        self.newer = QPushButton("The values have moved on · sort again", self)
        # Hovering passes over many rows; the charts need to know only where the mouse is now.
        self._pointing = QTimer(self, singleShot=True, interval=0)
        self._pointed: int | None = None
        self._stack = QStackedLayout()
        self._place()
        self._connect()
        self._on_state()
        self._on_selection(session.selection)

    def _place(self) -> None:
        self._note.setProperty("role", "muted")
        self._note.setContentsMargins(12, 4, 12, 4)
        self._note.hide()
        self.newer.setProperty("kind", "link")
        self.newer.hide()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._stack, 1)
        layout.addWidget(self._note)
        layout.addWidget(self.newer, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFocusProxy(self.view)

    def _connect(self) -> None:
        session, view = self._session, self.view
        self.feed.state_changed.connect(self._on_state)
        self.feed.order_aged.connect(self.newer.setVisible)
        self.newer.clicked.connect(self.feed.apply_order)
        self._empty.show_all.clicked.connect(self.show_all)
        view.chosen.connect(self._on_chosen)
        view.pointed.connect(self._on_pointed)
        view.copy_asked.connect(lambda: self.copy_rows())
        view.eye_asked.connect(lambda run_id: self.toggle_eyes([run_id]))
        view.group_eye_asked.connect(self.toggle_group_eyes)
        self.group_eyes.changed.connect(self._on_group_eyes)
        view.menu_asked.connect(self.menu_asked)
        view.drag_asked.connect(self._on_drag)
        view.delegate.renamed.connect(self._on_renamed)
        view.delegate.tagged.connect(self._on_tagged)
        view.delegate.editing.connect(self.feed.hold_still)
        self._pointing.timeout.connect(lambda: session.highlighted.emit(self._pointed))
        session.selection_changed.connect(self._on_selection)
        session.highlighted.connect(view.light)
        session.theme.theme_changed.connect(self._on_theme)
        session.colors.changed.connect(self.view.viewport().update)
        self.feed.folding.listed.connect(self._on_listed)

    # Commands

    def selected_runs(self) -> list[int]:
        """All runs that are selected, as they stand in the table now; those that it does not list come last."""
        self.view.tell()
        chosen, rows = self._session.selection.ids, self.feed.folding.lines.rows
        runs = np.concatenate([rows[np.isin(rows, chosen)], chosen[~np.isin(chosen, rows)]])
        return list(runs.tolist())

    def rename_current(self) -> None:
        """Edit the current run's name in place, or the tag that the keyboard is on."""
        if not self._session.store.read_only:
            self.view.setFocus()
            self.view.edit_current()

    def copy_rows(self, shape: Shape = Shape.TSV) -> None:
        """Put the selected rows, groups too, on the clipboard; with all digits, or those shown, as preferred."""
        model, chosen = self.feed.model, self.view.choice.seen()
        rows = chosen[: copying.MOST_ROWS].tolist()
        if rows:
            shown = model.texts() if self._session.preferences["copied_digits"] == "shown" else None
            grouped, lower = self.feed.sums.grouped, self._session.view.directions
            what = copying.Copying(shape, rows, model.columns, grouped, model.now, shown, lower)
            work = partial(copying.copied_text, self._session.store, what)
            done = partial(self._on_copied, len(rows), len(chosen), shape)
            self._session.jobs.read(work, done, channel="runs.copy", title="Copying rows")

    def toggle_eyes(self, run_ids: Sequence[str]) -> None:
        """Have charts leave runs out, or show them again."""
        self._session.set_view(eyes.toggled(self._session.view, run_ids), "Hide or Show Runs")

    @Slot(object)
    def toggle_group_eyes(self, group: int) -> None:
        """Have charts leave all runs of a group out, or show them again."""
        runs = self.feed.folding.runs_of(np.array([group], np.int64))
        with_ids(self._session, runs, "runs of the group", self.toggle_eyes)

    def toggle_live_sort(self) -> None:
        """Have rows move as soon as their values do, or stay until they are sorted again."""
        self._session.preferences.set("live_sort", not self.feed.live)
        said = "Rows move as their values do." if self.feed.live else "Rows stay in place until they are sorted again."
        self._session.message.emit(Message(said))

    def show_all(self) -> None:
        """Take the filter away."""
        self._session.set_view(replace(self._session.view, filter=""), "Filter")

    def set_experiment(self, name: str) -> None:
        """Where the example makes a run, as long as there is none; empty for no certain experiment."""
        self._empty.set_experiment(name)

    def select_all(self) -> None:
        """Select every run of the table."""
        self.view.selectAll()

    def step(self, rows: int) -> None:
        """Go to the next or previous run, and select it alone."""
        model, current = self.feed.model, self.view.currentIndex()
        place = min(max(current.row() + rows, 0), model.rowCount() - 1)
        if place >= 0:
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.view.selectionModel().setCurrentIndex(model.index(place, max(current.column(), 0)), flags)

    # What the user does

    @Slot()
    def _on_chosen(self) -> None:
        rows, folding = self.view.chosen_ids(), self.feed.folding
        chosen = folding.runs_of(rows) if folding.lines.grouped else rows
        current, before = self.view.current_run(), self._session.selection.current
        if current is None and before is not None and before in chosen:
            current = before
        self._sent = self._session.selection.with_runs(chosen, current)
        self._session.select_runs(chosen, current)

    @Slot(object)
    def _on_pointed(self, run: int | None) -> None:
        self._pointed = run
        self._pointing.start()

    @Slot(int, str)
    def _on_renamed(self, run: int, name: str) -> None:
        self._session.run(lambda store: rename_run(store, run, name))

    @Slot(int, str, object)
    def _on_tagged(self, run: int, key: str, value: str | None) -> None:
        self._session.run(partial(set_tag, run=run, key=key, value=value))

    @Slot()
    def _on_drag(self) -> None:
        """Onto an experiment of the tree."""
        runs = tuple(self.selected_runs())
        if runs and not self._session.store.read_only:
            data = dragging.pack(self._session.store.path, Load(runs))
            dragging.drag(self.view, self._session.theme, data, counted(len(runs), "run"))

    def _on_copied(self, copied: int, selected: int, shape: Shape, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        rows = "1 row" if copied == 1 else f"{copied:,} rows"
        of = f" of {selected:,}, as many as fit" if selected > copied else ""
        self._session.message.emit(Message(f"Copied {rows}{of} as {shape}."))

    def _room(self) -> int:
        """So many rows can be seen."""
        return self.height() // self.view.verticalHeader().defaultSectionSize() + 1

    # What the session tells

    @Slot(object)
    def _on_selection(self, selection: Selection) -> None:
        """Show what was selected elsewhere; our own choice comes back too and is known already."""
        selected = len(selection.ids)
        told = f"charts of single runs show the first {MOST_TOLD} of them"
        self._note.setText(f"{selected:,} runs are selected; {told}.")
        self._note.setVisible(selected > MOST_TOLD)
        if selection != self._sent:
            self._sent = selection
            if selection.current is not None:
                self.feed.folding.reveal(selection.current)
            self.view.show_selection(selection.ids, selection.current)

    @Slot()
    def _on_group_eyes(self) -> None:
        self.view.delegate.closed = self.group_eyes.closed
        self.view.viewport().update()

    @Slot()
    def _on_listed(self) -> None:
        """What is listed no more is selected no more. The runs of a group that is not stay selected by themselves, and
        runs that were selected elsewhere are, as soon as they are listed; a group may have other runs.
        """
        view, selection = self.view, self._session.selection
        gone, chosen = view.choice.forget(view.listed_ids()), view.chosen_ids()
        if len(selection.ids) and not view.untold and ((gone < 0).any() or not len(chosen)):
            view.show_selection(selection.ids, selection.current)
        if len(gone) or (chosen < 0).any():
            view.tell_soon()

    @Slot()
    def _on_state(self) -> None:
        state = self.feed.state
        self._empty.show_state(state, self.feed.why)
        self._stack.setCurrentWidget(self.view if state is State.RUNS else self._empty)

    @Slot()
    def _on_theme(self) -> None:
        self.view.set_look(self._look())

    def _look(self) -> TableLook:
        return TableLook.of(self._session.theme, self.font(), self._session.colors.chosen)

    def changeEvent(self, event: QEvent) -> None:
        """The system's font may change while we run."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and hasattr(self, "view"):
            self.view.set_look(self._look())
