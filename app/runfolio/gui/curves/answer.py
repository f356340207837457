"""The answer to all that one refresh of the charts asks for, given on a worker thread. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from itertools import groupby

from runfolio.core.chart_fits import fits_of
from runfolio.gui.curves.group_reading import line_up_groups, read_group
from runfolio.gui.curves.lineup import Answer, Line, LineId, Lineup, Question, Shown, ShownGroup, ShownRun, WantedLines
from runfolio.gui.curves.reading import line_up_runs, read_line, read_run_lines
from runfolio.store import Store
from runfolio.store.annotations import annotations_of

#: So many lines of a chart are worth a second thread.
SHARED, THREADS = 24, 2


def answer(store: Store, question: Question) -> Answer:
    """Read all that one refresh needs."""
    lines = {wanted.key: read_lines(store, wanted) for wanted in question.wanted}
    return Answer(question, _lineup(store, question), lines)


def read_lines(store: Store, wanted: WantedLines) -> dict[LineId, Line]:
    """All lines of a chart; many of them in two threads, which spend most of their time where both can work."""
    asked = list(wanted.each())
    if len(asked) < SHARED:
        return _lines(store, asked)
    with ThreadPoolExecutor(THREADS) as pool:
        # What stops this thread's reading stops that of the others.
        parts = [pool.submit(copy_context().run, _lines, store, asked[at::THREADS]) for at in range(THREADS)]
        found = [part.result() for part in parts]
    return {one: line for part in found for one, line in part.items()}


def _lines(store: Store, asked: Sequence[tuple[LineId, Shown, WantedLines]]) -> dict[LineId, Line]:
    found: dict[LineId, Line] = {}
    for _, part in groupby(asked, key=lambda line: line[2].key):
        each = list(part)
        runs = [shown for _, shown, _ in each if isinstance(shown, ShownRun)]
        lines = read_run_lines(store, runs, each[0][2]) if runs else {}
        for one, shown, alone in each:
            found[one] = read_group(store, shown, alone) if isinstance(shown, ShownGroup) else lines[shown.id]
    return found


def _lineup(store: Store, question: Question) -> Lineup | None:
    if question.selected is None:
        return None
    if question.groups is not None:
        found = line_up_groups(store, question.groups, question.eyes)
    else:
        found = line_up_runs(store, question, question.selected)
    found = replace(found, notes=tuple(annotations_of(store, list(found.owners()))))
    return replace(found, fits=fits_of(question.own, found.keys)) if question.own else found


def read_any(store: Store, shown: Shown, wanted: WantedLines) -> Line:
    """The line of a run or of a group."""
    if isinstance(shown, ShownGroup):
        return read_group(store, shown, wanted)
    return read_line(store, shown, wanted)
