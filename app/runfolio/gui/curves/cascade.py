"""How what is set for the page, for its sections and for single charts comes together: the nearest counts."""

from __future__ import annotations

from collections.abc import Iterable

from runfolio.core.chart_page import Chart, Setting, Settings
from runfolio.gui.curves.options import Options, read_options

#: The fields of the options that a section or a chart may set otherwise than the page, and what they are called.
OVERRIDABLE = {
    "log": "Logarithmic y",
    "outliers": "Ignoring outliers",
    "x_low": "Least x",
    "x_high": "Greatest x",
    "y_low": "Least y",
    "y_high": "Greatest y",
    "smoothing": "Smoothing",
    "smoother": "Kind of smoothing",
}


def options_of(page: Options, chart: Chart) -> Options:
    """The options that a chart is drawn with."""
    return overridden(overridden(page, chart.around), chart.choice.settings)


def overridden(options: Options, settings: Settings) -> Options:
    """Options of which some are set otherwise; what makes no sense, or cannot be set there, counts as not set."""
    given = {name: value for name, value in settings if name in OVERRIDABLE}
    return read_options({**options.to_record(), **given}) if given else options


def titles_of(settings: Iterable[tuple[str, Setting]]) -> list[str]:
    """What settings are called that count, in their usual order."""
    found = dict(settings)
    return [title for name, title in OVERRIDABLE.items() if name in found]
