"""What is done with the files that are selected on the page of artifacts: menus, buttons and keys call these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog

from runfolio.core.entities import Artifact
from runfolio.core.errors import Stopped
from runfolio.core.numbers import counted
from runfolio.gui.artifacts.saving import Saved, save_as, save_into
from runfolio.gui.jobs import Job
from runfolio.gui.messages import Message
from runfolio.gui.middle import ARTIFACTS
from runfolio.store import Store
from runfolio.store.adding import add_files
from runfolio.store.artifacts import artifact_file, stored_artifacts
from runfolio.store.file_trash import FileOf, delete_files
from runfolio.store.operations import Outcome
from runfolio.store.runs import get_run
from runfolio.store.steps import InSteps, Steps
from runfolio.store.verify import Verified, verify_file

if TYPE_CHECKING:
    from runfolio.gui.artifacts.page import ArtifactsPage
    from runfolio.gui.main_window import MainWindow

#: So many files are opened at once by other programs; and told of by name.
MOST_OPENED, MOST_TOLD = 10, 3


@dataclass(frozen=True, slots=True)
class FileCommand:
    """A command of the page.

    Attributes:
        name: that of the method of `FileCommands`.
        title, key, symbol: as in `actions.Action`.
        button: whether it has a button beside the file's name.
    """

    name: str
    title: str
    key: str = ""
    symbol: str = ""
    button: bool = False


OF_FILES = (
    FileCommand("previous_file", "Previous File", "Alt+Left", "chevron-left", button=True),
    FileCommand("next_file", "Next File", "Alt+Right", "chevron-right", button=True),
    FileCommand("open_outside", "Open With the System's Program", "Ctrl+Alt+O", "link", button=True),
    FileCommand("save", "Save File As…", "Ctrl+Alt+S", "export", button=True),
    FileCommand("add_files", "Add Files to the Run…", "Ctrl+Alt+L", "plus"),
    FileCommand("remove", "Move Files to the Trash", "", "trash"),
    FileCommand("copy_path", "Copy Path on the Disk", "", "copy"),
    FileCommand("copy_uri", "Copy URI", "Ctrl+Alt+U", "copy"),
    FileCommand("verify", "Verify Hashes", "", "check"),
)


def shown(window: MainWindow) -> bool:
    """Enabled while the page of artifacts is shown."""
    return window.middle.shown == ARTIFACTS


def do(window: MainWindow, name: str) -> None:
    """Carry out a command of the page."""
    from runfolio.gui.going import to_artifacts

    getattr(to_artifacts(window).commands, name)()


class FileCommands:
    """Acts on what is selected in the tree of a page."""

    def __init__(self, page: ArtifactsPage) -> None:
        self._page, self._session = page, page.session

    def next_file(self) -> None:
        """Go to the file after this one."""
        self._page.files.step(1)

    def previous_file(self) -> None:
        """Go to the file before this one."""
        self._page.files.step(-1)

    def open_outside(self) -> None:
        """Open the selected files with the programs that the system has for them."""
        for file in self._selected()[:MOST_OPENED]:
            self._session.jobs.read(partial(artifact_file, self._session.store, *self._at(file)), open_outside)

    def save(self) -> None:
        """Copy the selected file to another place; several, into a folder."""
        files = self._selected()
        if not files or self._page.run is None:
            return
        if len(files) == 1:
            name = files[0].path.rpartition("/")[2]
            chosen, _ = QFileDialog.getSaveFileName(self._page, "Save file as", name)
            work = partial(save_as, self._session.store, self._page.run, files[0].path, Path(chosen))
        else:
            chosen = QFileDialog.getExistingDirectory(self._page, "Save files into")
            paths = [file.path for file in files]
            work = partial(save_into, self._session.store, self._page.run, paths, Path(chosen))
        if chosen:
            self._session.jobs.read_long(work, self._tell_saved, title=f"Saving {counted(len(files), 'file')}")

    def add_files(self) -> None:
        """Choose files, and have copies of them in the run, in the folder that is looked at."""
        if self._page.run is not None:
            chosen, _ = QFileDialog.getOpenFileNames(self._page, "Add files to the run")
            self.add(chosen, self._folder())

    def add(self, paths: Sequence[str], folder: str) -> None:
        """Copy files and folders into a folder of the run."""
        if paths and self._page.run is not None and not self._session.store.read_only:
            run, sources = self._page.run, [Path(path) for path in paths]
            adding = InSteps(lambda store, steps: add_files(store, run, sources, folder, steps), "Adding files")
            self._session.run(adding)

    def remove(self) -> None:
        """Put the selected files into the trash."""
        paths = [file.path for file in self._selected()]
        if paths and self._page.run is not None and not self._session.store.read_only:
            run = self._page.run
            self._session.run(InSteps(lambda store, steps: _remove(store, run, paths, steps), "Moving to the trash"))

    def copy_path(self) -> None:
        """Put the places of the selected files on the clipboard, one a line."""
        self._copy(_paths, "path")

    def copy_uri(self) -> None:
        """Put the addresses by which scripts load them on the clipboard, one a line."""
        self._copy(_uris, "URI")

    def verify(self) -> None:
        """Compare the selected files with the hashes that they were logged with, and say which are other ones."""
        paths = [file.path for file in self._selected()]
        if paths and self._page.run is not None:
            work = partial(_verify, self._session.store, self._page.run, paths)
            title = f"Verifying {counted(len(paths), 'file')}"
            # It keeps the hashes of files that have none yet.
            self._session.jobs.write_aside(work, self._tell_verified, title=title)

    def _folder(self) -> str:
        """The current folder, or the one that the current file is in; empty for the run's own."""
        node = self._page.files.model.tree.find(self._page.files.chosen())
        if node is None:
            return ""
        return node.path if node.file is None else node.path.rpartition("/")[0]

    def _selected(self) -> list[Artifact]:
        return self._page.files.selected()

    def _at(self, file: Artifact) -> tuple[int, str]:
        assert self._page.run is not None
        return self._page.run, file.path

    def _copy(self, read: Callable[[Store, int, Sequence[str]], list[str]], what: str) -> None:
        paths = [file.path for file in self._selected()]
        if paths and self._page.run is not None:
            work = partial(read, self._session.store, self._page.run, paths)
            self._session.jobs.read(work, partial(self._put, what))

    def _put(self, what: str, lines: list[str]) -> None:
        QGuiApplication.clipboard().setText("\n".join(lines))
        self._session.message.emit(Message(f"Copied {counted(len(lines), what)}"))

    def _tell_verified(self, found: list[Verified]) -> None:
        bad = [one for one in found if not one.verdict.good]
        told = ", ".join(f"{one.path}: {one.verdict}" for one in bad[:MOST_TOLD])
        more = f" and {len(bad) - MOST_TOLD:,} more" if len(bad) > MOST_TOLD else ""
        good = f"{counted(len(found), 'file')} as logged"
        text = f"Not as logged are {counted(len(bad), 'file')}: {told}{more}." if bad else f"Verified: {good}"
        self._session.message.emit(Message(text, error=bool(bad)))

    def _tell_saved(self, saved: Saved) -> None:
        told = f"Saved {counted(saved.count, 'file')} into {saved.place}" if saved.count > 1 else f"Saved {saved.place}"
        if saved.changed:
            more = f" and {len(saved.changed) - MOST_TOLD:,} more" if len(saved.changed) > MOST_TOLD else ""
            told += f"; changed after logging: {', '.join(saved.changed[:MOST_TOLD])}{more}"
        self._session.message.emit(Message(told))


def open_outside(file: Path) -> None:
    """Have the system open a file."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(file)))


def _remove(store: Store, run: int, paths: Sequence[str], steps: Steps) -> Outcome:
    run_id = get_run(store, run).run_id
    return delete_files(store, [FileOf(run_id, path) for path in paths], steps)


def _verify(store: Store, run: int, paths: Sequence[str], job: Job) -> list[Verified]:
    """Until nobody waits any more."""
    total = sum(file.size for file in stored_artifacts(store, run) if file.path in {*paths})
    before, found = 0, []

    def told(done: int) -> None:
        if job.cancelled:
            raise Stopped
        job.progress = min((before + done) / max(total, 1), 1.0)

    for path in paths:
        found.append(verify_file(store, run, path, told))
        before = round((job.progress or 0) * total)
    return found


def _paths(store: Store, run: int, paths: Sequence[str]) -> list[str]:
    return [str(artifact_file(store, run, path)) for path in paths]


def _uris(store: Store, run: int, paths: Sequence[str]) -> list[str]:
    run_id = get_run(store, run).run_id
    return [f"runs:/{run_id}/{path}" for path in paths]
