"""The saved views of a window's store: which there are, which one is applied, and whether it was changed since."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from runfolio.core import numbers
from runfolio.core.entities import Changes
from runfolio.core.errors import InvalidValue
from runfolio.core.saved_views import SavedView, read_saved_view
from runfolio.core.views import View
from runfolio.gui.messages import Message
from runfolio.gui.refresh import Refresh
from runfolio.gui.selection import Selection
from runfolio.gui.session import Session
from runfolio.store.view_check import FittedView, fit_view
from runfolio.store.views import StoredView, create_view, delete_view, list_views, rename_view, update_view


@dataclass(frozen=True, slots=True)
class Around:
    """What is kept with a view: the names of the experiments that are listed, and the options of the charts."""

    experiments: tuple[str, ...] = ()
    charts: Mapping[str, str | float | bool] = field(default_factory=dict)


class SavedViews(QObject):
    """What is kept of how runs are looked at.

    Attributes:
        views: those of the store, in the order of their names.
        applied: the one that the runs' look was begun from, or saved as; None for none.

    Signals:
        changed(): the views, or what is applied, are others.
        charts_wanted(Mapping): the charts are to have these options.
    """

    changed = Signal()
    charts_wanted = Signal(object)

    def __init__(self, session: Session, around: Callable[[], Around], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._around = around
        self.views: list[StoredView] = []
        # How the runs were looked at when these views, by their numbers, were applied or saved last.
        self._looks: dict[int, View] = {}
        self._listed = session.selection.experiments
        # The name of a view that is being saved, and for which experiments.
        self._awaited: tuple[str, tuple[int, ...]] = ("", ())
        self._refresh: Refresh[list[StoredView]] = Refresh(
            session, lambda: partial(list_views, session.store), self._take, "The saved views could not be read.", self
        )
        session.changed.connect(self._on_changed)
        session.view_changed.connect(self.changed)
        session.selection_changed.connect(self._on_selection)
        self._refresh.ask()

    @property
    def applied(self) -> StoredView | None:
        """The view that is applied; none that a later version has written since."""
        number = self._session.view.saved
        return next((view for view in self.views if view.id == number and number in self._looks), None)

    @property
    def modified(self) -> bool:
        """True if the runs are looked at otherwise than the applied view says."""
        return self.applied is not None and self._session.view != self._looks[self.applied.id]

    def apply(self, stored: StoredView) -> None:
        """Look at the runs as a view says."""
        self._fit(stored.text, stored.name, stored)

    def open_text(self, text: str, name: str) -> None:
        """Look at the runs as a file says, which may come from another store; it is kept when it is saved."""
        self._fit(text, name, None)

    def revert(self) -> None:
        """Look at the runs again as the applied view says."""
        if self.applied is not None:
            self.apply(self.applied)

    def present(self, name: str, *, everywhere: bool = False) -> SavedView:
        """How the runs are looked at now; with the experiments that are listed, unless it is for `everywhere`."""
        around = self._around()
        return SavedView(name, self._session.view, () if everywhere else around.experiments, around.charts)

    def save_as(self, name: str, *, everywhere: bool = False) -> None:
        """Keep how the runs are looked at now under a new name."""
        saved = self.present(name, everywhere=everywhere)
        then = partial(self._await, saved.name, self._session.selection.experiments)
        self._session.run(partial(create_view, name=name, text=saved.to_json()), then)

    def update(self) -> None:
        """Have the applied view say how the runs are looked at now."""
        if self.applied is not None:
            everywhere = not read_saved_view(self.applied.text)[0].experiments
            saved = self.present(self.applied.name, everywhere=everywhere)
            self._session.run(partial(update_view, number=self.applied.id, text=saved.to_json()))

    def rename(self, number: int, name: str) -> None:
        """Give a view another name."""
        self._session.run(partial(rename_view, number=number, name=name))

    def delete(self, number: int) -> None:
        """Keep a view no longer; undo brings it back."""
        self._session.run(partial(delete_view, number=number))

    def _await(self, name: str, where: tuple[int, ...], saved: bool) -> None:
        if saved:  # and not taken back
            self._awaited = name, where
            self._apply_awaited()

    def _fit(self, text: str, name: str, stored: StoredView | None) -> None:
        work = partial(fit_view, self._session.store, text, name)
        failed = partial(self._on_no_view, name)
        self._session.jobs.read(work, partial(self._show, stored), channel="views.apply", failed=failed)

    def _show(self, stored: StoredView | None, fitted: FittedView) -> None:
        saved = fitted.saved
        view = replace(saved.view, saved=stored.id if stored is not None else 0)
        if stored is not None:
            self._looks[stored.id] = view
        where = fitted.experiments or self._session.selection.experiments
        self._session.look_at(where, view, f"View {saved.name}")
        if saved.charts:
            self.charts_wanted.emit(saved.charts)
        self.changed.emit()
        if fitted.missing:
            things = numbers.counted(len(fitted.missing), "thing")
            said = f"“{saved.name}” names {things} that {_are(len(fitted.missing))} not here; the rest is shown."
            self._session.message.emit(Message(said, details="\n".join(fitted.missing)))
        elif stored is None:
            self._session.message.emit(Message(f"Opened the view “{saved.name}”. Save it to keep it."))

    def _on_no_view(self, name: str, error: Exception) -> None:
        self._session.message.emit(Message.of_error(error, f"“{name}” could not be opened."))

    @Slot(object)
    def _on_selection(self, selection: Selection) -> None:
        if selection.experiments != self._listed:
            self._listed = selection.experiments
            self.changed.emit()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.looks:
            self._refresh.ask()

    def _take(self, views: list[StoredView]) -> None:
        """A view that says something else now, by this window, by undo or by another, is what the look is held to."""
        known = {view.id: view.text for view in self.views}
        self.views = views
        for view in views:
            if known.get(view.id) != view.text:
                self._looks.pop(view.id, None)
                with suppress(InvalidValue):  # a later version has written it
                    self._looks[view.id] = read_saved_view(view.text)[0].view
        self._apply_awaited()
        self.changed.emit()

    def _apply_awaited(self) -> None:
        """What was saved in this window is what is applied, as soon as it is listed."""
        name, where = self._awaited
        made = next((view.id for view in self.views if view.name == name), None)
        if made is not None:
            self._awaited = "", ()
            if where == self._session.selection.experiments:
                self._session.set_view(replace(self._session.view, saved=made))


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
