"""Trials of Hyperopt as runs, for a script that makes its own search.

fmin(runfolio.hyperopt.logged(objective), space, algo=tpe.suggest, max_evals=50)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from itertools import count
from typing import Any


def logged(objective: Callable[[Any], Any], metric_name: str = "loss") -> Callable[[Any], Any]:
    """The same objective, with a run for each trial that is active while it runs.

    The run is nested in the one that is active now, or in a new one, which has the least loss so far as `best_loss`.
    It has what the trial was given as params (`model.depth` of what holds others, `x` of a value alone), and the
    numbers that the objective returns as metrics. One whose status is `fail` ends FAILED.

    Args:
        metric_name: what the loss is called.

    Raises:
        InvalidValue: a name that no metric may have.
    """
    from runfolio.client.trials import Search, flat

    search, numbers = Search(metric_name), count()

    @wraps(objective)
    def tracked(given: Any) -> Any:
        from runfolio.client.active_runs import leave
        from runfolio.core.states import RunStatus

        number = next(numbers)
        with search.trial(str(number)) as run:
            run.log_params(flat(given) if isinstance(given, Mapping) else {"x": given})
            found = objective(given)
            result = found if isinstance(found, Mapping) else {"loss": found, "status": "ok"}
            told = {key: float(value) for key, value in result.items() if _is_number(value)}
            loss = told.pop("loss", None)
            run.set_tags({"number": number, "state": result.get("status", "")})
            run.log_metrics(told if loss is None else {metric_name: loss, **told})
            if result.get("status") == "fail":
                leave(run, RunStatus.FAILED)
            elif loss is not None:
                search.note(loss, number, minimize=True)
            return found

    return tracked


def _is_number(value: Any) -> bool:
    if isinstance(value, bool | str | bytes | Mapping) or value is None:
        return False
    try:
        float(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return True
