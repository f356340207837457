"""How what is set for the page, for its sections and for single charts comes together: the nearest counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from runfolio.core.chart_page import Chart, Setting, Settings
from runfolio.gui.curves.options import MAX_SMOOTHING, Options, makes_sense, read_options


@dataclass(frozen=True, slots=True)
class Overridable:
    """What can be set for a section or a chart: what it is called and, of a number, how large it may be."""

    title: str
    most: float = 1.0
    step: float = 0.05


#: The fields of the options that a section or a chart may set otherwise than the page: a line here is all it takes.
OVERRIDABLE: Mapping[str, Overridable] = {
    "log": Overridable("Logarithmic y"),
    "outliers": Overridable("Ignoring outliers"),
    "known_total": Overridable("Room up to the known total"),
    "x_low": Overridable("Least x"),
    "x_high": Overridable("Greatest x"),
    "y_low": Overridable("Least y"),
    "y_high": Overridable("Greatest y"),
    "smoothing": Overridable("Smoothing", most=MAX_SMOOTHING),
    "smoother": Overridable("Kind of smoothing"),
}


def options_of(page: Options, chart: Chart) -> Options:
    """The options that a chart is drawn with."""
    return overridden(overridden(page, chart.around), chart.choice.settings)


def overridden(options: Options, settings: Settings) -> Options:
    """Options of which some are set otherwise; what makes no sense, or cannot be set there, counts as not set."""
    given = {name: value for name, value in settings if name in OVERRIDABLE and makes_sense(name, value)}
    return read_options({**options.to_record(), **given}) if given else options


def set_names(settings: Iterable[tuple[str, Setting]]) -> list[str]:
    """The names of the settings that count, in their usual order."""
    found = dict(settings)
    return [name for name in OVERRIDABLE if name in found]


def around_of(chart: Chart) -> str:
    """Whose settings a chart has where it has none of its own, in a word."""
    return "section" if set_names(chart.around) else "page"


def mark_text(settings: Settings, what: str, around: str) -> str:
    """What a mark tells of settings that are those of a chart or a section alone; empty if there are none."""
    titles = ", ".join(OVERRIDABLE[name].title for name in set_names(settings))
    return f"Set for this {what} alone: {titles}. Click to reset to the {around}." if titles else ""
