"""How runs are compared side by side: which axes, in which order and which way up. Saved and undone with the view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from runfolio.core.columns import Column, Source, column_from, column_record, metric
from runfolio.core.records import RecordReader

#: More axes cannot be told apart on a screen.
MOST_AXES = 24


@dataclass(frozen=True, slots=True)
class CompareOptions:
    """What is chosen for the page on which runs are compared; nothing chosen means what suits the runs.

    Attributes:
        axes: the axes of the parallel coordinates from the left; none means those in which the runs differ.
        flipped: axes whose greatest value is at the lower or left end.
        log, linear: axes that are logarithmic, and that are not, whatever suits their values.
        color: what lines and points are coloured by; None for the metric that the runs are judged by.
        x, y: what the points stand at.
        size: what says how large the points are; None for nothing.
        metric: what runs and groups are judged by; None for the metric that tells most.
        cropped: whether bars begin near the least value, and not at 0.
        violin: whether the values of groups are shown as violins, and not as boxes.
        contour: whether a surface of the colour is shown behind the points.
    """

    axes: tuple[Column, ...] = ()
    flipped: tuple[Column, ...] = ()
    log: tuple[Column, ...] = ()
    linear: tuple[Column, ...] = ()
    color: Column | None = None
    x: Column | None = None
    y: Column | None = None
    size: Column | None = None
    metric: Column | None = None
    cropped: bool = False
    violin: bool = False
    contour: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns that are named."""
        alone = (one for one in (self.color, self.x, self.y, self.size, self.metric) if one is not None)
        return tuple(dict.fromkeys((*self.axes, *self.flipped, *self.log, *self.linear, *alone)))

    def to_record(self) -> dict[str, Any]:
        """What is chosen, by name, as saved views keep it."""
        lists = {name: [column_record(one) for one in getattr(self, name)] for name in LISTS if getattr(self, name)}
        alone = {name: column_record(getattr(self, name)) for name in ALONE if getattr(self, name) is not None}
        return {**lists, **alone, **{name: True for name in FLAGS if getattr(self, name)}}


LISTS = ("axes", "flipped", "log", "linear")
ALONE = ("color", "x", "y", "size", "metric")
FLAGS = ("cropped", "violin", "contour")


def read_compare_options(reader: RecordReader) -> CompareOptions:
    """What a record holds; of what makes no sense the rest stands."""
    found: dict[str, Any] = {name: tuple(dict.fromkeys(reader.listed(name, column_from))) for name in LISTS}
    found["axes"] = found["axes"][:MOST_AXES]
    found |= {name: bool(reader.one(name, _flag)) for name in FLAGS}
    return CompareOptions(**found | {name: reader.one(name, column_from) for name in ALONE})


def _flag(given: Any) -> bool:
    if not isinstance(given, bool):
        raise TypeError("neither true nor false")
    return given


def flip(options: CompareOptions, column: Column) -> CompareOptions:
    """Turn an axis upside down, or back."""
    return replace(options, flipped=_toggled(options.flipped, column))


def set_log(options: CompareOptions, column: Column, log: bool) -> CompareOptions:
    """Make an axis logarithmic, or linear, whatever suits its values."""
    logs, linears = (tuple(one for one in kept if one != column) for kept in (options.log, options.linear))
    return replace(options, log=(*logs, column) if log else logs, linear=linears if log else (*linears, column))


def toggle_log(options: CompareOptions, column: Column, shown: bool) -> CompareOptions:
    """Make a linear axis logarithmic, or the other way round; `shown` says which it is where nothing was chosen."""
    log = column in options.log or (shown and column not in options.linear)
    return set_log(options, column, not log)


def judge_by_best(options: CompareOptions, by: Column, best: bool) -> CompareOptions:
    """Judge runs by the best or the last value of a metric, the chosen one or else `by`; what is none stays."""
    judge = options.metric or by
    if judge.source is not Source.METRIC:
        return options
    return replace(options, metric=metric(judge.key, "best" if best else "last"))


def show_contour(
    options: CompareOptions, contour: bool, shown: Sequence[Column | None], params: Sequence[Column]
) -> CompareOptions:
    """Show a surface, or none. Where the axes, `shown` unless chosen, are not both params, two become them."""
    options = replace(options, contour=contour)
    own = [chosen or here for chosen, here in zip((options.x, options.y), shown, strict=False)]
    others = [one for one in params if one != options.color]
    if not contour or len(others) < 2 or all(one is not None and one.source is Source.PARAM for one in own):
        return options
    return replace(options, x=others[0], y=others[1])


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
