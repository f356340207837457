"""The page of a project: what it can run, with which values, and the runs that came of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from runfolio.core.entities import Changes
from runfolio.core.errors import Stopped
from runfolio.core.projects.records import FILE_NAME
from runfolio.gui.chrome.labels import muted
from runfolio.gui.chrome.welcome import Notice
from runfolio.gui.icons import icon
from runfolio.gui.jobs import Job
from runfolio.gui.messages import Message
from runfolio.gui.projects.addresses import title_of
from runfolio.gui.projects.form.form import Checked, EntryForm, with_caller
from runfolio.gui.projects.heading import ProjectHeading, thin_line
from runfolio.gui.projects.history.panel import HistoryPanel
from runfolio.gui.projects.loading import Loaded, Progress, load, reason_of
from runfolio.gui.projects.running import run
from runfolio.gui.projects.waiting import Faulty, Waiting
from runfolio.gui.session import Session
from runfolio.store.listing import experiments_since
from runfolio.store.projects.listing import ListedProject, list_projects

EMPTY, FETCHING, FAULTY, SHOWN = range(4)
NOTHING = (
    "A project is a folder, a zip file or a git repository with scripts, and perhaps an MLproject file that says how "
    "they are run. Open one with + in the navigator, or drop its folder on the window."
)
SNIPPET = """# MLproject
python_env: python_env.yaml
entry_points:
  main:
    parameters:
      lr: {type: float, default: 0.01, min: 0, help: Learning rate}
    command: python train.py --lr {lr}"""
FORM_SHARE, HISTORY_SHARE = 6500, 3500


class ProjectPage(QWidget):
    """Follows `session.projects`.

    Attributes:
        heading, tabs: the project's name and where it is from, and the entry points.
        run_button, sweep_button: put what is filled in into the queue.
        history: the runs of the entry point.
        loaded: what is known of the project; None while nothing is.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._job: Job | None = None
        self._forms: dict[str, EntryForm] = {}
        self.loaded: Loaded | None = None
        self.heading, self._told = ProjectHeading(), muted()
        self.tabs = self.heading.tabs
        self.run_button, self.sweep_button = QPushButton("Run"), QPushButton("Sweep…")
        self.history = HistoryPanel(session)
        self._stack, self._form_stack = QStackedLayout(self), QStackedWidget()
        self._waiting, self._faulty = Waiting(), Faulty()
        self._place()
        self._connect()
        self._on_project(session.projects.uri)

    @property
    def form(self) -> EntryForm | None:
        """The form that is shown."""
        shown = self._form_stack.currentWidget()
        return shown if isinstance(shown, EntryForm) else None

    @property
    def settled(self) -> bool:
        """Whether the project is read, or it is known why it cannot be."""
        return self._job is None and self._stack.currentIndex() in (FAULTY, SHOWN)

    def run(self) -> None:
        """Put what is filled in into the queue, or tell what is wrong with it."""
        if self.form is not None and not self._refuses():
            self.form.check_now(self._run)

    def sweep(self) -> None:
        """Ask what is to be searched, starting from what is filled in."""
        if self.form is not None and self.loaded is not None and not self._refuses():
            from runfolio.gui.projects.sweeping.dialog import SweepDialog  # not before it is wanted

            form = self.form
            SweepDialog(self._session, self._name, form.entry, with_caller(form.request()), self.window()).open()

    @Slot()
    def read_again(self) -> None:
        """Fetch and read the project anew."""
        if uri := self._session.projects.uri:
            self._load(uri, self.loaded.version if self.loaded is not None and self.loaded.uri == uri else "")

    def _place(self) -> None:
        self.run_button.setProperty("kind", "primary")
        self.run_button.setIcon(icon("play", "accent_text"))
        self.run_button.setToolTip("Put it into the queue (Ctrl+Return)")
        self.sweep_button.setToolTip("Run it many times with values that a search chooses (Ctrl+Shift+Return)")
        self._told.setWordWrap(True)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self._upper())
        splitter.addWidget(self.history)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([FORM_SHARE, HISTORY_SHARE])
        shown = QWidget()
        layout = QVBoxLayout(shown)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(splitter, 1)
        notice = Notice("No project is open", NOTHING, SNIPPET)
        for widget in (notice, self._waiting, self._faulty, shown):
            self._stack.addWidget(widget)

    def _upper(self) -> QWidget:
        """Heading, tabs, form, and the buttons, which are always in sight."""
        buttons = QHBoxLayout()
        buttons.setContentsMargins(16, 8, 16, 8)
        buttons.setSpacing(10)
        buttons.addWidget(self.run_button)
        buttons.addWidget(self.sweep_button)
        buttons.addWidget(self._told, 1)
        part = QWidget()
        layout = QVBoxLayout(part)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.heading)
        layout.addWidget(self._form_stack, 1)
        layout.addWidget(thin_line())
        layout.addLayout(buttons)
        return part

    def _connect(self) -> None:
        session = self._session
        session.projects.project_changed.connect(self._on_project)
        session.changed.connect(self._on_changed)
        self.tabs.currentChanged.connect(self._show_tab)
        self.run_button.clicked.connect(self.run)
        self.sweep_button.clicked.connect(self.sweep)
        for button in (self.heading.again, self._faulty.again):
            button.clicked.connect(self.read_again)
        self._waiting.cancelled.connect(self._cancel)
        self.history.values_wanted.connect(self._use_values)
        for keys, do in (("Ctrl+Return", self.run), ("Ctrl+Enter", self.run), ("Ctrl+Shift+Return", self.sweep)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)

    # Reading

    def showEvent(self, event: QShowEvent) -> None:
        """With no project chosen, the first of the list is shown; a folder may have changed meanwhile."""
        super().showEvent(event)
        if not self._session.projects.uri:
            work = partial(list_projects, self._session.store)
            self._session.jobs.read(work, self._on_listed, channel="projects.first")
        elif self.loaded is not None and not self.loaded.source.temporary and self._job is None:
            self.read_again()

    def _on_listed(self, found: Sequence[ListedProject]) -> None:
        if found and not self._session.projects.uri:
            self._session.projects.show_project(found[0].uri)

    @Slot(str)
    def _on_project(self, uri: str) -> None:
        self._forget()
        if uri:
            self._load(uri, "")
        else:
            self._stack.setCurrentIndex(EMPTY)

    def _forget(self) -> None:
        self.loaded = None
        for name in list(self._forms):
            self._remove(name)

    def _remove(self, entry: str) -> None:
        form = self._forms.pop(entry)
        form.let_go()
        self._form_stack.removeWidget(form)
        form.deleteLater()

    def _load(self, uri: str, version: str) -> None:
        progress = Progress()
        if self.loaded is None:
            self._waiting.start(uri, progress)
            self._stack.setCurrentIndex(FETCHING)
        self._job = self._session.jobs.read_long(
            partial(load, uri, version, progress),
            self._on_loaded,
            title=f"Reading {title_of(uri)}",
            channel="projects.load",
            failed=partial(self._on_not_loaded, uri),
        )

    @Slot()
    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._on_not_loaded(self._session.projects.uri, Stopped("The project was not fetched."))

    def _on_not_loaded(self, uri: str, error: Exception) -> None:
        self._job = None
        self._waiting.stop()
        if self.loaded is None:
            self._faulty.show_reason(f"{title_of(uri)} could not be read", reason_of(error))
            self._stack.setCurrentIndex(FAULTY)
        else:
            self._session.message.emit(Message.of_error(error, "The project could not be read."))

    def _on_loaded(self, loaded: Loaded) -> None:
        self._job = None
        self._waiting.stop()
        if loaded.uri != self._session.projects.uri:
            return
        if loaded.project is None:
            self._forget()
            self._faulty.show_faults(loaded, FILE_NAME)
            self._stack.setCurrentIndex(FAULTY)
            return
        before, waited = self.loaded, self.window().focusWidget() is self
        self.loaded = loaded
        self.heading.show_project(self._name, loaded)
        self._show_entries(before)
        self._stack.setCurrentIndex(SHOWN)
        if waited and self.form is not None:
            self.form.setFocus()
        self._read_experiments()

    @property
    def _name(self) -> str:
        loaded = self.loaded
        return "" if loaded is None else (loaded.project.name if loaded.project else "") or title_of(loaded.uri)

    def _show_entries(self, before: Loaded | None) -> None:
        """The tabs, where these are others; forms of entry points that are as they were stay as they are."""
        assert self.loaded is not None
        entries = {one.name: one for one in self.loaded.entries}
        for name, form in list(self._forms.items()):
            if entries.get(name) == form.entry and before is not None and before.version == self.loaded.version:
                form.show_loaded(self.loaded)
            else:
                self._remove(name)
        wanted = self._session.projects.entries.get(self.loaded.uri, "")
        self.heading.show_entries(list(entries), wanted)
        self._show_tab()

    @Slot()
    def _show_tab(self) -> None:
        """Show the form of an entry point, made if it is the first time."""
        loaded, at = self.loaded, self.tabs.currentIndex()
        there = loaded is not None and 0 <= at < len(loaded.entries)
        for button in (self.run_button, self.sweep_button):
            button.setEnabled(there)
        if loaded is None or not there:
            self._told.setText("There is nothing to run in this folder: no MLproject file, and no script.")
            return
        entry = loaded.entries[at]
        self._session.projects.entries[loaded.uri] = entry.name
        if entry.name not in self._forms:
            form = self._forms[entry.name] = EntryForm(self._session, loaded, entry)
            form.checked_changed.connect(self._tell)
            form.version_changed.connect(partial(self._load, loaded.uri))
            self._form_stack.addWidget(form)
        self._form_stack.setCurrentWidget(self._forms[entry.name])
        self.setFocusProxy(self._forms[entry.name])
        self.history.show_entry(loaded.uri, entry)
        self._tell()

    def _read_experiments(self) -> None:
        def names() -> list[str]:
            with self._session.store.reading() as connection:
                return [one.name for one in experiments_since(connection, -1).changed]

        self._session.jobs.read(names, self._offer, channel="projects.experiments")

    def _offer(self, names: Sequence[str]) -> None:
        for form in self._forms.values():
            form.options.offer_experiments(names)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        """A job that ended may have made the environment."""
        shown = self.isVisible() and self.loaded is not None and not self.loaded.source.temporary
        if changes.queue and shown and self._job is None:
            self.read_again()

    # Running

    @Slot()
    def _tell(self) -> None:
        """How many things are to be mended before it can be run."""
        if self.form is not None:
            problems = self.form.checked.problems
            text = problems.get("", "") or next(iter(problems.values()), "")
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            self._told.setText(f"{text}{more}")

    def _run(self, checked: Checked) -> None:
        if checked.problems:
            if self.form is not None:
                self.form.go_to_first_problem()
        else:
            run(self._session, self._name, with_caller(checked.request))

    @Slot(object)
    def _use_values(self, given: dict[str, str]) -> None:
        if self.form is not None:
            self.form.use_values(given)

    def _refuses(self) -> bool:
        if self._session.read_only:
            self._session.message.emit(Message(self._session.read_only, error=True))
        return bool(self._session.read_only)
