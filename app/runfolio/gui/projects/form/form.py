"""The whole form of an entry point: parameters, options, and the command that they amount to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from runfolio.core.errors import InvalidValue
from runfolio.core.projects.command import shell_command
from runfolio.core.projects.parameters import WrongParameters, check, path_resolver
from runfolio.core.projects.records import EntryPoint
from runfolio.core.projects.request import RunRequest
from runfolio.gui.chrome.labels import muted, section_label
from runfolio.gui.chrome.snippet import copy_button, snippet_label
from runfolio.gui.jobs import Job
from runfolio.gui.projects.addresses import split
from runfolio.gui.projects.commanding import command_line
from runfolio.gui.projects.form.options import RunOptions
from runfolio.gui.projects.form.parameters import ParametersForm
from runfolio.gui.projects.loading import Loaded
from runfolio.gui.session import Session
from runfolio.projects.sources import Source

#: Lines longer than these are hard to follow, in letters; from where on there is room for two parts side by side.
WIDEST, TWO_PARTS = 190, 154


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of a filled form.

    Attributes:
        request: what is filled in.
        problems: what is wrong, by parameter; "" is for what is wrong as a whole.
        command: as a person would type it; empty while something is wrong.
    """

    request: RunRequest
    problems: Mapping[str, str] = field(default_factory=dict)
    command: str = ""


class EntryForm(QScrollArea):
    """What an entry point is run with.

    Attributes:
        entry: the entry point.
        parameters, options: the parts that are filled in.
        checked: what was found out about what is filled in last.

    Signals:
        checked_changed(): something else is known of it.
        version_changed(str): another version of the project is wanted.
    """

    checked_changed = Signal()
    version_changed = Signal(str)

    def __init__(self, session: Session, loaded: Loaded, entry: EntryPoint, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._loaded, self.entry = session, loaded, entry
        self._asked = False
        self._job: Job | None = None
        self._then: Callable[[Checked], object] | None = None
        self.parameters, self.options = ParametersForm(entry), RunOptions()
        self._parts = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._command, self._line = snippet_label(""), snippet_label("")
        self.checked = Checked(RunRequest(loaded.uri))
        self._place()
        self.options.show_version(bool(loaded.source.commit or loaded.version))
        self.options.show_environments(loaded.environments)
        filled = session.projects.filled.get((loaded.uri, entry.name))
        self.fill(filled or RunRequest(loaded.uri, version=loaded.version))
        self.parameters.changed.connect(self._on_changed)
        self.options.changed.connect(self._on_changed)
        self.options.version_changed.connect(self.version_changed)

    def request(self) -> RunRequest:
        """What is filled in."""
        start = RunRequest(self._loaded.uri, self.entry.name, self.parameters.given())
        return self.options.request(start)

    def fill(self, request: RunRequest) -> None:
        """Show a request."""
        self.parameters.set_given(request.parameters)
        self.options.fill(request)
        self._on_changed()

    def use_values(self, given: Mapping[str, str]) -> None:
        """Show values of another run, of which those at their defaults are as if they were not given."""
        defaults = {one.name: one.default for one in self.entry.parameters}
        self.parameters.set_given({name: value for name, value in given.items() if defaults.get(name) != value})
        self._on_changed()

    def show_loaded(self, loaded: Loaded) -> None:
        """The same project was read anew, and the entry point is as it was."""
        self._loaded = loaded
        self.options.show_environments(loaded.environments)
        self._check()

    def check_now(self, done: Callable[[Checked], object]) -> None:
        """Check what is filled in, and tell everything that is wrong with it."""
        self._asked, self._then = True, done
        self._check()

    def let_go(self) -> None:
        """Nobody waits any more for what is being found out."""
        if self._job is not None:
            self._job.cancel()

    def go_to_first_problem(self) -> None:
        """Give the keyboard to what is to be mended."""
        where = self.parameters.first_wrong(self.checked.problems)
        if where is None and self.options.problem:
            where = self.options.experiment
        if where is not None:
            where.setFocus(Qt.FocusReason.OtherFocusReason)
            self.ensureWidgetVisible(where)

    def _place(self) -> None:
        page = QWidget()
        inner = QWidget()
        inner.setMaximumWidth(self.fontMetrics().averageCharWidth() * WIDEST)
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        self._parts.setSpacing(24)
        for title, part in (("Parameters", self.parameters), ("Run", self.options)):
            column = QVBoxLayout()
            column.setSpacing(8)
            column.addWidget(section_label(title))
            column.addWidget(part)
            column.addStretch()
            self._parts.addLayout(column, 1)
        layout.addLayout(self._parts)
        layout.addSpacing(8)
        for title, label, name in (
            ("Command", self._command, "Copy the command"),
            ("The same in a terminal", self._line, "Copy the command line"),
        ):
            top = QHBoxLayout()
            top.addWidget(section_label(title), 1)
            top.addWidget(copy_button(label.text, name))
            label.setWordWrap(True)
            label.setAccessibleName(title)
            layout.addLayout(top)
            layout.addWidget(label)
        layout.addWidget(muted("Values reach the command as they are: nothing in them is taken for a command."))
        layout.addStretch()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(inner, 100)
        row.addStretch(1)
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        first = next(iter(self.parameters.rows.values()), None)
        self.setFocusProxy(first if first is not None else self.options.experiment)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is room, the parts stand side by side."""
        super().resizeEvent(event)
        wide = self.viewport().width() >= self.fontMetrics().averageCharWidth() * TWO_PARTS
        way = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if self._parts.direction() != way:
            self._parts.setDirection(way)

    def _on_changed(self) -> None:
        request = self.request()
        self._session.projects.filled[self._loaded.uri, self.entry.name] = request
        self._then = None
        self._check()

    def _check(self) -> None:
        """Of what is filled in again meanwhile, only the latest is told."""
        self.let_go()
        work = partial(checked, self.entry, self.request(), self._loaded.source, self.options.problem)
        self._job = self._session.jobs.read(work, self._take)

    def _take(self, found: Checked) -> None:
        """What was found out about what is filled in."""
        self._job, self.checked = None, found
        self.parameters.show_problems(found.problems, self._asked)
        self._command.setText(found.command or self.entry.command.strip())
        self._command.setEnabled(bool(found.command))
        self._line.setText(command_line(found.request))
        self.checked_changed.emit()
        then, self._then = self._then, None
        if then is not None:
            then(found)


def checked(entry: EntryPoint, request: RunRequest, source: Source, problem: str) -> Checked:
    """Check a request. It looks at the disk: paths among the values must be there."""
    found = {"": problem} if problem else {}
    try:
        values = check(entry, request.parameters, resolve_path=resolver(request.uri, source))
        command = shell_command(entry, values).shown
    except WrongParameters as error:
        return Checked(request, found | error.problems)
    except InvalidValue as error:
        return Checked(request, found | {"": error.message})
    return Checked(request, found, "" if found else command)


def resolver(uri: str, source: Source) -> Callable[[str], str | None]:
    """Where relative paths are looked for: in the project. What was fetched is gone, and is not asked for any."""
    if not source.temporary:
        return path_resolver(source.folder, source.folder)

    def resolve(given: str) -> str | None:
        path = Path(given)
        return given if not path.is_absolute() or path.exists() else None

    return resolve


def with_caller(request: RunRequest) -> RunRequest:
    """A request whose relative paths are those of its project, whoever carries it out."""
    place, _ = split(request.uri)
    return replace(request, caller=place if Path(place).is_absolute() else "")
