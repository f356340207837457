"""The tags of a run as chips: add, edit and remove them in place."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QToolButton, QWidget

from runfolio.gui.chrome.labels import as_caption, tool_tip
from runfolio.gui.chrome.returning import Returning
from runfolio.gui.icons import icon
from runfolio.gui.inspector.flow import FlowLayout

MOST_LETTERS, MOST_IN_TIP = 40, 2_000
REMOVING = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)

# The keyboard comes back after these.
PASSING = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


def chip_text(key: str, value: str) -> str:
    """`key=value`, or the key alone for a tag without a value."""
    text = f"{key}={' '.join(value.split())}" if value else key
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1]}…"


def parse(text: str) -> tuple[str, str]:
    """Key and value of what was typed."""
    key, _, value = text.partition("=")
    return key.strip(), value.strip()


class Chip(QFrame):
    """One tag.

    Attributes:
        button, cross: its parts.

    Signals:
        edit_asked(): the user clicked on it.
        remove_asked(): the user clicked on its cross, or pressed Delete.
    """

    edit_asked = Signal()
    remove_asked = Signal()

    def __init__(self, key: str, value: str, editable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "chip")
        self.button = QPushButton(as_caption(chip_text(key, value)))
        self.button.setProperty("kind", "chip")
        self.button.setAccessibleName(f"Tag {key}, {value or 'no value'}")
        self.button.setToolTip(tool_tip(f"{key} = {value[:MOST_IN_TIP]}" if value else key))
        self.button.setEnabled(editable)
        self.button.clicked.connect(self.edit_asked)
        # With a parent from the beginning: without one it would be a window for a moment, and take the keyboard.
        self.cross = QToolButton(self)
        self.cross.setIcon(icon("close", "muted"))
        self.cross.setIconSize(QSize(12, 12))
        self.cross.setAccessibleName(f"Remove the tag {key}")
        self.cross.setToolTip("Remove")
        self.cross.clicked.connect(self.remove_asked)
        self.cross.setVisible(editable)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 1, 4 if editable else 8, 1)
        layout.setSpacing(2)
        layout.addWidget(self.button)
        layout.addWidget(self.cross)

    def event(self, event: QEvent) -> bool:
        """Delete is meant for the tag here, not for the run."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() in REMOVING:
            event.accept()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes the tag."""
        if event.key() in REMOVING and self.button.isEnabled():
            self.remove_asked.emit()
        else:
            super().keyPressEvent(event)


class TagChips(QWidget):
    """The chips, and the line that one is edited in.

    Signals:
        set_asked(int, str, str, str): set this run's key to this value; the last is the key it replaces, or empty.
        remove_asked(int, str): remove this run's tag of this key.
    """

    set_asked = Signal(int, str, str, str)
    remove_asked = Signal(int, str)

    def __init__(self, editable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editable = editable
        self._run = 0
        self._tags: dict[str, str] = {}
        self._chips: dict[str, Chip] = {}
        self._edited = ""
        self._flow = FlowLayout()
        self.setLayout(self._flow)
        self.line = QLineEdit()
        self._returning = Returning(self.line)
        self.line.setPlaceholderText("key=value")
        self.line.setAccessibleName("Tag")
        self.line.setFixedWidth(self.fontMetrics().horizontalAdvance("0") * 20)
        self.line.installEventFilter(self)
        self.line.returnPressed.connect(self._on_return)
        self.line.returnPressed.connect(self._returning.give_back)
        self.add = QPushButton("+", self)
        self.add.setProperty("kind", "chip-add")
        self.add.setAccessibleName("Add a tag")
        self.add.setToolTip("Add a tag")
        self.add.setVisible(editable)
        self.add.clicked.connect(lambda: self.edit(""))
        self._flow.addWidget(self.line)
        self._flow.addWidget(self.add)
        self.line.hide()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def tags(self) -> dict[str, str]:
        """What is shown."""
        return dict(self._tags)

    def set_tags(self, run: int, tags: dict[str, str]) -> None:
        """Show a run's tags; chips that are the same stay."""
        if run != self._run:
            self.finish()
        self._run = run
        for key in [key for key in self._chips if tags.get(key) != self._tags[key]]:
            chip = self._chips.pop(key)
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        for place, (key, value) in enumerate(tags.items()):
            if key not in self._chips:
                self._chips[key] = self._make(key, value, place)
        self._tags = dict(tags)
        self.updateGeometry()

    def _make(self, key: str, value: str, place: int) -> Chip:
        chip = Chip(key, value, self._editable, self)
        chip.edit_asked.connect(partial(self.edit, key))
        chip.remove_asked.connect(partial(self._on_remove, key))
        self._flow.insert(place, chip)
        chip.show()
        return chip

    def edit(self, key: str) -> None:
        """Open the line for a tag, or for a new one with an empty key."""
        self._edited = key
        self._returning.remember()
        value = self._tags.get(key, "")
        self.line.setText(f"{key}={value}" if value else key)
        self.line.show()
        self.line.setFocus()
        self.line.selectAll()

    def edit_again(self, run: int, key: str, value: str, replaced: str) -> None:
        """Go on with a tag that was refused, unless another run is shown or another tag is typed by now."""
        if run == self._run and self.line.isHidden():
            self.edit(replaced)
            self.line.setText(f"{key}={value}" if value else key)

    def finish(self) -> None:
        """Keep what was typed, as Return does, and close the line."""
        if self.line.isModified():
            self._on_return()
        else:
            self._close()

    def _on_remove(self, key: str) -> None:
        # A chip can stay when the inspector goes on to another run with the same tag.
        self.remove_asked.emit(self._run, key)

    def _on_return(self) -> None:
        key, value = parse(self.line.text())
        edited = self._edited
        self._close()
        if key and (key != edited or self._tags.get(key) != value):
            self.set_asked.emit(self._run, key, value, edited if edited != key else "")

    def _close(self) -> None:
        self._edited = ""
        # Emptied before it is hidden, for hiding takes the keyboard away, which would keep what was typed.
        self.line.clear()
        self.line.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape gives up what was typed; going elsewhere keeps it, but not if only another window comes up."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self._close()
            self._returning.give_back()
            return True
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in PASSING:
            self.finish()
        return False
