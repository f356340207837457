"""What is done with the list of projects, and what asks for a new one."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from runfolio.gui.icons import icon
from runfolio.gui.messages import Message
from runfolio.gui.projects.adding import AddDialog
from runfolio.gui.projects.addresses import title_of, whole
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.operations import Outcome, short
from runfolio.store.projects.listing import (
    ListedProject,
    forget_project,
    list_projects,
    note_project,
    pin_project,
)


class ListCommands:
    """Acts on the list, and asks over the window of a widget."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        self._session, self._parent = session, parent

    def ask(self, start: str = "") -> None:
        """Ask for the address of a project, which is put into the list and shown."""
        dialog = AddDialog(start, self._parent.window())
        dialog.chosen.connect(self.add)
        dialog.open()

    def add(self, text: str) -> None:
        """Show a project, and put it into the list."""
        uri = whole(text)
        self._session.projects.go_to(uri)
        if not self._session.read_only:
            self._session.run(partial(_added, uri=uri))

    def add_dropped(self, path: Path) -> None:
        """The same, for what was dropped on the window."""
        self.add(str(path))

    def pin(self, project: ListedProject) -> None:
        """Have a project stay at the top of the list, or not any more."""
        if not self._refuses():
            self._session.run(partial(pin_project, number=project.id, pinned=not project.pinned))

    def forget(self, project: ListedProject) -> None:
        """Take a project out of the list."""
        if not self._refuses():
            self._session.run(partial(forget_project, number=project.id))

    def menu(self, project: ListedProject) -> QMenu:
        """The context menu of a project."""
        menu = QMenu(self._parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        opened = menu.addAction(icon("play", "muted"), "Open")
        opened.triggered.connect(partial(self._session.projects.go_to, project.uri))
        menu.addSeparator()
        for title, symbol, do in (
            ("Unpin" if project.pinned else "Pin", "pin", self.pin),
            ("Take Out of the List", "close", self.forget),
        ):
            item = menu.addAction(icon(symbol, "muted"), title)
            item.setEnabled(not self._session.read_only)
            item.triggered.connect(partial(do, project))
        return menu

    def _refuses(self) -> bool:
        if self._session.read_only:
            self._session.message.emit(Message(self._session.read_only, error=True))
        return bool(self._session.read_only)


def _added(store: Store, uri: str) -> Outcome:
    """Put a project into the list; one that is there already only becomes the one used last."""
    known = {one.uri: one for one in list_projects(store)}
    title = known[uri].title if uri in known else title_of(uri)
    number = note_project(store, uri, title)
    if uri in known:
        return Outcome(f"{short(title)} is in the list already")
    return Outcome(f"Put {short(title)} into the list", lambda s: forget_project(s, number))
