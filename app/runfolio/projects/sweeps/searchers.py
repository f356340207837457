"""Which searcher a sweep takes."""

from __future__ import annotations

from runfolio.core.sweeps.falling_behind import HYPERBAND
from runfolio.core.sweeps.records import Method, Sweep
from runfolio.projects.sweeps.parts import Searcher
from runfolio.projects.sweeps.plain import PlainSearcher


def searcher_for(sweep: Sweep) -> Searcher:
    """The searcher of a sweep, new.

    Raises:
        EnvironmentProblem: it needs Optuna, which is not installed.
    """
    if sweep.method is Method.TPE or sweep.pruning.method == HYPERBAND:
        from runfolio.projects.sweeps.optuna_search import OptunaSearcher

        return OptunaSearcher(sweep)
    return PlainSearcher(sweep)
