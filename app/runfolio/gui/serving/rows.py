"""What is told of a server in the table: its state in a word with a shape, and its figures; no widgets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from runfolio.core import numbers
from runfolio.core.serving.records import ServerInfo
from runfolio.serving.asking import Status


@dataclass(frozen=True, slots=True)
class ServerRow:
    """A server as it was read last.

    Attributes:
        status: how it fares; None while it does not answer.
        memory: bytes that its processes have; None where nobody knows.
        begins: whether this window is about to start it.
    """

    info: ServerInfo
    status: Status | None = None
    memory: int | None = None
    begins: bool = False

    @property
    def answers(self) -> bool:
        """Whether it can be asked."""
        return self.status is not None and self.status.ready

    @property
    def version(self) -> str:
        """Of the model that answers now, or did last; "" of one that is not registered."""
        return self.status.version if self.status is not None else self.info.version


class ServerColumn(IntEnum):
    """The columns of the table."""

    STATE = 0
    MODEL = 1
    VERSION = 2
    ADDRESS = 3
    RATE = 4
    P50 = 5
    P99 = 6
    REQUESTS = 7
    ERRORS = 8
    RESTARTS = 9
    MEMORY = 10


TITLES = (
    "State",
    "Model",
    "Version",
    "Address",
    "Req/s",
    "p50",
    "p99",
    "Requests",
    "Errors",
    "Restarts",
    "Memory",
)
STARTING, NOT_STARTED = ("◐ starting", "accent"), ("✕ did not start", "bad")
RIGHT = frozenset(range(ServerColumn.RATE, ServerColumn.MEMORY + 1))


def state_of(row: ServerRow) -> tuple[str, str]:
    """The word with its shape, and the role of its colour."""
    info, status = row.info, row.status
    if row.begins and not info.running:
        return STARTING
    if not info.running:
        return ("✕ was killed", "bad") if info.failed else ("○ stopped", "muted") if info.address else NOT_STARTED
    if not info.address:
        return STARTING
    if status is None:
        return "! no answer", "warn"
    if not status.ready:
        return "! not ready", "warn"
    return ("! kept", "warn") if status.problem else ("● answers", "ok")


def problem_of(row: ServerRow) -> str:
    """What is to be told of it beside its state."""
    if row.status is None or not row.status.problem:
        return ""
    return f"{row.status.problem} The version before it goes on." if row.status.ready else row.status.problem


def text(row: ServerRow, column: ServerColumn) -> str:
    """What stands in a cell."""
    if column is ServerColumn.STATE:
        return state_of(row)[0]
    if column is ServerColumn.MODEL:
        return row.info.wanted.title
    if column is ServerColumn.VERSION:
        return f"v{row.version}" if row.version else ""
    if column is ServerColumn.ADDRESS:
        return row.info.address if row.info.running else ""
    if column is ServerColumn.MEMORY:
        return numbers.size(row.memory) if row.memory is not None else ""
    return _FIGURES[column](row.status) if row.status is not None else ""


def full_text(row: ServerRow, column: ServerColumn) -> str:
    """The same for a tool tip, with what has no room in the cell."""
    told = text(row, column)
    if column is ServerColumn.STATE:
        detached = "It goes on without this window." if row.info.wanted.detached else "It ends with its window."
        return "\n".join(filter(None, (told, problem_of(row), detached if row.info.running else "")))
    return row.info.wanted.uri if column is ServerColumn.MODEL else told


def _milliseconds(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.1f} ms" if value < 100 else f"{value:.0f} ms" if value < 1000 else f"{value / 1000:,.1f} s"


def _rate(status: Status) -> str:
    return f"{status.per_second:,.0f}" if status.per_second >= 100 else f"{status.per_second:.1f}"


_FIGURES: dict[ServerColumn, Callable[[Status], str]] = {
    ServerColumn.RATE: _rate,
    ServerColumn.P50: lambda status: _milliseconds(status.p50),
    ServerColumn.P99: lambda status: _milliseconds(status.p99),
    ServerColumn.REQUESTS: lambda status: f"{status.requests:,}",
    ServerColumn.ERRORS: lambda status: f"{status.errors:,}",
    ServerColumn.RESTARTS: lambda status: f"{status.restarts:,}",
}
