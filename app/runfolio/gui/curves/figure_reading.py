"""What a chart shows, read anew for a drawing as fine as it is to be, on a worker thread. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from runfolio.core.bands import counts_text, title
from runfolio.core.printable import printable
from runfolio.gui.curves.answer import read_any
from runfolio.gui.curves.coordinates import from_axis, span_from_axis
from runfolio.gui.curves.figure import Figure, FigureLine, Span
from runfolio.gui.curves.limits import Ends
from runfolio.gui.curves.lineup import Line, Shown, WantedLines, line_name, metric_of, tell_apart_by_color
from runfolio.gui.curves.options import Options
from runfolio.gui.curves.x_axes import X_AXES
from runfolio.store import Store
from runfolio.store.legends import legend_names


@dataclass(frozen=True, slots=True, eq=False)
class ChartNow:
    """What a chart shows at a moment.

    Attributes:
        key: the metric.
        title: what the chart is called.
        runs: the runs or groups, in their order.
        metrics: what it shows.
        options: how lines are made of points.
        log: whether values are logarithmic.
        x, y: from where to where the axes go; of a logarithmic axis, the exponents of ten.
        zoom: the part of x that is read; None is as far as there are points.
        colors: the numbers of colours that are not those of the runs.
    """

    key: str
    title: str
    runs: tuple[Shown, ...]
    metrics: tuple[str, ...]
    options: Options
    log: bool
    x: Span
    y: Span
    zoom: Ends
    colors: Mapping[int, int]

    @property
    def log_x(self) -> bool:
        """Whether x is logarithmic."""
        return self.options.across[2]

    def flat(self) -> ChartNow:
        """The same on an axis of x that is not logarithmic, whose numbers are those that were logged."""
        x, (low, high) = span_from_axis(self.x, self.log_x), self.zoom
        zoom = (
            None if low is None else from_axis(low, self.log_x),
            None if high is None else from_axis(high, self.log_x),
        )
        return replace(self, options=replace(self.options, log_x=False), x=x, zoom=zoom)

    def wanted(self, pixels: int) -> WantedLines:
        """What to read for so many columns of pixels."""
        low, high = self.zoom
        return WantedLines(self.key, self.runs, low, high, pixels, self.log, self.metrics, self.options)

    @property
    def several(self) -> bool:
        """Whether it may show several metrics, so that they must be named."""
        return self.metrics != (self.key,)


def titles_of(chart: ChartNow) -> tuple[str, str]:
    """What stands beside the axes unless the user writes something else."""
    return X_AXES[chart.options.x].title or chart.options.x_metric, chart.title


def read_figure(
    store: Store, chart: ChartNow, pixels: int, names: str = "{name}", titles: tuple[str, str] | None = None
) -> Figure:
    """The chart as a drawing, with lines as fine as so many columns of pixels. Runs without points are left out.

    Raises:
        InvalidValue: the pattern of the names cannot be read.
    """
    each = chart.wanted(pixels).each()
    read = [(one, run, read_any(store, run, alone)) for one, run, alone in each]
    drawn = [(one, run, line) for one, run, line in read if len(line.curve.x)]
    called, lacking = legend_names(store, [(run.name, [one.id for one in run.members]) for _, run, _ in drawn], names)
    colored = chart.several and tell_apart_by_color(chart.runs, chart.metrics)
    lines = tuple(
        FigureLine(
            name=_named(line_name(one, name), line),
            color=chart.metrics.index(metric_of(one)) if colored else chart.colors.get(run.id, run.id),
            curve=line.curve,
            faint=line.faint,
            metric=chart.metrics.index(metric_of(one)) if chart.several and not colored else None,
            **({"low": line.spread.low, "high": line.spread.high} if line.spread is not None else {}),
        )
        for name, (one, run, line) in zip(called, drawn, strict=True)
    )
    spreads = [line.spread for _, _, line in drawn if line.spread is not None]
    note = title(spreads[0].line, spreads[0].band) if spreads else ""
    x_title, y_title = map(clean, titles or titles_of(chart))
    axes = chart.options.x, chart.log, chart.x, chart.y
    return Figure(lines, *axes, (x_title, y_title), note, chart.log_x, lacking)


def _named(name: str, line: Line) -> str:
    """The name in one line; of a group, with how many runs it is made of."""
    return clean(name if line.spread is None else f"{name} ({counts_text(*line.spread.counts)})")


def clean(text: str) -> str:
    """A text in one line, without what would break a file of XML."""
    return printable(" ".join(text.split()))
