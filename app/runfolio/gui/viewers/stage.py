"""Where viewers stand: what the file is called, which of its viewers shows it, and the viewer itself."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from runfolio.core import numbers
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.session import Session
from runfolio.gui.viewers.nothing import NothingShown
from runfolio.gui.viewers.registry import ViewerKind, kinds_of, missing_for
from runfolio.gui.viewers.viewer import ViewedFile, Viewer

NO_VIEWER = "Nothing here can show it."


class Stage(QWidget):
    """Shows one file after another, each by the viewer that is for it.

    Attributes:
        file: what is shown; None for nothing.
        viewer: what shows it; None where nothing can.
        choice: the viewers that are for the file.
        tools: the row beside the file's name, for buttons.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._made: dict[ViewerKind, Viewer] = {}
        self._kinds: list[ViewerKind] = []
        self._preferred: dict[str, str] = {}
        self.file: ViewedFile | None = None
        self.viewer: Viewer | None = None
        self._cover: QWidget | None = None
        self.nothing = NothingShown()
        self.choice = QComboBox()
        self.tools = QHBoxLayout()
        self._name, self._facts = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle), ElidedLabel()
        self._stack = QStackedWidget()
        self._place()
        self.choice.activated.connect(self._on_choice)

    def _place(self) -> None:
        self.choice.setAccessibleName("How the file is shown")
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._facts.setProperty("role", "muted")
        self.tools.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.choice)
        head.addStretch()
        head.addLayout(self.tools)
        self._stack.addWidget(self.nothing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._name)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._facts)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_file(self, file: ViewedFile) -> None:
        """Show a file; one that is shown already and has not changed stays as it is."""
        if self.file == file and (self.viewer is not None or self._cover is not None):
            return
        title = self._preferred.get(file.ending, "")
        self.file = file
        self._name.setText(file.path)
        self._kinds = kinds_of(file)
        self.choice.clear()
        self.choice.addItems([kind.title for kind in self._kinds])
        place = next((at for at, kind in enumerate(self._kinds) if kind.title == title), 0)
        missing = missing_for(file)
        if missing is not None and not title and (not self._kinds or self._kinds[0].anything):
            place = -1
        self.choice.setCurrentIndex(place)
        self._show_by(place)

    def set_cover(self, cover: QWidget | None) -> None:
        """Have something else in the viewer's place, whatever file is chosen; or the viewer again."""
        if cover is self._cover:
            return
        self._cover = cover
        if cover is not None and self._stack.indexOf(cover) < 0:
            self._stack.addWidget(cover)
        if self.file is not None:
            self._show_by(self.choice.currentIndex())

    def clear(self, title: str, reason: str = "") -> None:
        """Show no file, and say why."""
        self._leave()
        self.file, self._kinds = None, []
        self._name.setText("")
        self.choice.hide()
        self._tell_nothing(title, reason)

    def refuse(self, path: str, error: Exception) -> None:
        """Say of a file that cannot even be looked at why that is."""
        self.clear("")
        self._name.setText(path)
        self.nothing.tell_error(error)

    def _show_by(self, place: int) -> None:
        self._leave()
        assert self.file is not None
        self._facts.setText(_facts(self.file))
        self.choice.setVisible(self._cover is None and len(self._kinds) > 1)
        if self._cover is not None:
            self._stack.setCurrentWidget(self._cover)
            return
        if place < 0 or not self._kinds:
            missing = missing_for(self.file)
            self._tell_nothing("No viewer", missing.lacking if missing is not None else NO_VIEWER)
            return
        try:
            self.viewer = self._viewer(self._kinds[place])
        except ImportError as error:
            self._tell_nothing("This viewer cannot be loaded", f"It needs a library that is missing: {error}.")
            return
        self._stack.setCurrentWidget(self.viewer)
        self.viewer.open(self.file)

    def _viewer(self, kind: ViewerKind) -> Viewer:
        """Made when it is first wanted."""
        if kind not in self._made:
            self._made[kind] = viewer = kind.load()(self._session)
            viewer.told.connect(self._on_told)
            viewer.refused.connect(self._on_refused)
            self._stack.addWidget(viewer)
        return self._made[kind]

    def _leave(self) -> None:
        if self.viewer is not None:
            self.viewer.leave()
        self.viewer = None

    def _tell_nothing(self, title: str, reason: str) -> None:
        self.nothing.tell(title, reason)
        self._stack.setCurrentWidget(self.nothing)
        if self.file is None:
            self._facts.setText("")

    @Slot(int)
    def _on_choice(self, place: int) -> None:
        """Who looks at a file another way looks at the next ones of its ending so too."""
        if self.file is not None:
            self._preferred[self.file.ending] = self.choice.currentText()
        self._show_by(place)

    @Slot(str)
    def _on_told(self, text: str) -> None:
        if self.file is not None:
            self._facts.setText(" · ".join(filter(None, (text, _facts(self.file)))))

    @Slot(object)
    def _on_refused(self, error: Exception) -> None:
        """The viewer stays the one that is asked again when the file changes."""
        self.nothing.tell_error(error)
        self._stack.setCurrentWidget(self.nothing)


def _facts(file: ViewedFile) -> str:
    """What is known of any file."""
    return " · ".join(filter(None, (numbers.size(file.size), file.media_type, numbers.full_time(file.time))))
