"""Sounds and films, where Qt's module for them is installed. They are played within the window."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QSlider, QVBoxLayout, QWidget

from runfolio.core.errors import CannotShow
from runfolio.gui.chrome.labels import muted
from runfolio.gui.icons import icon
from runfolio.gui.session import Session
from runfolio.gui.viewers.media_questions import AskRecording, Recording
from runfolio.gui.viewers.viewer import ViewedFile, Viewer

# By name, for they need not be there; the registry does not load this module then.
QtMultimedia: Any = import_module("PySide6.QtMultimedia")
QtMultimediaWidgets: Any = import_module("PySide6.QtMultimediaWidgets")
FULL = 100
SKIP_MS = 5_000


class MediaViewer(Viewer):
    """Plays when it is asked to.

    Attributes:
        play, place, volume: the controls.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._player = QtMultimedia.QMediaPlayer(self)
        self._sound = QtMultimedia.QAudioOutput(self)
        self._screen = QtMultimediaWidgets.QVideoWidget()
        self.play = QPushButton()
        self.place, self.volume = QSlider(Qt.Orientation.Horizontal), QSlider(Qt.Orientation.Horizontal)
        self._time = muted("0:00 / 0:00")
        self._player.setAudioOutput(self._sound)
        self._player.setVideoOutput(self._screen)
        self._put()
        self._player.playbackStateChanged.connect(self._on_state)
        self._player.positionChanged.connect(self._on_position)
        self._player.durationChanged.connect(self._on_position)
        self._player.errorOccurred.connect(self._on_error)
        self._player.hasVideoChanged.connect(self._screen.setVisible)
        self.play.clicked.connect(self._on_play)
        self.place.sliderMoved.connect(self._player.setPosition)
        self.volume.valueChanged.connect(lambda value: self._sound.setVolume(value / FULL))

    def _put(self) -> None:
        self.place.setAccessibleName("Place")
        self.place.setSingleStep(SKIP_MS)
        self.volume.setAccessibleName("Volume")
        self.volume.setRange(0, FULL)
        self.volume.setValue(FULL)
        self.volume.setMaximumWidth(120)
        self._screen.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._screen.hide()
        self._on_state()
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget, stretch in ((self.play, 0), (self.place, 1), (self._time, 0), (self.volume, 0)):
            row.addWidget(widget, stretch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self._screen, 1)
        layout.addStretch()
        self.setFocusProxy(self.play)

    def show_file(self, file: ViewedFile) -> None:
        """Have it looked at elsewhere first; it does not play by itself."""
        self._player.setSource(QUrl())
        self.ask(AskRecording(str(file.file)), self._open)

    def _open(self, found: Recording) -> None:
        """What could be opened there is opened here too, where it can be heard and seen."""
        assert self.file is not None
        self.told.emit(f"{'Film' if found.moves else 'Sound'} of {clock(found.length)}")
        self._player.setSource(QUrl.fromLocalFile(str(self.file.file)))

    def leave(self) -> None:
        """Stop, and let go of the file."""
        super().leave()
        self._player.stop()
        self._player.setSource(QUrl())

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing sounds from a page that nobody sees."""
        self._player.pause()
        super().hideEvent(event)

    @Slot()
    def _on_play(self) -> None:
        self._player.pause() if self._playing else self._player.play()

    @property
    def _playing(self) -> bool:
        return bool(self._player.playbackState() == QtMultimedia.QMediaPlayer.PlaybackState.PlayingState)

    @Slot()
    def _on_state(self) -> None:
        title = "Pause" if self._playing else "Play"
        self.play.setText(title)
        self.play.setAccessibleName(title)
        self.play.setIcon(icon("stop" if self._playing else "play", "muted"))

    @Slot()
    def _on_position(self) -> None:
        at, length = self._player.position(), self._player.duration()
        self.place.setRange(0, max(length, 0))
        if not self.place.isSliderDown():
            self.place.setValue(at)
        self._time.setText(f"{clock(at)} / {clock(length)}")

    @Slot()
    def _on_error(self) -> None:
        if self.file is not None and self._player.error() != QtMultimedia.QMediaPlayer.Error.NoError:
            self.refused.emit(CannotShow(f"It cannot be played: {self._player.errorString() or 'it is damaged'}."))


def clock(milliseconds: int) -> str:
    """A time as players show it, such as `1:05`."""
    minutes, seconds = divmod(max(milliseconds, 0) // 1000, 60)
    return f"{minutes}:{seconds:02}"
