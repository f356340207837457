"""How runs are compared side by side: which axes, in which order and which way up. Saved and undone with the view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from runfolio.core.columns import Column, column_from, column_record
from runfolio.core.records import RecordReader

#: More axes cannot be told apart on a screen.
MOST_AXES = 24


@dataclass(frozen=True, slots=True)
class CompareOptions:
    """What is chosen for the page on which runs are compared; nothing chosen means what suits the runs.

    Attributes:
        axes: the axes of the parallel coordinates from the left; none means those in which the runs differ.
        flipped: axes whose greatest value is at the lower or left end.
        log: axes that are logarithmic.
        color: what lines and points are coloured by; None for the metric that the runs are judged by.
        x, y: what the points stand at.
        size: what says how large the points are; None for nothing.
        metric: what groups are compared by; None for the metric that the runs are judged by.
    """

    axes: tuple[Column, ...] = ()
    flipped: tuple[Column, ...] = ()
    log: tuple[Column, ...] = ()
    color: Column | None = None
    x: Column | None = None
    y: Column | None = None
    size: Column | None = None
    metric: Column | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns that are named."""
        alone = (one for one in (self.color, self.x, self.y, self.size, self.metric) if one is not None)
        return tuple(dict.fromkeys((*self.axes, *self.flipped, *self.log, *alone)))

    def to_record(self) -> dict[str, Any]:
        """What is chosen, by name, as saved views keep it."""
        lists = {name: [column_record(one) for one in getattr(self, name)] for name in LISTS if getattr(self, name)}
        alone = {name: column_record(getattr(self, name)) for name in ALONE if getattr(self, name) is not None}
        return {**lists, **alone}


LISTS = ("axes", "flipped", "log")
ALONE = ("color", "x", "y", "size", "metric")


def read_compare_options(reader: RecordReader) -> CompareOptions:
    """What a record holds; of what makes no sense the rest stands."""
    found: dict[str, Any] = {name: tuple(dict.fromkeys(reader.listed(name, column_from))) for name in LISTS}
    found["axes"] = found["axes"][:MOST_AXES]
    return CompareOptions(**found | {name: reader.one(name, column_from) for name in ALONE})


def flip(options: CompareOptions, column: Column) -> CompareOptions:
    """Turn an axis upside down, or back."""
    return replace(options, flipped=_toggled(options.flipped, column))


def toggle_log(options: CompareOptions, column: Column) -> CompareOptions:
    """Make an axis logarithmic, or linear again."""
    return replace(options, log=_toggled(options.log, column))


def move_axis(options: CompareOptions, shown: Sequence[Column], column: Column, place: int) -> CompareOptions:
    """Put one of the axes that are shown at a place among the others, counted from the left."""
    others = [one for one in shown if one != column]
    others.insert(max(0, min(place, len(others))), column)
    return replace(options, axes=tuple(others))


def toggle_axis(options: CompareOptions, shown: Sequence[Column], column: Column) -> CompareOptions:
    """Show an axis more, before the last one, or one less; the last one that is left stays."""
    axes = [one for one in shown if one != column]
    if column not in shown and len(axes) < MOST_AXES:
        axes.insert(max(0, len(axes) - 1), column)
    return replace(options, axes=tuple(axes)) if axes else options


def _toggled(columns: tuple[Column, ...], column: Column) -> tuple[Column, ...]:
    rest = tuple(one for one in columns if one != column)
    return rest if column in columns else (*rest, column)
