"""What is asked of sounds and films before a window opens them: one that harms its reader does so elsewhere first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import QEventLoop, QTimer, QUrl

from runfolio.core.errors import CannotShow
from runfolio.gui.viewers.picture_questions import with_fonts
from runfolio.gui.viewers.qt_modules import qt_module
from runfolio.previews.files import open_plain
from runfolio.previews.kept import Kept
from runfolio.previews.records import Question

#: So long a recording may take to be opened, in seconds.
SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Recording:
    """How long it is, in milliseconds, and whether there is something to see."""

    length: int
    moves: bool


@dataclass(frozen=True, slots=True)
class AskRecording(Question[Recording]):
    """Can it be opened, and what is it?"""

    seconds: ClassVar[float] = SECONDS + 4

    path: str

    def answer(self, kept: Kept) -> Recording:
        """Opens it; nothing is played."""
        open_plain(self.path).close()
        with_fonts()
        kind = qt_module("QtMultimedia").QMediaPlayer
        player, loop = kind(), QEventLoop()
        ready = (kind.MediaStatus.LoadedMedia, kind.MediaStatus.BufferedMedia)
        over = (*ready, kind.MediaStatus.InvalidMedia)
        player.mediaStatusChanged.connect(lambda status: loop.quit() if status in over else None)
        player.setSource(QUrl.fromLocalFile(self.path))
        if player.mediaStatus() not in over:
            QTimer.singleShot(int(SECONDS * 1000), loop.quit)
            loop.exec()
        if player.mediaStatus() not in ready:
            raise CannotShow(f"It cannot be played: {player.errorString() or 'it is damaged'}.")
        found = Recording(player.duration(), player.hasVideo())
        player.setSource(QUrl())
        return found
