"""What is looked at of the registry: one registered model, and the selected ones of its versions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal


class RegistryState(QObject):
    """Shared by the page, the navigator and the inspector of a window.

    Attributes:
        model: the name of the registered model that is shown; empty for none.
        versions: the numbers of the selected versions of it; the last one is what the inspector shows.
        asked: the stage that they are to move to, until the board has taken that up; empty for none.

    Signals:
        model_changed(str): another model is shown.
        versions_changed(tuple[int, ...]): other versions are selected.
        wanted(): the user wants to see the page, whatever is shown in the middle now.
        move_asked(): the selected versions are to move to a stage, as if they were dropped there.
    """

    model_changed = Signal(str)
    versions_changed = Signal(object)
    wanted = Signal()
    move_asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model = ""
        self.versions: tuple[int, ...] = ()
        self.asked = ""

    def show_model(self, name: str) -> None:
        """Look at a model, of which no version is selected at first."""
        if name != self.model:
            self.model = name
            self.select(())
            self.model_changed.emit(name)

    def select(self, versions: Sequence[int]) -> None:
        """Select versions of the model that is shown."""
        if (chosen := tuple(versions)) != self.versions:
            self.versions, self.asked = chosen, ""  # what was asked was asked of others
            self.versions_changed.emit(chosen)

    def go_to(self, name: str, version: int | None = None) -> None:
        """Show the page with a model, and one of its versions selected."""
        self.show_model(name)
        if version is not None:
            self.select((version,))
        self.wanted.emit()

    def ask_move(self, stage: str) -> None:
        """Have the board move the selected versions to a stage, and ask in place for what the gates want."""
        self.asked = stage
        self.move_asked.emit()
