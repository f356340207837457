"""What is done with a registered model as a whole: renamed, described, put into the trash."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from runfolio.core.registry.names import model_name
from runfolio.core.registry.records import RegisteredModel
from runfolio.gui.icons import icon
from runfolio.gui.messages import Message
from runfolio.gui.registry.prompts import Field, Prompt
from runfolio.gui.session import Session
from runfolio.store.registry.models import delete_model, describe_model, rename_model
from runfolio.store.registry.reading import get_model


class ModelCommands:
    """Asks over the window of a widget."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        self._session, self._parent = session, parent

    def rename(self, name: str) -> None:
        """Ask for another name."""
        if self._refuses():
            return

        def done(texts: tuple[str, ...]) -> None:
            self._session.run(partial(rename_model, name=name, new=texts[0]), partial(self._follow, name, texts[0]))

        fields = (Field("&Name", name),)
        check = lambda texts: model_name(texts[0])  # noqa: E731
        Prompt(f"Rename {name}", "Rename", fields, done, self._parent.window(), check).open()

    def describe(self, name: str) -> None:
        """Say what a model is."""
        if not self._refuses():
            self._session.jobs.read(partial(get_model, self._session.store, name), self._ask_description)

    def remove(self, name: str) -> None:
        """Put a model with all its versions into the trash."""
        if not self._refuses():
            self._session.run(partial(delete_model, name=name))

    def menu(self, name: str) -> QMenu:
        """The context menu of a model."""
        menu = QMenu(self._parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open").triggered.connect(partial(self._session.registry.go_to, name))
        for title, symbol, do in (
            ("Rename…", "edit", self.rename),
            ("Describe the Model…", "info", self.describe),
            ("Move to the Trash", "trash", self.remove),
        ):
            item = menu.addAction(icon(symbol, "muted"), title)
            item.setEnabled(not self._session.read_only)
            item.triggered.connect(partial(do, name))
        return menu

    def _ask_description(self, model: RegisteredModel) -> None:
        def done(texts: tuple[str, ...]) -> None:
            if texts[0] != model.description:
                described = partial(describe_model, description=texts[0], expected=model.description)
                self._session.run(partial(described, name=model.name))

        fields = (Field("&Description, in Markdown", model.description, optional=True, lines=True),)
        Prompt(f"Describe {model.name}", "Keep", fields, done, self._parent.window()).open()

    def _follow(self, old: str, new: str, renamed: bool) -> None:
        """The model that is looked at stays so under its other name, and again when that is undone."""
        before, after = (old, new) if renamed else (new, old)
        if self._session.registry.model == before:
            self._session.registry.show_model(after)

    def _refuses(self) -> bool:
        if self._session.read_only:
            self._session.message.emit(Message(self._session.read_only, error=True))
        return bool(self._session.read_only)
