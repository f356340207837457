"""What a viewer of files is: a widget that is given a file, and asks workers for what it shows of it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from runfolio.core.entities import Artifact
from runfolio.gui.artifacts.tree import ending
from runfolio.gui.jobs import Job
from runfolio.gui.session import Session
from runfolio.previews.records import Question
from runfolio.store import Store
from runfolio.store.artifacts import artifact_file

T = TypeVar("T")
#: So many bytes of a file are read to find out what it is.
HEAD = 4096
#: Texts whose letters have two bytes or four begin with one of these.
MARKS = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")


@dataclass(frozen=True, slots=True)
class ViewedFile:
    """A file of a run, as a viewer is given it.

    Attributes:
        run: the store's number of the run.
        path: the artifact's path in the run, with `/`.
        file: where it is on the disk.
        size: in bytes, when it was looked at.
        time: when it was logged, in epoch milliseconds.
        media_type: such as `image/png`; empty where nobody knows.
        sha256: in hexadecimal digits; empty where nobody knows yet.
        head: its first bytes, up to `HEAD`.
    """

    run: int
    path: str
    file: Path
    size: int
    time: int = 0
    media_type: str = ""
    sha256: str = ""
    head: bytes = b""

    @property
    def name(self) -> str:
        """The path without its folders."""
        return self.path.rpartition("/")[2]

    @property
    def ending(self) -> str:
        """What comes after the last dot of the name, in lower case."""
        return ending(self.path)

    @property
    def is_text(self) -> bool:
        """Whether it begins as text does."""
        return b"\0" not in self.head or self.head.startswith(MARKS)


def look_at(store: Store, run: int, artifact: Artifact) -> ViewedFile:
    """What a viewer has to know of a file; for workers. Raises NotFound, or OSError where it cannot be read."""
    file = artifact_file(store, run, artifact.path)
    with file.open("rb") as stream:
        head = stream.read(HEAD)
    known = artifact.media_type, artifact.sha256, head
    return ViewedFile(run, artifact.path, file, file.stat().st_size, artifact.time, *known)


class Viewer(QWidget):
    """Shows one file at a time.

    It reads nothing on the main thread: `show_file` asks for what it wants by `read`, and shows it when it is there.

    Attributes:
        file: what is shown, or being read; None before the first one and after `leave`.

    Signals:
        told(str): what is to be known of the file in one line, such as `640 × 480 · 8 bit RGB`.
        refused(Exception): the file cannot be shown, and why; something else takes the viewer's place.
    """

    told = Signal(str)
    refused = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.file: ViewedFile | None = None
        self._reading: dict[str, Job] = {}

    def open(self, file: ViewedFile) -> None:
        """Show a file, in place of any other, of which nothing more is read."""
        self._give_up()
        self.file = file
        self.show_file(file)

    @abstractmethod
    def show_file(self, file: ViewedFile) -> None:
        """Begin to show a file, which `self.file` is already."""

    def leave(self) -> None:
        """Nobody looks any more: what is read for this viewer is given up, and what plays is stopped."""
        self._give_up()
        self.file = None

    def read(self, function: Callable[[Job], T], done: Callable[[T], None], part: str = "") -> Job:
        """Read something of the file on a worker; `done` gets it on the main thread, if the file is still shown.

        The function is given its job and looks now and then whether it is cancelled. A newer question for the same
        `part` takes the place of an older one. What the function raises is why the file cannot be shown.
        """
        asked = self.file
        self._reading[part] = job = self.session.jobs.read_long(
            function,
            partial(self._answer, asked, done),
            channel=f"viewer.{id(self)}.{part}",
            failed=partial(self._answer, asked, self.refused.emit),
            title=f"Reading {asked.name}" if asked is not None else "Reading",
        )
        return job

    def ask(self, question: Question[T], done: Callable[[T], None], part: str = "") -> Job:
        """The same of a question to the process that reads files."""
        return self.read(lambda job: self.session.previews.ask(question, lambda: job.cancelled), done, part)

    def _give_up(self) -> None:
        for job in self._reading.values():
            job.cancel()
        self._reading.clear()

    def _answer(self, asked: ViewedFile | None, take: Callable[[T], object], found: T) -> None:
        if self.file is asked:
            take(found)
