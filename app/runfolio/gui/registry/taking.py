"""Cards that are dragged out of the window: elsewhere they are the folders of their versions, to be copied."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Qt, QUrl
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QWidget

from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.registry.reading import folder_of


class TakingOut(QObject):
    """Knows the folders of what is carried by the time that it leaves the window.

    Attributes:
        folders: of the versions that were picked up last.
    """

    def __init__(self, session: Session, source: QWidget) -> None:
        super().__init__(source)
        self._session, self._source = session, source
        self.folders: list[Path] = []

    def prepare(self, name: str, versions: Sequence[int]) -> None:
        """Find out where the files of versions are."""
        self.folders = []
        work = partial(_folders, self._session.store, name, tuple(versions))
        self._session.jobs.read(work, self._take, channel="registry.folders")

    def drag(self) -> None:
        """Go on as a drag of files, which other programs copy; what is in the registry stays there."""
        if not self.folders:
            return
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(folder)) for folder in self.folders])
        moving = QDrag(self._source)
        moving.setMimeData(data)
        moving.exec(Qt.DropAction.CopyAction)

    def _take(self, folders: list[Path]) -> None:
        self.folders = folders


def _folders(store: Store, name: str, versions: Sequence[int]) -> list[Path]:
    return [folder_of(store, name, version) for version in versions]
