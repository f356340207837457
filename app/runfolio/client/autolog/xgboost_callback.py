"""A callback for XGBoost that logs the metrics of each round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import xgboost.callback

from runfolio.client.autolog.boosting import log_round
from runfolio.client.autolog.quiet import quietly
from runfolio.client.autolog.session import Session, explicit_session


class RunfolioCallback(xgboost.callback.TrainingCallback):  # type: ignore[misc]
    """Logs each metric as `<data>-<metric>` to the active run: `train(..., callbacks=[RunfolioCallback()])`."""

    def __init__(self, session: Session | None = None) -> None:
        super().__init__()
        self._session = session

    def before_training(self, model: Any) -> Any:
        """Find the run to log to."""
        if self._session is None:
            with quietly("xgboost", "run"):
                self._session = explicit_session("xgboost")
        return model

    def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
        """Log the round's metrics; never ends the training."""
        with quietly("xgboost", "round"):
            if self._session is not None:
                log_round(self._session, epoch, latest(evals_log))
        return False

    def after_training(self, model: Any) -> Any:
        """The next training may have another run."""
        self._session = None
        return model


def latest(history: Mapping[str, Mapping[str, Sequence[Any]]]) -> dict[tuple[str, str], Any]:
    """The last value of each metric, by data and metric; of a cross-validation, the mean."""
    found = {(data, name): values[-1] for data, of in history.items() for name, values in of.items()}
    return {key: value[0] if isinstance(value, tuple) else value for key, value in found.items()}
