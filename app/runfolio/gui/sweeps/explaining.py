"""What the parameters of a sweep say of its metric, and where its trials stand along them; on a worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from runfolio.core.columns import Column, metric, param
from runfolio.core.curves import Floats
from runfolio.core.grouping import NOTHING, Values, as_numbers, level_of
from runfolio.core.importance import Explanation, explain
from runfolio.core.rules import exact_number
from runfolio.core.scales import Placed, placed
from runfolio.core.sweeps.records import Trial, TrialState
from runfolio.gui.aliases import Ids
from runfolio.gui.sweeps.reading import SweepFacts
from runfolio.store import stopping

#: Of more trials these are looked at: the last ones.
MOST_TRIALS = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """What the finished trials say.

    Attributes:
        run: the sweep's.
        trials: which these are, by their numbers.
        found: what explains the metric.
        axes: the parameters that differ, and the metric at the end.
        runs: the store's number of each trial's run; 0 of one that has none any more.
    """

    run: int
    trials: tuple[int, ...]
    found: Explanation
    axes: tuple[Placed, ...]
    runs: tuple[int, ...]


def read_explained(facts: SweepFacts, before: Explained | None) -> Explained:
    """Work it out; `before` is taken where no more trials are finished. Raises Stopped when nobody waits any more."""
    done = [one for one in facts.trials if one.state is TrialState.FINISHED and one.value is not None][-MOST_TRIALS:]
    numbers = tuple(one.number for one in done)
    if before is not None and (before.run, before.trials) == (facts.run, numbers):
        return before
    places, values = np.arange(len(done), dtype=np.int64), _values(done)
    columns = [param(one.name) for one in facts.sweep.space]
    of = {column: _given(done, column) for column in columns}
    levels = [level_of(column, of[column], places) for column in columns]
    axes = [placed(column, of[column], places, log=None) for column in columns]
    goal = placed(metric(facts.sweep.metric), Values(places, values), places, log=None)
    runs = tuple(facts.runs.get(one.run_uuid, 0) for one in done)
    differing = tuple(one for one in axes if one.differs)
    return Explained(facts.run, numbers, explain(levels, values, stopped=stopping.asked), (*differing, goal), runs)


def _values(trials: Sequence[Trial]) -> Floats:
    return np.array([np.nan if one.value is None else one.value for one in trials], np.float64)


def _given(trials: Sequence[Trial], column: Column) -> Values:
    """What trials have in a parameter, as numbers where it is one of numbers."""
    texts = [one.parameters.get(column.key) for one in trials]
    written = tuple(dict.fromkeys(text for text in texts if text is not None))
    code = {text: place for place, text in enumerate(written)}
    given = [place for place, text in enumerate(texts) if text is not None]
    codes = np.array([code.get(text or "", NOTHING) for text in texts if text is not None], np.intp)
    runs: Ids = np.array(given, np.int64)
    return as_numbers(Values(runs, np.full(len(given), np.nan), codes, written), exact_number)
