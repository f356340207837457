"""The annotations of one chart: which they are, their marks, and what else could be annotated."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from runfolio.gui.curves.lineup import Shown
from runfolio.gui.curves.look import ChartLook, Light
from runfolio.gui.curves.note_dialog import Offer
from runfolio.gui.curves.notes import marks_of, single_runs, those_of
from runfolio.gui.curves.options import Options
from runfolio.gui.curves.plot import Plot
from runfolio.store.annotations import Annotation


class ChartNotes:
    """Keeps the marks of a plot as its runs, metrics, options and colours are.

    Attributes:
        here: the annotations at curves of the chart.
        offer: what can be annotated.
    """

    def __init__(self, plot: Plot) -> None:
        self._plot = plot
        self._all: Sequence[Annotation] = ()
        self.here: list[Annotation] = []
        self.offer = Offer((), ())

    def take(self, notes: Sequence[Annotation]) -> None:
        """These are all that there are; they are shown with the next `show`."""
        self._all = notes

    def show(self, shown: Collection[Shown], metrics: Sequence[str], options: Options, look: ChartLook) -> None:
        """Mark those that are at curves of the chart."""
        self.here = those_of(self._all, shown, metrics)
        self.offer = Offer([(run.id, run.name) for run, _ in single_runs(shown).values()], metrics)
        colors = {one.id: look.color(one.id, Light.NORMAL) for one in shown}
        self._plot.show_marks(marks_of(self.here, shown, options, colors))
