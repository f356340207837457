"""Trials of Optuna as runs, for a script that makes its own study.

    callback = runfolio.optuna.RunfolioCallback(metric_name="loss")
    study.optimize(objective, n_trials=50, callbacks=[callback])

It logs what Optuna's `MLflowCallback` logs. A run that is active while the objective runs, to log curves and files to,
comes of `study.optimize(callback.logged(objective), n_trials=50, callbacks=[callback])`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from runfolio.client.active_run import ActiveRun


class RunfolioCallback:
    """Logs each trial as a run that is nested in this thread's active run, or in a new one.

    A trial that was pruned ends KILLED, one that failed FAILED. The run that they are nested in has the best value so
    far as `best_value`, if there is one objective.

    Args:
        metric_name: of the value; of several objectives a name for each, or one, to which their numbers are added.
        tag_study_user_attrs: whether what the user noted of the study are tags of each trial.
        tag_trial_user_attrs: the same of what was noted of the trial.

    Raises:
        InvalidValue: a name that no metric may have.
    """

    def __init__(
        self,
        metric_name: str | Sequence[str] = "value",
        tag_study_user_attrs: bool = False,
        tag_trial_user_attrs: bool = True,
    ) -> None:
        from runfolio.client.trials import Search

        self._names = [metric_name] if isinstance(metric_name, str) else list(metric_name)
        self._tag_study, self._tag_trial = tag_study_user_attrs, tag_trial_user_attrs
        self._search = Search(self._names[0] if self._names else "")
        self._logged: set[int] = set()

    def __call__(self, study: Any, trial: Any) -> None:
        """Log a trial that has ended. Optuna calls this."""
        from runfolio.core.states import RunStatus

        if trial.number in self._logged:
            self._logged.discard(trial.number)
            return
        states = {"COMPLETE": RunStatus.FINISHED, "PRUNED": RunStatus.KILLED}
        start, end = _milliseconds(trial.datetime_start), _milliseconds(trial.datetime_complete)
        status = states.get(trial.state.name, RunStatus.FAILED)
        self._search.log_trial(str(trial.number), status, start, end, lambda run: self._log_frozen(run, study, trial))

    def logged(self, objective: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """The same objective, with a run that is active while it runs."""

        @wraps(objective)
        def tracked(trial: Any) -> Any:
            import optuna

            from runfolio.client.active_runs import leave
            from runfolio.core.states import RunStatus

            self._logged.add(trial.number)
            with self._search.trial(str(trial.number)) as run:
                state, values = "FAIL", None
                try:
                    values = objective(trial)
                    state = "COMPLETE"
                    return values
                except optuna.TrialPruned:
                    state = "PRUNED"
                    raise
                finally:
                    self._log(run, trial.study, trial, state, values)
                    if state == "PRUNED":
                        leave(run, RunStatus.KILLED)

        return tracked

    def _log_frozen(self, run: ActiveRun, study: Any, trial: Any) -> None:
        for step, value in trial.intermediate_values.items():
            run.log_metric(self._names[0], value, step)
        self._log(run, study, trial, trial.state.name, trial.values)

    def _log(self, run: ActiveRun, study: Any, trial: Any, state: str, values: Any) -> None:
        directions = [one.name for one in study.directions]
        run.log_params(trial.params)
        tags = {"number": trial.number, "state": state, "study_name": study.study_name}
        tags |= {"direction": ", ".join(directions)}
        tags |= study.user_attrs if self._tag_study else {}
        tags |= trial.user_attrs if self._tag_trial else {}
        run.set_tags(tags)
        if values is None:
            return
        told = list(values) if isinstance(values, Sequence) else [values]
        last = max(getattr(trial, "intermediate_values", {}), default=0)
        run.log_metrics(dict(zip(self._metrics(len(told)), told, strict=True)), last)
        if state == "COMPLETE" and len(told) == 1:
            self._search.note(float(told[0]), trial.number, minimize=directions == ["MINIMIZE"])

    def _metrics(self, number: int) -> list[str]:
        """The names of the values; of one name for several, `loss_0`, `loss_1`, as Optuna has it."""
        if number == len(self._names):
            return self._names
        if len(self._names) == 1:
            return [f"{self._names[0]}_{place}" for place in range(number)]
        from runfolio.core.errors import InvalidValue

        raise InvalidValue(f"There are {len(self._names)} names of metrics for {number} objectives.")


def _milliseconds(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp() * 1000)
