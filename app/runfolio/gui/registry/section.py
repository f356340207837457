"""The registered models as the navigator lists them: choosing one shows its page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from runfolio.core.registry.records import RegisteredModel
from runfolio.gui.chrome.labels import section_label
from runfolio.gui.middle import REGISTRY
from runfolio.gui.navigator.listed_section import Listed, ListedSection
from runfolio.gui.registry.arrivals import Arrival, arrival
from runfolio.gui.registry.model_commands import ModelCommands
from runfolio.gui.registry.model_rows import ModelRows
from runfolio.gui.registry.models import ModelsModel
from runfolio.gui.registry.register import register_arrival
from runfolio.gui.session import Session
from runfolio.store.registry.reading import list_models

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow


class ModelsSection(ListedSection):
    """Heading and list; there only while there are models."""

    list: ModelRows

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        listed: Listed[RegisteredModel] = Listed(
            REGISTRY,
            list_models,
            lambda changes: changes.registry,
            lambda: session.registry.model,
            "The registered models could not be read.",
        )
        models = ModelsModel()
        super().__init__(session, listed, models, parent)
        self.list = ModelRows(session.theme, models, self._arrival, self)
        title = section_label("Models")
        title.setContentsMargins(8, 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(4)
        layout.addWidget(title)
        layout.addWidget(self.list)
        self.hide()
        self.list.used.connect(session.registry.go_to)
        self.list.arrived.connect(lambda name, what: register_arrival(session, self, what, name))
        self._commands = ModelCommands(session, self)
        self.list.rename_asked.connect(self._commands.rename)
        self.list.unwanted.connect(self._commands.remove)
        self.list.menu_asked.connect(lambda name, place: self._commands.menu(name).popup(place))
        session.registry.model_changed.connect(self.mark)
        self.begin()

    def mark(self) -> None:
        self.setVisible(self.model.rowCount() > 0)
        super().mark()

    def _arrival(self, event: QDropEvent) -> Arrival | None:
        return None if self._session.read_only else arrival(self._session.store.path, event.mimeData())


def add_models(window: MainWindow) -> None:
    """Put the registered models below the experiments of a window."""
    section = ModelsSection(window.session)
    window.navigator.filter.textChanged.connect(section.set_filter)
    window.middle.page_changed.connect(section.set_page)
    window.session.registry.wanted.connect(partial(window.middle.go_to, REGISTRY))
    window.navigator.add_section(section)
