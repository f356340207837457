"""Who is told how a run goes, and says when it is to end."""

from __future__ import annotations

from dataclasses import dataclass

from runfolio.core.states import RunStatus


class Observer:
    """Hears of a run that is under way; this one hears of nothing. Called on the thread that watches the process."""

    def tell(self, sentence: str) -> None:
        """Take a sentence about what is being done."""

    def output(self, text: str) -> None:
        """Take what the process has printed."""

    def run_made(self, run_id: str) -> None:
        """Take note that the run is there."""

    def process_started(self, process: int, started: float) -> None:
        """Take note of the process: its number, and when it was started, in seconds of the epoch."""

    def stopped(self) -> bool:
        """Whether it is to end; asked now and then."""
        return False


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run has ended.

    Attributes:
        run_id: "" where none was made.
        exit_code: of the process; minus the signal that has ended it; None if there was none.
        reason: why it is not FINISHED, in a sentence; "" if it is.
    """

    run_id: str
    status: RunStatus
    exit_code: int | None = None
    reason: str = ""
