"""Commands of projects, for menus, palette and keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from runfolio.gui.chrome.palette import Entry, Palette
from runfolio.gui.messages import Message
from runfolio.gui.middle import PROJECTS
from runfolio.gui.projects.addresses import kind_of
from runfolio.gui.projects.commanding import command_line
from runfolio.gui.projects.listing import ListCommands
from runfolio.store.projects.listing import ListedProject, list_projects

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow
    from runfolio.gui.projects.page import ProjectPage


@dataclass(frozen=True, slots=True)
class ProjectCommand:
    """A command of the page of a project.

    Attributes:
        title, do, key, symbol: as in `actions.Action`.
        changes: whether it changes something.
    """

    title: str
    do: Callable[[MainWindow], object]
    key: str = ""
    symbol: str = ""
    changes: bool = True

    def when(self, window: MainWindow) -> bool:
        """Whether it makes sense: on the page of a project."""
        there = window.middle.shown == PROJECTS and bool(window.session.projects.uri)
        return there and not (self.changes and window.session.read_only)


def page_of(window: MainWindow) -> ProjectPage:
    """The page of the projects, shown."""
    from runfolio.gui.projects.page import ProjectPage  # not before it is wanted

    window.middle.go_to(PROJECTS)
    page = window.middle.currentWidget()
    assert isinstance(page, ProjectPage)
    return page


def add(window: MainWindow) -> None:
    """Ask for the address of a project."""
    ListCommands(window.session, window).ask()


def choose(window: MainWindow) -> None:
    """Choose one of the projects in the list, or another one."""
    work = partial(list_projects, window.session.store)
    window.session.jobs.read(work, partial(_offer, window), channel="projects.choose")


def _offer(window: MainWindow, found: Sequence[ListedProject]) -> None:
    go_to = window.session.projects.go_to
    entries = [Entry(one.title, kind_of(one.uri), "play", partial(go_to, one.uri)) for one in found]
    other = Entry("A folder, a zip file or a git address…", "", "folder-open", partial(add, window))
    palette = Palette([*entries, other], window.session.theme.color("muted"), window)
    palette.field.setPlaceholderText("Project to run")
    palette.field.setAccessibleName("Project to run")
    palette.open_over(window)


def _copy_line(window: MainWindow) -> None:
    if (form := page_of(window).form) is not None:
        QGuiApplication.clipboard().setText(command_line(form.request()))


def _of_list(window: MainWindow, act: Callable[[ListCommands, ListedProject], None]) -> None:
    """Do something with the project that is shown, if it is in the list."""

    def done(found: Sequence[ListedProject]) -> None:
        shown = next((one for one in found if one.uri == window.session.projects.uri), None)
        if shown is None:
            window.session.message.emit(Message("This project is not in the list any more."))
        else:
            act(ListCommands(window.session, window), shown)

    window.session.jobs.read(partial(list_projects, window.session.store), done)


OF_PROJECTS = {
    "run": ProjectCommand("Run the Entry Point", lambda window: page_of(window).run(), "Ctrl+Return", "play"),
    "sweep": ProjectCommand("Sweep the Entry Point…", lambda w: page_of(w).sweep(), "Ctrl+Shift+Return", "group"),
    "reload": ProjectCommand("Read the Project Again", lambda w: page_of(w).read_again(), "", "refresh", changes=False),
    "copy_line": ProjectCommand("Copy the Run as a Command Line", _copy_line, "", "copy", changes=False),
    "pin": ProjectCommand("Pin or Unpin the Project", partial(_of_list, act=ListCommands.pin), "", "pin"),
    "forget": ProjectCommand("Take the Project Out of the List", partial(_of_list, act=ListCommands.forget)),
}
