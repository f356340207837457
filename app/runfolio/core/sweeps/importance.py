"""Which parameters of a sweep explain its metric, by its finished trials."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from runfolio.core import rules
from runfolio.core.columns import Column, Kind, Source
from runfolio.core.grouping import NOTHING, Level
from runfolio.core.importance import Explanation, explain
from runfolio.core.sweeps.records import Sweep, Trial, TrialState


def explain_trials(
    sweep: Sweep, trials: Sequence[Trial], *, stopped: Callable[[], bool] = lambda: False
) -> Explanation:
    """Say which parameters explain the metric. Raises Stopped."""
    finished = [one for one in trials if one.state is TrialState.FINISHED and one.value is not None]
    values = np.array([one.value for one in finished], float)
    return explain([_level(one.name, finished) for one in sweep.space], values, stopped=stopped)


def _level(name: str, trials: Sequence[Trial]) -> Level:
    texts = [one.parameters.get(name) for one in trials]
    different = {text: rules.param_number(text) for text in texts if text is not None}
    ordered = sorted(different, key=lambda text: (different[text] is None, different[text] or 0.0, text))
    places = {text: place for place, text in enumerate(ordered)}
    codes = np.array([NOTHING if text is None else places[text] for text in texts], np.intp)
    values = [text if (number := different[text]) is None else number for text in ordered]
    kind = Kind.TEXT if any(isinstance(one, str) for one in values) else Kind.NUMBER
    return Level(Column(Source.PARAM, name, kind), values, codes, np.arange(len(values)))
