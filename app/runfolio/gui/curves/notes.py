"""Annotations as charts show them: which of them, where, and in which words. No Qt but colours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtGui import QColor

from runfolio.gui.curves.coordinates import place_on_axis
from runfolio.gui.curves.lineup import Shown, ShownRun
from runfolio.gui.curves.marks import Mark
from runfolio.gui.curves.options import Options
from runfolio.gui.curves.x_axes import XAxis
from runfolio.store.annotations import Annotation


def single_runs(shown: Iterable[Shown]) -> dict[int, tuple[ShownRun, int]]:
    """The runs that are shown, by themselves or in groups, each with what shows it."""
    return {run.id: (run, one.id) for one in shown for run in one.members}


def those_of(notes: Iterable[Annotation], shown: Iterable[Shown], metrics: Sequence[str]) -> list[Annotation]:
    """The annotations at the curves of a chart."""
    runs = single_runs(shown)
    return [note for note in notes if note.run_id in runs and note.metric in metrics]


def steps_text(note: Annotation) -> str:
    """Where an annotation is: `step 20`, `steps 20 to 1,400`."""
    if note.first_step == note.last_step:
        return f"step {note.first_step:,}"
    return f"steps {note.first_step:,} to {note.last_step:,}"


def marks_of(
    notes: Iterable[Annotation], shown: Iterable[Shown], options: Options, colors: Mapping[int, QColor]
) -> list[Mark]:
    """Where annotations are marked, in the colours of what shows their runs; nowhere unless x is steps."""
    kind, _, log = options.across
    runs = single_runs(shown)
    marks = []
    for note in notes if kind is XAxis.STEP else ():
        run, owner = runs[note.run_id]
        first, last = (place_on_axis(float(step), log) for step in (note.first_step, note.last_step))
        if last is not None:
            text = f"{run.name} · {note.metric} · {steps_text(note)}: {note.text}"
            marks.append(Mark(last if first is None else first, last, colors[owner], text))
    return marks
