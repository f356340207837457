"""What is laid open of a row of differences, and what is found of it. No Qt but its images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtGui import QImage

from runfolio.core.curves import Curve
from runfolio.core.difference_table import DifferenceLine, DifferencePart, Kind
from runfolio.core.line_diff import LineDiff


@dataclass(frozen=True, slots=True)
class Asked:
    """A row of differences, and which run is looked at beside the baseline.

    Attributes:
        kind, line: the row.
        runs: the numbers of all runs in the table, the baseline's first.
        other: which of them is beside the baseline, from 1.
        step: which picture of a series; None for the last one that both have.
        span: which part of the curves, in steps; None for all.
        pixels: how wide curves are.
    """

    kind: Kind
    line: DifferenceLine
    runs: tuple[int, ...]
    other: int = 1
    step: int | None = None
    span: tuple[float, float] | None = None
    pixels: int = 600

    @property
    def pair(self) -> tuple[int, int]:
        """The baseline and the run beside it."""
        return self.runs[0], self.runs[self.other]


@dataclass(frozen=True, slots=True)
class Curves:
    """The curves of all runs that have any."""

    lines: Mapping[int, Curve]


@dataclass(frozen=True, slots=True)
class Text:
    """What differs line by line; `note` says what was left out, or that nothing differs."""

    diff: LineDiff
    note: str = ""


@dataclass(frozen=True, slots=True)
class Values:
    """The values of files of all runs, each by its path in the file."""

    part: DifferencePart
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures of one place, any of which may be missing.

    Attributes:
        images: of each run, the baseline's first.
        notes: why one cannot be shown; empty for the others.
        other: which run is looked at beside the baseline, from 1.
        steps: at which steps any of them has one, in order; none where it is no series.
        step: at which step these are.
    """

    images: tuple[QImage | None, ...]
    notes: tuple[str, ...] = ()
    other: int = 1
    steps: tuple[int, ...] = ()
    step: int | None = None

    @property
    def pair(self) -> tuple[QImage | None, QImage | None]:
        """The baseline's, and that of the run beside it."""
        return (self.images[0], self.images[self.other]) if self.images else (None, None)


@dataclass(frozen=True, slots=True)
class Said:
    """All that can be told, in words."""

    text: str


Detail: TypeAlias = Curves | Text | Values | Pictures | Said
