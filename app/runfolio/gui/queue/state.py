"""What is looked at of the queue: which jobs are selected on its page, and how the queue is."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from runfolio.core.queue.records import QueueState


@dataclass(frozen=True, slots=True)
class Chosen:
    """The selected jobs.

    Attributes:
        jobs: all of them, as they stand in the table; `waiting`: those that wait, `over`: those that are over.
        run_uuid: the run of the only one, if there is one.
    """

    jobs: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()
    over: tuple[int, ...] = ()
    run_uuid: str = ""

    @property
    def open(self) -> bool:
        """Whether one of them is not over."""
        return len(self.over) < len(self.jobs)

    @property
    def at_work(self) -> int:
        """How many are at work."""
        return len(self.jobs) - len(self.waiting) - len(self.over)


class QueueLook(QObject):
    """Shared by the page, the commands and the status bar of a window.

    Attributes:
        chosen: the selected jobs.
        state: the queue, as it was read last.

    Signals:
        changed(): other jobs are selected, or they are in other states, or the queue is.
        wanted(): the user wants to see the page, whatever is shown in the middle now.
        sweep_wanted(): likewise that of the sweep of the current run.
    """

    changed = Signal()
    wanted = Signal()
    sweep_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.chosen = Chosen()
        self.state = QueueState()

    def choose(self, chosen: Chosen) -> None:
        """Select jobs."""
        if chosen != self.chosen:
            self.chosen = chosen
            self.changed.emit()

    def show_state(self, state: QueueState) -> None:
        """Take the queue as it is now."""
        if state != self.state:
            self.state = state
            self.changed.emit()
