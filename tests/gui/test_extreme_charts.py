"""Charts of whatever numbers there are, on any axes: they are drawn in the window and in files, without a warning."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from runfolio.core.curves import Points
from runfolio.core.smoothing import Smoother
from runfolio.gui.curves import captions, lack_texts
from runfolio.gui.curves.canvas import Zoom
from runfolio.gui.curves.figure import Figure, FigureLine, FigureStyle, Legend
from runfolio.gui.curves.figure_files import DRAWN, DrawnFile
from runfolio.gui.curves.limits import limits_of
from runfolio.gui.curves.lineup import Line, WantedLines
from runfolio.gui.curves.options import ENDS, Options
from runfolio.gui.curves.placing import placed
from runfolio.gui.curves.plot import Plot
from runfolio.gui.curves.reading import line_of
from runfolio.gui.curves.x_axes import XAxis

VALUES = st.one_of(
    st.sampled_from([0.0, 1.0, -1.0, 1e-320, -1e-300, 1e300, 1.797e308, -1.797e308, math.nan, math.inf, -math.inf]),
    st.floats(-10, 10),
)
STEPS = st.one_of(st.integers(-5, 20), st.sampled_from([-(2**62), 2**62, 10**12]))
SERIES = st.lists(st.tuples(STEPS, st.integers(0, 2 * 10**12), VALUES), max_size=12).map(
    lambda points: sorted(points, key=lambda point: point[0])
)
END = st.one_of(st.none(), st.none(), VALUES.filter(math.isfinite))
OPTIONS = st.builds(
    Options,
    x=st.sampled_from(XAxis),
    x_metric=st.just("samples"),
    log_x=st.booleans(),
    log=st.booleans(),
    outliers=st.booleans(),
    smoothing=st.sampled_from([0.0, 0.6]),
    smoother=st.sampled_from(Smoother),
    **dict.fromkeys(ENDS, END),
)


def series(points: list[tuple[int, int, float]]) -> Points:
    steps, times, values = zip(*points, strict=True) if points else ((), (), ())
    return Points(np.array(steps, np.int64), np.array(times, np.int64), np.array(values, np.float64))


@given(OPTIONS, st.lists(st.tuples(SERIES, SERIES), max_size=3), st.sampled_from(DRAWN), st.sampled_from(Legend))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_numbers_are_drawn(
    plot: Plot,
    options: Options,
    given: list[tuple[list[tuple[int, int, float]], list[tuple[int, int, float]]]],
    kind: DrawnFile,
    legend: Legend,
) -> None:
    """One chart for all examples: each follows another, with other axes."""
    x, _, log_x = options.across
    plot.set_kind(x, log_x)
    plot.set_log(options.log)
    plot.set_limits(limits_of(options))
    wanted = WantedLines("loss", (), *plot.asked_x, 50, options.log)
    lines: dict[int | tuple[int, str], Line] = {
        number: line_of(placed(series(own), 0, options, series(other) if other else None), wanted)
        for number, (own, other) in enumerate(given)
    }
    plot.show_lines(lines, set(lines))
    for zoom in (Zoom(), Zoom((-3.0, 8.0)), Zoom(y=(-3.0, 3.0))):
        plot.set_zoom(zoom)
        (left, right), (low, high) = plot.span_x(), plot.span_y()
        assert left < right and low < high and np.isfinite([left, right, low, high]).all()
        middle = QPointF(left / 2 + right / 2, low / 2 + high / 2)
        plot.grab()
        plot.outside(), plot.nearest(middle), plot.values_at(middle.x())
        drawn = tuple(FigureLine("a", 1, line.curve, line.faint) for line in lines.values())
        figure = Figure(drawn, x, options.log, (left, right), (low, high), ("x", "y"), log_x=log_x)
        assert kind.content(figure, FigureStyle(width=40, height=30, dpi=72, legend=legend))
    curves = [one.line.curve for one in plot.drawn.values()]
    if curves:
        captions.caption(captions.Seen(options, options.log, False), curves, [])
    for number, (own, _) in enumerate(given):
        lack = lines[number].lack
        lost = bool(own) and number not in plot.drawn
        assert not lost or (lack is not None and lack_texts.nothing([lack])), "no line is missing without a reason"
