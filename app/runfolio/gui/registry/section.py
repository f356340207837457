"""The registered models as the navigator lists them: choosing one shows its page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Signal, Slot
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from runfolio.core.entities import Changes
from runfolio.core.registry.records import RegisteredModel
from runfolio.gui.chrome.labels import section_label
from runfolio.gui.middle import REGISTRY
from runfolio.gui.refresh import Refresh
from runfolio.gui.registry.arrivals import Arrival, arrival
from runfolio.gui.registry.model_commands import ModelCommands
from runfolio.gui.registry.model_rows import ModelRows
from runfolio.gui.registry.models import ModelsModel
from runfolio.gui.registry.register import register_arrival
from runfolio.gui.session import Session
from runfolio.store.registry.reading import list_models

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow

PACE = 100


class ModelsSection(QWidget):
    """Heading and list; there only while there are models.

    Attributes:
        model, list: the models, and the view of them.

    Signals:
        shown(): they were read anew.
    """

    shown = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._page = ""
        self.model = ModelsModel(self)
        self.list = ModelRows(session.theme, self.model, self._arrival, self)
        title = section_label("Models")
        title.setContentsMargins(8, 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(4)
        layout.addWidget(title)
        layout.addWidget(self.list)
        self.hide()
        complaint = "The registered models could not be read."
        self._refresh: Refresh[Sequence[RegisteredModel]] = Refresh(
            session, self._job, self._on_read, complaint, self, PACE
        )
        self.list.used.connect(session.registry.go_to)
        self.list.arrived.connect(lambda name, what: register_arrival(session, self, what, name))
        self._commands = ModelCommands(session, self)
        self.list.rename_asked.connect(self._commands.rename)
        self.list.unwanted.connect(self._commands.remove)
        self.list.menu_asked.connect(lambda name, place: self._commands.menu(name).popup(place))
        session.registry.model_changed.connect(self._mark)
        session.changed.connect(self._on_changed)
        self._refresh.ask_now()

    @Slot(str)
    def set_filter(self, text: str) -> None:
        """Show the models that are searched for."""
        self.model.set_filter(text)
        self._mark()

    @Slot(str)
    def set_page(self, page: str) -> None:
        """Another page is shown in the middle: only with that of the registry is a model what is looked at."""
        self._page = page
        self._mark()

    def _arrival(self, event: QDropEvent) -> Arrival | None:
        return None if self._session.read_only else arrival(self._session.store.path, event.mimeData())

    def _job(self) -> Callable[[], Sequence[RegisteredModel]]:
        return partial(list_models, self._session.store)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.registry:
            self._refresh.ask()

    def _on_read(self, found: Sequence[RegisteredModel]) -> None:
        self.model.show_all(found)
        self._mark()
        self.shown.emit()

    @Slot()
    def _mark(self) -> None:
        """Show which model is looked at."""
        self.setVisible(self.model.rowCount() > 0)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        index = self.model.find(self._session.registry.model)
        if self._page != REGISTRY or not index.isValid():
            self.list.clearSelection()
        elif not self.list.selectionModel().isSelected(index):
            self.list.selectionModel().setCurrentIndex(index, flags)


def add_models(window: MainWindow) -> None:
    """Put the registered models below the experiments of a window."""
    section = ModelsSection(window.session)
    window.navigator.filter.textChanged.connect(section.set_filter)
    window.middle.page_changed.connect(section.set_page)
    window.session.registry.wanted.connect(partial(window.middle.go_to, REGISTRY))
    window.navigator.add_section(section)
