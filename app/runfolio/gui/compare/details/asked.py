"""Which row of differences is laid open, and what all that it can be laid open to has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from runfolio.core.difference_table import DifferenceLine, Kind
from runfolio.core.report import Section

#: Texts in reports are no longer, in lines.
MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A row of differences, and which run is looked at beside the baseline.

    Attributes:
        kind, line: the row.
        runs: the numbers of all runs in the table, the baseline's first.
        other: which of them is beside the baseline, from 1.
        step: which picture of a series; None for the last one that both have.
        key: by which column of tables rows are called; empty for their numbers, None for what seems best.
        span: which part of the curves, in steps; None for all.
        pixels: how wide curves are.
    """

    kind: Kind
    line: DifferenceLine
    runs: tuple[int, ...]
    other: int = 1
    step: int | None = None
    key: str | None = None
    span: tuple[float, float] | None = None
    pixels: int = 600

    @property
    def pair(self) -> tuple[int, int]:
        """The baseline and the run beside it."""
        return self.runs[0], self.runs[self.other]


@dataclass(frozen=True, slots=True, eq=False)
class Reported:
    """A row that is laid open in a report.

    Attributes:
        asked: the row.
        names: of runs by their numbers.
        colors: the numbers of the colours that were chosen for runs.
        keep: keeps a picture with the report, and tells the name of its file.
    """

    asked: Asked
    names: Mapping[int, str]
    colors: Mapping[int, int]
    keep: Callable[[QImage], str]

    @property
    def versus(self) -> str:
        """Which runs are compared, in a sentence."""
        old, new = self.asked.pair
        return f"{self.names[old]} beside {self.names[new]}."

    def section(self, lines: str, note: str) -> Section:
        """Lines that differ, of long ones the first, and what is said of them."""
        cut = lines.split("\n")
        more = len(cut) - MOST_LINES
        shown = "\n".join([*cut[:MOST_LINES], f"… {more:,} more lines"]) if more > 0 else lines
        return Section(self.asked.line.key, lines=shown, note=note)


class Detail(ABC):
    """What was found of a row. Each kind has a module here: what was found, what a report has of it, and its view."""

    __slots__ = ()

    @abstractmethod
    def section(self, row: Reported) -> Section | None:
        """What a report has of it, on a worker thread; None where there is nothing to be seen."""


D = TypeVar("D", bound=Detail)


class DetailView(QWidget, Generic[D]):
    """Shows one kind of detail.

    Attributes:
        beside: whether it is of the baseline and one other run, which is then to be chosen.

    Signals:
        wanted(dict): another part of the row is to be read: what is other in `Asked`, by name.
    """

    beside = False
    wanted = Signal(object)  # steps are larger than Qt's numbers

    def opening(self, asked: Asked, other_row: bool) -> Asked:
        """A row is opened, another one than is open or that one again; gives what is asked, with what is added here."""
        return asked

    @abstractmethod
    def show_detail(self, found: D, asked: Asked, names: Sequence[str]) -> tuple[bool, str]:
        """Show it, of runs with these names; tells whether there is anything to be seen, and what is to be said."""
