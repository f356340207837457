"""The projects as the navigator lists them: choosing one shows its page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from runfolio.gui.chrome.labels import muted, section_label
from runfolio.gui.dropping import Taker
from runfolio.gui.icons import icon
from runfolio.gui.middle import PROJECTS
from runfolio.gui.navigator.listed_section import Listed, ListedSection
from runfolio.gui.projects.addresses import holds_project
from runfolio.gui.projects.listed import ProjectsModel
from runfolio.gui.projects.listing import ListCommands
from runfolio.gui.projects.reproducing.commands import show_changes
from runfolio.gui.projects.rows import ProjectRows
from runfolio.gui.session import Session
from runfolio.store.projects.listing import ListedProject, list_projects

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow

NOTHING = "Open a folder, a zip file or a git address with +, or drop one here, and run it."


class ProjectsSection(ListedSection):
    """Heading and list, or what to do while there is none.

    Attributes:
        add: the button that asks for one.
        commands: what is done with them.
    """

    list: ProjectRows

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        listed: Listed[ListedProject] = Listed(
            PROJECTS,
            list_projects,
            lambda changes: changes.queue,
            lambda: session.projects.uri,
            "The list of projects could not be read.",
        )
        projects = ProjectsModel()
        super().__init__(session, listed, projects, parent)
        self.list = ProjectRows(session.theme, projects, self)
        self.add = QToolButton(self)
        self.commands = ListCommands(session, self)
        self._nothing = muted(NOTHING, self)
        self._place()
        self.add.clicked.connect(lambda: self.commands.ask())
        self.list.used.connect(session.projects.go_to)
        self.list.unwanted.connect(self.commands.forget)
        self.list.menu_asked.connect(lambda project, place: self.commands.menu(project).popup(place))
        session.projects.project_changed.connect(self.mark)
        self.begin()

    def _place(self) -> None:
        self.add.setIcon(icon("plus", "muted"))
        self.add.setAccessibleName("Open a project")
        self.add.setToolTip("Open a folder, a zip file or a git address")
        self._nothing.setWordWrap(True)
        self._nothing.setContentsMargins(8, 0, 8, 4)
        top = QHBoxLayout()
        top.setContentsMargins(8, 0, 2, 0)
        top.addWidget(section_label("Projects"), 1)
        top.addWidget(self.add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self.list)
        layout.addWidget(self._nothing)
        self.list.hide()

    def mark(self) -> None:
        self.list.setVisible(self.model.rowCount() > 0)
        self._nothing.setVisible(not self.model.everything)
        super().mark()


def project_drop(window: MainWindow) -> Taker:
    """What takes a folder with an MLproject file, or a zip file, that is dropped on a window."""
    return holds_project, ListCommands(window.session, window).add_dropped


def add_projects(window: MainWindow) -> None:
    """Put the projects below the registered models of a window."""
    section = ProjectsSection(window.session)
    window.navigator.filter.textChanged.connect(section.set_filter)
    window.middle.page_changed.connect(section.set_page)
    window.session.projects.wanted.connect(partial(window.middle.go_to, PROJECTS))
    window.session.projects.changes_wanted.connect(partial(show_changes, window))
    window.navigator.add_section(section)
