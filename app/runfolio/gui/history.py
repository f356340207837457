"""What was done in a window, step by step: what is undone next, and what is done again next."""

from __future__ import annotations

from abc import ABC, abstractmethod

from PySide6.QtCore import QObject, Signal

#: So many steps can be undone.
MOST = 500


class Step(ABC):
    """Something that can be undone and done again.

    Attributes:
        text: what it did; empty until that is known.
        done: whether it is to be done, which what it is about follows.
    """

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.done = True

    @abstractmethod
    def follow(self) -> None:
        """Have it done or not, as it is to be."""

    def and_then(self, later: Step) -> tuple[Step, ...]:
        """What this one and the step right after it are together: the two of them, one, or nothing."""
        return self, later


class History(QObject):
    """The steps, the earliest first. Each knows by itself whether it is to be done.

    So the last that is done is undone, and the first that is not is done again, whatever became of others between.

    Signals:
        changed(): other steps can be undone or done again, or are told of in other words.
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: list[Step] = []

    def __len__(self) -> int:
        return len(self._steps)

    @property
    def last(self) -> Step | None:
        """What `undo` takes back."""
        return next((one for one in reversed(self._steps) if one.done), None)

    @property
    def undone(self) -> Step | None:
        """What `redo` does again."""
        return next((one for one in self._steps if not one.done), None)

    @property
    def undo_text(self) -> str:
        """What the last step did; empty if there is none."""
        return self.last.text if self.last is not None else ""

    @property
    def redo_text(self) -> str:
        """What is done again next; empty if there is nothing."""
        return self.undone.text if self.undone is not None else ""

    def undo(self) -> None:
        """Take back the last step; nothing happens if there is none."""
        self._turn(self.last)

    def redo(self) -> None:
        """Do again what was undone last; nothing happens if there is nothing."""
        self._turn(self.undone)

    def begin(self, step: Step) -> None:
        """A step is under way. What was undone before can be done again until it has come to something."""
        self._steps.append(step)
        self.changed.emit()

    def add(self, step: Step) -> None:
        """A step has been done."""
        self._steps.append(step)
        self.complete(step)

    def complete(self, step: Step) -> None:
        """A step that was begun has come to something: what was undone before it cannot be done again."""
        if step in self._steps:  # not so if very many have come after it
            place = self._steps.index(step)
            earlier = [one for one in self._steps[:place] if one.done]
            together = earlier[-1].and_then(step) if earlier else (step,)
            self._steps = [*earlier[:-1], *together, *self._steps[place + 1 :]][-MOST:]
            self.changed.emit()

    def forget(self, step: Step) -> None:
        """There is nothing to undo, or to do again."""
        self._steps = [one for one in self._steps if one is not step]
        self.changed.emit()

    def _turn(self, step: Step | None) -> None:
        if step is not None:
            step.done = not step.done
            self.changed.emit()
            step.follow()
